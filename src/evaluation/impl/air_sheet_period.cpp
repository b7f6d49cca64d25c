// Calculation sheets of months, quarters and years.
#include <fmt/ranges.h>

#include "air_sheet.hpp"

namespace mj::evaluation {
namespace {

using assess::Exact;

/// The row of a kind of table that is in force for a pollutant; null when there is none.
const standards::RuleRow* limit_row(const standards::StandardSet& standards, std::string_view kind,
                                    std::string_view pollutant, std::string_view period, Instant at) {
  for (const standards::RuleRow& row : standards.rules(kind)) {
    if (row.jurisdiction == "nation" && row.validity.contains(at) && row.text("pollutant") == pollutant &&
        (period.empty() || row.text("period") == period))
      return &row;
  }
  return nullptr;
}

/// The greatest indices of good days and of days that are not heavily polluted.
struct DayBounds {
  int good = 0;
  int moderate = 0;
  bool operator==(const DayBounds&) const = default;
};

std::optional<DayBounds> bounds_of(const standards::AqiStandard& standard) {
  constexpr int kGood = 2;
  constexpr int kModerate = 4;
  DayBounds bounds;
  for (const standards::AqiCategory& category : standard.categories) {
    if (category.level == kGood) bounds.good = category.hi;
    if (category.level == kModerate) bounds.moderate = category.hi;
  }
  return bounds.good > 0 && bounds.moderate > 0 ? std::optional(bounds) : std::nullopt;
}

}  // namespace

Status AirSheet::longer(std::size_t indicator, bool pollutant) {
  constexpr std::int64_t kSheetDayMs = 86'400'000;
  const Instant last_day = figure_.period.end().plus_ms(-kSheetDayMs);
  MJ_TRY(const auto rules, assess::AirYearRules::load(context_.standards, last_day, {}));
  if (indicator == AirIndicator::composite || indicator == AirIndicator::unmet)
    return from_pollutants(rules, indicator == AirIndicator::composite, last_day);
  if (!pollutant && indicator < AirIndicator::percentile) return day_counts(rules, indicator);
  const bool percentile = indicator >= AirIndicator::percentile;
  return statistic(rules, percentile ? indicator - AirIndicator::percentile : place_, percentile, last_day);
}

Status AirSheet::statistic(const assess::AirYearRules& rules, std::size_t place, bool percentile,
                           Instant last_day) {
  const auto rule = std::find_if(rules.pollutants.begin(), rules.pollutants.end(),
                                 [&](const auto& each) { return each.pollutant == kAirNames[place]; });
  if (rule == rules.pollutants.end())
    return Error(ErrorCode::not_found, fmt::format("{} says nothing of {}", rules.standard, kAirNames[place]));
  const Indicator& daily = find_evaluator("air")->indicators[AirIndicator::pollutant + place];
  MJ_TRY(const auto days, request_.results(figure_.level, figure_.subject, daily.id, PeriodKind::day,
                                           figure_.period.begin, figure_.period.end()));
  std::vector<Decimal> values;
  std::vector<Derived> derived;
  for (const Figure& day : days) {
    sheet_.inputs.push_back(figure_input(day, std::string(kAirNames[place]), daily.unit));
    if (!day.value) continue;
    values.push_back(*day.value);
    derived.push_back(last_figure());
  }
  if (values.empty()) return {};
  const standards::RuleRow* row = limit_row(context_.standards, "air_statistics", kAirNames[place], "", last_day);
  const std::string clause = row == nullptr ? rules.standard : row->clause;
  const auto verification = row == nullptr ? rules.verification : row->verification;
  Exact result;
  if (rule->mean && !percentile) {
    assess::ExactSum sum;
    for (const Decimal& value : values) {
      if (!sum.add(value)) return {};
    }
    result = sum.mean();
    figure_derived_ = derivation_.mean(derived, rule->decimals, clause);
    step({"日均值的算术平均", "Mean of the days"}, fmt::format("{} / {}", long_text(sum.sum(), 0), values.size()),
         long_text(result, rule->decimals), daily.unit, clause, verification);
  } else {
    std::sort(values.begin(), values.end(), [](Decimal a, Decimal b) { return compare(a, b) < 0; });
    result = assess::percentile_of(values, rule->percentile);
    figure_derived_ = derivation_.percentile(derived, rule->percentile, rule->decimals, clause);
    const Exact place_of = Exact::of(1, 1) + Exact::of(static_cast<std::int64_t>(values.size()) - 1, 1) *
                                                 Exact(rule->percentile) / Exact::of(100, 1);
    step({"百分位数序号", "Place of the percentile"},
         fmt::format("1 + ({} − 1) × {} %", values.size(), to_text(rule->percentile)), long_text(place_of, 0), "",
         clause, verification);
    const auto below = static_cast<std::size_t>(place_of.approximately());
    const std::string next = below < values.size() ? to_text(values[below]) : "—";
    step({"内插", "Interpolation"},
         fmt::format("x({}) = {}, x({}) = {}", below, to_text(values[std::min(below, values.size()) - 1]),
                     below + 1, next),
         long_text(result, rule->decimals), daily.unit, clause, verification);
  }
  step({"修约（四舍六入五成双）", "Rounding (half to even)"}, long_text(result, rule->decimals),
       shown(result.round(rule->decimals)), daily.unit, "GB/T 8170-2008 §3.2", std::nullopt, figure_derived_);
  const auto& limit = rule->mean && !percentile ? rule->annual_limit : rule->daily_limit;
  if (figure_.grade && limit)
    step({"与限值比较", "Compared with the limit"},
         fmt::format("{} {} {}", shown(result.round(rule->verdict_decimals)),
                     figure_.grade->compliant.value_or(false) ? "≤" : ">", to_text(*limit)),
         figure_.grade->name.zh, daily.unit, rules.standard, rules.verification);
  return {};
}

Status AirSheet::from_pollutants(const assess::AirYearRules& rules, bool composite, Instant last_day) {
  MJ_TRY(const auto figures, request_.results(figure_.level, figure_.subject, "", figure_.period.kind,
                                              figure_.period.begin, figure_.period.end()));
  Exact sum;
  std::vector<std::string> terms;
  std::vector<Derived> singles;
  std::vector<Derived> kept;  ///< by pollutant: 1 when it is within its limits
  for (const assess::AirStatisticRule& rule : rules.pollutants) {
    const auto found = std::find(kAirNames.begin(), kAirNames.end(), rule.pollutant);
    if (found == kAirNames.end()) continue;
    const Indicator& indicator =
        find_evaluator("air")
            ->indicators[AirIndicator::pollutant + static_cast<std::size_t>(found - kAirNames.begin())];
    std::vector<Derived> within;
    for (const Figure& figure : figures) {
      const bool percentile = figure.indicator == indicator.id + "_percentile";
      if (figure.indicator != indicator.id && (composite || !percentile)) continue;
      sheet_.inputs.push_back(figure_input(figure, rule.pollutant + (percentile ? " %" : ""), indicator.unit));
      const auto& limit = rule.mean && !percentile ? rule.annual_limit : rule.daily_limit;
      if (!composite && limit) {
        const Derived judged = derivation_.round(last_figure(), rule.verdict_decimals);
        within.push_back(derivation_.count(std::span(&judged, 1), *limit));
      }
      if (!composite || !figure.value || !rule.index_limit) continue;
      const Exact ratio = Exact(*figure.value) / *rule.index_limit;
      const auto single = ratio.round(rules.single_decimals);
      if (!single) continue;
      sum = sum + Exact(rule.weight) * *single;
      const standards::RuleRow* row = limit_row(context_.standards, "air_index", rule.pollutant, "", last_day);
      const bool weighted = compare(rule.weight, {1, 0}) != 0;
      terms.push_back((weighted ? to_text(rule.weight) + " × " : "") + to_text(*single));
      Derived derived;
      if (row != nullptr) {
        derived = derivation_.ratio(
            last_figure(),
            derivation_.limit(parameter_table(*row, "composite/" + rule.pollutant, *rule.index_limit)),
            rules.single_decimals, row->clause);
        singles.push_back(weighted ? derivation_.scale(derived, rule.weight) : derived);
      }
      step({rule.pollutant + " 单项指数", rule.pollutant + ", single index"},
           fmt::format("{} / {} = {}", to_text(*figure.value), to_text(*rule.index_limit),
                       long_text(ratio, rules.single_decimals)),
           to_text(*single), "", row == nullptr ? rules.standard : row->clause,
           row == nullptr ? rules.verification : row->verification, derived);
    }
    if (!composite) kept.push_back(derivation_.least(within));
  }
  if (composite) {
    if (singles.size() == terms.size())
      figure_derived_ = derivation_.round(derivation_.sum(singles, "环办〔2014〕64号"), rules.composite_decimals);
    step({"综合指数（各单项指数之和）", "Composite index (sum of the single indices)"},
         fmt::format("{}", fmt::join(terms, " + ")), shown(sum.round(rules.composite_decimals)), "",
         rules.standard, rules.verification, figure_derived_);
  } else {
    figure_derived_ = derivation_.difference(derivation_.count_all(kept), derivation_.sum(kept));
    step({"未达标项目", "Pollutants above their limits"}, figure_.primary, shown(figure_.value), "",
         rules.standard, rules.verification, figure_derived_);
  }
  return {};
}

Status AirSheet::day_counts(const assess::AirYearRules& rules, std::size_t indicator) {
  MJ_TRY(const auto days, request_.results(figure_.level, figure_.subject, "aqi", PeriodKind::day,
                                           figure_.period.begin, figure_.period.end()));
  std::int64_t counted = 0;
  std::int64_t good = 0;
  std::vector<Derived> indices;
  std::optional<DayBounds> bounds;
  bool same = true;
  for (const Figure& day : days) {
    sheet_.inputs.push_back(figure_input(day, "AQI", ""));
    if (!day.grade) continue;
    indices.push_back(last_figure());
    const AirDayLaw* law = law_.day(day.period.begin);
    const auto of_day = law == nullptr ? std::nullopt : bounds_of(law->table.standard());
    same = same && of_day && of_day == bounds.value_or(*of_day);
    bounds = of_day;
    ++counted;
    if (day.grade->compliant.value_or(false)) ++good;
  }
  if (counted == 0) return {};
  if (same) {
    const Derived all = derivation_.count_all(indices);
    if (indicator == AirIndicator::heavy_days) {
      figure_derived_ = derivation_.difference(all, derivation_.count(indices, {bounds->moderate, 0}));
    } else {
      figure_derived_ = derivation_.count(indices, {bounds->good, 0});
      if (indicator == AirIndicator::good_rate)
        figure_derived_ = derivation_.ratio(derivation_.scale(figure_derived_, {100, 0}), all, rules.rate_decimals,
                                            rules.standard);
    }
  }
  if (indicator == AirIndicator::good_rate) {
    step({"优良天数比例", "Share of good days"}, fmt::format("{} / {} × 100", good, counted),
         shown(Exact::of(good * 100, counted).round(rules.rate_decimals)), "%", rules.standard, rules.verification,
         figure_derived_);
  } else {
    step({"有指数的天数", "Days with an index"}, std::to_string(counted), shown(figure_.value), "d",
         rules.standard, rules.verification, figure_derived_);
  }
  return {};
}

}  // namespace mj::evaluation
