#include <fmt/ranges.h>

#include <set>

#include "air_days.hpp"
#include "hours.hpp"
#include "mj/assess/air_year.hpp"
#include "sheet_writer.hpp"

namespace mj::assess {
namespace {

/// A site or city over a period.
struct Period {
  std::string code;
  std::string label;
  const AirYearRules* rules = nullptr;
  std::vector<PollutantYear> pollutants;  ///< in the order of the rules
  std::optional<CompositeIndex> composite;
  std::size_t days = 0;                   ///< with at least one value
  std::array<std::size_t, 7> by_level{};  ///< days with an index; [0] those without
};

/// The rules of each period and the tables of daily indices, prepared once.
class Rules {
 public:
  Rules(const SheetRun& run, const AirYearSheet& sheet) : run_(run), sheet_(sheet) {
    for (const standards::AqiStandard& standard : run.standards.aqi_editions()) {
      if (!standard.daily.empty()) indices_.emplace_back(standard, AqiReport::daily);
    }
  }

  Result<const AirYearRules*> of(Instant last_day) {
    const auto known = by_day_.find(last_day);
    if (known != by_day_.end()) return &known->second;
    MJ_TRY(auto rules, AirYearRules::load(run_.standards, last_day, {run_.standard, sheet_.grade, sheet_.scheme}));
    return &by_day_.emplace(last_day, std::move(rules)).first->second;
  }

  /// Level of the daily index; 0 when there is none.
  [[nodiscard]] int level(const AirDay& day) const {
    for (const AqiTable& table : indices_) {
      if (!table.standard().edition.validity.contains(day.at)) continue;
      std::array<Decimal, kMostAqiItems> values{};
      unsigned present = 0;
      for (std::size_t i = 0; i < table.items().size(); ++i) {
        const standards::AqiItem& item = table.items()[i];
        const auto column = std::find(kAirColumns.begin(), kAirColumns.end(), column_name(item.pollutant));
        if (column == kAirColumns.end() || item.period.ends_with("_max")) continue;
        const auto& value = day.values[static_cast<std::size_t>(column - kAirColumns.begin())];
        if (!value) continue;
        values[i] = *value;
        present |= 1U << i;
      }
      return table.evaluate(values, present).level;
    }
    return 0;
  }

