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
  bool operator==(const Row&) const = default;
};

/// A table with a header 工作表.
struct Sheet {
  std::string name;
  std::vector<std::string> columns;
  std::vector<Row> rows;
};

/// What a spreadsheet can hold, and what is accepted here.
inline constexpr std::size_t kMaxColumns = 16'384;
inline constexpr std::size_t kMaxCells = 32'000'000;     ///< of one table that is read
inline constexpr std::size_t kMaxPartBytes = 64U << 20;  ///< of one part inside a workbook, decompressed

/// Reads a CSV file (UTF-8 or GBK, with or without BOM; RFC 4180) or the first visible sheet of an XLSX workbook,
/// recognised by its first bytes; zstd is decompressed. Lines before the header that begin with # are comments; rows
/// without any text are passed over; empty columns behind the last named one are left out. The mark that write_csv()
/// puts before a formula is taken off again.
/// Of a workbook: dates become `2026-03-01`, with a time of day `2026-03-01T08:00:00`; numbers their shortest decimal
/// text, with the zeros behind the point that their format shows; formulas the value that was stored with them.
/// Errors: invalid_input with line and column; or that a file is too large (`max_bytes` after decompression).
[[nodiscard]] Result<Sheet> read(std::string_view bytes, std::size_t max_bytes = 256U << 20);

/// CSV with CRLF ends (RFC 4180), UTF-8 with BOM so that office programs read it. A cell that a spreadsheet would take for a
/// formula (it begins with = + - @ or a control character, and is no plain number) is written with an apostrophe before it,
/// so that it stays text.
[[nodiscard]] std::string write_csv(const Sheet& sheet);

/// A workbook of several sheets: bold header, frozen first row, filter; cells of a column whose every cell is a plain decimal
/// number become numbers with the digits they show. Errors: invalid_input for what no workbook can hold (more than
/// 1,048,576 rows, a cell of more than 32,767 characters, text that is no UTF-8); unavailable.
[[nodiscard]] Result<std::string> write_xlsx(std::span<const Sheet> sheets);

}  // namespace mj::workbook
