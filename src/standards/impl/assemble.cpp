#include <set>

#include "tables.hpp"

namespace mj::standards {
namespace {

template <typename Value>
void collect(const std::vector<Dated<Value>>& rows, const Validity& edition, std::set<Instant>& cuts) {
  for (const auto& row : rows) {
    if (edition.contains(row.validity.from)) cuts.insert(row.validity.from);
    if (row.validity.to && edition.contains(*row.validity.to)) cuts.insert(*row.validity.to);
  }
}

/// The pieces between neighbouring cuts.
std::vector<Validity> pieces(const Validity& edition, std::set<Instant> cuts) {
  cuts.insert(edition.from);
  std::vector<Validity> result;
  for (auto cut = cuts.begin(); cut != cuts.end(); ++cut) {
    const auto next = std::next(cut);
    result.push_back({*cut, next == cuts.end() ? edition.to : std::optional<Instant>(*next)});
  }
  return result;
}

Error incomplete(const StandardFile& file, const Validity& piece, std::string_view what) {
  return Error(ErrorCode::invalid_input, fmt::format("{}: from {}: {}", file.file, to_iso(piece.from), what));
}

/// Break points must rise together from 0, or the index would not be a function.
Status add_breakpoints(const StandardFile& file, const Validity& piece, AqiItem& item) {
  for (const auto& row : file.breakpoints) {
    if (!row.validity.contains(piece.from) || row.value.pollutant != item.pollutant ||
        row.value.column != item.column)
      continue;
    if (row.value.unit != item.unit) {
      return incomplete(
          file, piece,
          fmt::format("{}: break points are in {}, the item in {}", item.pollutant, row.value.unit, item.unit));
    }
    item.breakpoints.push_back(row.value.breakpoint);
  }
  std::sort(item.breakpoints.begin(), item.breakpoints.end(),
            [](const Breakpoint& a, const Breakpoint& b) { return a.iaqi < b.iaqi; });
  if (item.breakpoints.size() < 2 || item.breakpoints.front().concentration.mantissa != 0) {
    return incomplete(file, piece,
                      fmt::format("{}: no break points from 0 on in column {}", item.pollutant, item.column));
  }
  for (std::size_t i = 1; i < item.breakpoints.size(); ++i) {
    if (compare(item.breakpoints[i - 1].concentration, item.breakpoints[i].concentration) >= 0) {
      return incomplete(file, piece,
                        fmt::format("{}: break point {} does not rise", item.pollutant, item.breakpoints[i].iaqi));
    }
  }
  return {};
}

}  // namespace

Result<std::vector<AqiStandard>> assemble_aqi(const StandardFile& file) {
  std::vector<AqiStandard> standards;
  if (file.aqi_items.empty()) return standards;
  std::set<Instant> cuts;
  collect(file.aqi_items, file.edition.validity, cuts);
  collect(file.aqi_daily_items, file.edition.validity, cuts);
  collect(file.breakpoints, file.edition.validity, cuts);
  collect(file.categories, file.edition.validity, cuts);
  for (const Validity& piece : pieces(file.edition.validity, std::move(cuts))) {
    AqiStandard standard;
    standard.edition = file.edition;
    standard.edition.validity = piece;
    standard.index_min = file.index_min;
    standard.primary_above = file.primary_above;
    standard.publish_incomplete_above = file.publish_incomplete_above;
    for (const auto& row : file.aqi_items) {
      if (!row.validity.contains(piece.from)) continue;
      AqiItem item = row.value;
      MJ_CHECK(add_breakpoints(file, piece, item));
      standard.hourly.push_back(std::move(item));
    }
    for (const auto& row : file.aqi_daily_items) {
      if (!row.validity.contains(piece.from)) continue;
      AqiItem item = row.value;
      MJ_CHECK(add_breakpoints(file, piece, item));
      standard.daily.push_back(std::move(item));
    }
    for (const auto& row : file.categories) {
      if (row.validity.contains(piece.from)) standard.categories.push_back(row.value);
    }
    std::sort(standard.categories.begin(), standard.categories.end(),
              [](const AqiCategory& a, const AqiCategory& b) { return a.lo < b.lo; });
    for (std::size_t i = 1; i < standard.categories.size(); ++i) {
      if (standard.categories[i].lo != standard.categories[i - 1].hi + 1) {
        return incomplete(file, piece, "the categories leave a gap or overlap");
      }
    }
    if (standard.hourly.empty() || standard.categories.empty())
      return incomplete(file, piece, "no items or no categories");
    standards.push_back(std::move(standard));
  }
  return standards;
}

Result<std::vector<WaterStandard>> assemble_water(const StandardFile& file) {
  std::vector<WaterStandard> standards;
  if (file.water_items.empty()) return standards;
  std::set<Instant> cuts;
  collect(file.water_items, file.edition.validity, cuts);
  for (const Validity& piece : pieces(file.edition.validity, std::move(cuts))) {
    WaterStandard standard;
    standard.edition = file.edition;
    standard.edition.validity = piece;
    for (const auto& row : file.water_items) {
      if (row.validity.contains(piece.from)) standard.items.push_back(row.value);
    }
    if (standard.items.empty()) return incomplete(file, piece, "no items");
    standards.push_back(std::move(standard));
  }
  return standards;
}

}  // namespace mj::standards
