// One month, quarter or year of one subject.
#include "air_period_judge.hpp"

namespace mj::evaluation {
namespace {

using assess::Exact;

constexpr int kHeavyLevel = 5;
constexpr int kGoodLevel = 2;

}  // namespace

Result<const assess::AirYearRules*> AirPeriodJudge::rules_at(Instant last_day) {
  const auto known = rules_.find(last_day);
  if (known != rules_.end()) return &known->second;
  MJ_TRY(auto rules, assess::AirYearRules::load(context_.standards, last_day, {}));
  return &rules_.emplace(last_day, std::move(rules)).first->second;
}

Status AirPeriodJudge::judge(const AirYearDays& year, const AirSubjectYear& subject,
                             const EvaluationPeriod& period) {
  const std::size_t first = year.number(period.begin);
  const std::size_t last = std::min(year.days, year.number(period.end()));
  const Instant last_day = period.end().plus_ms(-86'400'000);
  MJ_TRY(const assess::AirYearRules* rules, rules_at(last_day));
  std::vector<int> months;
  for (int month = year.months[first]; month <= year.months[last - 1]; ++month) months.push_back(month + 1);
  Row row;
  row.level = subject.level;
  row.subject = subject.id;
  row.period = period;
  row.standard = rules->standard;
  row.verification = rules->verification;
  const auto inputs_of = [&](std::size_t place) {
    Inputs inputs;
    for (const int month : months) inputs.add(subject.inputs[static_cast<std::size_t>(month - 1)][place]);
    inputs.expected = static_cast<std::uint32_t>(last - first);
    return inputs;
  };
  std::vector<assess::PollutantYear> judged;
  Inputs all;
  bool complete = true;
  std::string unmet;
  std::int64_t unmet_count = 0;
  bool judgeable = true;
  for (const assess::AirStatisticRule& rule : rules->pollutants) {
    const auto found = std::find(kAirNames.begin(), kAirNames.end(), rule.pollutant);
    if (found == kAirNames.end())
      return Error(ErrorCode::internal, fmt::format("{} has no indicator", rule.pollutant));
    const auto place = static_cast<std::size_t>(found - kAirNames.begin());
    days_.clear();
    for (std::size_t day = first; day < last; ++day) {
      if (const auto value = year.value(subject, day, place)) days_.push_back({year.months[day] + 1, *value});
    }
    judged.push_back(assess::judge_pollutant(*rules, rule, days_, months));
    const assess::PollutantYear& result = judged.back();
    complete = complete && result.complete;
    judgeable = judgeable && result.compliant.has_value();
    if (!result.compliant.value_or(true)) {
      ++unmet_count;
      unmet += (unmet.empty() ? "" : "+") + rule.pollutant;
    }
    if (result.days == 0) continue;
    row.indicator = AirIndicator::pollutant + place;
    row.value = rule.mean ? result.mean : result.percentile;
    row.inputs = inputs_of(place);
    all.add(row.inputs);
    row.complete = result.complete;
    const std::string reason = result.complete ? "" : reason_of(*rules, result, months);
    row.reason = reason;
    const auto& multiple = rule.mean ? result.mean_multiple : result.percentile_multiple;
    const auto& limit = rule.mean ? rule.annual_limit : rule.daily_limit;
    const bool graded = period.kind == PeriodKind::year && result.complete && limit;
    row.grade = graded ? sink_.grade(limit_grade(!multiple)) : std::uint16_t{0};
    row.verification = statistic_verification(rule.pollutant, graded, last_day, subject.level);
    MJ_CHECK(sink_.emit(row));
    if (period.kind == PeriodKind::year && rule.mean && place < kAirMeans) {
      row.indicator = AirIndicator::percentile + place;
      row.value = result.percentile;
      row.grade = result.complete && rule.daily_limit ? sink_.grade(limit_grade(!result.percentile_multiple))
                                                      : std::uint16_t{0};
      MJ_CHECK(sink_.emit(row));
    }
  }
  row.verification = rules->verification;
  row.grade = 0;
  row.inputs = all;
  row.inputs.expected = static_cast<std::uint32_t>((last - first) * judged.size());
  row.complete = complete;
  const std::string days_reason =
      complete ? "" : fmt::format("{}/{} d", least_days(judged), needed_days(*rules, months));
  row.reason = days_reason;
  if (const auto composite = assess::composite_index(*rules, judged)) {
    std::string primary;
    for (const std::string& name : composite->main) primary += (primary.empty() ? "" : "+") + name;
    row.indicator = AirIndicator::composite;
    row.value = composite->value;
    row.primary = primary;
    MJ_CHECK(sink_.emit(row));
  }
  if (period.kind == PeriodKind::year && judgeable && !judged.empty()) {
    row.indicator = AirIndicator::unmet;
    row.value = Decimal{unmet_count, 0};
    row.primary = unmet;
    row.grade = sink_.grade(limit_grade(unmet_count == 0));
    MJ_CHECK(sink_.emit(row));
  }
  row.primary = {};
  row.grade = 0;
  return day_counts(year, subject, *rules, row, first, last, inputs_of(kAirItems));
}

Status AirPeriodJudge::day_counts(const AirYearDays& year, const AirSubjectYear& subject,
                                  const assess::AirYearRules& rules, Row& row, std::size_t first, std::size_t last,
                                  const Inputs& inputs) {
  std::int64_t with_index = 0;
  std::int64_t good = 0;
  std::int64_t heavy = 0;
  for (std::size_t day = first; day < last; ++day) {
    if (subject.index[day] < 0 || year.laws[day] == nullptr) continue;
    const Grade* grade = year.laws[day]->grades.of(subject.index[day]);
    const int level = grade == nullptr ? 0 : grade->id.front() - '0';
    ++with_index;
    if (level <= kGoodLevel) ++good;
    if (level >= kHeavyLevel) ++heavy;
  }
  if (with_index == 0) return {};
  row.inputs = inputs;
  row.complete = with_index == static_cast<std::int64_t>(last - first);
  const std::string reason = row.complete ? "" : fmt::format("{}/{} d", with_index, last - first);
  row.reason = reason;
  row.indicator = AirIndicator::good_rate;
  row.value = Exact::of(good * 100, with_index).round(rules.rate_decimals);
  MJ_CHECK(sink_.emit(row));
  row.indicator = AirIndicator::good_days;
  row.value = Decimal{good, 0};
  MJ_CHECK(sink_.emit(row));
  row.indicator = AirIndicator::heavy_days;
  row.value = Decimal{heavy, 0};
  return sink_.emit(row);
}

standards::Verification AirPeriodJudge::statistic_verification(const std::string& pollutant, bool graded,
                                                               Instant last_day, Level level) {
  const auto [known, added] =
      verifications_.try_emplace(std::tuple(pollutant, graded, last_day, level == Level::point));
  if (!added) return known->second;
  standards::Verification weakest = standards::Verification::verified;
  std::string edition;
  for (const std::string_view kind : {"air_statistics", "air_limits"}) {
    if (kind == "air_limits" && !graded) continue;
    for (const standards::RuleRow& row : context_.standards.rules(kind)) {
      if (row.jurisdiction != "nation" || !row.validity.contains(last_day) || row.text("pollutant") != pollutant)
        continue;
      weakest = std::max(weakest, row.verification);
      if (kind == "air_statistics") edition = row.edition;
    }
  }
  if (level != Level::point)
    weakest =
        std::max(weakest, weakest_number(context_.standards, edition,
                                         {"city_min_site_share", "city_few_sites", "city_few_sites_min_share"}));
  return known->second = weakest;
}

std::size_t AirPeriodJudge::least_days(std::span<const assess::PollutantYear> judged) {
  std::size_t least = std::numeric_limits<std::size_t>::max();
  for (const assess::PollutantYear& each : judged) least = std::min(least, each.days);
  return judged.empty() ? 0 : least;
}

int AirPeriodJudge::needed_days(const assess::AirYearRules& rules, std::span<const int> months) {
  if (months.size() >= kAirMonths) return rules.year_min_days;
  int needed = 0;
  for (const int month : months) needed += month == 2 ? rules.february_min_days : rules.month_min_days;
  return needed;
}

std::string AirPeriodJudge::reason_of(const assess::AirYearRules& rules, const assess::PollutantYear& result,
                                      std::span<const int> months) const {
  if (static_cast<int>(result.days) < needed_days(rules, months))
    return fmt::format("{}/{} d", result.days, needed_days(rules, months));
  std::array<int, kAirMonths> by_month{};
  for (const assess::DayValue& day : days_) ++by_month[static_cast<std::size_t>(day.month - 1)];
  for (const int month : months) {
    const int needed = month == 2 ? rules.february_min_days : rules.month_min_days;
    const int found = by_month[static_cast<std::size_t>(month - 1)];
    if (found < needed) return fmt::format("{:02}: {}/{} d", month, found, needed);
  }
  return {};
}

}  // namespace mj::evaluation
