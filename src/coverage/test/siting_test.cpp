#include "mj/coverage/siting.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <numbers>

#include "choice.hpp"
#include "small_register.hpp"

namespace mj::coverage {
namespace {

using testing::HasSubstr;
using testing::SizeIs;

SitingRequest request(int k, double radius_km) {
  SitingRequest wanted;
  wanted.element = "air";
  wanted.k = k;
  wanted.radius_km = radius_km;
  return wanted;
}

Siting plan(const SitingRequest& wanted, const std::vector<registry::PointView>& points = {}) {
  auto planned = plan_sites(*inventory(three_districts(), points), wanted);
  EXPECT_TRUE(planned) << planned.error().text();
  return planned ? *std::move(planned) : Siting{};
}

std::string refusal(const SitingRequest& wanted) {
  const auto planned = plan_sites(*inventory(three_districts(), {}), wanted);
  EXPECT_FALSE(planned);
  return planned ? "" : planned.error().text();
}

// Independent: three districts of 1° × 1° between 29° and 30° N have 3·(π/180)·R²·(sin 30° − sin 29°) km² (sphere of 6,371.0088 km); a
// disc of 20 km has π·20² km² but for curvature.
TEST(Siting, CoversTheDiscAroundAPoint) {
  SitingRequest wanted = request(1, 20);
  wanted.candidates = {{"middle", {107.5, 29.5}}};
  const Siting siting = plan(wanted);
  const double radians = std::numbers::pi / 180;
  EXPECT_NEAR(siting.total,
              3 * radians * 6371.0088 * 6371.0088 * (std::sin(30 * radians) - std::sin(29 * radians)), 1);
  ASSERT_THAT(siting.steps, SizeIs(1));
  EXPECT_NEAR(siting.steps[0].gain, std::numbers::pi * 400, std::numbers::pi * 400 * 0.02);
  EXPECT_EQ(siting.steps[0].region, "50B");
  EXPECT_EQ(siting.steps[0].redundancy, 0);
  EXPECT_EQ(siting.before.covered, 0);
  EXPECT_NEAR(siting.after.covered, siting.steps[0].gain, 1e-6);
}

TEST(Siting, GoesWhereNothingIsCoveredYet) {
  SitingRequest wanted = request(1, 20);
  wanted.candidates = {{"beside", {106.52, 29.5}}, {"far", {108.5, 29.5}}};
  const Siting siting = plan(wanted, {point("there", {{"element", "air"}, {"lon", "106.5"}, {"lat", "29.5"}})});
  ASSERT_THAT(siting.steps, SizeIs(1));
  EXPECT_EQ(siting.steps[0].site.id, "far");
  EXPECT_EQ(siting.existing.size(), 1U);
  EXPECT_GT(siting.before.covered, 1200);
  ASSERT_TRUE(siting.steps[0].nearest);
  EXPECT_EQ(siting.steps[0].nearest->id, "there");
  EXPECT_NEAR(siting.steps[0].nearest->distance_km, geometry::distance_km({106.5, 29.5}, {108.5, 29.5}), 1e-9);
}

// 300,000 people in A and 100,000 in B; of C none are known, so nobody would be reached there.
TEST(Siting, WeighsPeopleWhereTheRegisterKnowsThem) {
  SitingRequest wanted = request(2, 20);
  wanted.weight = Weight::population;
  wanted.candidates = {{"a", {106.5, 29.5}}, {"b", {107.5, 29.5}}, {"c", {108.5, 29.5}}};
  const Siting siting = plan(wanted);
  ASSERT_THAT(siting.steps, SizeIs(2));
  EXPECT_EQ(siting.steps[0].site.id, "a");
  EXPECT_EQ(siting.steps[1].site.id, "b");
  EXPECT_EQ(siting.total, 400'000);
  EXPECT_NEAR(siting.steps[0].gain / siting.steps[1].gain, 3, 0.05);
  std::string told;
  for (const auto& assumption : siting.assumptions) told += assumption.en + "\n";
  EXPECT_THAT(told, HasSubstr("no population of 1 districts"));
  EXPECT_THAT(told, HasSubstr("spread evenly"));
}

TEST(Siting, OffersAGridWhereNobodyNamedCandidates) {
  const Siting siting = plan(request(3, 15));
  EXPECT_THAT(siting.steps, SizeIs(3));
  EXPECT_GT(siting.request.candidates.size(), 100U);
  EXPECT_LE(siting.request.candidates.size(), 400U);
  for (const Candidate& each : siting.request.candidates) {
    EXPECT_TRUE(each.place.lon >= 106 && each.place.lon <= 109 && each.place.lat >= 29 && each.place.lat <= 30);
  }
  EXPECT_FALSE(siting.exact);
}

TEST(Siting, TheGridIsAsWideAsAskedUnlessThatIsTooMany) {
  SitingRequest wanted = request(1, 20);
  wanted.grid_km = 30;
  const Siting wide = plan(wanted);
  EXPECT_TRUE(std::ranges::any_of(wide.assumptions, [](const registry::LocalName& each) {
    return each.en.find("places of a grid of 30 km") != std::string::npos;
  }));
  // 31,900 km² hold about 35 squares of 30 km.
  EXPECT_GT(wide.request.candidates.size(), 25U);
  EXPECT_LT(wide.request.candidates.size(), 45U);
  wanted.grid_km = 1;
  EXPECT_LE(plan(wanted).request.candidates.size(), kMaxCandidates);
  wanted.candidates = {{"a", {107.5, 29.5}}};
  EXPECT_THAT(refusal(wanted), HasSubstr("not both"));
  wanted = request(1, 20);
  wanted.grid_km = 0.01;
  EXPECT_THAT(refusal(wanted), HasSubstr("grid_km must be"));
}

TEST(Siting, SaysWhatFiguresAreNotVerifiedAndWhichPlacesAreNotPublished) {
  auto records = three_districts();
  records[1].attributes["verification"] = "UNVERIFIED";
  SitingRequest wanted = request(1, 20);
  wanted.weight = Weight::population;
  wanted.candidates = {{"a", {107.5, 29.5}}};
  const auto planned = plan_sites(
      *inventory(std::move(records),
                 {point("p", {{"element", "air"}, {"lon", "106.5"}, {"lat", "29.5"}, {"approximate", "true"}})}),
      wanted);
  ASSERT_TRUE(planned);
  std::string said;
  for (const registry::LocalName& each : planned->assumptions) said += each.en + "\n";
  EXPECT_THAT(said, HasSubstr("the population of 1 districts is not verified"));
  EXPECT_THAT(said, HasSubstr("where 1 of the existing points stand is not published"));
}

TEST(Siting, PlannedPointsAndOtherFactorsCountAsAsked) {
  const std::vector<registry::PointView> points{
      point("planned",
            {{"element", "air"}, {"lon", "106.5"}, {"lat", "29.5"}, {"built", "planned"}, {"factors", "a34004"}}),
      point("other", {{"element", "air"}, {"lon", "107.5"}, {"lat", "29.5"}, {"factors", "a21026"}}),
      point("nowhere", {{"element", "air"}}),
      point("noise", {{"element", "noise"}, {"lon", "108.5"}, {"lat", "29.5"}})};
  EXPECT_EQ(plan(request(1, 10), points).existing.size(), 2U);
  SitingRequest wanted = request(1, 10);
  wanted.count_planned = false;
  EXPECT_EQ(plan(wanted, points).existing.size(), 1U);
  wanted.factor = "a34004";
  EXPECT_EQ(plan(wanted, points).existing.size(), 0U);
}

TEST(Siting, ExpectsTheCorrelationThatDistanceLeaves) {
  SitingRequest wanted = request(1, 20);
  wanted.candidates = {{"b", {107.5, 29.5}}};
  wanted.decay_km = 80;
  const Siting siting = plan(wanted, {point("a", {{"element", "air"}, {"lon", "106.5"}, {"lat", "29.5"}})});
  ASSERT_TRUE(siting.steps[0].expected_correlation);
  EXPECT_NEAR(*siting.steps[0].expected_correlation, std::exp(-siting.steps[0].nearest->distance_km / 80), 1e-12);
}

TEST(Siting, WhatCannotBeAskedIsRefused) {
  EXPECT_THAT(refusal(request(0, 10)), HasSubstr("k must be"));
  EXPECT_THAT(refusal(request(1, 0.1)), HasSubstr("radius_km"));
  SitingRequest wanted = request(20, 10);
  wanted.method = SitingMethod::exact;
  EXPECT_THAT(refusal(wanted), HasSubstr("can be chosen in"));
  wanted = request(1, 10);
  wanted.region = "99";
  EXPECT_THAT(refusal(wanted), HasSubstr("no region 99"));
  wanted = request(1, 10);
  wanted.candidates = {{"a", {106, 29}}, {"a", {107, 29}}};
  EXPECT_THAT(refusal(wanted), HasSubstr("two candidates are called a"));
}

/// A small problem of random discs over a line of cells.
struct RandomProblem {
  Ground ground;
  std::vector<std::vector<std::uint32_t>> reach;
  std::vector<std::uint8_t> covered;
};

RandomProblem any_problem() {
  RandomProblem made;
  const auto cells = *rc::gen::inRange<std::uint32_t>(1, 25);
  for (std::uint32_t i = 0; i < cells; ++i) {
    made.ground.cells.push_back({{}, static_cast<double>(*rc::gen::inRange(0, 10))});
    made.covered.push_back(*rc::gen::inRange(0, 4) == 0 ? 1 : 0);
  }
  const auto sites = *rc::gen::inRange<std::size_t>(1, 8);
  for (std::size_t s = 0; s < sites; ++s) {
    std::vector<std::uint32_t> reached;
    for (std::uint32_t i = 0; i < cells; ++i) {
      if (*rc::gen::inRange(0, 3) == 0) reached.push_back(i);
    }
    made.reach.push_back(std::move(reached));
  }
  return made;
}

/// The best score by trying all subsets as bit masks, from the definition.
double best_by_masks(const RandomProblem& made, double penalty, std::size_t k) {
  double best = 0;
  for (unsigned mask = 0; mask < 1U << made.reach.size(); ++mask) {
    if (static_cast<std::size_t>(std::popcount(mask)) > k) continue;
    double score = 0;
    for (std::uint32_t cell = 0; cell < made.ground.cells.size(); ++cell) {
      if (made.covered[cell] != 0) continue;
      int times = 0;
      for (std::size_t s = 0; s < made.reach.size(); ++s)
        if ((mask >> s & 1U) != 0 && std::ranges::find(made.reach[s], cell) != made.reach[s].end()) ++times;
      if (times > 0) score += made.ground.cells[cell].weight * (1 - penalty * (times - 1));
    }
    best = std::max(best, score);
  }
  return best;
}

TEST(Choice, ExactIsTheBestOfAllSubsets) {
  EXPECT_TRUE(rc::check([] {
    const RandomProblem made = any_problem();
    const double penalty = *rc::gen::inRange(0, 11) / 10.0;
    const auto k = *rc::gen::inRange<std::size_t>(1, 5);
    const Problem problem{made.ground, made.reach, made.covered, penalty};
    const Choice exact = choose_exactly(problem, k);
    RC_ASSERT(std::abs(exact.score - best_by_masks(made, penalty, k)) < 1e-6);
    RC_ASSERT(exact.sites.size() <= k);
    const Choice greedy = choose_greedily(problem, k);
    RC_ASSERT(greedy.score <= exact.score + 1e-9);
  }));
}

// Nemhauser, Wolsey and Fisher (1978): without penalty the greedy choice reaches at least 1 − 1/e of the best.
TEST(Choice, GreedyReachesItsGuarantee) {
  EXPECT_TRUE(rc::check([] {
    const RandomProblem made = any_problem();
    const auto k = *rc::gen::inRange<std::size_t>(1, 5);
    const Problem problem{made.ground, made.reach, made.covered, 0};
    RC_ASSERT(choose_greedily(problem, k).covered >=
              (1 - 1 / std::numbers::e) * choose_exactly(problem, k).covered - 1e-9);
  }));
}

// Two large discs side by side beat the one that is best alone, in the middle.
TEST(Choice, ExactFindsWhatGreedyMisses) {
  Ground ground;
  for (int i = 0; i < 6; ++i) ground.cells.push_back({{}, 1});
  const Problem problem{ground, {{1, 2, 3, 4}, {0, 1, 2}, {3, 4, 5}}, std::vector<std::uint8_t>(6, 0), 0};
  EXPECT_EQ(choose_greedily(problem, 2).covered, 5);
  EXPECT_EQ(choose_exactly(problem, 2).covered, 6);
  EXPECT_NEAR(choices(30, 3), 4060, 1e-6);
}

}  // namespace
}  // namespace mj::coverage
