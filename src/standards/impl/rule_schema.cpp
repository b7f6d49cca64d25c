#include "rule_schema.hpp"

#include "cells.hpp"
#include "rule_kinds.hpp"

namespace mj::standards {
namespace {

const RuleKind* find_kind(std::string_view name) {
  const auto found = std::find_if(rule_kinds().begin(), rule_kinds().end(),
                                  [&](const RuleKind& kind) { return kind.name == name; });
  return found == rule_kinds().end() ? nullptr : &*found;
}

/// Checks the declared cells and gives the key of the row.
std::string check(const RuleKind& kind, Cells& cells) {
  std::string row_key;
  for (const RuleColumn& column : kind.columns) {
    switch (column.type) {
      case ColumnType::key: row_key += (row_key.empty() ? "" : " ") + cells.text(column.name); break;
      case ColumnType::number_key:
        row_key += (row_key.empty() ? "" : " ") + cells.text(column.name);
        static_cast<void>(cells.decimal(column.name));
        break;
      case ColumnType::name: static_cast<void>(cells.required(column.name)); break;
      case ColumnType::text: static_cast<void>(cells.text(column.name)); break;
      case ColumnType::number: static_cast<void>(cells.decimal(column.name)); break;
      case ColumnType::optional:
        if (!cells.text(column.name).empty()) static_cast<void>(cells.decimal(column.name));
        break;
    }
  }
  return row_key;
}

}  // namespace

bool is_rule_kind(std::string_view kind) { return find_kind(kind) != nullptr; }

std::vector<std::string_view> rule_key_columns(std::string_view kind) {
  std::vector<std::string_view> columns;
  const RuleKind* declared = find_kind(kind);
  if (declared == nullptr) return columns;
  for (const RuleColumn& column : declared->columns) {
    if (column.type == ColumnType::key || column.type == ColumnType::number_key) columns.push_back(column.name);
  }
  return columns;
}

Status read_rules(std::string_view kind, const CsvTable& table, const Edition& edition,
                  std::vector<RuleRow>& into) {
  const RuleKind& declared = *find_kind(kind);
  const auto header = std::make_shared<const std::vector<std::string>>(table.header);
  std::map<std::string, std::vector<std::pair<Validity, std::size_t>>> by_key;
  for (const CsvRow& csv : table.rows) {
    Cells cells(table, csv, edition.validity);
    const std::string row_key = check(declared, cells);
    RuleRow row;
    row.kind = kind;
    row.edition = edition.id;
    row.validity = cells.validity();
    row.verification = cells.verification();
    row.clause = cells.required("clause");
    row.origin = fmt::format("{}:{}", table.origin_of(csv), csv.line);
    row.jurisdiction = edition.jurisdiction;
    row.local = edition.local || !csv.origin.empty();
    row.header = header;
    row.cells = csv.cells;
    if (cells.error()) return *cells.error();
    for (const auto& [validity, line] : by_key[row_key]) {
      if (validity.overlaps(row.validity)) {
        return Error(ErrorCode::invalid_input, fmt::format("{}:{}: {} is in force at the same time as in line {}",
                                                           table.origin_of(csv), csv.line, row_key, line));
      }
    }
    by_key[row_key].emplace_back(row.validity, csv.line);
    into.push_back(std::move(row));
  }
  return {};
}

}  // namespace mj::standards