 private:
  const SheetRun& run_;
  const AirYearSheet& sheet_;
  std::map<Instant, AirYearRules> by_day_;
  std::vector<AqiTable> indices_;
};

Instant last_day_of(const BeijingTime& time, bool month) {
  BeijingTime next{time.year + 1, 1, 1};
  if (month)
    next = time.month == 12 ? BeijingTime{time.year + 1, 1, 1} : BeijingTime{time.year, time.month + 1, 1};
  return from_beijing(next).value_or(Instant{}).plus_ms(-kDayMs);
}

Result<std::vector<Period>> judge(const std::vector<AirSite>& sites, Rules& rules, bool by_month) {
  std::vector<Period> periods;
  for (const AirSite& site : sites) {
    std::size_t begin = 0;
    while (begin < site.days.size()) {
      const BeijingTime first = to_beijing(site.days[begin].at);
      std::size_t end = begin;
      Period period;
      period.code = site.code;
      period.label =
          by_month ? fmt::format("{:04}-{:02}", first.year, first.month) : fmt::format("{:04}", first.year);
      std::array<std::vector<DayValue>, 6> values;
      for (; end < site.days.size(); ++end) {
        const AirDay& day = site.days[end];
        const BeijingTime time = to_beijing(day.at);
        if (time.year != first.year || (by_month && time.month != first.month)) break;
        bool any = false;
        for (std::size_t i = 0; i < values.size(); ++i) {
          if (!day.values[i]) continue;
          values[i].push_back({time.month, *day.values[i]});
          any = true;
        }
        if (any) ++period.days;
        if (any) ++period.by_level[static_cast<std::size_t>(rules.level(day))];
      }
      MJ_TRY(period.rules, rules.of(last_day_of(first, by_month)));
      std::vector<int> months{first.month};
      if (!by_month) months = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12};
      for (const AirStatisticRule& rule : period.rules->pollutants) {
        const auto column = std::find(kAirColumns.begin(), kAirColumns.end(), column_name(rule.pollutant));
        if (column == kAirColumns.end())
          return Error(ErrorCode::internal, fmt::format("{} has no column", rule.pollutant));
        const auto& days = values[static_cast<std::size_t>(column - kAirColumns.begin())];
        period.pollutants.push_back(judge_pollutant(*period.rules, rule, days, months));
        if (by_month) period.pollutants.back().compliant.reset();
      }
      period.composite = composite_index(*period.rules, period.pollutants);
      periods.push_back(std::move(period));
      begin = end;
    }
  }
  return periods;
}

Status write_pollutants(const SheetRun& run, const std::vector<Period>& periods) {
  SheetWriter writer(run.output, run.format,
                     {"code", "time", "pollutant", "days", "complete", "mean", "mean_limit", "mean_exceed",
                      "percentile_rank", "percentile", "percentile_limit", "percentile_exceed", "exceed_days",
                      "compliance_rate", "compliant", "index", "standard", "verification"});
  for (const Period& period : periods) {
    for (std::size_t i = 0; i < period.pollutants.size(); ++i) {
      const PollutantYear& year = period.pollutants[i];
      const AirStatisticRule& rule = period.rules->pollutants[i];
      writer.text(period.code)
          .text(period.label)
          .text(rule.pollutant)
          .integer(static_cast<std::int64_t>(year.days));
      writer.yes_no(year.complete).decimal(year.mean).decimal(rule.annual_limit).decimal(year.mean_multiple);
      writer.decimal(rule.percentile)
          .decimal(year.percentile)
          .decimal(rule.daily_limit)
          .decimal(year.percentile_multiple);
      writer.integer(static_cast<std::int64_t>(year.exceed_days)).decimal(year.rate).yes_no(year.compliant);
      writer.decimal(year.index ? year.index->round(period.rules->single_decimals) : std::nullopt);
      writer.text(period.rules->standard).text(standards::name(period.rules->verification));
      MJ_CHECK(writer.end_row());
    }
  }
  return writer.finish();
}

Status write_summary(const SheetRun& run, const std::vector<Period>& periods) {
  std::vector<std::string> columns{"code", "time", "days", "index_days", "good_days", "good_rate"};
  for (int level = 1; level <= 6; ++level) columns.push_back(fmt::format("level_{}", level));
  for (const std::string_view name : kAirColumns) columns.emplace_back(name);
  for (const char* name : {"complete", "compliant", "composite", "main", "rank", "standard", "verification"})
    columns.emplace_back(name);
  SheetWriter writer(run.output, run.format, std::move(columns));
  std::map<std::string, std::vector<std::size_t>> by_label;
  for (std::size_t i = 0; i < periods.size(); ++i) by_label[periods[i].label].push_back(i);
  std::vector<std::optional<int>> rank(periods.size());
  for (const auto& [label, places] : by_label) {
    std::vector<std::optional<Decimal>> values;
    for (const std::size_t place : places)
      values.push_back(periods[place].composite ? std::optional(periods[place].composite->value) : std::nullopt);
    const auto found = ranks(values);
    for (std::size_t i = 0; i < places.size(); ++i) rank[places[i]] = found[i];
  }
  for (std::size_t p = 0; p < periods.size(); ++p) {
    const Period& period = periods[p];
    std::size_t index_days = 0;
    for (std::size_t level = 1; level < period.by_level.size(); ++level) index_days += period.by_level[level];
    const std::size_t good = period.by_level[1] + period.by_level[2];
    writer.text(period.code).text(period.label).integer(static_cast<std::int64_t>(period.days));
    writer.integer(static_cast<std::int64_t>(index_days)).integer(static_cast<std::int64_t>(good));
    writer.decimal(Exact::of(static_cast<Exact::Wide>(good * 100), static_cast<Exact::Wide>(index_days))
                       .round(period.rules->rate_decimals));
    for (std::size_t level = 1; level < period.by_level.size(); ++level)
      writer.integer(static_cast<std::int64_t>(period.by_level[level]));
    bool complete = true;
    bool within = true;
    bool judged = true;
    for (const std::string_view column : kAirColumns) {
      for (std::size_t i = 0; i < period.pollutants.size(); ++i) {
        if (column_name(period.rules->pollutants[i].pollutant) != column) continue;
        const PollutantYear& year = period.pollutants[i];
        writer.decimal(period.rules->pollutants[i].mean ? year.mean : year.percentile);
        complete = complete && year.complete;
        within = within && year.compliant.value_or(false);
        judged = judged && year.compliant;
      }
    }
    writer.yes_no(complete).yes_no(judged ? std::optional(within) : std::nullopt);
    writer.decimal(period.composite ? std::optional(period.composite->value) : std::nullopt);
    writer.text_or_none(period.composite ? fmt::format("{}", fmt::join(period.composite->main, "+")) : "");
    if (rank[p]) {
      writer.integer(*rank[p]);
    } else {
      writer.none();
    }
    writer.text(period.rules->standard).text(standards::name(period.rules->verification));
    MJ_CHECK(writer.end_row());
  }
  return writer.finish();
}

}  // namespace

Result<std::size_t> air_year_sheet(const SheetRun& run, const AirYearSheet& sheet) {
  SheetReader reader(run.input);
  MJ_CHECK(reader.open());
  MJ_TRY(auto sites, read_air_days(reader, run.standards, sheet));
  if (!sheet.group_by.empty()) {
    MJ_TRY(sites, cities_of(sites, run.standards));
  }
  Rules rules(run, sheet);
  MJ_TRY(const auto periods, judge(sites, rules, sheet.by_month));
  MJ_CHECK(sheet.by_pollutant ? write_pollutants(run, periods) : write_summary(run, periods));
  return reader.row();
}

}  // namespace mj::assess
