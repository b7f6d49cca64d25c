#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace mj::statistics {

/// A value with its time 趋势样本, for tests that compare every pair.
struct TimedValue {
  double at = 0;  ///< years
  double value = 0;
  int season = 0;  ///< of the seasonal test: only values of one season are compared
};

/// What a rank test of Mann and Kendall says 趋势检验.
struct MannKendall {
  std::size_t n = 0;
  std::int64_t s = 0;   ///< pairs that rise less pairs that fall
  double variance = 0;  ///< of s if there were no trend, less for ties
  double z = 0;         ///< (s ∓ 1) / √variance; 0 when s or the variance is 0
  double p = 1;         ///< two-sided, by the normal distribution
  double tau = 0;       ///< s / number of pairs
};

/// Ascending in time. None of fewer than two values. With `seasonal`, s and its variance are sums over the seasons.
/// Source: Mann 1945, Kendall 1975, Hirsch, Slack and Smith 1982 as in Gilbert 1987 §16.4, §17.3. Serial correlation is not
/// corrected for.
[[nodiscard]] std::optional<MannKendall> mann_kendall(std::span<const TimedValue> values, bool seasonal = false);

/// Sen's estimator of the slope 森斜率 with limits of confidence.
struct SenSlope {
  double slope = 0;             ///< per year: the median of the slopes of all pairs (of one season)
  std::optional<double> lower;  ///< none when there are too few pairs for it
  std::optional<double> upper;
  double intercept = 0;  ///< of the line at the time of the first value: median of value − slope·(time since it)
};

/// `confidence`: 0 … 1, e.g. 0.95. None when no pair differs in time. Source: Sen 1968; limits Gilbert 1987 §16.5 (the M1-th
/// and (M2 + 1)-th slope, interpolated where M is no whole number).
[[nodiscard]] std::optional<SenSlope> sen_slope(std::span<const TimedValue> values, double confidence,
                                                bool seasonal = false);

/// Values at most, because every pair is compared.
inline constexpr std::size_t kMostTrendValues = 4000;

}  // namespace mj::statistics
