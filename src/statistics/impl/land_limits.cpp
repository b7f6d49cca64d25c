// Limits of noise and soil: what the register says of the place decides which one holds.
#include <algorithm>

#include "element_limits.hpp"

namespace mj::statistics {
namespace {

using registry::LocalName;
using standards::StandardSet;

constexpr std::string_view kZones = "GB 3096-";  // with its year
constexpr std::int64_t kMsOfHour = 3'600'000;
constexpr int kHoursOfDay = 24;

/// Hours at whose beginning day and night of GB 3096 begin 昼间、夜间.
struct DayParts {
  std::optional<int> day_begin;
  std::optional<int> night_begin;
};

DayParts day_parts(const StandardSet& standards, Instant at) {
  DayParts parts;
  for (const standards::RuleRow& row : standards.rules("parameters")) {
    if (!row.edition.starts_with(kZones) || !row.validity.contains(at)) continue;
    if (row.text("name") == "day_begin") parts.day_begin = row.integer("value");
    if (row.text("name") == "night_begin") parts.night_begin = row.integer("value");
  }
  return parts;
}

/// Which column of the zone judges a value.
struct ZoneColumn {
  const char* column = "day";
  Instant until;  ///< the part of the day ends then
  LocalName words;
};

std::optional<ZoneColumn> column_of(const StandardSet& standards, const LimitQuestion& question, Instant at) {
  const Instant for_ever = no_limit().until;
  if (question.factor == "Ld") return ZoneColumn{"day", for_ever, {"昼间", "by day"}};
  if (question.factor == "Ln") return ZoneColumn{"night", for_ever, {"夜间", "by night"}};
  const bool hour_of_level =
      question.period == telemetry::Period::hour && item_of(standards, "noise_limits", question.factor) == "leq";
  const DayParts parts = day_parts(standards, at);
  if (!hour_of_level || !parts.day_begin || !parts.night_begin) return std::nullopt;
  const int hour = to_beijing(at).hour;
  const bool day = hour >= *parts.day_begin && hour < *parts.night_begin;
  const int end = day ? *parts.night_begin : *parts.day_begin;
  const std::int64_t left = (end - hour + kHoursOfDay) % kHoursOfDay;
  const Instant hour_begin =
      Instant::from_ms(at.ms() - at.ms() % kMsOfHour);  // whole hours are the same in Beijing
  return ZoneColumn{day ? "day" : "night", hour_begin.plus_ms(left * kMsOfHour),
                    day ? LocalName{"昼间，逐小时对照", "by day, hour by hour"}
                        : LocalName{"夜间，逐小时对照", "by night, hour by hour"}};
}

/// The land of a point as GB 15618 names it; empty when it is no farm land.
std::string_view farm_land(std::string_view land_use) {
  if (land_use == "paddy") return "水田";
  if (land_use == "orchard") return "果园";
  return land_use == "farm" ? "其他" : "";
}

LimitInForce construction_limit(const StandardSet& standards, const LimitQuestion& question, Instant at) {
  constexpr std::string_view kTable = "soil_construction_limits";
  const bool first = question.point->land_use == "construction_1";
  LimitInForce limit = no_limit("标准没有该项目", "the standard has no such item");
  const std::string item = item_of(standards, kTable, question.factor);
  for (const standards::RuleRow& row : standards.rules(kTable)) {
    if (row.text("item") != item || row.jurisdiction != "nation") continue;
    narrow(limit.until, at, row.validity);
    if (!row.validity.contains(at) || limit.upper) continue;
    limit.upper = standards.convert(row.decimal(first ? "screening_1" : "screening_2"), "mg/kg", question.unit);
    cite(limit, row);
    limit.chosen = first ? LocalName{"第一类用地筛选值", "screening value of class 1 land"}
                         : LocalName{"第二类用地筛选值", "screening value of class 2 land"};
  }
  return limit;
}

/// Values differ by the pH of the sample for most items; then no value can be judged by itself.
LimitInForce farm_limit(const StandardSet& standards, const LimitQuestion& question, Instant at) {
  constexpr std::string_view kTable = "soil_farm_limits";
  LimitInForce limit = no_limit("标准没有该项目", "the standard has no such item");
  const std::string item = item_of(standards, kTable, question.factor);
  // The rows of the land itself, else of all lands, else of the others: an orchard has rows of its own for copper only.
  for (const std::string_view land :
       {farm_land(question.point->land_use), std::string_view("all"), std::string_view("其他")}) {
    for (const standards::RuleRow& row : standards.rules(kTable)) {
      if (row.text("item") != item || row.text("value") != "screening" || row.text("land") != land ||
          row.jurisdiction != "nation")
        continue;
      narrow(limit.until, at, row.validity);
      if (!row.validity.contains(at)) continue;
      const auto figure = standards.convert(row.decimal("limit"), "mg/kg", question.unit);
      if (limit.source.empty()) {
        limit.upper = figure;
        cite(limit, row);
        limit.chosen = {"农用地筛选值", "screening value of farm land"};
      } else if (!figure || !limit.upper || compare(*figure, *limit.upper) != 0) {
        limit.upper.reset();
        limit.missing = {"筛选值随土样 pH 而异", "the screening value depends on the pH of the sample"};
      }
    }
    if (!limit.source.empty()) break;
  }
  return limit;
}

}  // namespace

LimitInForce noise_limit(const StandardSet& standards, const LimitQuestion& question, Instant at) {
  const std::string& zone = question.point->noise_class;
  if (zone.empty())
    return no_limit("登记册没有该点位的声功能区类别", "the register does not say the noise class of the point");
  const auto column = column_of(standards, question, at);
  if (!column)
    return no_limit(
        "GB 3096 只对昼间、夜间等效声级有限值（小时等效声级按时段对照）",
        "GB 3096 limits equivalent levels of day and night only (those of hours are held against them)");
  LimitInForce limit = no_limit("标准没有该类别", "the standard has no such class");
  limit.until = column->until;
  for (const standards::RuleRow& row : standards.rules("noise_limits")) {
    if (!row.edition.starts_with(kZones) || row.text("zone") != zone || row.jurisdiction != "nation") continue;
    narrow(limit.until, at, row.validity);
    if (!row.validity.contains(at) || limit.upper) continue;
    limit.upper = standards.convert(row.decimal(column->column), "dB", question.unit);
    cite(limit, row);
    limit.chosen = {fmt::format("{}类{}", zone, column->words.zh),
                    fmt::format("class {} {}", zone, column->words.en)};
  }
  return limit;
}

LimitInForce soil_limit(const StandardSet& standards, const LimitQuestion& question, Instant at) {
  const std::string& land = question.point->land_use;
  if (land.starts_with("construction_")) return construction_limit(standards, question, at);
  if (!farm_land(land).empty()) return farm_limit(standards, question, at);
  return no_limit("登记册没有写明有筛选值的土地利用类型",
                  "the register does not name a land use that has screening values");
}

}  // namespace mj::statistics
