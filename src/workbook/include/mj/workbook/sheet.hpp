#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "mj/kernel/result.hpp"

namespace mj::workbook {

/// One row of a sheet, as text; `line` is where it stands in the file, from 1, for messages.
struct Row {
  std::size_t line = 0;
  std::vector<std::string> cells;  ///< as many as there are columns
};

/// A table with a header 工作表.
struct Sheet {
  std::string name;
  std::vector<std::string> columns;
  std::vector<Row> rows;
};

/// Reads a CSV file (UTF-8 or GBK, with or without BOM; RFC 4180; lines before the header that begin with # are comments) or
/// the first sheet of an XLSX workbook, recognised by its first bytes; zstd is decompressed. Dates of a workbook become
/// ISO text, numbers their shortest decimal text. Errors: invalid_input with line and column, or that a file is too
/// large (`max_bytes` after decompression).
[[nodiscard]] Result<Sheet> read(std::string_view bytes, std::size_t max_bytes = 256U << 20);

/// CSV with CRLF ends (RFC 4180), UTF-8 with BOM so that office programs read it. A cell that a spreadsheet would take for a
/// formula is written so that it stays text.
[[nodiscard]] std::string write_csv(const Sheet& sheet);

/// A workbook of several sheets: bold header, frozen first row, filter; cells of a column whose every cell is a plain decimal
/// number become numbers with the digits they show. Errors: unavailable.
[[nodiscard]] Result<std::string> write_xlsx(std::span<const Sheet> sheets);

}  // namespace mj::workbook
