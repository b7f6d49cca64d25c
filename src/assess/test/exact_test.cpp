#include "mj/assess/exact.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace mj::assess {
namespace {

Decimal d(std::string_view text) { return parse_decimal(text).value(); }

TEST(Exact, RoundsHalfToEvenOnTheFractionItself) {  // GB/T 8170-2008 §3.2
  EXPECT_EQ(Exact::of(1, 8).round(2), d("0.12"));
  EXPECT_EQ(Exact::of(3, 8).round(2), d("0.38"));
  EXPECT_EQ(Exact::of(1, 3).round(4), d("0.3333"));
  EXPECT_EQ(Exact::of(-5, 2).round(0), d("-2"));
  EXPECT_EQ(Exact::of(-7, 2).round(0), d("-4"));
  EXPECT_EQ(Exact::of(1, 2).round(3), (Decimal{500, 3}));
}

TEST(Exact, WhatDoesNotFitIsLostAndNeverWrong) {
  Exact power(Decimal{1'000'000'000'000'000'000, 0});
  power = power * power;
  EXPECT_FALSE(power.lost());
  EXPECT_EQ(power.round(0), std::nullopt);
  power = power * power;
  EXPECT_TRUE(power.lost());
  EXPECT_TRUE((power + Exact(Decimal{1, 0})).lost());
  EXPECT_TRUE((Exact(Decimal{1, 0}) / Exact()).lost());
  EXPECT_EQ((Exact(Decimal{1, 0}) / Exact()).round(2), std::nullopt);
}

// HJ 663-2013 annex A; the same numbers by numpy.percentile(…, method="linear").
TEST(Exact, PercentileInterpolatesBetweenNeighbours) {
  const std::vector<Decimal> values{d("10"), d("20"), d("30"), d("40"), d("51")};
  EXPECT_EQ(percentile_of(values, d("90")).round(1), d("46.6"));
  EXPECT_EQ(percentile_of(values, d("95")).round(1), d("48.8"));
  EXPECT_EQ(percentile_of(values, d("98")).round(2), d("50.12"));
  EXPECT_EQ(percentile_of(values, d("50")).round(0), d("30"));
  EXPECT_EQ(percentile_of(values, d("100")).round(0), d("51"));
  EXPECT_TRUE(percentile_of({}, d("95")).lost());
}

RC_GTEST_PROP(Exact, FieldLawsHold, ()) {
  const auto any = [] {
    return Exact(Decimal{*rc::gen::inRange<std::int64_t>(-100'000, 100'000),
                         static_cast<std::uint8_t>(*rc::gen::inRange(0, 4))});
  };
  const Exact a = any();
  const Exact b = any();
  const Exact c = any();
  RC_ASSERT(Exact::compare(a * (b + c), a * b + a * c) == 0);
  RC_ASSERT(Exact::compare(a - b + b, a) == 0);
  if (Exact::compare(b, Exact()) != 0) RC_ASSERT(Exact::compare(a / b * b, a) == 0);
}

RC_GTEST_PROP(ExactSum, MeanIsThatOfTheFractions, ()) {
  const auto numbers = *rc::gen::nonEmpty(rc::gen::container<std::vector<int>>(rc::gen::inRange(0, 100'000)));
  ExactSum sum;
  std::vector<Decimal> values;
  for (const int number : numbers) {
    values.push_back({number, static_cast<std::uint8_t>(number % 4)});
    RC_ASSERT(sum.add(values.back()));
  }
  RC_ASSERT(Exact::compare(sum.mean(), mean_of(values)) == 0);
}

// A worked example of the same rule (codetd.com, article 11119227): (12 − 1)·0.9 = 9.9, so (1 − 0.9)·7 + 0.9·8 = 7.9.
TEST(Exact, PercentileOfAPublishedExample) {
  std::vector<Decimal> values;
  for (const int value : {1, 2, 3, 4, 5, 6, 6, 6, 6, 7, 8, 9}) values.push_back({value, 0});
  EXPECT_EQ(percentile_of(values, {90, 0}).round(1), (Decimal{79, 1}));
}

}  // namespace
}  // namespace mj::assess
