#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "mj/kernel/result.hpp"

namespace mj::standards {

/// One data row.
struct CsvRow {
  std::size_t line = 0;  ///< in the file, from 1
  std::vector<std::string> cells;
};

/// A CSV table (RFC 4180) whose leading lines beginning with `#` are comments. A row is one line.
struct CsvTable {
  std::string origin;  ///< file name for error texts
  std::size_t header_line = 0;
  std::vector<std::string> header;
  std::vector<CsvRow> rows;
};

/// Errors: invalid_input with line when quoting is broken, there is no header, a column repeats or a row has another
/// number of cells.
[[nodiscard]] Result<CsvTable> read_csv(std::string_view text, std::string origin);

}  // namespace mj::standards
