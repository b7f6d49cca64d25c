#include "mj/coverage/redundancy.hpp"

#include <algorithm>
#include <cmath>

#include "mj/statistics/correlation.hpp"

namespace mj::coverage {
namespace {

/// r = exp(−d / L): L by least squares of −ln r over d through the origin. Pairs with r ≤ 0 tell nothing about L.
std::optional<double> fit_decay(const std::vector<PointPair>& pairs) {
  double products = 0;
  double squares = 0;
  std::size_t used = 0;
  for (const PointPair& pair : pairs) {
    if (!pair.r || *pair.r <= 0 || pair.n < kFewestBuckets || pair.distance_km <= 0) continue;
    products += pair.distance_km * -std::log(std::min(*pair.r, 1.0));
    squares += pair.distance_km * pair.distance_km;
    ++used;
  }
  if (used < kFewestPairs || products <= 0) return std::nullopt;
  return squares / products;
}

PointPair compare_two(const PointSeries& a, const PointSeries& b, double threshold) {
  PointPair pair;
  std::vector<double> left;
  std::vector<double> right;
  auto in_b = b.means.begin();
  for (const auto& [bucket, value] : a.means) {
    while (in_b != b.means.end() && in_b->first < bucket) ++in_b;
    if (in_b == b.means.end()) break;
    if (in_b->first != bucket) continue;
    left.push_back(value);
    right.push_back(in_b->second);
    pair.mean_a += value;
    pair.mean_b += in_b->second;
    pair.difference += std::abs(value - in_b->second);
  }
  pair.n = left.size();
  if (pair.n == 0) return pair;
  const auto n = static_cast<double>(pair.n);
  pair.mean_a /= n;
  pair.mean_b /= n;
  pair.difference /= n;
  if (const auto found = statistics::correlation(left, right, statistics::CorrelationMethod::pearson))
    pair.r = found->r;
  pair.redundant = pair.r && *pair.r >= threshold && pair.n >= kFewestBuckets;
  return pair;
}

std::vector<registry::LocalName> assumptions_of(const RedundancyRequest& request) {
  std::vector<registry::LocalName> told;
  const bool day = request.bucket == Bucket::day;
  told.push_back({day ? fmt::format("比较日均值（每日至少 {} 个小时值）", kFewestHours) : "比较小时值",
                  day ? fmt::format("daily means are compared, of at least {} hours each", kFewestHours)
                      : "hourly values are compared"});
  told.push_back({"按数据标记剔除非测量值；未作其他审核",
                  "values flagged as no measurement are left out; nothing else was reviewed"});
  told.push_back(
      {fmt::format("相关系数不低于 {:g} 且至少 {} 组数据才提示冗余", request.threshold, kFewestBuckets),
       fmt::format("a pair is marked from r = {:g} and {} buckets on", request.threshold, kFewestBuckets)});
  told.push_back({"相关高只说明变化同步；是否撤并还要看代表性、考核和预警需要，并须批准",
                  "high correlation only says that two points change together; whether one can go is a decision "
                  "that needs an "
                  "approval"});
  return told;
}

}  // namespace

Redundancy compare(RedundancyRequest request, std::vector<PointSeries> points) {
  Redundancy found;
  found.points = std::move(points);
  for (std::size_t a = 0; a < found.points.size(); ++a) {
    for (std::size_t b = a + 1; b < found.points.size(); ++b) {
      const double distance = geometry::distance_km(found.points[a].place, found.points[b].place);
      if (distance > request.distance_km) continue;
      PointPair pair = compare_two(found.points[a], found.points[b], request.threshold);
      if (pair.n == 0) continue;
      pair.a = a;
      pair.b = b;
      pair.distance_km = distance;
      found.pairs.push_back(pair);
    }
  }
  found.decay_km = fit_decay(found.pairs);
  std::ranges::sort(found.pairs, [](const PointPair& x, const PointPair& y) {
    return std::tuple(-x.r.value_or(-2), x.distance_km, x.a, x.b) <
           std::tuple(-y.r.value_or(-2), y.distance_km, y.a, y.b);
  });
  found.assumptions = assumptions_of(request);
  found.request = std::move(request);
  return found;
}

}  // namespace mj::coverage
