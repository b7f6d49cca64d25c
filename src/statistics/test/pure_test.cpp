#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <cmath>

#include "mj/statistics/bucket.hpp"
#include "mj/statistics/correlation.hpp"
#include "mj/statistics/sample.hpp"
#include "mj/statistics/table.hpp"
#include "mj/statistics/trend.hpp"

namespace mj::statistics {
namespace {

Decimal decimal(std::string_view text) { return *parse_decimal(text); }
std::string shown(const std::optional<Decimal>& value) { return value ? to_text(*value) : "none"; }
Instant at(std::string_view text) { return *parse_iso(text); }

Sample sample_of(std::initializer_list<std::string_view> values) {
  Sample sample({true, true, true, true});
  for (const std::string_view value : values) EXPECT_TRUE(sample.add(decimal(value)));
  return sample;
}

/// One value a year.
std::vector<TimedValue> yearly(std::initializer_list<double> values) {
  std::vector<TimedValue> result;
  for (const double value : values) result.push_back({static_cast<double>(result.size()), value, 0});
  return result;
}

TEST(Sample, PercentilesAreThoseOfHj663AnnexA) {
  // k = 1 + (n − 1)·p with fractions in Python; the quartiles also by statistics.quantiles(method='inclusive').
  Sample sample = sample_of({"12", "35", "47", "8", "64", "29", "51", "33", "90", "41"});
  EXPECT_EQ(shown(sample.percentile(decimal("5"), 1)), "9.8");
  EXPECT_EQ(shown(sample.percentile(decimal("25"), 1)), "30.0");
  EXPECT_EQ(shown(sample.percentile(decimal("50"), 1)), "38.0");
  EXPECT_EQ(shown(sample.percentile(decimal("90"), 1)), "66.6");
  EXPECT_EQ(shown(sample.percentile(decimal("95"), 1)), "78.3");
  EXPECT_EQ(shown(sample.percentile(decimal("98"), 2)), "85.32");
  EXPECT_EQ(shown(sample.percentile(decimal("0"), 1)), "8.0");
  EXPECT_EQ(shown(sample.percentile(decimal("100"), 1)), "90.0");
}

TEST(Sample, MeansAreRoundedHalfToEvenOnTheExactFraction) {
  // GB/T 8170-2008 §3.2: 0.25 → 0.2, 0.35 → 0.4; 2/3 is beyond the half.
  EXPECT_EQ(shown(sample_of({"0.2", "0.3"}).mean(1)), "0.2");
  EXPECT_EQ(shown(sample_of({"0.3", "0.4"}).mean(1)), "0.4");
  EXPECT_EQ(shown(sample_of({"1", "0", "1"}).mean(2)), "0.67");
  EXPECT_EQ(shown(sample_of({"-1", "0", "-1"}).mean(2)), "-0.67");
}

TEST(Sample, RootsAndLogarithmsAreThoseOfPython) {
  // statistics.stdev, statistics.geometric_mean and 10·log10(mean of 10^(L/10)) in Python.
  const Sample sample = sample_of({"12", "35", "47", "8", "64", "29", "51", "33", "90", "41"});
  EXPECT_EQ(shown(sample.standard_deviation(6)), "24.129281");
  EXPECT_EQ(shown(sample.geometric_mean(6)), "33.574732");
  EXPECT_EQ(shown(sample_of({"58.2", "61.4", "55.0", "63.9"}).energy_mean(4)), "60.8027");
}

TEST(Sample, KeepsTheDigitsOfItsValuesAndTheSumExact) {
  const Sample sample = sample_of({"0.1", "0.25", "-3", "7.125"});
  EXPECT_EQ(sample.decimals(), 3);
  EXPECT_EQ(shown(sample.sum()), "4.475");
  EXPECT_EQ(shown(sample.min()), "-3.000");
  EXPECT_EQ(shown(sample.max()), "7.125");
  EXPECT_EQ(sample.count(), 4U);
}

TEST(Sample, OfNothingThereIsNoFigure) {
  Sample sample = sample_of({});
  EXPECT_EQ(shown(sample.mean(1)), "none");
  EXPECT_EQ(shown(sample.min()), "none");
  EXPECT_EQ(shown(sample.percentile(decimal("50"), 1)), "none");
  EXPECT_EQ(shown(sample.standard_deviation(1)), "none");
  EXPECT_EQ(shown(sample_of({"0", "4"}).geometric_mean(1)), "none") << "a geometric mean needs values above 0";
  EXPECT_EQ(shown(percentage(0, 0, 2)), "none");
  EXPECT_EQ(shown(percentage(2, 3, 2)), "66.67");
}

TEST(Sample, RefusesAValueThatDoesNotFitBesideTheOthers) {
  Sample sample = sample_of({"900000000000000000"});
  EXPECT_FALSE(sample.add(decimal("0.005")));
  EXPECT_EQ(sample.count(), 1U);
  EXPECT_EQ(shown(sample.max()), "900000000000000000");
}

RC_GTEST_PROP(SampleProperty, TheOrderOfValuesChangesNothing, ()) {
  auto mantissas = *rc::gen::nonEmpty(rc::gen::container<std::vector<int>>(rc::gen::inRange(-100000, 100000)));
  Sample forth({true, false, false, false});
  Sample back({true, false, false, false});
  for (const int mantissa : mantissas)
    RC_ASSERT(forth.add({mantissa, static_cast<std::uint8_t>(std::abs(mantissa) % 4)}));
  std::reverse(mantissas.begin(), mantissas.end());
  for (const int mantissa : mantissas)
    RC_ASSERT(back.add({mantissa, static_cast<std::uint8_t>(std::abs(mantissa) % 4)}));
  RC_ASSERT(forth.mean(3) == back.mean(3));
  RC_ASSERT(forth.sum() == back.sum());
  RC_ASSERT(forth.percentile(Decimal{95, 0}, 3) == back.percentile(Decimal{95, 0}, 3));
  RC_ASSERT(compare(*forth.min(), *forth.percentile(Decimal{37, 0}, 3)) <= 0);
  RC_ASSERT(compare(*forth.percentile(Decimal{37, 0}, 3), *forth.max()) <= 0);
}

TEST(Trend, MannKendallCountsTiesAndCorrectsForContinuity) {
  // S, its variance n(n−1)(2n+5)/18 − Σt(t−1)(2t+5)/18 and Z computed with fractions and statistics.NormalDist in Python.
  const auto test = mann_kendall(yearly({4.7, 5.1, 4.9, 5.6, 5.6, 5.3, 6.0, 5.8, 6.4, 6.1, 6.4, 7.0, 5.9, 6.8}));
  ASSERT_TRUE(test);
  EXPECT_EQ(test->n, 14U);
  EXPECT_EQ(test->s, 67);
  EXPECT_NEAR(test->variance, 331.6666666666667, 1e-9);
  EXPECT_NEAR(test->z, 3.624040333896484, 1e-12);
  EXPECT_NEAR(test->p, 0.0002900363449627186, 1e-14);
  EXPECT_NEAR(test->tau, 0.7362637362637363, 1e-12);
}

TEST(Trend, SensSlopeHasTheLimitsOfGilbert) {
  // All 91 slopes sorted as fractions in Python; limits at places (N ∓ C)/2 and +1, interpolated; Gilbert 1987 §16.5.
  const auto values = yearly({4.7, 5.1, 4.9, 5.6, 5.6, 5.3, 6.0, 5.8, 6.4, 6.1, 6.4, 7.0, 5.9, 6.8});
  const auto slope = sen_slope(values, 0.95);
  ASSERT_TRUE(slope);
  EXPECT_NEAR(slope->slope, 0.16, 1e-12);
  EXPECT_NEAR(slope->lower.value(), 0.1, 1e-12);
  EXPECT_NEAR(slope->upper.value(), 0.2, 1e-12);
  EXPECT_NEAR(slope->intercept, 4.76, 1e-12);
  EXPECT_NEAR(sen_slope(values, 0.90)->lower.value(), 0.11428571428571428, 1e-12);
}

TEST(Trend, TheSeasonalTestComparesOnlyTheSameSeasons) {
  // Sums of S and of its variance over four quarters, in Python.
  const std::vector<std::vector<double>> years{
      {10, 12, 15, 11}, {11, 12, 14, 12}, {13, 11, 16, 12}, {13, 14, 17, 15}};
  std::vector<TimedValue> values;
  for (std::size_t year = 0; year < years.size(); ++year) {
    for (int quarter = 0; quarter < 4; ++quarter)
      values.push_back(
          {static_cast<double>(year) + quarter / 4.0, years[year][static_cast<std::size_t>(quarter)], quarter});
  }
  const auto test = mann_kendall(values, true);
  ASSERT_TRUE(test);
  EXPECT_EQ(test->s, 15);
  EXPECT_NEAR(test->variance, 31.666666666666668, 1e-12);
  EXPECT_NEAR(test->z, 2.487865286588188, 1e-12);
  EXPECT_NEAR(test->p, 0.012851240187496504, 1e-12);
  EXPECT_NEAR(test->tau, 0.625, 1e-12);
  EXPECT_NEAR(sen_slope(values, 0.95, true)->slope, 1.0, 1e-12);
}

TEST(Trend, WhatNeverChangesHasNoTrend) {
  const auto test = mann_kendall(yearly({3, 3, 3, 3}));
  ASSERT_TRUE(test);
  EXPECT_EQ(test->s, 0);
  EXPECT_EQ(test->p, 1);
  EXPECT_EQ(sen_slope(yearly({3, 3, 3, 3}), 0.95)->slope, 0);
  EXPECT_FALSE(mann_kendall(yearly({3})));
  EXPECT_FALSE(sen_slope(yearly({3}), 0.95));
}

TEST(Correlation, AnscombesQuartetIsReproduced) {
  // Anscombe 1973, first set: r = 0.816; the digits and p by the definition with 50-digit arithmetic elsewhere (R: 0.81642, 0.00217).
  const std::vector<double> x{10, 8, 13, 9, 11, 14, 6, 4, 12, 7, 5};
  const std::vector<double> y{8.04, 6.95, 7.58, 8.81, 8.33, 9.96, 7.24, 4.26, 10.84, 4.82, 5.68};
  const auto result = correlation(x, y, CorrelationMethod::pearson);
  ASSERT_TRUE(result);
  EXPECT_NEAR(result->r, 0.81642, 5e-6);
  EXPECT_NEAR(result->p, 0.00217, 5e-6);
}

TEST(Correlation, RanksOfSpearmanAsInTheUsualExample) {
  // IQ and hours of television, the example of the Wikipedia article on Spearman's coefficient: ρ = −29/165, p = 0.627188.
  const std::vector<double> iq{106, 100, 86, 101, 99, 103, 97, 113, 112, 110};
  const std::vector<double> hours{7, 27, 2, 50, 28, 29, 20, 12, 6, 17};
  const auto result = correlation(iq, hours, CorrelationMethod::spearman);
  ASSERT_TRUE(result);
  EXPECT_NEAR(result->r, -29.0 / 165.0, 1e-12);
  EXPECT_NEAR(result->p, 0.627188, 5e-7);
}

TEST(Correlation, NeedsThreePairsThatChange) {
  const std::vector<double> two{1, 2};
  EXPECT_FALSE(correlation(two, two, CorrelationMethod::pearson));
  const std::vector<double> flat{5, 5, 5, 5};
  const std::vector<double> rising{1, 2, 3, 4};
  EXPECT_FALSE(correlation(flat, rising, CorrelationMethod::pearson));
  EXPECT_FALSE(correlation(flat, rising, CorrelationMethod::spearman));
  EXPECT_EQ(correlation(rising, rising, CorrelationMethod::pearson)->p, 0);
}

TEST(Bucket, BeginsAndEndsInBeijingTime) {
  const Instant time = at("2026-03-01T00:30:00+08:00");
  EXPECT_EQ(label(Bucket::hour, bucket_of(Bucket::hour, time).begin), "2026-03-01 00:00");
  EXPECT_EQ(label(Bucket::day, bucket_of(Bucket::day, time).begin), "2026-03-01");
  EXPECT_EQ(bucket_of(Bucket::month, time.plus_ms(-3'600'000)).end, at("2026-03-01"));
  EXPECT_EQ(bucket_of(Bucket::quarter, time).begin, at("2026-01-01"));
  EXPECT_EQ(bucket_of(Bucket::quarter, time).end, at("2026-04-01"));
  EXPECT_EQ(label(Bucket::quarter, bucket_of(Bucket::quarter, at("2026-12-31")).begin), "2026-Q4");
  EXPECT_EQ(label(Bucket::year, bucket_of(Bucket::year, time).begin), "2026");
}

TEST(Bucket, AWinterIsNamedAfterTheYearOfItsDecember) {
  EXPECT_EQ(label(Bucket::season, bucket_of(Bucket::season, at("2026-02-28")).begin), "2025 winter");
  EXPECT_EQ(label(Bucket::season, bucket_of(Bucket::season, at("2025-12-01")).begin), "2025 winter");
  EXPECT_EQ(label(Bucket::season, bucket_of(Bucket::season, at("2026-03-01")).begin), "2026 spring");
  EXPECT_EQ(label(Bucket::season, bucket_of(Bucket::season, at("2026-08-31")).begin), "2026 summer");
  EXPECT_EQ(label(Bucket::season, bucket_of(Bucket::season, at("2026-11-30")).begin), "2026 autumn");
  EXPECT_EQ(bucket_of(Bucket::season, at("2026-01-15")).end, at("2026-03-01"));
}

TEST(Bucket, ARangeIsCountedUpToWhatIsAllowed) {
  EXPECT_EQ(count_buckets(Bucket::month, at("2025-11-15"), at("2026-03-01"), 100), 4U);
  EXPECT_EQ(count_buckets(Bucket::hour, at("2020-01-01"), at("2026-01-01"), 100), 101U);
  EXPECT_EQ(count_buckets(Bucket::all, at("2020-01-01"), at("2026-01-01"), 100), 1U);
}

RC_GTEST_PROP(BucketProperty, EveryMomentLiesInItsBucketAndTheNextBeginsWhereItEnds, ()) {
  const auto bucket =
      *rc::gen::element(Bucket::hour, Bucket::day, Bucket::month, Bucket::season, Bucket::quarter, Bucket::year);
  const Instant moment = Instant::from_ms(*rc::gen::inRange<std::int64_t>(0, 4'000'000'000'000));
  const Span span = bucket_of(bucket, moment);
  RC_ASSERT(span.begin <= moment);
  RC_ASSERT(moment < span.end);
  RC_ASSERT(bucket_of(bucket, span.end).begin == span.end);
  RC_ASSERT(bucket_of(bucket, span.end.plus_ms(-1)).begin == span.begin);
}

TEST(Words, PeriodsAreReadAsPeopleWriteThem) {
  EXPECT_EQ(parse_named_period("2026-03")->span.end, at("2026-04-01"));
  EXPECT_EQ(parse_named_period("2026-Q1")->span.end, at("2026-04-01"));
  EXPECT_EQ(parse_named_period("2026")->bucket, Bucket::year);
  for (const std::string_view wrong : {"", "26", "2026-13", "2026-00", "2026-Q5", "2026-3", "2026-03-01", "-026"})
    EXPECT_FALSE(parse_named_period(wrong)) << wrong;
}

TEST(Words, StatisticsAreReadByTheirNames) {
  for (const Statistic& statistic : statistics_known()) EXPECT_EQ(*parse_statistic(statistic.id()), statistic);
  EXPECT_EQ(parse_statistic("p99.9")->id(), "p99.9");
  EXPECT_EQ(parse_statistic("median")->id(), "p50");
  for (const std::string_view wrong : {"", "p", "p101", "p-1", "p5.123", "average"})
    EXPECT_FALSE(parse_statistic(wrong)) << wrong;
}

}  // namespace
}  // namespace mj::statistics
