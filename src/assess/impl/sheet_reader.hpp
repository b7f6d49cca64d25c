#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "mj/assess/sheet.hpp"
#include "mj/kernel/decimal.hpp"
#include "mj/kernel/instant.hpp"

namespace mj::assess {

/// A measured value, or the detection limit it stayed below 未检出.
struct Measured {
  Decimal value;
  bool below_detection = false;
};

/// Reads CSV (RFC 4180) of any length row by row from a stream of bytes. The cells of a row are views that live until
/// the next one is read.
class SheetReader {
 public:
  explicit SheetReader(ByteSource source);

  /// Reads comments and header. Names are compared in lower case. Errors: invalid_input when there is none or a name
  /// repeats; what the source says.
  Status open();
  [[nodiscard]] const std::vector<std::string>& columns() const { return header_; }
  /// Place of a column, if it is there.
  [[nodiscard]] std::optional<std::size_t> find(std::string_view name) const;
  /// Errors: invalid_input that names the missing column.
  [[nodiscard]] Result<std::size_t> require(std::string_view name) const;

  /// The next row; false at the end. Errors: invalid_input when the number of cells differs from the header.
  [[nodiscard]] Result<bool> next();
  [[nodiscard]] std::string_view cell(std::size_t column) const { return cells_[column]; }
  /// Rows read so far, without the header.
  [[nodiscard]] std::size_t row() const { return row_; }

  /// "row 12 (line 14), column pm25: …".
  [[nodiscard]] Error error(std::size_t column, std::string_view what) const;

  // Cells as values. Errors: invalid_input with the place.
  [[nodiscard]] Result<std::string_view> text(std::size_t column) const;          ///< must not be missing
  [[nodiscard]] Result<std::optional<Decimal>> number(std::size_t column) const;  ///< none when missing
  [[nodiscard]] Result<std::optional<Decimal>> amount(std::size_t column) const;  ///< as number(), not negative
  /// As amount(), and "0.004L", "<0.004", "ND" for what was not detected.
  [[nodiscard]] Result<std::optional<Measured>> measured(std::size_t column) const;
  /// Whether the cell stands for a value that is not there.
  [[nodiscard]] bool missing(std::size_t column) const;
  [[nodiscard]] Result<Instant> time(std::size_t column) const;

 private:
  [[nodiscard]] Result<bool> line(std::string_view& into);
  Status split(std::string_view text);
  Status fill();

  ByteSource source_;
  std::vector<char> buffer_;
  std::size_t begin_ = 0;
  std::size_t end_ = 0;
  bool finished_ = false;
  std::vector<std::string> header_;
  std::vector<std::string_view> cells_;
  bool quotes_ = false;   ///< the newest line has some
  std::string unquoted_;  ///< what quoted cells of the row say
  std::size_t row_ = 0;
  std::size_t line_ = 0;
  std::size_t lines_taken_ = 0;
};

/// Whether a cell stands for a value that is not there.
[[nodiscard]] bool is_missing(std::string_view cell);

/// ASCII letters in lower case, without blanks and dots: the name of a column for `PM2.5` is `pm25`.
[[nodiscard]] std::string column_name(std::string_view name);

}  // namespace mj::assess
