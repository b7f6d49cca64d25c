#pragma once

#include <filesystem>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "mj/kernel/result.hpp"

namespace mj::simulator {

/// One row of a CSV file with its header, valid during the call that receives it.
class CsvRow {
 public:
  CsvRow(const std::vector<std::string>& names, const std::vector<std::string>& cells, std::size_t number)
      : names_(names), cells_(cells), number_(number) {}
  /// Number of the row, the header is 1.
  [[nodiscard]] std::size_t number() const { return number_; }
  /// Text of a column; empty when the row is too short or there is no such column.
  [[nodiscard]] std::string_view operator[](std::string_view column) const;

 private:
  const std::vector<std::string>& names_;
  const std::vector<std::string>& cells_;
  std::size_t number_;
};

/// Reads a CSV file (RFC 4180) with a header line, plain or compressed (name ends in `.zst`), and gives each row to
/// `each`, which may refuse it. Errors: not_found; invalid_input with file and row; damaged for a broken archive.
[[nodiscard]] Status read_csv(const std::filesystem::path& file, std::span<const std::string_view> required,
                              const std::function<Status(const CsvRow&)>& each);

}  // namespace mj::simulator
