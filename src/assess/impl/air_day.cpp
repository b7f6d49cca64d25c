#include "mj/assess/air_day.hpp"

#include <cmath>

#include "mj/assess/rules_in_force.hpp"

namespace mj::assess {
namespace {

/// The hours of a day as whole numbers of one unit 10^-decimals, with running sums: windows cost two subtractions.
class WholeHours {
 public:
  /// None for figures so long that sums might not fit; nobody measures those.
  static std::optional<WholeHours> of(const DayHours& hours) {
    constexpr std::uint8_t kMostDecimals = 6;
    constexpr std::int64_t kMost = 1'000'000'000;
    WholeHours whole;
    for (const auto& hour : hours) {
      if (!hour) continue;
      if (hour->decimals > kMostDecimals || hour->mantissa > kMost || hour->mantissa < -kMost) return std::nullopt;
      whole.decimals_ = std::max(whole.decimals_, hour->decimals);
    }
    for (std::size_t i = 0; i < hours.size(); ++i) {
      std::int64_t value = hours[i] ? hours[i]->mantissa : 0;
      for (std::uint8_t d = hours[i] ? hours[i]->decimals : whole.decimals_; d < whole.decimals_; ++d) value *= 10;
      whole.sums_[i + 1] = whole.sums_[i] + value;
      whole.counts_[i + 1] = whole.counts_[i] + (hours[i] ? 1 : 0);
    }
    return whole;
  }
  [[nodiscard]] int count(std::size_t begin, std::size_t end) const { return counts_[end] - counts_[begin]; }
  [[nodiscard]] std::int64_t sum(std::size_t begin, std::size_t end) const { return sums_[end] - sums_[begin]; }
  /// Lost without values.
  [[nodiscard]] Exact mean(std::size_t begin, std::size_t end) const {
    std::int64_t unit = 1;
    for (std::uint8_t d = 0; d < decimals_; ++d) unit *= 10;
    return Exact::of(sum(begin, end), unit * count(begin, end));
  }

 private:
  std::array<std::int64_t, 25> sums_{};
  std::array<int, 25> counts_{};
  std::uint8_t decimals_ = 0;
};

/// day_max_8h() for figures of any length.
std::optional<Exact> slow_max_8h(const DayHours& hours, const AirDayRules& rules, Decimal limit) {
  constexpr int kWindow = 8;
  std::optional<Exact> greatest;
  int windows = 0;
  for (int end = rules.first_window; end <= static_cast<int>(hours.size()); ++end) {
    ExactSum sum;
    for (int hour = end - kWindow; hour < end; ++hour) {
      const auto& value = hours[static_cast<std::size_t>(hour)];
      if (value && !sum.add(*value)) return std::nullopt;
    }
    if (sum.count() < rules.window_min_hours || sum.count() == 0) continue;
    ++windows;
    if (!greatest || Exact::compare(sum.mean(), *greatest).value_or(0) > 0) greatest = sum.mean();
  }
  if (!greatest) return std::nullopt;
  const bool enough = windows >= rules.min_windows || Exact::compare(*greatest, limit).value_or(0) > 0;
  return enough ? greatest : std::nullopt;
}

}  // namespace

Result<AirDayRules> AirDayRules::load(const standards::StandardSet& standards, Instant at) {
  AirDayRules rules;
  MJ_TRY(const Parameters limits, Parameters::of(standards, "air_limits", at));
  MJ_TRY(const Parameters statistics, Parameters::of(standards, "air_statistics", at));
  MJ_TRY(rules.day_min_hours, limits.integer("day_min_hours"));
  MJ_TRY(rules.window_min_hours, limits.integer("window_min_hours"));
  MJ_TRY(rules.min_windows, statistics.integer("mda8_min_windows"));
  MJ_TRY(rules.first_window, statistics.integer("mda8_first_window"));
  if (rules.first_window < 8 || rules.first_window > 24)
    return Error(ErrorCode::invalid_input,
                 fmt::format("{}: mda8_first_window must be 8 to 24", statistics.edition()));
  return rules;
}

std::optional<Exact> day_mean(const DayHours& hours, const AirDayRules& rules) {
  if (const auto whole = WholeHours::of(hours)) {
    const int count = whole->count(0, hours.size());
    if (count < rules.day_min_hours || count == 0) return std::nullopt;
    return whole->mean(0, hours.size());
  }
  ExactSum sum;
  for (const auto& hour : hours) {
    if (hour && !sum.add(*hour)) return std::nullopt;
  }
  if (sum.count() < rules.day_min_hours || sum.count() == 0) return std::nullopt;
  return sum.mean();
}

std::optional<Exact> day_max_8h(const DayHours& hours, const AirDayRules& rules, Decimal limit) {
  constexpr std::size_t kWindow = 8;
  const auto whole = WholeHours::of(hours);
  if (!whole) return slow_max_8h(hours, rules, limit);
  std::size_t greatest = 0;  // end of the greatest window; 0 = none
  int windows = 0;
  for (auto end = static_cast<std::size_t>(rules.first_window); end <= hours.size(); ++end) {
    const int count = whole->count(end - kWindow, end);
    if (count < rules.window_min_hours || count == 0) continue;
    ++windows;
    const auto greater = [&] {
      return whole->sum(end - kWindow, end) * whole->count(greatest - kWindow, greatest) >
             whole->sum(greatest - kWindow, greatest) * count;
    };
    if (greatest == 0 || greater()) greatest = end;
  }
  if (greatest == 0) return std::nullopt;
  const Exact maximum = whole->mean(greatest - kWindow, greatest);
  const bool enough = windows >= rules.min_windows || Exact::compare(maximum, limit).value_or(0) > 0;
  return enough ? std::optional(maximum) : std::nullopt;
}

Result<Precipitation> judge_precipitation(const standards::StandardSet& standards, Instant at,
                                          std::span<const RainSample> samples) {
  Precipitation result;
  auto rows = rows_in_force(standards, "rain_grades", at);
  if (rows.empty())
    return Error(ErrorCode::not_found, fmt::format("no grades of precipitation at {}", to_iso(at)));
  std::sort(rows.begin(), rows.end(), [](const auto* a, const auto* b) {
    const Decimal most{100, 0};
    return compare(a->number("ph_below").value_or(most), b->number("ph_below").value_or(most)) < 0;
  });
  // Above the last bound it is not acid.
  std::optional<Decimal> acid_below;
  for (const auto* row : rows) {
    if (const auto bound = row->number("ph_below")) acid_below = bound;
    result.verification = row->verification;
  }
  double ions = 0;
  double volume = 0;
  std::int64_t acid = 0;
  for (const RainSample& sample : samples) {
    if (sample.amount.mantissa < 0)
      return Error(ErrorCode::invalid_input, fmt::format("precipitation of {} mm", to_text(sample.amount)));
    ions += std::pow(10.0, -to_double(sample.ph)) * to_double(sample.amount);
    volume += to_double(sample.amount);
    if (acid_below && compare(sample.ph, *acid_below) < 0) ++acid;
  }
  if (samples.empty() || volume <= 0) return result;
  result.ph = -std::log10(ions / volume);
  result.acid_frequency = Exact::of(acid * 100, static_cast<Exact::Wide>(samples.size())).round(1);
  const Decimal shown{std::llround(*result.ph * 100), 2};
  for (const auto* row : rows) {
    const auto bound = row->number("ph_below");
    if (!bound || compare(shown, *bound) < 0) {
      result.grade = row;
      break;
    }
  }
  return result;
}

}  // namespace mj::assess
