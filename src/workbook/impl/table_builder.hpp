#pragma once

#include <string>
#include <vector>

#include "mj/workbook/sheet.hpp"

namespace mj::workbook {

/// Makes a sheet of the lines of a file, whatever its format: comments, header, rows as wide as the header.
class TableBuilder {
 public:
  /// Takes the cells of the line `line`. Errors: invalid_input with line and column.
  Status add(std::size_t line, std::vector<std::string> cells);
  /// Errors: invalid_input without a header.
  [[nodiscard]] Result<Sheet> finish() &&;

  /// Rows of a workbook leave out empty cells at their end; those of CSV must be complete.
  bool short_rows = false;
  std::size_t max_cells = kMaxCells;

 private:
  Status add_header(std::size_t line, std::vector<std::string> cells);

  Sheet sheet_;
  std::size_t cells_ = 0;
};

/// `C` for 2, `AA` for 26: how spreadsheets name a column.
[[nodiscard]] std::string column_letters(std::size_t index);

}  // namespace mj::workbook
