#include "mj/statistics/trend.hpp"

#include <algorithm>
#include <cmath>
#include <map>

#include <boost/math/special_functions/erf.hpp>

namespace mj::statistics {
namespace {

/// The values of each season apart, each ascending in time.
std::vector<std::vector<TimedValue>> by_season(std::span<const TimedValue> values, bool seasonal) {
  std::map<int, std::vector<TimedValue>> seasons;
  for (const TimedValue& value : values) seasons[seasonal ? value.season : 0].push_back(value);
  std::vector<std::vector<TimedValue>> parts;
  for (auto& [season, part] : seasons) parts.push_back(std::move(part));
  return parts;
}

double median_of(std::vector<double>& values) {
  const std::size_t half = values.size() / 2;
  std::nth_element(values.begin(), values.begin() + static_cast<std::ptrdiff_t>(half), values.end());
  const double upper = values[half];
  if (values.size() % 2 != 0) return upper;
  return (upper + *std::max_element(values.begin(), values.begin() + static_cast<std::ptrdiff_t>(half))) / 2;
}

/// The value at a place from 1 of ascending values, between two of them by their distance; none outside.
std::optional<double> at_place(const std::vector<double>& ascending, double place) {
  const double below = std::floor(place);
  if (below < 1 || std::ceil(place) > static_cast<double>(ascending.size())) return std::nullopt;
  const double low = ascending[static_cast<std::size_t>(below) - 1];
  const double high = ascending[static_cast<std::size_t>(std::ceil(place)) - 1];
  return low + (high - low) * (place - below);
}

}  // namespace

std::optional<MannKendall> mann_kendall(std::span<const TimedValue> values, bool seasonal) {
  if (values.size() < 2) return std::nullopt;
  MannKendall test;
  test.n = values.size();
  double pairs = 0;
  for (const std::vector<TimedValue>& part : by_season(values, seasonal)) {
    const auto n = static_cast<double>(part.size());
    pairs += n * (n - 1) / 2;
    std::vector<double> sorted;
    sorted.reserve(part.size());
    for (std::size_t i = 0; i < part.size(); ++i) {
      sorted.push_back(part[i].value);
      for (std::size_t j = i + 1; j < part.size(); ++j)
        test.s += part[j].value > part[i].value ? 1 : part[j].value < part[i].value ? -1 : 0;
    }
    test.variance += n * (n - 1) * (2 * n + 5) / 18;
    std::sort(sorted.begin(), sorted.end());
    for (auto begin = sorted.begin(); begin != sorted.end();) {
      const auto end = std::upper_bound(begin, sorted.end(), *begin);
      const auto ties = static_cast<double>(end - begin);
      test.variance -= ties * (ties - 1) * (2 * ties + 5) / 18;
      begin = end;
    }
  }
  if (pairs == 0) return std::nullopt;
  test.tau = static_cast<double>(test.s) / pairs;
  if (test.s != 0 && test.variance > 0) {
    test.z = (static_cast<double>(test.s) - (test.s > 0 ? 1 : -1)) / std::sqrt(test.variance);
    test.p = std::erfc(std::abs(test.z) / std::sqrt(2.0));
  }
  return test;
}

std::optional<SenSlope> sen_slope(std::span<const TimedValue> values, double confidence, bool seasonal) {
  std::vector<double> slopes;
  for (const std::vector<TimedValue>& part : by_season(values, seasonal)) {
    for (std::size_t i = 0; i < part.size(); ++i) {
      for (std::size_t j = i + 1; j < part.size(); ++j) {
        const double years = part[j].at - part[i].at;
        if (years > 0) slopes.push_back((part[j].value - part[i].value) / years);
      }
    }
  }
  if (slopes.empty()) return std::nullopt;
  std::sort(slopes.begin(), slopes.end());
  SenSlope result;
  const std::size_t half = slopes.size() / 2;
  result.slope = slopes.size() % 2 != 0 ? slopes[half] : (slopes[half - 1] + slopes[half]) / 2;
  if (const auto test = mann_kendall(values, seasonal); test && test->variance > 0) {
    const double quantile =
        std::sqrt(2.0) * boost::math::erf_inv(confidence);  // of the normal distribution, two-sided
    const double width = quantile * std::sqrt(test->variance);
    const auto pairs = static_cast<double>(slopes.size());
    result.lower = at_place(slopes, (pairs - width) / 2);
    result.upper = at_place(slopes, (pairs + width) / 2 + 1);
  }
  std::vector<double> rests;
  rests.reserve(values.size());
  for (const TimedValue& value : values) rests.push_back(value.value - result.slope * (value.at - values[0].at));
  result.intercept = median_of(rests);
  return result;
}

}  // namespace mj::statistics
