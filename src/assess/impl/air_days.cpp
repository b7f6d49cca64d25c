#include "air_days.hpp"

#include <unordered_map>

#include "hours.hpp"
#include "mj/assess/air_year.hpp"
#include "mj/assess/rules_in_force.hpp"

namespace mj::assess {
namespace {

constexpr std::int64_t kBeijingMs = 8 * kHourMs;

Instant day_of(Instant at) {
  const std::int64_t local = at.ms() + kBeijingMs;
  const std::int64_t rest = ((local % kDayMs) + kDayMs) % kDayMs;
  return at.plus_ms(-rest);
}

/// What the daily report needs to know of the time: digits by pollutant, ozone limit, validity.
struct DayRules {
  standards::Validity validity;
  AirDayRules rules;
  std::array<std::uint8_t, 6> decimals{};
  Decimal ozone_limit;
};

Result<DayRules> day_rules(const standards::StandardSet& standards, Instant at) {
  DayRules result;
  const standards::AqiStandard* aqi = standards.aqi(at);
  if (aqi == nullptr)
    return Error(ErrorCode::not_found, fmt::format("no air quality standard was in force at {}", to_iso(at)));
  result.validity = aqi->edition.validity;
  MJ_TRY(result.rules, AirDayRules::load(standards, at));
  for (const standards::AqiItem& item : aqi->daily) {
    const auto column = std::find(kAirColumns.begin(), kAirColumns.end(), column_name(item.pollutant));
    if (column != kAirColumns.end())
      result.decimals[static_cast<std::size_t>(column - kAirColumns.begin())] = item.decimals;
  }
  for (const auto* row : rows_in_force(standards, "air_limits", at)) {
    if (row->text("pollutant") == "O3" && row->text("period") == "mda8")
      result.ozone_limit = row->number("grade2").value_or(Decimal{});
  }
  return result;
}

/// Turns the hours of a site into days as they pass.
class HourBook {
 public:
  explicit HourBook(const standards::StandardSet& standards) : standards_(standards) {}

  struct Open {
    std::optional<Instant> day;
    std::array<DayHours, 6> hours;
  };

  Status close(Open& open, AirSite& site) {
    if (!open.day) return {};
    if (!rules_ || !rules_->validity.contains(*open.day)) {
      MJ_TRY(rules_, day_rules(standards_, *open.day));
    }
    AirDay day{*open.day, {}};
    bool any = false;
    for (std::size_t i = 0; i < kAirColumns.size(); ++i) {
      const bool ozone = kAirColumns[i] == "o3";
      const auto value = ozone ? day_max_8h(open.hours[i], rules_->rules, rules_->ozone_limit)
                               : day_mean(open.hours[i], rules_->rules);
      if (value) day.values[i] = value->round(rules_->decimals[i]);
      any = any || day.values[i];
    }
    if (any) site.days.push_back(day);
    open = Open{};
    return {};
  }

