#include "mj/statistics/correlation.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <vector>

#include <boost/math/special_functions/beta.hpp>

namespace mj::statistics {
namespace {

/// Ranks from 1; equal values share the mean of theirs.
std::vector<double> ranks_of(std::span<const double> values) {
  std::vector<std::size_t> order(values.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::sort(order.begin(), order.end(), [&values](std::size_t a, std::size_t b) { return values[a] < values[b]; });
  std::vector<double> ranks(values.size());
  for (std::size_t begin = 0; begin < order.size();) {
    std::size_t end = begin + 1;
    while (end < order.size() && values[order[end]] == values[order[begin]]) ++end;
    const double shared = static_cast<double>(begin + end + 1) / 2;
    for (std::size_t i = begin; i < end; ++i) ranks[order[i]] = shared;
    begin = end;
  }
  return ranks;
}

std::optional<double> product_moment(std::span<const double> a, std::span<const double> b) {
  const auto n = static_cast<double>(a.size());
  const double mean_a = std::accumulate(a.begin(), a.end(), 0.0) / n;
  const double mean_b = std::accumulate(b.begin(), b.end(), 0.0) / n;
  double both = 0;
  double squares_a = 0;
  double squares_b = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    both += (a[i] - mean_a) * (b[i] - mean_b);
    squares_a += (a[i] - mean_a) * (a[i] - mean_a);
    squares_b += (b[i] - mean_b) * (b[i] - mean_b);
  }
  if (squares_a <= 0 || squares_b <= 0) return std::nullopt;
  return std::clamp(both / std::sqrt(squares_a) / std::sqrt(squares_b), -1.0, 1.0);
}

}  // namespace

std::string_view name(CorrelationMethod method) {
  return method == CorrelationMethod::pearson ? "pearson" : "spearman";
}

std::optional<CorrelationMethod> parse_correlation_method(std::string_view word) {
  if (word == "pearson") return CorrelationMethod::pearson;
  if (word == "spearman") return CorrelationMethod::spearman;
  return std::nullopt;
}

std::optional<Correlation> correlation(std::span<const double> a, std::span<const double> b,
                                       CorrelationMethod method) {
  if (a.size() < 3 || a.size() != b.size()) return std::nullopt;
  const auto r =
      method == CorrelationMethod::pearson ? product_moment(a, b) : product_moment(ranks_of(a), ranks_of(b));
  if (!r) return std::nullopt;
  Correlation result{a.size(), *r, 0};
  // The tail of Student's t as an incomplete beta function of 1 − r². Source: Abramowitz and Stegun 26.7.1.
  const double free = static_cast<double>(a.size()) - 2;
  const double rest = (1 - *r) * (1 + *r);
  if (rest > 0) result.p = boost::math::ibeta(free / 2, 0.5, rest);
  return result;
}

}  // namespace mj::statistics
