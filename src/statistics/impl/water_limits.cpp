// Limits of air and waters: GB 3095, GB 3838, GB/T 14848.
#include <algorithm>
#include <array>

#include "element_limits.hpp"

namespace mj::statistics {
namespace {

using standards::StandardSet;

constexpr std::string_view kGroundwater = "groundwater_limits";
constexpr std::string_view kSourceItems = "water_source_limits";
constexpr std::array<std::string_view, 5> kClasses{"I", "II", "III", "IV", "V"};
constexpr std::array<std::string_view, 5> kClassSigns{"Ⅰ", "Ⅱ", "Ⅲ", "Ⅳ", "Ⅴ"};
constexpr int kClassIII = 3;

/// Name of a pollutant in the tables of limits, from the tables of the index, which know its factor.
std::string pollutant_of(const StandardSet& standards, std::string_view factor) {
  for (const standards::AqiStandard& edition : standards.aqi_editions()) {
    for (const standards::AqiItem& item : edition.hourly) {
      if (item.factor == factor) return item.pollutant;
    }
  }
  return {};
}

registry::LocalName class_name(int grade) {
  const auto place = static_cast<std::size_t>(grade - 1);
  return {fmt::format("{}类", kClassSigns.at(place)), fmt::format("class {}", kClasses.at(place))};
}

/// Bounds of a cell: a number, or one closed band "6.5~8.5". False for a finding, several bands and "not detected".
bool read_bounds(const StandardSet& standards, const standards::RuleRow& row, std::string_view cell,
                 const std::string& unit, LimitInForce& limit) {
  const auto bound = [&](std::string_view text) -> std::optional<Decimal> {
    const auto figure = parse_decimal(text);
    return figure ? standards.convert(*figure, row.text("unit"), unit) : std::nullopt;
  };
  if (row.text("rule") == "at_most") {
    limit.upper = bound(cell);
  } else if (row.text("rule") == "range") {
    const std::size_t wave = cell.find('~');
    if (wave == std::string_view::npos) return false;
    const auto low = bound(cell.substr(0, wave));
    const auto high = bound(cell.substr(wave + 1));
    if (low && high) {
      limit.lower = low;
      limit.upper = high;
    }
  }
  return limit.upper.has_value();
}

LimitInForce groundwater_class(const StandardSet& standards, const LimitQuestion& question, Instant at,
                               int grade) {
  LimitInForce limit = no_limit("标准没有该项目", "the standard has no such item");
  const std::string item = item_of(standards, kGroundwater, question.factor);
  for (const standards::RuleRow& row : standards.rules(kGroundwater)) {
    if (row.text("item") != item || row.jurisdiction != "nation") continue;
    narrow(limit.until, at, row.validity);
    if (!row.validity.contains(at) || limit.upper) continue;
    if (!read_bounds(standards, row, row.text(kClasses.at(static_cast<std::size_t>(grade - 1))), question.unit,
                     limit)) {
      limit.missing = {"该类别的限值不是一个数或一个区间",
                       "the limit of the class is neither a number nor one range"};
      continue;
    }
    cite(limit, row);
    limit.chosen = class_name(grade);
  }
  return limit;
}

/// The item of tables 2 and 3 of GB 3838: one limit for all sources.
LimitInForce source_item(const StandardSet& standards, const LimitQuestion& question, Instant at) {
  LimitInForce limit = no_limit("标准没有该项目", "the standard has no such item");
  const std::string item = item_of(standards, kSourceItems, question.factor);
  for (const standards::RuleRow& row : standards.rules(kSourceItems)) {
    if (row.text("item") != item || row.jurisdiction != "nation") continue;
    narrow(limit.until, at, row.validity);
    if (!row.validity.contains(at) || limit.upper) continue;
    limit.upper = standards.convert(row.decimal("limit"), row.text("unit"), question.unit);
    cite(limit, row);
  }
  return limit;
}

}  // namespace

LimitInForce air_limit(const StandardSet& standards, const LimitQuestion& question, Instant at) {
  LimitInForce limit = no_limit();
  const std::string pollutant = pollutant_of(standards, question.factor);
  const bool hourly = question.period == telemetry::Period::hour;
  if (pollutant.empty() || (!hourly && question.period != telemetry::Period::day)) return limit;
  for (const standards::RuleRow& row : standards.rules("air_limits")) {
    if (row.text("pollutant") != pollutant || row.text("period") != (hourly ? "1h" : "24h") ||
        row.jurisdiction != "nation")
      continue;
    narrow(limit.until, at, row.validity);
    if (!row.validity.contains(at) || limit.upper) continue;
    const auto figure = row.number(question.grade == 1 ? "grade1" : "grade2");
    if (!figure) continue;
    limit.upper = standards.convert(*figure, row.text("unit"), question.unit);
    cite(limit, row);
  }
  return limit;
}

LimitInForce water_limit(const StandardSet& standards, const LimitQuestion& question, Instant at) {
  LimitInForce limit = no_limit();
  const auto place = static_cast<std::size_t>((question.grade == 0 ? kClassIII : question.grade) - 1);
  for (const standards::WaterStandard& edition : standards.water_editions())
    narrow(limit.until, at, edition.edition.validity);
  const standards::WaterStandard* water = standards.water(at);
  if (water == nullptr) return limit;
  const bool lake = question.point != nullptr && question.point->lake;
  const auto body = lake ? standards::WaterBody::lake : standards::WaterBody::river;
  for (const standards::WaterItem& item : water->items) {
    if (item.factor != question.factor || (item.body && *item.body != body)) continue;
    const auto bound = [&](Decimal figure) { return standards.convert(figure, item.unit, question.unit); };
    if (item.rule != standards::WaterRule::at_least)
      limit.upper = bound(item.rule == standards::WaterRule::range ? item.high.at(place) : item.limits.at(place));
    if (item.rule != standards::WaterRule::at_most) limit.lower = bound(item.limits.at(place));
    limit.decimals = item.decimals;
    cite(limit, water->edition.id, item.clause, water->edition.validity, item.verification);
    break;
  }
  return limit;
}

LimitInForce groundwater_limit(const StandardSet& standards, const LimitQuestion& question, Instant at) {
  int grade = question.grade;
  if (grade == 0) {
    const auto aimed = std::find(kClasses.begin(), kClasses.end(), question.point->target_class);
    grade = aimed == kClasses.end() ? kClassIII : static_cast<int>(aimed - kClasses.begin()) + 1;
  }
  constexpr int kWorstWithLimit = 4;
  if (grade > kWorstWithLimit) return no_limit("Ⅴ类没有限值", "class V has no limit");
  return groundwater_class(standards, question, at, grade);
}

LimitInForce drinking_limit(const StandardSet& standards, const LimitQuestion& question, Instant at) {
  // Source: 环办〔2011〕22号 practice: groundwater as a source keeps class III of GB/T 14848, surface water that of GB 3838.
  if (question.point->sort == "well") return groundwater_class(standards, question, at, kClassIII);
  LimitInForce basic = water_limit(standards, question, at);
  if (!basic.upper && !basic.lower) return source_item(standards, question, at);
  basic.chosen = class_name(kClassIII);
  return basic;
}

}  // namespace mj::statistics
