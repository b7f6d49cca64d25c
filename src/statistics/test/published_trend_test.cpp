// Trends that others published with their data. Intercepts are left out: there are several definitions, and ours is the line at the first value.

#include <gtest/gtest.h>

#include <array>
#include <vector>

#include "mj/statistics/trend.hpp"

namespace mj::statistics {
namespace {

std::vector<TimedValue> in_order(std::initializer_list<double> values) {
  std::vector<TimedValue> result;
  for (const double value : values) result.push_back({static_cast<double>(result.size()), value, 0});
  return result;
}

// USEPA, Statistical Analysis of Groundwater Monitoring Data at RCRA Facilities, Unified Guidance (EPA 530/R-09-007, 2009), example 17-6: sulfate
// in ppm, times as year.month. Figures as the R package EnvStats prints them for kendallTrendTest.
TEST(PublishedTrend, SulfateOfTheUnifiedGuidance) {
  const std::vector<TimedValue> values{
      {89.6, 480}, {89.8, 450}, {90.1, 490}, {90.3, 520}, {90.6, 485}, {90.8, 510}, {91.1, 510}, {91.3, 530},
      {91.6, 510}, {91.8, 560}, {92.1, 560}, {92.6, 540}, {93.1, 590}, {93.6, 550}, {94.1, 600}, {94.6, 700},
      {95.1, 570}, {95.6, 610}, {95.8, 650}, {96.1, 620}, {96.3, 830}, {96.6, 720}, {96.8, 590}};
  const auto test = mann_kendall(values);
  ASSERT_TRUE(test);
  EXPECT_EQ(test->n, 23U);
  EXPECT_NEAR(test->tau, 0.7667984, 5e-8);
  EXPECT_NEAR(test->z, 5.107322, 5e-7);
  EXPECT_NEAR(test->p, 3.267574e-07, 5e-14);
  const auto slope = sen_slope(values, 0.95);
  ASSERT_TRUE(slope);
  EXPECT_NEAR(slope->slope, 26.6666667, 5e-8);
  EXPECT_NEAR(slope->lower.value(), 20.00000, 5e-6);
  EXPECT_NEAR(slope->upper.value(), 35.71182, 5e-6);
}

// The same, example 17-7: sodium in ppm.
TEST(PublishedTrend, SodiumOfTheUnifiedGuidance) {
  const std::vector<TimedValue> values{{89.6, 56}, {90.1, 53}, {90.8, 51}, {91.1, 55}, {92.1, 52},
                                       {93.1, 60}, {94.1, 62}, {95.6, 59}, {96.1, 61}, {96.3, 63}};
  const auto test = mann_kendall(values);
  ASSERT_TRUE(test);
  EXPECT_NEAR(test->tau, 0.5555556, 5e-8);
  EXPECT_NEAR(test->z, 2.146625, 5e-7);
  EXPECT_NEAR(test->p, 0.03182313, 5e-9);
  const auto slope = sen_slope(values, 0.95);
  ASSERT_TRUE(slope);
  EXPECT_NEAR(slope->slope, 1.3333333, 5e-8);
  EXPECT_NEAR(slope->lower.value(), 0.3992083, 5e-8);
  EXPECT_NEAR(slope->upper.value(), 2.3333333, 5e-8);
}

// The same, examples 14-8 and 14-10: an analyte in ppm by month, 1983 to 1985; EnvStats, kendallSeasonalTrendTest.
TEST(PublishedTrend, MonthsOfTheUnifiedGuidance) {
  constexpr std::array<std::array<double, 3>, 12> kMonths{{{1.99, 2.01, 2.15},
                                                           {2.10, 2.10, 2.17},
                                                           {2.12, 2.17, 2.27},
                                                           {2.12, 2.13, 2.23},
                                                           {2.11, 2.13, 2.24},
                                                           {2.15, 2.18, 2.26},
                                                           {2.19, 2.25, 2.31},
                                                           {2.18, 2.24, 2.32},
                                                           {2.16, 2.22, 2.28},
                                                           {2.08, 2.13, 2.22},
                                                           {2.05, 2.08, 2.19},
                                                           {2.08, 2.16, 2.22}}};
  std::vector<TimedValue> values;
  for (std::size_t year = 0; year < 3; ++year) {
    for (std::size_t month = 0; month < kMonths.size(); ++month)
      values.push_back({1983 + static_cast<double>(year), kMonths[month][year], static_cast<int>(month)});
  }
  const auto test = mann_kendall(values, true);
  ASSERT_TRUE(test);
  EXPECT_NEAR(test->tau, 0.9722222, 5e-8);
  EXPECT_NEAR(test->z, 5.1849514, 5e-8);
  EXPECT_NEAR(test->p, 2.160712e-07, 5e-14);
  const auto slope = sen_slope(values, 0.95, true);
  ASSERT_TRUE(slope);
  EXPECT_NEAR(slope->slope, 0.0600000, 5e-8);
  EXPECT_NEAR(slope->lower.value(), 0.05786914, 5e-9);
  EXPECT_NEAR(slope->upper.value(), 0.07213086, 5e-9);
}

// "A Mann-Kendall Example (By Hand)", mathcs.holycross.edu/~little/Montserrat/MannKendallByHand.txt: 72 rises, 18 falls, one tie.
TEST(PublishedTrend, AnExampleByHand) {
  const auto test =
      mann_kendall(in_order({12.9, 14.8, 13.2, 15.7, 13.8, 15.6, 12.9, 11.0, 17.3, 15.9, 19.0, 18.3, 20.1, 21.7}));
  ASSERT_TRUE(test);
  EXPECT_EQ(test->s, 54);
  EXPECT_NEAR(test->variance, 14.0 * 13 * 33 / 18 - 2.0 * 1 * 9 / 18, 1e-9);
  EXPECT_NEAR(test->z, 2.9058, 5e-5);
  EXPECT_NEAR(test->p / 2, 0.0018, 5e-5);  // printed one-sided
}

// Wisconsin Administrative Code, Mann-Kendall statistic, table A: 100, 50, 85, 75, 50 give −4 + 2 − 2 − 1 = −5.
TEST(PublishedTrend, FiveEventsOfACode) { EXPECT_EQ(mann_kendall(in_order({100, 50, 85, 75, 50}))->s, -5); }

}  // namespace
}  // namespace mj::statistics
