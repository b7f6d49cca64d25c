#pragma once

#include <cstddef>
#include <functional>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "mj/dataset/layout.hpp"
#include "mj/kernel/instant.hpp"
#include "mj/kernel/result.hpp"

namespace mj::dataset {

/// One value of a row.
struct Value {
  std::size_t column = 0;  ///< in Layout::values
  std::string_view
      text;  ///< in the stored unit: a decimal number, or a detection limit with its mark as in the file
};

/// The values of one station at one time.
struct Row {
  std::size_t line = 0;
  std::string_view station;
  Instant at;             ///< start of the interval, or the instant
  std::string_view flag;  ///< of all its values; empty when there is none
  std::span<const Value> values;
};

/// A row or a cell that cannot be read; what stands beside it is.
struct Fault {
  std::size_t line = 0;
  std::string_view column;  ///< empty when the whole row is meant
  std::string text;
};

/// A row of a directory: its cells by column.
using Cells = std::map<std::string, std::string, std::less<>>;

/// What was met.
struct Tally {
  std::size_t rows = 0;  ///< records behind the header, empty lines not counted
  std::size_t values = 0;
  std::size_t faults = 0;
};

/// Reads any stretch of whole records of a file by its bound layout. A pure function of both: the same values for the same bytes.
/// Buffers are reused. Thread: one.
class Reader {
 public:
  /// Errors: invalid_input when the layout is not bound to a header that holds its columns, or does not say a factor.
  [[nodiscard]] static Result<Reader> make(Layout layout);
  ~Reader();
  Reader(Reader&&) noexcept;
  Reader& operator=(Reader&&) noexcept;

  [[nodiscard]] const Layout& layout() const;
  /// `first_line`: line of the first byte in the file, from 1. Views last during the call-back only. Either may be none.
  Tally read(std::string_view bytes, std::size_t first_line, const std::function<void(const Row&)>& row,
             const std::function<void(const Fault&)>& fault);
  /// The same for directories (points, regions).
  Tally read_cells(std::string_view bytes, std::size_t first_line,
                   const std::function<void(std::size_t line, const Cells&)>& row,
                   const std::function<void(const Fault&)>& fault);

 private:
  struct Impl;
  explicit Reader(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

/// A template with its `{column}` replaced. Errors: invalid_input for a column that is not there.
[[nodiscard]] Result<std::string> fill(std::string_view pattern, const Cells& cells);

}  // namespace mj::dataset
