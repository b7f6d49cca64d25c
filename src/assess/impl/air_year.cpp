#include "mj/assess/air_year.hpp"

#include "mj/assess/rules_in_force.hpp"

namespace mj::assess {
namespace {

constexpr int kFebruary = 2;

std::uint8_t digits(int value) { return static_cast<std::uint8_t>(value); }

}  // namespace

Result<AirYearRules> AirYearRules::load(const standards::StandardSet& standards, Instant at,
                                        const Choice& choice) {
  AirYearRules rules;
  std::string edition = choice.edition;
  // Named by its evaluation rules, a year is judged by the limits of their time.
  for (const standards::RuleRow& row : standards.rules("air_statistics")) {
    if (row.edition != edition) continue;
    if (!row.validity.contains(at)) at = row.validity.to ? row.validity.to->plus_ms(-1) : row.validity.from;
    edition.clear();
  }
  const auto limits = rows_in_force(standards, "air_limits", at, edition);
  if (limits.empty()) {
    return Error(ErrorCode::not_found, fmt::format("no limits of ambient air {}; there are {}",
                                                   choice.edition.empty() ? "were in force at " + to_iso(at)
                                                                          : "\"" + choice.edition + "\"",
                                                   editions_with(standards, "air_limits")));
  }
  // A standard chosen by name brings the evaluation rules of its own time.
  if (!limits.front()->validity.contains(at)) at = limits.front()->validity.from;
  const auto statistics = rows_in_force(standards, "air_statistics", at);
  MJ_TRY(const Parameters validity, Parameters::of_edition(standards, limits.front()->edition));
  MJ_TRY(const Parameters numbers, Parameters::of(standards, "air_statistics", at));
  MJ_TRY(rules.year_min_days, validity.integer("year_min_days"));
  MJ_TRY(rules.month_min_days, validity.integer("month_min_days"));
  MJ_TRY(rules.february_min_days, validity.integer("february_min_days"));
  MJ_TRY(const int multiple, numbers.integer("exceed_multiple_decimals"));
  MJ_TRY(const int rate, numbers.integer("rate_decimals"));
  MJ_TRY(const int single, numbers.integer("single_index_decimals"));
  MJ_TRY(const int composite, numbers.integer("composite_index_decimals"));
  rules.multiple_decimals = digits(multiple);
  rules.rate_decimals = digits(rate);
  rules.single_decimals = digits(single);
  rules.composite_decimals = digits(composite);
  MJ_TRY(rules.city_min_share, numbers.decimal("city_min_site_share"));
  MJ_TRY(rules.city_few_sites, numbers.integer("city_few_sites"));
  MJ_TRY(rules.city_few_min_share, numbers.decimal("city_few_sites_min_share"));
  rules.standard = limits.front()->edition + " + " + numbers.edition();
  const std::string column = fmt::format("grade{}", choice.grade);
  for (const auto* row : statistics) {
    AirStatisticRule rule;
    rule.pollutant = row->text("pollutant");
    rule.mean = row->integer("mean") == 1;
    rule.percentile = row->decimal("percentile");
    rule.decimals = digits(row->integer("decimals"));
    rule.verdict_decimals = digits(row->integer("verdict_decimals"));
    rules.verification = std::max(rules.verification, row->verification);
    for (const auto* limit : limits) {
      if (limit->text("pollutant") != rule.pollutant) continue;
      const bool annual = rule.mean && limit->text("period") == "annual";
      const bool daily = limit->text("period") == row->text("daily");
      if (annual) rule.annual_limit = limit->number(column);
      if (daily) rule.daily_limit = limit->number(column);
      if (annual || daily) rules.verification = std::max(rules.verification, limit->verification);
    }
    rules.pollutants.push_back(std::move(rule));
  }
  for (const auto* row : rows_in_force(standards, "air_index", at)) {
    if (row->text("scheme") != choice.scheme) continue;
    for (AirStatisticRule& rule : rules.pollutants) {
      if (rule.pollutant != row->text("pollutant")) continue;
      rule.index_limit = row->decimal("limit");
      rule.index_of_mean = row->text("statistic") == "mean";
      rule.weight = row->decimal("weight");
      rules.verification = std::max(rules.verification, row->verification);
    }
  }
  return rules;
}

PollutantYear judge_pollutant(const AirYearRules& rules, const AirStatisticRule& rule,
                              std::span<const DayValue> days, std::span<const int> months) {
  PollutantYear result;
  result.days = days.size();
  std::array<int, 13> by_month{};
  std::vector<Decimal> values;
  values.reserve(days.size());
  ExactSum sum;
  bool fits = true;
  for (const DayValue& day : days) {
    ++by_month[static_cast<std::size_t>(day.month)];
    values.push_back(day.value);
    fits = sum.add(day.value) && fits;
    if (rule.daily_limit && compare(round_gb8170(day.value, rule.verdict_decimals), *rule.daily_limit) > 0)
      ++result.exceed_days;
  }
  if (values.empty() || !fits) return result;
  result.complete = months.size() < 12 || days.size() >= static_cast<std::size_t>(rules.year_min_days);
  for (const int month : months) {
    const int least = month == kFebruary ? rules.february_min_days : rules.month_min_days;
    result.complete = result.complete && by_month[static_cast<std::size_t>(month)] >= least;
  }
  std::sort(values.begin(), values.end(), [](Decimal a, Decimal b) { return compare(a, b) < 0; });
  const Exact mean = sum.mean();
  const Exact percentile = percentile_of(values, rule.percentile);
  result.mean = mean.round(rule.decimals);
  result.percentile = percentile.round(rule.decimals);
  if (rule.daily_limit) {
    result.rate = Exact::of(static_cast<Exact::Wide>((days.size() - result.exceed_days) * 100),
                            static_cast<Exact::Wide>(days.size()))
                      .round(rules.rate_decimals);
  }
  bool within = true;
  const auto judge = [&](const Exact& statistic, const std::optional<Decimal>& limit,
                         std::optional<Decimal>& multiple) {
    const auto judged = statistic.round(rule.verdict_decimals);
    if (!limit || !judged || compare(*judged, *limit) <= 0) return;
    within = false;
    multiple = ((Exact(*judged) - *limit) / *limit).round(rules.multiple_decimals);
  };
  if (rule.mean) judge(mean, rule.annual_limit, result.mean_multiple);
  judge(percentile, rule.daily_limit, result.percentile_multiple);
  if (result.complete && rule.daily_limit && (!rule.mean || rule.annual_limit)) result.compliant = within;
  const auto& counted = rule.index_of_mean ? result.mean : result.percentile;
  if (rule.index_limit && counted) {
    const auto single = (Exact(*counted) / *rule.index_limit).round(rules.single_decimals);
    if (single) result.index = Exact(rule.weight) * *single;
  }
  return result;
}

std::optional<CompositeIndex> composite_index(const AirYearRules& rules,
                                              std::span<const PollutantYear> pollutants) {
  Exact sum;
  for (const PollutantYear& pollutant : pollutants) {
    if (!pollutant.index) return std::nullopt;
    sum = sum + *pollutant.index;
  }
  const auto value = sum.round(rules.composite_decimals);
  if (!value || pollutants.empty()) return std::nullopt;
  CompositeIndex result{*value, {}};
  for (std::size_t i = 0; i < pollutants.size(); ++i) {
    const bool greatest = std::all_of(pollutants.begin(), pollutants.end(), [&](const PollutantYear& other) {
      return Exact::compare(*pollutants[i].index, *other.index).value_or(-1) >= 0;
    });
    if (greatest) result.main.push_back(rules.pollutants[i].pollutant);
  }
  return result;
}

std::vector<std::optional<int>> ranks(std::span<const std::optional<Decimal>> values) {
  std::vector<std::size_t> order;
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (values[i]) order.push_back(i);
  }
  std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    const int difference = compare(*values[a], *values[b]);
    return difference != 0 ? difference < 0 : a < b;
  });
  std::vector<std::optional<int>> places(values.size());
  for (std::size_t i = 0; i < order.size(); ++i) {
    const bool tied = i > 0 && compare(*values[order[i]], *values[order[i - 1]]) == 0;
    places[order[i]] = tied ? places[order[i - 1]] : std::optional(static_cast<int>(i) + 1);
  }
  return places;
}

}  // namespace mj::assess
