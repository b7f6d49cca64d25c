#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "mj/hj212/protocol.hpp"
#include "mj/kernel/result.hpp"

namespace mj::hj212 {

/// One row of a CSV table of the protocol, read by column name.
struct TableRow {
  std::size_t line = 0;  ///< in the file, from 1
  std::vector<std::string> cells;
};

/// A CSV table (RFC 4180) whose leading lines beginning with `#` are comments. A row is one line.
struct Table {
  std::string name;  ///< file name for error texts
  std::vector<std::string> header;
  std::vector<TableRow> rows;

  [[nodiscard]] bool has(std::string_view column) const;
  /// Empty when there is no such column.
  [[nodiscard]] std::string_view cell(const TableRow& row, std::string_view column) const;
};

/// Errors: invalid_input with file and line for broken quoting, a missing or repeated column, a row of another width.
[[nodiscard]] Result<Table> read_table(const Protocol::Source& source, const std::vector<std::string>& columns);

/// Columns code, zh, en, clause, verification and, where there, unit, type, values (`0=运行/running|1=…`).
/// Errors: invalid_input with file and line; also for a code that stands there twice.
[[nodiscard]] Result<std::vector<CodeWord>> read_code_words(const Protocol::Source& source);

/// The commands of a TOML file with the line each begins in. Errors: invalid_input with file and line.
struct PlacedCommand {
  Command command;
  std::string place;  ///< "hj/212-2017/commands.toml:12"
};
[[nodiscard]] Result<std::vector<PlacedCommand>> read_commands(const Protocol::Source& source);

/// The states a row of any table may have, standards/README.md. Errors: none for another word.
[[nodiscard]] bool is_verification(std::string_view word);

[[nodiscard]] inline Error table_error(std::string_view file, std::size_t line, std::string_view what) {
  return Error(ErrorCode::invalid_input, fmt::format("{}:{}: {}", file, line, what));
}

}  // namespace mj::hj212
