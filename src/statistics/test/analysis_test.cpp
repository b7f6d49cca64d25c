#include "mj/statistics/analysis.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "scene.hpp"

namespace mj::statistics::test {
namespace {

using testing::HasSubstr;

constexpr std::int64_t kDayMs = 24LL * 3'600'000;

/// PM2.5 that rises by 2 a day, sulphur dioxide that falls, and water of the same district that follows PM2.5.
class AnalysisTest : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    shared_ = std::make_unique<Scene>();
    Scene& scene = *shared_;
    scene.add_point("air-1", "air", "500103", Scene::kFirst);
    scene.add_point("water-1", "surface_water", "500103", Scene::kSecond);
    for (int day = 0; day < 12; ++day) {
      const Instant at = time_of("2026-02-01T12:00:00+08:00").plus_ms(day * kDayMs);
      scene.hour(Scene::kFirst, at,
                 fmt::format("a34004-Avg={},a34004-Flag=N;a21026-Avg={},a21026-Flag=N", 20 + 2 * day, 30 - day));
      if (day != 5) scene.hour(Scene::kSecond, at, fmt::format("w01019-Avg={}.5,w01019-Flag=N", 3 + day), "21");
    }
    scene.settle();
  }
  static void TearDownTestSuite() { shared_.reset(); }
  AnalysisTest() : scene(*shared_) {
    trend.selection.element = "air";
    trend.selection.factors = {"a34004", "a21026"};
    trend.selection.bucket = Bucket::day;
    trend.selection.from = time_of("2026-02-01");
    trend.selection.to = time_of("2026-03-01");
    pair.bucket = Bucket::day;
    pair.from = trend.selection.from;
    pair.to = trend.selection.to;
    trend.now = pair.now = time_of("2026-03-05");
  }
  Scene& scene;
  TrendQuery trend;
  CorrelationQuery pair;

 private:
  static std::unique_ptr<Scene> shared_;
};
std::unique_ptr<Scene> AnalysisTest::shared_;

TEST_F(AnalysisTest, TrendsAreTestedForEachSubjectAndFactor) {
  const auto answer = trends(scene.sources(), trend);
  ASSERT_TRUE(answer) << answer.error().text();
  ASSERT_EQ(answer->rows.size(), 2U);
  const TrendRow& rising = answer->rows[0];
  EXPECT_EQ(rising.test->s, 66) << "12·11/2 pairs, all rising";
  // Z = (66 − 1)/√(12·11·29/18) = 4.4573…
  EXPECT_NEAR(rising.test->z, 65 / std::sqrt(12.0 * 11 * 29 / 18), 1e-9);
  EXPECT_EQ(rising.rising, true);
  EXPECT_NEAR(rising.slope->slope, 2 * 365.2425, 1e-6) << "per year";
  EXPECT_NEAR(rising.slope->intercept, 20, 1e-9);
  EXPECT_EQ(answer->rows[1].rising, false);
  EXPECT_NEAR(answer->rows[1].slope->slope, -365.2425, 1e-6);
}

TEST_F(AnalysisTest, ABucketWithoutValuesIsShownAsMissing) {
  trend.selection.element = "surface_water";
  trend.selection.factors = {"w01019"};
  const auto answer = trends(scene.sources(), trend);
  ASSERT_TRUE(answer) << answer.error().text();
  ASSERT_EQ(answer->rows[0].sample.size(), 12U);
  EXPECT_FALSE(answer->rows[0].sample[5].second);
  EXPECT_EQ(shown(answer->rows[0].sample[4].second), "7.50");
  EXPECT_EQ(answer->rows[0].test->n, 11U);
}

TEST_F(AnalysisTest, WhatHasNoTrendIsRefusedOrExplained) {
  trend.statistic = {Statistic::Kind::exceed_rate, {}};
  EXPECT_THAT(trends(scene.sources(), trend).error().text(), HasSubstr("statistic: exceed_rate has no trend"));
  trend.statistic = {};
  trend.selection.bucket = Bucket::all;
  EXPECT_THAT(trends(scene.sources(), trend).error().text(), HasSubstr("bucket"));
  trend.selection.bucket = Bucket::day;
  trend.seasonal = true;
  EXPECT_THAT(trends(scene.sources(), trend).error().text(), HasSubstr("seasonal"));
  trend.selection.bucket = Bucket::year;
  trend.seasonal = false;
  const auto answer = trends(scene.sources(), trend);
  ASSERT_TRUE(answer);
  EXPECT_FALSE(answer->rows[0].test);
  EXPECT_EQ(answer->rows[0].reason.en, "fewer than two values");
}

TEST_F(AnalysisTest, ElementsAreCorrelatedWhereBothHaveValues) {
  pair.a = {*parse_series("air:a34004:district/500103")};
  pair.b = {*parse_series("surface_water:w01019:point/water-1")};
  const auto answer = correlations(scene.sources(), pair);
  ASSERT_TRUE(answer) << answer.error().text();
  ASSERT_EQ(answer->pairs.size(), 1U);
  EXPECT_EQ(answer->pairs[0].n, 11U);
  EXPECT_NEAR(answer->pairs[0].result->r, 1, 1e-12);
  ASSERT_EQ(answer->scatter.size(), 11U);
  EXPECT_EQ(answer->scatter[0].a, 20);
  EXPECT_EQ(answer->scatter[0].b, 3.5);
  EXPECT_EQ(answer->series[0].subject.name.en, "Yuzhong");
}

TEST_F(AnalysisTest, SeveralSeriesMakeAMatrix) {
  pair.a = {*parse_series("air:a34004:point/air-1"), *parse_series("air:a21026:all"),
            *parse_series("surface_water:w01019:all")};
  const auto answer = correlations(scene.sources(), pair);
  ASSERT_TRUE(answer) << answer.error().text();
  ASSERT_EQ(answer->pairs.size(), 3U);
  EXPECT_NEAR(answer->pairs[0].result->r, -1, 1e-12);
  EXPECT_NEAR(answer->pairs[1].result->r, 1, 1e-12);
  EXPECT_NEAR(answer->pairs[2].result->r, -1, 1e-12);
  EXPECT_TRUE(answer->scatter.empty());
}

TEST_F(AnalysisTest, ASeriesIsWrittenAsElementFactorAndSubject) {
  for (const std::string_view wrong :
       {"", "air", "air:a34004", "air:a34004:", "air:a34004:district", "air:a34004:all/1", ":a34004:all",
        "air:a34004:nowhere/1", "air:a34004:point/"})
    EXPECT_FALSE(parse_series(wrong)) << wrong;
  pair.a = {*parse_series("air:a34004:point/air-7"), *parse_series("air:a21026:all")};
  EXPECT_THAT(correlations(scene.sources(), pair).error().text(),
              testing::AllOf(HasSubstr("air:a34004:point/air-7"), HasSubstr("no point \"air-7\"")));
  pair.a.pop_back();
  EXPECT_THAT(correlations(scene.sources(), pair).error().text(), HasSubstr("two series"));
}

}  // namespace
}  // namespace mj::statistics::test
