#include "mj/evaluation/figure_limit.hpp"

#include <algorithm>
#include <tuple>

namespace mj::evaluation {
namespace {

using standards::Validity;

/// Whether a row is in force at any time of [from, to).
bool in_force(const Validity& validity, Instant from, Instant to) {
  return validity.from < to && (!validity.to || *validity.to > from);
}

/// "PM2.5" → "pm25": how indicators are named after pollutants.
std::string indicator_of(std::string_view pollutant) {
  std::string id;
  for (const char c : pollutant) {
    if (c != '.') id += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  }
  return id;
}

/// The periods of GB 3095 a figure may be held against, the fitting one first. The year of a pollutant without an annual limit
/// is a percentile, which HJ 663 holds against the limit of the day.
std::vector<std::string_view> air_periods(std::string_view indicator, PeriodKind kind) {
  if (indicator == "o3_1h") return {"1h"};
  if (kind == PeriodKind::hour) return {"1h"};
  if (kind == PeriodKind::day) return {"24h", "mda8"};
  if (kind == PeriodKind::year) return {"annual", "24h", "mda8"};
  return {};
}

void add_index(const standards::StandardSet& standards, Instant from, Instant to, std::vector<FigureLimit>& list) {
  constexpr int kStillGood = 2;  // HJ 633: levels 1 and 2 are good days
  for (const standards::AqiStandard& edition : standards.aqi_editions()) {
    if (!in_force(edition.edition.validity, from, to)) continue;
    for (const standards::AqiCategory& category : edition.categories) {
      if (category.level == kStillGood)
        list.push_back({edition.edition.validity.from, category.name, Decimal{category.hi, 0}, true,
                        edition.edition.id, edition.edition.verification});
    }
  }
}

void add_air(const standards::StandardSet& standards, std::string_view indicator, std::string_view unit,
             PeriodKind kind, Instant from, Instant to, std::vector<FigureLimit>& list) {
  const std::string_view pollutant = indicator == "o3_1h" ? "o3" : indicator;
  for (const std::string_view period : air_periods(indicator, kind)) {
    const std::size_t before = list.size();
    for (const standards::RuleRow& row : standards.rules("air_limits")) {
      if (row.jurisdiction != "nation" || row.text("period") != period ||
          indicator_of(row.text("pollutant")) != pollutant || !in_force(row.validity, from, to))
        continue;
      const auto figure = row.number("grade2");
      const auto value = figure ? standards.convert(*figure, row.text("unit"), unit) : std::nullopt;
      if (value)
        list.push_back({row.validity.from, {"二级限值", "Grade 2"}, *value, true, row.clause, row.verification});
    }
    if (list.size() > before) return;
  }
}

void add_water(const standards::StandardSet& standards, std::string_view indicator, std::string_view unit,
               Instant from, Instant to, bool lake, std::vector<FigureLimit>& list) {
  constexpr std::size_t kClassIII = 2;
  constexpr std::string_view kMean = "mean.";
  if (indicator.starts_with(kMean)) indicator.remove_prefix(kMean.size());
  const auto body = lake ? standards::WaterBody::lake : standards::WaterBody::river;
  for (const standards::WaterStandard& edition : standards.water_editions()) {
    if (!in_force(edition.edition.validity, from, to)) continue;
    for (const standards::WaterItem& item : edition.items) {
      if (item.item != indicator || (item.body && *item.body != body)) continue;
      const auto add = [&](Decimal figure, bool upper) {
        if (const auto value = standards.convert(figure, item.unit, unit))
          list.push_back({edition.edition.validity.from,
                          {"Ⅲ类限值", "Class III"},
                          *value,
                          upper,
                          item.clause,
                          item.verification});
      };
      if (item.rule != standards::WaterRule::at_least)
        add((item.rule == standards::WaterRule::range ? item.high : item.limits).at(kClassIII), true);
      if (item.rule != standards::WaterRule::at_most) add(item.limits.at(kClassIII), false);
    }
  }
}

}  // namespace

std::vector<FigureLimit> figure_limits(const standards::StandardSet& standards, std::string_view element,
                                       std::string_view indicator, std::string_view unit, PeriodKind kind,
                                       Instant from, Instant to, bool lake) {
  std::vector<FigureLimit> list;
  if (element == "air" && indicator == "aqi") {
    add_index(standards, from, to, list);
  } else if (element == "air") {
    add_air(standards, indicator, unit, kind, from, to, list);
  } else if (element == "surface_water") {
    add_water(standards, indicator, unit, from, to, lake, list);
  }
  std::sort(list.begin(), list.end(), [](const FigureLimit& a, const FigureLimit& b) {
    return std::tie(a.from, a.upper) < std::tie(b.from, b.upper);
  });
  return list;
}

}  // namespace mj::evaluation
