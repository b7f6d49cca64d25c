#pragma once

#include <array>
#include <optional>
#include <span>

#include "mj/assess/exact.hpp"
#include "mj/kernel/result.hpp"
#include "mj/standards/standard_set.hpp"

namespace mj::assess {

/// The hours of a natural day; [0] is the first hour, which ends at 01:00.
using DayHours = std::array<std::optional<Decimal>, 24>;

/// How many values make a day 日均值、日最大8小时平均有效性.
struct AirDayRules {
  int day_min_hours = 0;     ///< for a 24 h mean
  int window_min_hours = 0;  ///< for an 8 h mean
  int min_windows = 0;       ///< 8 h means for the daily maximum
  int first_window = 0;      ///< hour at whose end the first window ends; the last ends at 24

  /// Those of GB 3095 and HJ 663 in force at `at`. Errors: not_found.
  [[nodiscard]] static Result<AirDayRules> load(const standards::StandardSet& standards, Instant at);
};

/// Mean of the day; none with too few hours. Source: GB 3095 table 4.
[[nodiscard]] std::optional<Exact> day_mean(const DayHours& hours, const AirDayRules& rules);

/// Daily maximum of the 8 h means 臭氧日最大8小时平均; none with too few means, unless the greatest of them exceeds `limit`.
/// Source: HJ 663 §6.1.2.
[[nodiscard]] std::optional<Exact> day_max_8h(const DayHours& hours, const AirDayRules& rules, Decimal limit);

/// Hours and result of precipitation 降水: volume-weighted pH and how often it was acid.
struct Precipitation {
  std::optional<double> ph;               ///< −lg(Σ 10^-pH·v / Σ v); none without samples
  std::optional<Decimal> acid_frequency;  ///< share of acid samples in %, one digit
  const standards::RuleRow* grade = nullptr;
  standards::Verification verification = standards::Verification::unverified;
};
struct RainSample {
  Decimal ph;
  Decimal amount;  ///< precipitation in mm
};
/// Errors: not_found when no grades are in force; invalid_input for an amount below 0.
[[nodiscard]] Result<Precipitation> judge_precipitation(const standards::StandardSet& standards, Instant at,
                                                        std::span<const RainSample> samples);

}  // namespace mj::assess
