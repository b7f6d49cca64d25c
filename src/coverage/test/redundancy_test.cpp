#include "mj/coverage/redundancy.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <random>

#include "mj/coverage/tables.hpp"

namespace mj::coverage {
namespace {

PointSeries series(std::string id, double lon, std::initializer_list<double> values, std::int64_t first = 0) {
  PointSeries made{id, {id, id}, {lon, 29.5}, {}};
  for (const double value : values) made.means.emplace(first++, value);
  return made;
}

RedundancyRequest request() {
  RedundancyRequest wanted;
  wanted.element = "air";
  wanted.factor = "a34004";
  return wanted;
}

// r, means and mean absolute difference of the ten common buckets, by plain sums in Python.
TEST(Redundancy, ComparesTheBucketsThatBothHave) {
  const auto found = compare(request(), {series("a", 106.5, {10, 12, 9, 15, 20, 18, 11, 14, 16, 13, 99}),
                                         series("b", 106.6, {77, 11, 12, 10, 14, 22, 17, 12, 13, 18, 12}, -1)});
  ASSERT_EQ(found.pairs.size(), 1U);
  const PointPair& pair = found.pairs[0];
  EXPECT_EQ(pair.n, 10U);
  EXPECT_NEAR(pair.r.value(), 0.9428225225117873, 1e-12);
  EXPECT_NEAR(pair.mean_a, 13.8, 1e-12);
  EXPECT_NEAR(pair.mean_b, 14.1, 1e-12);
  EXPECT_NEAR(pair.difference, 1.1, 1e-12);
  EXPECT_NEAR(pair.distance_km, geometry::distance_km({106.5, 29.5}, {106.6, 29.5}), 1e-12);
  EXPECT_FALSE(pair.redundant) << "ten buckets are too few to say so";
}

TEST(Redundancy, PairsThatAreFarApartOrNeverMetAreLeftOut) {
  const auto found = compare(
      request(), {series("a", 106, {1, 2, 3}), series("b", 108, {1, 2, 3}), series("c", 106.1, {1, 2}, 100)});
  EXPECT_TRUE(found.pairs.empty());
}

TEST(Redundancy, ASeriesThatNeverChangesHasNoCorrelation) {
  const auto found = compare(request(), {series("a", 106, {5, 5, 5, 5}), series("b", 106.1, {1, 2, 3, 4})});
  ASSERT_EQ(found.pairs.size(), 1U);
  EXPECT_FALSE(found.pairs[0].r);
}

TEST(Redundancy, MarksNeighboursThatSayTheSameAndFindsHowFastThatFades) {
  // Each point mixes its own noise with that of its western neighbour, so correlation falls with distance.
  std::mt19937_64 random(7);
  std::normal_distribution<double> noise;
  std::vector<PointSeries> points;
  std::vector<double> before(60, 0);
  for (double& value : before) value = noise(random);
  for (int p = 0; p < 8; ++p) {
    PointSeries point{fmt::format("p{}", p), {"", ""}, {106 + 0.05 * p, 29.5}, {}};
    for (std::size_t day = 0; day < before.size(); ++day) {
      if (p > 0) before[day] = 0.99 * before[day] + std::sqrt(1 - 0.99 * 0.99) * noise(random);
      point.means.emplace(static_cast<std::int64_t>(day), 50 + 10 * before[day]);
    }
    points.push_back(std::move(point));
  }
  const auto found = compare(request(), points);
  ASSERT_EQ(found.pairs.size(), 28U);
  EXPECT_TRUE(found.pairs.front().redundant);
  for (std::size_t i = 1; i < found.pairs.size(); ++i) EXPECT_LE(*found.pairs[i].r, *found.pairs[i - 1].r);
  // Least squares of −ln r = d / L through the origin, from the pairs.
  double products = 0;
  double squares = 0;
  for (const PointPair& pair : found.pairs) {
    products -= pair.distance_km * std::log(*pair.r);
    squares += pair.distance_km * pair.distance_km;
  }
  ASSERT_TRUE(found.decay_km);
  EXPECT_NEAR(*found.decay_km, squares / products, 1e-9);
  const auto table = pairs_table(found);
  ASSERT_EQ(table.rows.size(), 28U);
  EXPECT_EQ(table.rows[0].cells.size(), table.columns.size());
}

}  // namespace
}  // namespace mj::coverage
