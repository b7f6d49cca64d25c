#include "standards_print.hpp"

#include <array>
#include <nlohmann/json.hpp>

#include "api_client.hpp"
#include "text_table.hpp"

namespace mj::app {
namespace {

using standards::Edition;
using standards::Table;
using standards::TableRow;
using standards::Verification;

constexpr std::array kStates{Verification::verified, Verification::third_party, Verification::inferred,
                             Verification::unverified};

std::string day(Instant at) {
  const BeijingTime time = to_beijing(at);
  return fmt::format("{:04}-{:02}-{:02}", time.year, time.month, time.day);
}
std::string first_day(const standards::Validity& validity) { return day(validity.from); }
/// Empty = in force until further notice.
std::string last_day(const standards::Validity& validity) {
  return validity.to ? day(validity.to->plus_ms(-1)) : std::string();
}

bool wanted(const TableRow& row, const StandardsFilter& filter) {
  return !filter.at || row.validity.contains(*filter.at);
}

struct Counts {
  std::size_t rows = 0;
  std::array<std::size_t, 4> by_state{};
  std::size_t local = 0;
  std::size_t replaced = 0;
};

Counts counts_of(const Table& table, const StandardsFilter& filter) {
  Counts counts;
  for (const TableRow& row : table.rows) {
    if (!wanted(row, filter)) continue;
    if (!row.replaced_by.empty()) {
      ++counts.replaced;
      continue;
    }
    ++counts.rows;
    ++counts.by_state.at(static_cast<std::size_t>(row.verification));
    counts.local += row.local ? 1 : 0;
  }
  return counts;
}

std::string csv_line(const std::vector<std::string>& cells) {
  std::string line;
  for (std::size_t i = 0; i < cells.size(); ++i) {
    if (i > 0) line += ',';
    if (cells[i].find_first_of(",\"\n") == std::string::npos) {
      line += cells[i];
      continue;
    }
    line += '"';
    for (const char c : cells[i]) line += c == '"' ? std::string("\"\"") : std::string(1, c);
    line += '"';
  }
  return line + "\n";
}

/// The same rows as an aligned table or as CSV.
std::string rows_text(const std::vector<std::string>& header, const std::vector<std::vector<std::string>>& rows,
                      const std::string& format) {
  if (format == "csv") {
    std::string text = csv_line(header);
    for (const auto& row : rows) text += csv_line(row);
    return text;
  }
  std::vector<TextTable::Column> columns;
  for (const std::string& title : header) columns.push_back({title, TextTable::Align::left});
  TextTable table(std::move(columns));
  for (const auto& row : rows) table.add(row);
  return table.text();
}

/// What of a row its cells do not say.
std::string mark(const TableRow& row) {
  if (!row.replaced_by.empty()) return "replaced by " + row.replaced_by;
  if (!row.local) return "";
  return row.source.empty() ? "local: " + row.origin : fmt::format("local: {} ({})", row.origin, row.source);
}

/// Columns that every row has; they are shown from what was understood of them.
bool is_tail(const std::string& column) {
  return column == "clause" || column == "valid_from" || column == "valid_to" || column == "verification";
}

Json row_json(const Table& table, const TableRow& row) {
  Json cells = Json::object();
  for (std::size_t i = 0; i < table.header.size(); ++i) {
    if (!is_tail(table.header[i])) cells[table.header[i]] = row.cells[i];
  }
  Json json{{"cells", std::move(cells)},
            {"clause", row.clause},
            {"valid_from", first_day(row.validity)},
            {"valid_to", row.validity.to ? Json(last_day(row.validity)) : Json()},
            {"verification", standards::name(row.verification)},
            {"origin", row.origin},
            {"local", row.local}};
  if (!row.source.empty()) json["source"] = row.source;
  if (!row.replaced_by.empty()) json["replaced_by"] = row.replaced_by;
  return json;
}

Json edition_json(const Edition& edition) {
  return {{"id", edition.id},
          {"title", {{"zh", edition.title.zh}, {"en", edition.title.en}}},
          {"valid_from", first_day(edition.validity)},
          {"valid_to", edition.validity.to ? Json(last_day(edition.validity)) : Json()},
          {"jurisdiction", edition.jurisdiction},
          {"verification", standards::name(edition.verification)},
          {"source", edition.source},
          {"supersedes", edition.supersedes},
          {"local", edition.local}};
}

std::string table_text(const Table& table, const StandardsFilter& filter, const std::string& format) {
  std::vector<std::string> header;
  for (const std::string& column : table.header) {
    if (!is_tail(column)) header.push_back(column);
  }
  header.insert(header.end(), {"clause", "valid_from", "valid_to", "verification", "mark"});
  std::vector<std::vector<std::string>> rows;
  for (const TableRow& row : table.rows) {
    if (!wanted(row, filter)) continue;
    std::vector<std::string> cells;
    for (std::size_t i = 0; i < table.header.size(); ++i) {
      if (!is_tail(table.header[i])) cells.push_back(row.cells[i]);
    }
    cells.insert(cells.end(), {row.clause, first_day(row.validity), last_day(row.validity),
                               std::string(standards::name(row.verification)), mark(row)});
    rows.push_back(std::move(cells));
  }
  std::string text = fmt::format("\n# {} ({})\n", table.kind, table.file);
  for (const std::string& comment : table.comments) text += "# " + comment + "\n";
  return text + rows_text(header, rows, format);
}

}  // namespace

std::string list_text(const standards::StandardSet& set, const StandardsFilter& filter,
                      const std::string& format) {
  const std::vector<std::string> header{"id",    "kind",     "jurisdiction", "valid_from", "valid_to",
                                        "rows",  "VERIFIED", "THIRD_PARTY",  "INFERRED",   "UNVERIFIED",
                                        "local", "replaced", "title"};
  std::vector<std::vector<std::string>> rows;
  Json json = Json::array();
  for (const Table& table : set.tables()) {
    const Edition& edition = *set.edition(table.edition);
    if (!filter.kind.empty() && table.kind != filter.kind) continue;
    if (filter.at && !edition.validity.contains(*filter.at)) continue;
    const Counts counts = counts_of(table, filter);
    if (filter.verification && counts.by_state.at(static_cast<std::size_t>(*filter.verification)) == 0) continue;
    if (format == "json") {
      Json row = edition_json(edition);
      row["kind"] = table.kind;
      row["file"] = table.file;
      row["rows"] = counts.rows;
      for (const Verification state : kStates)
        row["by_state"][std::string(standards::name(state))] = counts.by_state.at(static_cast<std::size_t>(state));
      row["local_rows"] = counts.local;
      row["replaced_rows"] = counts.replaced;
      json.push_back(std::move(row));
      continue;
    }
    std::vector<std::string> row{edition.id,
                                 table.kind,
                                 edition.jurisdiction,
                                 first_day(edition.validity),
                                 last_day(edition.validity),
                                 std::to_string(counts.rows)};
    for (const std::size_t count : counts.by_state) row.push_back(std::to_string(count));
    row.push_back(std::to_string(counts.local));
    row.push_back(std::to_string(counts.replaced));
    row.push_back(edition.title.zh);
    rows.push_back(std::move(row));
  }
  return format == "json" ? json.dump(1) + "\n" : rows_text(header, rows, format);
}

std::string show_text(const standards::StandardSet& set, const Edition& edition, const StandardsFilter& filter,
                      const std::string& format) {
  Json json = edition_json(edition);
  std::string text = fmt::format("# {} {} / {}\n# in force {} … {}, {}; {}; source: {}\n", edition.id,
                                 edition.title.zh, edition.title.en, first_day(edition.validity),
                                 edition.validity.to ? last_day(edition.validity) : "until further notice",
                                 edition.jurisdiction, standards::name(edition.verification), edition.source);
  json["tables"] = Json::array();
  for (const Table& table : set.tables()) {
    if (table.edition != edition.id || (!filter.kind.empty() && table.kind != filter.kind)) continue;
    if (format != "json") {
      text += table_text(table, filter, format);
      continue;
    }
    Json shown{{"kind", table.kind}, {"file", table.file}, {"comments", table.comments}, {"rows", Json::array()}};
    for (const TableRow& row : table.rows) {
      if (wanted(row, filter)) shown["rows"].push_back(row_json(table, row));
    }
    json["tables"].push_back(std::move(shown));
  }
  return format == "json" ? json.dump(1) + "\n" : text;
}

}  // namespace mj::app
