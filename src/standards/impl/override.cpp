#include "override.hpp"

#include "cells.hpp"
#include "rule_schema.hpp"

namespace mj::standards {
namespace {

struct TypedKey {
  std::string_view kind;
  std::vector<std::string_view> columns;
};

std::optional<std::size_t> place(const CsvTable& table, std::string_view column) {
  const auto found = std::find(table.header.begin(), table.header.end(), column);
  if (found == table.header.end()) return std::nullopt;
  return static_cast<std::size_t>(found - table.header.begin());
}

Error wrong(const CsvTable& table, const CsvRow& row, std::string_view what) {
  return Error(ErrorCode::invalid_input, fmt::format("{}:{}: {}", table.origin_of(row), row.line, what));
}

/// The local row with its cells in the order of the table it goes into.
Result<CsvRow> aligned(const CsvTable& base, const CsvTable& local, const CsvRow& row, const std::string& source) {
  CsvRow result{row.line, {}, local.origin, source};
  for (const std::string& column : base.header) {
    const auto found = place(local, column);
    if (!found) return wrong(local, row, fmt::format("column {}: there is no such column", column));
    result.cells.push_back(row.cells[*found]);
  }
  for (const std::string& column : local.header) {
    if (!place(base, column)) return wrong(local, row, fmt::format("column {}: {} has none", column, base.origin));
  }
  return result;
}

/// Takes the time of a local row out of the rows with the same key.
Status cut(CsvTable& base, const CsvRow& local, const Validity& taken, const Validity& edition,
           const std::vector<std::string_view>& key) {
  const auto from = place(base, "valid_from");
  const auto to = place(base, "valid_to");
  if (!from || !to) return wrong(base, local, "this table has no days and cannot be overridden");
  const std::string name = row_key(base, local, key);
  std::vector<CsvRow> left;
  for (CsvRow& row : base.rows) {
    Cells cells(base, row, edition);
    const Validity validity = cells.validity();
    if (cells.error()) return *cells.error();
    if (row_key(base, row, key) != name || !validity.overlaps(taken)) {
      left.push_back(std::move(row));
      continue;
    }
    if (!row.origin.empty())
      return wrong(base, local, fmt::format("{} stands already in {}:{}", name, row.origin, row.line));
    CsvRow replaced = row;
    if (validity.from < taken.from) {
      CsvRow before = row;
      before.cells[*to] = last_day_text(taken.from);
      replaced.cells[*from] = day_text(taken.from);
      left.push_back(std::move(before));
    }
    if (taken.to && (!validity.to || *taken.to < *validity.to)) {
      CsvRow after = row;
      after.cells[*from] = day_text(*taken.to);
      replaced.cells[*to] = last_day_text(*taken.to);
      left.push_back(std::move(after));
    }
    base.overridden.push_back(std::move(replaced));
    base.replaced_by.push_back(fmt::format("{}:{}", local.origin, local.line));
  }
  base.rows = std::move(left);
  return {};
}

Status put(RawTable& base, const RawTable& local, const Edition& edition, const std::string& source) {
  const auto key = key_columns(base.kind);
  for (const CsvRow& row : local.csv.rows) {
    MJ_TRY(CsvRow added, aligned(base.csv, local.csv, row, source));
    Cells cells(base.csv, added, edition.validity);
    const Validity taken = cells.validity();
    if (cells.error()) return *cells.error();
    // Single numbers are read without a day.
    if (base.kind == "parameters" && taken != edition.validity)
      return wrong(base.csv, added, "a parameter holds for the whole life of its edition: leave the days empty");
    MJ_CHECK(cut(base.csv, added, taken, edition.validity, key));
    base.csv.rows.push_back(std::move(added));
  }
  base.content = to_csv(base.csv);
  return {};
}

Status apply(RawStandard& base, RawStandard local) {
  for (RawTable& table : local.tables) {
    if (is_protocol_kind(table.kind))
      return Error(ErrorCode::invalid_input,
                   fmt::format("{}: tables of the kind {} cannot be overridden", table.file, table.kind));
    const auto found = std::find_if(base.tables.begin(), base.tables.end(),
                                    [&](const RawTable& candidate) { return candidate.kind == table.kind; });
    if (found != base.tables.end()) {
      MJ_CHECK(put(*found, table, base.standard.edition, local.standard.edition.source));
      continue;
    }
    for (CsvRow& row : table.csv.rows) {
      row.origin = table.file;
      row.source = local.standard.edition.source;
    }
    base.tables.push_back(std::move(table));
  }
  return {};
}

}  // namespace

std::vector<std::string_view> key_columns(std::string_view kind) {
  static const std::vector<TypedKey> kTyped{{"factors", {"code"}},
                                            {"flags", {"scheme", "flag"}},
                                            {"units", {"symbol"}},
                                            {"aqi_items", {"pollutant", "period"}},
                                            {"aqi_daily_items", {"pollutant", "period"}},
                                            {"aqi_breakpoints", {"pollutant", "column", "iaqi"}},
                                            {"aqi_categories", {"level"}},
                                            {"water_limits", {"item", "body"}}};
  for (const TypedKey& typed : kTyped) {
    if (typed.kind == kind) return typed.columns;
  }
  auto columns = rule_key_columns(kind);
  if (columns.empty()) columns.emplace_back("code");
  return columns;
}

std::string row_key(const CsvTable& table, const CsvRow& row, const std::vector<std::string_view>& columns) {
  std::string key;
  for (const std::string_view column : columns) {
    const auto found = place(table, column);
    key += (key.empty() ? "" : " ") + (found ? row.cells[*found] : std::string());
  }
  return key;
}

Status apply_local(std::vector<RawStandard>& standards, std::vector<RawStandard> local) {
  for (RawStandard& file : local) {
    const std::string id = file.overrides.empty() ? file.standard.edition.id : file.overrides;
    const auto base = std::find_if(standards.begin(), standards.end(), [&](const RawStandard& candidate) {
      return candidate.standard.edition.id == id;
    });
    const std::string name = file.standard.file;
    if (file.overrides.empty() == (base != standards.end()))
      return Error(
          ErrorCode::invalid_input,
          base == standards.end()
              ? fmt::format("{}: there is no edition \"{}\" to override", name, id)
              : fmt::format("{}: \"{}\" is there already; write overrides = \"{}\" instead of id", name, id, id));
    if (base != standards.end()) {
      MJ_CHECK(apply(*base, std::move(file)));
      continue;
    }
    file.standard.edition.local = true;
    standards.push_back(std::move(file));
  }
  return {};
}

}  // namespace mj::standards
