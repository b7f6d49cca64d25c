#include "standards_json.hpp"

#include <algorithm>
#include <array>
#include <tuple>

#include <fmt/format.h>

namespace mj::api {
namespace {

using standards::Edition;
using standards::StandardSet;
using standards::Table;
using standards::TableRow;

std::string standards_day(Instant at) {
  const BeijingTime time = to_beijing(at);
  return fmt::format("{:04}-{:02}-{:02}", time.year, time.month, time.day);
}
Json last_day_json(const standards::Validity& validity) {
  return validity.to ? Json(standards_day(validity.to->plus_ms(-1))) : Json(nullptr);
}
Json text_if_any(const std::string& text) { return text.empty() ? Json(nullptr) : Json(text); }

/// Columns that every row has; they are told as understood.
bool is_tail(std::string_view column) {
  return column == "clause" || column == "valid_from" || column == "valid_to" || column == "verification";
}

Json table_columns_json(const Table& table) {
  Json columns = Json::array();
  for (const std::string& column : table.header) {
    if (!is_tail(column)) columns.push_back(column);
  }
  return columns;
}

Json standard_row_json(const Table& table, const TableRow& row) {
  Json cells = Json::array();
  for (std::size_t i = 0; i < table.header.size(); ++i) {
    if (!is_tail(table.header[i])) cells.push_back(row.cells[i]);
  }
  return {{"cells", std::move(cells)},
          {"clause", row.clause},
          {"valid_from", standards_day(row.validity.from)},
          {"valid_to", last_day_json(row.validity)},
          {"verification", standards::name(row.verification)},
          {"origin", row.origin},
          {"local", row.local},
          {"source", text_if_any(row.source)},
          {"replaced_by", text_if_any(row.replaced_by)}};
}

struct EditionCounts {
  std::size_t tables = 0;
  std::size_t rows = 0;
  std::array<std::size_t, 4> by_state{};
  std::size_t overridden = 0;
  std::size_t local = 0;
  std::vector<std::string> kinds;
};

EditionCounts counts_of_edition(const StandardSet& set, const Edition& edition) {
  EditionCounts counts;
  for (const Table& table : set.tables()) {
    if (table.edition != edition.id) continue;
    ++counts.tables;
    if (std::find(counts.kinds.begin(), counts.kinds.end(), table.kind) == counts.kinds.end())
      counts.kinds.push_back(table.kind);
    for (const TableRow& row : table.rows) {
      if (!row.replaced_by.empty()) {
        ++counts.overridden;
        continue;
      }
      ++counts.rows;
      ++counts.by_state.at(static_cast<std::size_t>(row.verification));
      counts.local += row.local ? 1 : 0;
    }
  }
  return counts;
}

/// Only ASCII letters change; Chinese has no case.
std::string without_case(std::string_view text) {
  std::string result(text);
  for (char& c : result) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return result;
}

/// How well a row answers; 0 = a cell is a word, 1 = the row holds all words, 2 = with its edition, 3 = not at all.
int rank_of(const std::vector<std::string>& words, const Table& table, const TableRow& row,
            const std::string& edition_text) {
  std::string own = without_case(table.kind) + '\n' + without_case(row.clause);
  bool exact = false;
  for (const std::string& cell : row.cells) {
    const std::string text = without_case(cell);
    exact = exact || std::find(words.begin(), words.end(), text) != words.end();
    own += '\n' + text;
  }
  bool all_own = true;
  for (const std::string& word : words) {
    const bool here = own.find(word) != std::string::npos;
    if (!here && edition_text.find(word) == std::string::npos) return 3;
    all_own = all_own && here;
  }
  if (!all_own) return 2;
  return exact ? 0 : 1;
}

}  // namespace

Json standard_edition_json(const StandardSet& set, const Edition& edition, Instant now) {
  const EditionCounts counts = counts_of_edition(set, edition);
  Json superseded_by = Json::array();
  for (const Edition& other : set.editions()) {
    if (std::find(other.supersedes.begin(), other.supersedes.end(), edition.id) != other.supersedes.end())
      superseded_by.push_back(other.id);
  }
  return {{"id", edition.id},
          {"title", name_json(edition.title)},
          {"jurisdiction", edition.jurisdiction},
          {"valid_from", standards_day(edition.validity.from)},
          {"valid_to", last_day_json(edition.validity)},
          {"in_force", edition.validity.contains(now)},
          {"supersedes", edition.supersedes},
          {"superseded_by", std::move(superseded_by)},
          {"verification", standards::name(edition.verification)},
          {"source", edition.source},
          {"local", edition.local},
          {"kinds", counts.kinds},
          {"tables", counts.tables},
          {"rows", counts.rows},
          {"verified", counts.by_state[0]},
          {"third_party", counts.by_state[1]},
          {"inferred", counts.by_state[2]},
          {"unverified", counts.by_state[3]},
          {"overridden", counts.overridden},
          {"local_rows", counts.local}};
}

Json standard_table_json(const Table& table, const std::optional<Instant>& at) {
  Json rows = Json::array();
  for (const TableRow& row : table.rows) {
    if (!at || row.validity.contains(*at)) rows.push_back(standard_row_json(table, row));
  }
  return {{"kind", table.kind},
          {"file", table.file},
          {"comments", table.comments},
          {"columns", table_columns_json(table)},
          {"rows", std::move(rows)}};
}

Json standard_hits_json(const StandardSet& set, const std::vector<std::string>& words,
                        const std::optional<Instant>& at, std::size_t limit) {
  struct Hit {
    int rank = 0;
    std::size_t order = 0;
    const Table* table = nullptr;
    const TableRow* row = nullptr;
  };
  std::vector<std::string> asked;
  for (const std::string& word : words) asked.push_back(without_case(word));
  std::vector<Hit> hits;
  for (const Table& table : set.tables()) {
    const Edition* edition = set.edition(table.edition);
    const std::string edition_text =
        without_case(edition->id + '\n' + edition->title.zh + '\n' + edition->title.en);
    for (const TableRow& row : table.rows) {
      if (!row.replaced_by.empty() || (at && !row.validity.contains(*at))) continue;
      const int rank = rank_of(asked, table, row, edition_text);
      if (rank < 3) hits.push_back({rank, hits.size(), &table, &row});
    }
  }
  std::sort(hits.begin(), hits.end(),
            [](const Hit& a, const Hit& b) { return std::tie(a.rank, a.order) < std::tie(b.rank, b.order); });
  Json found = Json::array();
  for (std::size_t i = 0; i < std::min(limit, hits.size()); ++i) {
    const Table& table = *hits[i].table;
    found.push_back({{"edition", table.edition},
                     {"title", name_json(set.edition(table.edition)->title)},
                     {"kind", table.kind},
                     {"columns", table_columns_json(table)},
                     {"row", standard_row_json(table, *hits[i].row)}});
  }
  return {{"total", hits.size()}, {"hits", std::move(found)}};
}

}  // namespace mj::api
