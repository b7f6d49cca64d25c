#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "mj/kernel/result.hpp"

namespace mj::standards {

/// One data row.
struct CsvRow {
  std::size_t line = 0;  ///< in the file, from 1
  std::vector<std::string> cells;
  std::string origin;  ///< file of a row that a local file put here; empty = that of the table
  std::string source;  ///< where a local row was taken from
};

/// A CSV table (RFC 4180) whose leading lines beginning with `#` are comments. A row is one line.
struct CsvTable {
  std::string origin;  ///< file name for error texts
  std::size_t header_line = 0;
  std::vector<std::string> header;
  std::vector<CsvRow> rows;
  std::vector<std::string> comments;     ///< without the `#`
  std::vector<CsvRow> overridden;        ///< rows, or the parts of them, that a local file replaced
  std::vector<std::string> replaced_by;  ///< file and line, one for each of them

  [[nodiscard]] const std::string& origin_of(const CsvRow& row) const {
    return row.origin.empty() ? origin : row.origin;
  }
};

/// Errors: invalid_input with line when quoting is broken, there is no header, a column repeats or a row has another
/// number of cells.
[[nodiscard]] Result<CsvTable> read_csv(std::string_view text, std::string origin);

/// Header and rows as CSV again.
[[nodiscard]] std::string to_csv(const CsvTable& table);

}  // namespace mj::standards