 private:
  const standards::StandardSet& standards_;
  std::optional<DayRules> rules_;
};

}  // namespace

Result<std::vector<AirSite>> read_air_days(SheetReader& reader, const standards::StandardSet& standards,
                                           const AirYearSheet& sheet) {
  MJ_TRY(const std::size_t code, reader.require("code"));
  MJ_TRY(const std::size_t time, reader.require("time"));
  std::optional<std::size_t> group;
  if (!sheet.group_by.empty()) {
    MJ_TRY(group, reader.require(column_name(sheet.group_by)));
  }
  std::array<std::size_t, 6> places{};
  for (std::size_t i = 0; i < kAirColumns.size(); ++i) {
    MJ_TRY(places[i], reader.require(kAirColumns[i]));
  }
  std::vector<AirSite> sites;
  std::vector<HourBook::Open> open;
  std::unordered_map<std::string, std::size_t> by_code;
  std::size_t last = 0;
  HourBook book(standards);
  while (true) {
    MJ_TRY(const bool more, reader.next());
    if (!more) break;
    MJ_TRY(const std::string_view name, reader.text(code));
    if (sites.empty() || sites[last].code != name) {
      const auto [place, fresh] = by_code.try_emplace(std::string(name), sites.size());
      last = place->second;
      if (fresh) {
        sites.push_back({std::string(name), group ? std::string(reader.cell(*group)) : std::string(), {}});
        open.emplace_back();
      }
    }
    AirSite& site = sites[last];
    if (group && reader.cell(*group) != site.group)
      return reader.error(*group, fmt::format("site {} was in \"{}\" before", site.code, site.group));
    MJ_TRY(Instant at, reader.time(time));
    if (sheet.rows == AqiReport::hourly && !sheet.label_is_start) at = at.plus_ms(-kHourMs);
    const Instant day = day_of(at);
    const Instant newest = open[last].day      ? *open[last].day
                           : site.days.empty() ? Instant::from_ms(std::numeric_limits<std::int64_t>::min())
                                               : site.days.back().at;
    if (day < newest)
      return reader.error(time, fmt::format("the rows of {} must be in the order of time", site.code));
    if (sheet.rows == AqiReport::daily) {
      if (day == newest) return reader.error(time, fmt::format("a second row of {} for this day", site.code));
      AirDay values{day, {}};
      for (std::size_t i = 0; i < places.size(); ++i) {
        MJ_TRY(values.values[i], reader.amount(places[i]));
      }
      site.days.push_back(values);
      continue;
    }
    HourBook::Open& hours = open[last];
    if (hours.day && *hours.day != day) MJ_CHECK(book.close(hours, site));
    hours.day = day;
    const auto hour = static_cast<std::size_t>(at.ms_since(day) / kHourMs);
    for (std::size_t i = 0; i < places.size(); ++i) {
      MJ_TRY(hours.hours[i][hour], reader.amount(places[i]));
    }
  }
  for (std::size_t i = 0; i < sites.size(); ++i) MJ_CHECK(book.close(open[i], sites[i]));
  return sites;
}

Result<std::vector<AirSite>> cities_of(const std::vector<AirSite>& sites,
                                       const standards::StandardSet& standards) {
  struct Sums {
    std::array<ExactSum, 6> values;
  };
  std::map<std::string, std::map<Instant, Sums>> cities;
  std::map<std::string, std::int64_t> counts;
  for (const AirSite& site : sites) {
    ++counts[site.group];
    for (const AirDay& day : site.days) {
      Sums& sums = cities[site.group][day.at];
      for (std::size_t i = 0; i < kAirColumns.size(); ++i) {
        if (day.values[i] && !sums.values[i].add(*day.values[i]))
          return Error(ErrorCode::invalid_input, fmt::format("a value of site {} has too many digits", site.code));
      }
    }
  }
  std::vector<AirSite> result;
  std::optional<DayRules> digits;
  std::optional<AirYearRules> rules;
  for (const auto& [name, days] : cities) {
    AirSite city{name, name, {}};
    const std::int64_t all = counts[name];
    for (const auto& [at, sums] : days) {
      if (!digits || !digits->validity.contains(at)) {
        MJ_TRY(digits, day_rules(standards, at));
        MJ_TRY(rules, AirYearRules::load(standards, at, {}));
      }
      const Decimal share = all < rules->city_few_sites ? rules->city_few_min_share : rules->city_min_share;
      AirDay day{at, {}};
      for (std::size_t i = 0; i < kAirColumns.size(); ++i) {
        const auto enough = Exact::compare(Exact::of(sums.values[i].count(), all), share);
        if (enough.value_or(-1) >= 0) day.values[i] = sums.values[i].mean().round(digits->decimals[i]);
      }
      city.days.push_back(day);
    }
    result.push_back(std::move(city));
  }
  return result;
}

}  // namespace mj::assess
