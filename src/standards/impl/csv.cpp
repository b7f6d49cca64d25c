#include "csv.hpp"

#include <csv.h>

#include <set>

namespace mj::standards {
namespace {

struct Line {
  std::vector<std::string> cells;
  bool complete = false;
};

void on_cell(void* text, std::size_t size, void* line) {
  static_cast<Line*>(line)->cells.emplace_back(static_cast<const char*>(text), size);
}

void on_row(int /*terminator*/, void* line) { static_cast<Line*>(line)->complete = true; }

/// libcsv keeps no line numbers; giving it one line at a time does.
Result<std::vector<std::string>> split(std::string_view text, const std::string& origin, std::size_t number) {
  csv_parser parser;
  if (csv_init(&parser, CSV_STRICT | CSV_STRICT_FINI) != 0) return Error(ErrorCode::internal, "csv_init failed");
  Line line;
  const std::string terminated = std::string(text) + "\n";
  const bool whole =
      csv_parse(&parser, terminated.data(), terminated.size(), on_cell, on_row, &line) == terminated.size();
  csv_free(&parser);
  if (!whole || !line.complete) {
    return Error(ErrorCode::invalid_input,
                 fmt::format("{}:{}: broken quoting; write \"…\" around a cell with commas", origin, number));
  }
  return std::move(line.cells);
}

}  // namespace

Result<CsvTable> read_csv(std::string_view text, std::string origin) {
  CsvTable table;
  table.origin = std::move(origin);
  std::size_t number = 0;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    std::string_view line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    ++number;
    if (line.ends_with('\r')) line.remove_suffix(1);
    const bool in_head = table.header.empty();
    if (in_head && line.starts_with('#')) {
      line.remove_prefix(line.starts_with("# ") ? 2 : 1);
      table.comments.emplace_back(line);
      continue;
    }
    if (line.empty()) continue;
    MJ_TRY(auto cells, split(line, table.origin, number));
    if (in_head) {
      const std::set<std::string> names(cells.begin(), cells.end());
      if (names.size() != cells.size()) {
        return Error(ErrorCode::invalid_input,
                     fmt::format("{}:{}: two columns have the same name", table.origin, number));
      }
      table.header = std::move(cells);
      table.header_line = number;
      continue;
    }
    if (cells.size() != table.header.size()) {
      return Error(ErrorCode::invalid_input, fmt::format("{}:{}: the row has {} cells, the header {}",
                                                         table.origin, number, cells.size(), table.header.size()));
    }
    table.rows.push_back({number, std::move(cells), {}, {}});
  }
  if (table.header.empty()) return Error(ErrorCode::invalid_input, fmt::format("{}: no header row", table.origin));
  return table;
}

std::string to_csv(const CsvTable& table) {
  std::string text;
  const auto line = [&text](const std::vector<std::string>& cells) {
    for (std::size_t i = 0; i < cells.size(); ++i) {
      if (i > 0) text += ',';
      const bool quoted = cells[i].find_first_of(",\"") != std::string::npos;
      if (quoted) text += '"';
      for (const char c : cells[i]) text += c == '"' ? std::string("\"\"") : std::string(1, c);
      if (quoted) text += '"';
    }
    text += '\n';
  };
  line(table.header);
  for (const CsvRow& row : table.rows) line(row.cells);
  return text;
}

}  // namespace mj::standards
