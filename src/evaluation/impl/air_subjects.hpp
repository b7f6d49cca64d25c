#pragma once

#include <array>
#include <limits>
#include <vector>

#include "air_rules.hpp"

namespace mj::evaluation {

/// No value in a table of mantissas.
inline constexpr std::int32_t kNoAirValue = std::numeric_limits<std::int32_t>::min();
inline constexpr std::size_t kAirMonths = 12;

/// The days of one subject in one year.
struct AirSubjectYear {
  std::string_view id;
  Level level = Level::point;
  std::vector<std::array<std::int32_t, kAirItems>>
      values;                       ///< by day: mantissa with the digits of the item; kNoAirValue
  std::vector<std::int16_t> index;  ///< by day; −1 = none
  std::array<std::array<Inputs, kAirItems + 1>, kAirMonths>
      inputs;  ///< days that went into a month; the last: indices
  bool any = false;

  explicit AirSubjectYear(std::size_t days) : values(days), index(days, -1) {
    for (auto& day : values) day.fill(kNoAirValue);
  }
};

/// What the sites of a group say on one day.
struct AirGroupDay {
  std::array<std::int64_t, kAirItems> sum{};
  std::array<std::uint32_t, kAirItems> count{};
  std::array<Inputs, kAirItems> inputs;
};

struct AirGroup {
  std::string id;
  std::vector<std::uint16_t> sites;  ///< by day: registered sites that count
  std::vector<AirGroupDay> days;
};

/// Sites that make up a city: those registered for assessment 评价点, or for nothing particular. A background site 背景（对照）点 says
/// nothing about the air of its city. The register decides; no clause of a standard was read for it.
inline bool counts_for_group(const registry::PointView& view) {
  return view.sort.empty() || view.sort == "assessment";
}

inline void add_day(Inputs& inputs, const Inputs& day) {
  Inputs one = day;
  one.expected = 0;
  one.count = one.count > 0 ? 1 : 0;  // a day is one input of a month
  inputs.add(one);
}

/// Day law of each day of the year, looked up once.
struct AirYearDays {
  EvaluationPeriod period;
  std::size_t days = 0;
  std::vector<const AirDayLaw*> laws;
  std::vector<std::uint8_t> months;  ///< by day: 0…11

  AirYearDays(const AirLaw& law, const EvaluationPeriod& year) : period(year) {
    for (Instant day = year.begin; day < year.end(); day = EvaluationPeriod::of(PeriodKind::day, day).end()) {
      laws.push_back(law.day(day));
      months.push_back(static_cast<std::uint8_t>(to_beijing(day).month - 1));
    }
    days = laws.size();
  }
  [[nodiscard]] EvaluationPeriod day(std::size_t number) const {
    return {PeriodKind::day, period.begin.plus_ms(static_cast<std::int64_t>(number) * 86'400'000)};
  }
  [[nodiscard]] std::size_t number(Instant day) const {
    return static_cast<std::size_t>(day.ms_since(period.begin) / 86'400'000);
  }
  [[nodiscard]] std::uint8_t decimals(std::size_t day, std::size_t place) const {
    const AirItem* item = laws[day] == nullptr ? nullptr : laws[day]->item_at(place);
    return item == nullptr ? std::uint8_t{0} : item->item->decimals;
  }
  [[nodiscard]] std::optional<Decimal> value(const AirSubjectYear& subject, std::size_t day,
                                             std::size_t place) const {
    const std::int32_t mantissa = subject.values[day][place];
    if (mantissa == kNoAirValue) return std::nullopt;
    return Decimal{mantissa, decimals(day, place)};
  }
};

}  // namespace mj::evaluation
