#include "protocol_table.hpp"

#include <csv.h>

#include <set>

namespace mj::hj212 {
namespace {

struct Line {
  std::vector<std::string> cells;
  bool complete = false;
};

void on_cell(void* text, std::size_t size, void* line) {
  static_cast<Line*>(line)->cells.emplace_back(static_cast<const char*>(text), size);
}

void on_row(int /*terminator*/, void* line) { static_cast<Line*>(line)->complete = true; }

/// libcsv keeps no line numbers; giving it one line at a time does. Errors: none when the quoting is broken.
std::optional<std::vector<std::string>> cells_of(std::string_view text) {
  csv_parser parser;
  if (csv_init(&parser, CSV_STRICT | CSV_STRICT_FINI) != 0) return std::nullopt;
  Line line;
  const std::string terminated = std::string(text) + "\n";
  const bool whole =
      csv_parse(&parser, terminated.data(), terminated.size(), on_cell, on_row, &line) == terminated.size();
  csv_free(&parser);
  if (!whole || !line.complete) return std::nullopt;
  return std::move(line.cells);
}

Status check_header(const Table& table, std::size_t line, const std::vector<std::string>& columns) {
  const std::set<std::string> names(table.header.begin(), table.header.end());
  if (names.size() != table.header.size()) return table_error(table.name, line, "two columns have the same name");
  for (const std::string& column : columns) {
    if (!names.contains(column))
      return table_error(table.name, line, fmt::format("there is no column {}", column));
  }
  return {};
}

/// `0=运行/running|1=维护/maintenance`. Errors: none.
std::optional<std::vector<std::pair<std::string, LocalText>>> read_values(std::string_view text) {
  std::vector<std::pair<std::string, LocalText>> values;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('|'), text.size());
    const std::string_view item = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    const std::size_t equals = item.find('=');
    const std::size_t slash = item.rfind('/');
    if (equals == 0 || equals == std::string_view::npos || slash == std::string_view::npos || slash < equals)
      return std::nullopt;
    values.emplace_back(item.substr(0, equals), LocalText{std::string(item.substr(equals + 1, slash - equals - 1)),
                                                          std::string(item.substr(slash + 1))});
  }
  return values;
}

}  // namespace

bool Table::has(std::string_view column) const {
  return std::find(header.begin(), header.end(), column) != header.end();
}

std::string_view Table::cell(const TableRow& row, std::string_view column) const {
  const auto found = std::find(header.begin(), header.end(), column);
  if (found == header.end()) return {};
  return row.cells[static_cast<std::size_t>(found - header.begin())];
}

Result<Table> read_table(const Protocol::Source& source, const std::vector<std::string>& columns) {
  Table table;
  table.name = source.name;
  std::string_view text = source.text;
  std::size_t number = 0;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    std::string_view line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    ++number;
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (line.empty() || (table.header.empty() && line.starts_with('#'))) continue;
    auto cells = cells_of(line);
    if (!cells) return table_error(table.name, number, "broken quoting; write \"…\" around a cell with commas");
    if (table.header.empty()) {
      table.header = std::move(*cells);
      MJ_CHECK(check_header(table, number, columns));
      continue;
    }
    if (cells->size() != table.header.size()) {
      return table_error(table.name, number,
                         fmt::format("the row has {} cells, the header {}", cells->size(), table.header.size()));
    }
    table.rows.push_back({number, std::move(*cells)});
  }
  if (table.header.empty()) return table_error(table.name, std::max<std::size_t>(number, 1), "no header row");
  return table;
}

bool is_verification(std::string_view word) {
  return word == "VERIFIED" || word == "THIRD_PARTY" || word == "INFERRED" || word == "UNVERIFIED";
}

Result<std::vector<CodeWord>> read_code_words(const Protocol::Source& source) {
  MJ_TRY(const Table table, read_table(source, {"code", "zh", "en", "clause", "verification"}));
  std::vector<CodeWord> words;
  std::set<std::string, std::less<>> codes;
  for (const TableRow& row : table.rows) {
    CodeWord word;
    for (const char* column : {"code", "zh", "en", "clause", "verification"}) {
      if (table.cell(row, column).empty())
        return table_error(table.name, row.line, fmt::format("column {}: the cell is empty", column));
    }
    word.code = table.cell(row, "code");
    word.name = {std::string(table.cell(row, "zh")), std::string(table.cell(row, "en"))};
    word.unit = table.cell(row, "unit");
    word.element = table.cell(row, "element");
    word.clause = table.cell(row, "clause");
    word.verification = table.cell(row, "verification");
    if (!is_verification(word.verification)) {
      return table_error(
          table.name, row.line,
          fmt::format("column verification: \"{}\" is not a word of this column", word.verification));
    }
    if (const std::string_view type = table.cell(row, "type"); !type.empty()) {
      word.type = ValueType::parse(type);
      if (!word.type)
        return table_error(table.name, row.line, fmt::format("column type: \"{}\" is no type", type));
    }
    auto values = read_values(table.cell(row, "values"));
    if (!values) return table_error(table.name, row.line, "column values: write 0=运行/running|1=…");
    word.values = std::move(*values);
    if (!codes.insert(word.code).second)
      return table_error(table.name, row.line, fmt::format("code {} appears twice", word.code));
    words.push_back(std::move(word));
  }
  return words;
}

}  // namespace mj::hj212
