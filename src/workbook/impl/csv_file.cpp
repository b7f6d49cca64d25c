#include "csv_file.hpp"

#include <csv.h>

#include <algorithm>

#include "table_builder.hpp"

namespace mj::workbook {
namespace {

constexpr std::string_view kStartsFormula = "=+-@\t\r\n";

/// What follows the apostrophes at the start of a cell would be run as a formula.
bool wants_mark(std::string_view cell) {
  const std::size_t at = cell.find_first_not_of('\'');
  if (at == std::string_view::npos || kStartsFormula.find(cell[at]) == std::string_view::npos) return false;
  return at > 0 || !is_plain_number(cell);
}

void take_off_mark(std::string& cell) {
  if (cell.starts_with('\'') && wants_mark(cell)) cell.erase(0, 1);
}

struct Parser {
  csv_parser csv{};
  std::vector<std::string> cells;
  std::vector<std::vector<std::string>> complete;
  bool too_wide = false;

  Parser() = default;
  Parser(const Parser&) = delete;
  Parser& operator=(const Parser&) = delete;
  ~Parser() { csv_free(&csv); }

  static void on_cell(void* text, std::size_t size, void* self) {
    auto& parser = *static_cast<Parser*>(self);
    if (parser.cells.size() > kMaxColumns) {
      parser.too_wide = true;
      return;
    }
    parser.cells.emplace_back(static_cast<const char*>(text), size);
  }
  static void on_row(int /*terminator*/, void* self) {
    auto& parser = *static_cast<Parser*>(self);
    parser.complete.push_back(std::move(parser.cells));
    parser.cells.clear();
  }
};

}  // namespace

bool is_plain_number(std::string_view text) {
  if (text.starts_with('-')) text.remove_prefix(1);
  const auto digits = [&text] {
    std::size_t count = 0;
    while (count < text.size() && text[count] >= '0' && text[count] <= '9') ++count;
    return count;
  };
  const std::size_t whole = digits();
  if (whole == 0 || (whole > 1 && text.front() == '0')) return false;
  text.remove_prefix(whole);
  if (text.empty()) return true;
  if (text.front() != '.') return false;
  text.remove_prefix(1);
  return !text.empty() && digits() == text.size();
}

Result<Sheet> read_csv(std::string_view text) {
  Parser parser;
  if (csv_init(&parser.csv, CSV_STRICT | CSV_STRICT_FINI) != 0)
    return Error(ErrorCode::internal, "csv_init failed");
  csv_set_space_func(&parser.csv, [](unsigned char) { return 0; });  // blanks are part of a cell (RFC 4180 §2.4)
  TableBuilder table;
  bool header_seen = false;
  bool inside = false;  // a quoted cell goes over the end of the line
  std::size_t number = 0;
  std::size_t begin = 0;

  const auto take_rows = [&]() -> Status {
    for (auto& cells : parser.complete) {
      for (std::string& cell : cells) take_off_mark(cell);
      header_seen = header_seen || std::ranges::any_of(cells, [](const std::string& c) { return !c.empty(); });
      MJ_CHECK(table.add(begin, std::move(cells)));
    }
    parser.complete.clear();
    return {};
  };
  const auto broken = [&] {
    return Error(
        ErrorCode::invalid_input,
        fmt::format("line {}, column {}: broken quoting; write \"…\" around a cell with commas, quotes or line "
                    "ends, and \"\" for each quote in it",
                    begin, column_letters(parser.cells.size())));
  };

  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    const std::string_view line = text.substr(0, end == std::string_view::npos ? text.size() : end + 1);
    text.remove_prefix(line.size());
    ++number;
    if (!inside) {
      begin = number;
      if (line == "\n" || line == "\r\n" || line == "\r") continue;
      if (!header_seen && line.starts_with('#')) continue;
    }
    if (csv_parse(&parser.csv, line.data(), line.size(), Parser::on_cell, Parser::on_row, &parser) != line.size())
      return broken();
    if (parser.too_wide) {
      return Error(ErrorCode::invalid_input, fmt::format("line {}: more than {} columns", begin, kMaxColumns));
    }
    inside = parser.complete.empty();
    MJ_CHECK(take_rows());
  }
  if (csv_fini(&parser.csv, Parser::on_cell, Parser::on_row, &parser) != 0) return broken();
  MJ_CHECK(take_rows());
  return std::move(table).finish();
}

std::string write_csv(const Sheet& sheet) {
  std::string text = "\xEF\xBB\xBF";
  const auto write_line = [&text](const std::vector<std::string>& cells) {
    const bool only_empty = cells.size() == 1 && cells.front().empty();
    for (std::size_t i = 0; i < cells.size(); ++i) {
      const std::string& cell = cells[i];
      if (i > 0) text += ',';
      // A line must neither look empty nor like a comment.
      const bool quoted =
          cell.find_first_of(",\"\r\n") != std::string::npos || (i == 0 && cell.starts_with('#')) || only_empty;
      if (quoted) text += '"';
      if (wants_mark(cell)) text += '\'';
      for (const char c : cell) {
        if (c == '"') text += '"';
        text += c;
      }
      if (quoted) text += '"';
    }
    text += "\r\n";
  };
  write_line(sheet.columns);
  for (const Row& row : sheet.rows) write_line(row.cells);
  return text;
}

}  // namespace mj::workbook
