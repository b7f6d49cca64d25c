#include "rule_schema.hpp"

#include "cells.hpp"

namespace mj::standards {
namespace {

enum class Type {
  key,      ///< part of the name of the row; may be empty
  name,     ///< text that must be there
  text,     ///< text
  number,   ///< decimal that must be there
  optional  ///< decimal or empty
};

struct Column {
  std::string_view name;
  Type type;
};

struct Kind {
  std::string_view name;
  std::vector<Column> columns;
};

/// What the tables of each kind hold; standards/README.md explains the columns.
const std::vector<Kind>& kinds() {
  using enum Type;
  static const std::vector<Kind> kAll{
      {"parameters", {{"name", key}, {"value", number}, {"unit", text}}},
      {"air_limits",
       {{"table", key},
        {"pollutant", key},
        {"period", key},
        {"grade1", optional},
        {"grade2", optional},
        {"unit", name}}},
      {"air_statistics",
       {{"pollutant", key},
        {"daily", name},
        {"mean", number},
        {"percentile", number},
        {"decimals", number},
        {"verdict_decimals", number}}},
      {"air_index",
       {{"scheme", key}, {"pollutant", key}, {"statistic", name}, {"limit", number}, {"weight", number}}},
      {"rain_grades", {{"grade", key}, {"name_zh", name}, {"name_en", text}, {"ph_below", optional}}},
      {"water_status",
       {{"scope", key},
        {"order", key},
        {"name_zh", name},
        {"name_en", text},
        {"color", name},
        {"classes", text},
        {"good_min", optional},
        {"good_below", optional},
        {"bad_min", optional},
        {"bad_below", optional}}},
      {"water_priority", {{"item", key}}},
      {"water_source_limits",
       {{"table", key}, {"item", key}, {"name_zh", name}, {"limit", number}, {"unit", name}}},
      {"groundwater_limits",
       {{"table", key},
        {"item", key},
        {"name_zh", name},
        {"unit", text},
        {"rule", name},
        {"I", text},
        {"II", text},
        {"III", text},
        {"IV", text}}},
      {"black_odorous",
       {{"item", key}, {"name_zh", name}, {"unit", name}, {"rule", name}, {"light", number}, {"heavy", number}}},
      {"trophic_items", {{"item", key}, {"a", number}, {"b", number}, {"r2", number}, {"unit", name}}},
      {"trophic_grades",
       {{"grade", key}, {"name_zh", name}, {"name_en", text}, {"hi", optional}, {"hi_inclusive", number}}},
      {"noise_limits",
       {{"zone", key},
        {"day", number},
        {"night", number},
        {"night_frequent_over", optional},
        {"night_occasional_over", optional}}},
      {"noise_corrections", {{"difference_from", key}, {"difference_to", number}, {"correction", number}}},
      {"noise_grades",
       {{"type", key}, {"period", key}, {"level", key}, {"name_zh", name}, {"name_en", text}, {"hi", optional}}},
      {"soil_farm_limits",
       {{"value", key}, {"item", key}, {"land", key}, {"ph_above", key}, {"ph_to", key}, {"limit", number}}},
      {"soil_construction_limits",
       {{"table", text},
        {"item", key},
        {"name_zh", name},
        {"screening_1", number},
        {"screening_2", number},
        {"intervention_1", number},
        {"intervention_2", number}}},
      {"soil_index_grades",
       {{"index", key}, {"grade", key}, {"name_zh", name}, {"name_en", text}, {"hi", optional}}},
      {"effluent_limits",
       {{"category", key},
        {"item", key},
        {"condition", key},
        {"name_zh", name},
        {"unit", text},
        {"low", optional},
        {"limit", optional},
        {"note", text}}},
      {"stack_limits",
       {{"category", key},
        {"unit_type", key},
        {"item", key},
        {"condition", key},
        {"limit", number},
        {"unit", name}}},
      {"stack_rates",
       {{"item", key},
        {"category", key},
        {"stack_m", key},
        {"max_concentration", optional},
        {"grade2", optional},
        {"grade3", optional}}},
      {"reference_oxygen", {{"unit_type", key}, {"oxygen", number}}}};
  return kAll;
}

const Kind* find_kind(std::string_view name) {
  const auto found =
      std::find_if(kinds().begin(), kinds().end(), [&](const Kind& kind) { return kind.name == name; });
  return found == kinds().end() ? nullptr : &*found;
}

/// Checks the declared cells and gives the key of the row.
std::string check(const Kind& kind, Cells& cells) {
  std::string row_key;
  for (const Column& column : kind.columns) {
    switch (column.type) {
      case Type::key: row_key += (row_key.empty() ? "" : " ") + cells.text(column.name); break;
      case Type::name: static_cast<void>(cells.required(column.name)); break;
      case Type::text: static_cast<void>(cells.text(column.name)); break;
      case Type::number: static_cast<void>(cells.decimal(column.name)); break;
      case Type::optional:
        if (!cells.text(column.name).empty()) static_cast<void>(cells.decimal(column.name));
        break;
    }
  }
  return row_key;
}

}  // namespace

bool is_rule_kind(std::string_view kind) { return find_kind(kind) != nullptr; }

Status read_rules(std::string_view kind, const CsvTable& table, const Edition& edition,
                  std::vector<RuleRow>& into) {
  const Kind& declared = *find_kind(kind);
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
    row.origin = fmt::format("{}:{}", table.origin, csv.line);
    row.header = header;
    row.cells = csv.cells;
    if (cells.error()) return *cells.error();
    for (const auto& [validity, line] : by_key[row_key]) {
      if (validity.overlaps(row.validity)) {
        return Error(ErrorCode::invalid_input, fmt::format("{}:{}: {} is in force at the same time as in line {}",
                                                           table.origin, csv.line, row_key, line));
      }
    }
    by_key[row_key].emplace_back(row.validity, csv.line);
    into.push_back(std::move(row));
  }
  return {};
}

}  // namespace mj::standards
