#include "mj/kernel/decimal.hpp"

#include <cmath>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace mj {
namespace {

__extension__ using Wide = __int128;

Decimal decimal(const char* text) {
  const auto value = parse_decimal(text);
  EXPECT_TRUE(value) << text;
  return value.value_or(Decimal{});
}

std::string rounded(const char* text, std::uint8_t decimals) {
  return to_text(round_gb8170(decimal(text), decimals));
}

/// Any decimal that parse_decimal can produce.
Decimal any_decimal() {
  constexpr std::int64_t kLimit = 999'999'999'999'999'999;
  const auto magnitude = *rc::gen::inRange<std::int64_t>(0, 19);
  std::int64_t bound = 1;
  for (std::int64_t i = 0; i < magnitude; ++i) bound = bound > kLimit / 10 ? kLimit : bound * 10;
  return Decimal{*rc::gen::inRange<std::int64_t>(-bound, bound), *rc::gen::inRange<std::uint8_t>(0, 19)};
}

Wide power_of_ten(int exponent) {
  Wide power = 1;
  for (int i = 0; i < exponent; ++i) power *= 10;
  return power;
}

/// Half-even by comparing twice the remainder with the divisor in 128 bits: another route than the code's.
std::int64_t reference_round(Decimal value, int decimals) {
  const Wide divisor = power_of_ten(value.decimals - decimals);
  const bool negative = value.mantissa < 0;
  const Wide magnitude = negative ? -Wide{value.mantissa} : Wide{value.mantissa};
  Wide quotient = magnitude / divisor;
  const Wide twice_rest = (magnitude - quotient * divisor) * 2;
  if (twice_rest > divisor || (twice_rest == divisor && (quotient & 1) == 1)) ++quotient;
  return static_cast<std::int64_t>(negative ? -quotient : quotient);
}

TEST(Decimal, TheDigitsReceivedAreTheDigitsShown) {
  for (const char* text : {"0", "7", "12.30", "-12.30", "0.5", "0.000", "-0.05", "100", "999999999999999999",
                           "0.000000000000000001", "-999999999.999999999"}) {
    EXPECT_EQ(to_text(decimal(text)), text);
  }
}

TEST(Decimal, InstrumentsMayWriteSignsBlanksAndBarePoints) {
  EXPECT_EQ(decimal("+5"), (Decimal{5, 0}));
  EXPECT_EQ(decimal(".5"), (Decimal{5, 1}));
  EXPECT_EQ(decimal("7."), (Decimal{7, 0}));
  EXPECT_EQ(decimal("  12.30 "), (Decimal{1230, 2}));
  EXPECT_EQ(decimal("0007.10"), (Decimal{710, 2}));
}

TEST(Decimal, AnythingElseIsNoNumber) {
  for (const char* text : {"",
                           " ",
                           ".",
                           "-",
                           "+",
                           "-.",
                           "1.2.3",
                           "1e5",
                           "1,5",
                           "0x10",
                           "nan",
                           "inf",
                           "--1",
                           "+-1",
                           "1 2",
                           "- 1",
                           "1-",
                           "１",
                           "1000000000000000000",
                           "0.1234567890123456789",
                           "\t1"}) {
    EXPECT_FALSE(parse_decimal(text)) << text;
  }
}

TEST(Decimal, MoreZerosInFrontAreNoMoreDigits) {
  EXPECT_EQ(decimal("0000000000000000000000001.5"), (Decimal{15, 1}));
  EXPECT_EQ(decimal("0.000000000000000000"), (Decimal{0, 18}));
}

// GB/T 8170-2008 §3.2, the worked examples of the standard.
TEST(Gb8170, BelowFiveIsDropped) {  // §3.2.1
  EXPECT_EQ(rounded("12.1498", 0), "12");
  EXPECT_EQ(rounded("12.1498", 1), "12.1");
}
TEST(Gb8170, AboveFiveGoesUp) {  // §3.2.2: 1268 to the hundreds is 13 × 10²
  EXPECT_EQ(rounded("12.68", 0), "13");
}
TEST(Gb8170, FiveFollowedByMoreGoesUp) {  // §3.2.3
  EXPECT_EQ(rounded("10.5002", 0), "11");
}
TEST(Gb8170, FiveFollowedByNothingGoesToTheEvenDigit) {  // §3.2.4
  EXPECT_EQ(rounded("1.050", 1), "1.0");
  EXPECT_EQ(rounded("0.35", 1), "0.4");
  EXPECT_EQ(rounded("2.500", 0), "2");
  EXPECT_EQ(rounded("3.500", 0), "4");
}
TEST(Gb8170, NegativeNumbersRoundByTheirAbsoluteValue) {  // §3.2.5
  EXPECT_EQ(rounded("-35.5", 0), "-36");
  EXPECT_EQ(rounded("-32.5", 0), "-32");
  EXPECT_EQ(rounded("-0.0365", 3), "-0.036");
}
TEST(Gb8170, OneStepOnly) {  // §3.3: 15.4546 becomes 15, not 15.455 → 15.46 → 15.5 → 16
  EXPECT_EQ(rounded("15.4546", 0), "15");
  EXPECT_EQ(rounded("15.4546", 2), "15.45");
  EXPECT_EQ(rounded("97.46", 0), "97");
}
TEST(Gb8170, FractionsThatBinaryCannotHoldAreRoundedAsWritten) {
  // In binary 2.675 is 2.67499… and 1.005 is 1.00499…; 0.285 is 0.28499….
  EXPECT_EQ(rounded("2.675", 2), "2.68");
  EXPECT_EQ(rounded("1.005", 2), "1.00");
  EXPECT_EQ(rounded("1.015", 2), "1.02");
  EXPECT_EQ(rounded("0.285", 2), "0.28");
}
TEST(Gb8170, RoundingInventsNoDigits) {
  EXPECT_EQ(rounded("1.5", 3), "1.5");
  EXPECT_EQ(rounded("7", 2), "7");
}

RC_GTEST_PROP(Gb8170, AgreesWithHalfEvenIn128Bits, ()) {
  const Decimal value = any_decimal();
  const auto decimals = *rc::gen::inRange<std::uint8_t>(0, 19);
  const Decimal result = round_gb8170(value, decimals);
  if (decimals >= value.decimals) {
    RC_ASSERT(result == value);
  } else {
    RC_ASSERT(result.decimals == decimals);
    RC_ASSERT(result.mantissa == reference_round(value, decimals));
  }
}

RC_GTEST_PROP(Gb8170, ExactHalvesAreFoundAndGoToEven, ()) {
  const auto drop = *rc::gen::inRange(1, 10);
  const auto kept = *rc::gen::inRange<std::int64_t>(-99'999'999, 100'000'000);
  const auto scale = static_cast<std::int64_t>(power_of_ten(drop));
  const Decimal half{kept * scale + (kept < 0 ? -scale / 2 : scale / 2), static_cast<std::uint8_t>(drop)};
  const Decimal result = round_gb8170(half, 0);
  RC_ASSERT(result.mantissa % 2 == 0);
  RC_ASSERT(result.mantissa == reference_round(half, 0));
}

RC_GTEST_PROP(Decimal, TextReadsBackAsTheSameDecimal, ()) {
  const Decimal value = any_decimal();
  RC_ASSERT(parse_decimal(to_text(value)) == value);
}

RC_GTEST_PROP(Decimal, ComparisonAgreesWithExactIntegers, ()) {
  const Decimal a = any_decimal();
  const Decimal b = any_decimal();
  const Wide left = Wide{a.mantissa} * power_of_ten(18 - a.decimals);
  const Wide right = Wide{b.mantissa} * power_of_ten(18 - b.decimals);
  RC_ASSERT(compare(a, b) == (left > right) - (left < right));
  RC_ASSERT(compare(a, b) == -compare(b, a));
  RC_ASSERT(compare(a, a) == 0);
}

TEST(Decimal, TrailingZerosDoNotChangeTheValue) {
  EXPECT_EQ(compare(decimal("1.5"), decimal("1.500")), 0);
  EXPECT_NE(decimal("1.5"), decimal("1.500"));  // but they are different as texts
}

RC_GTEST_PROP(Decimal, TheDoubleIsTheNearestOne, ()) {
  // strtod of glibc is correctly rounded: the reference for "nearest".
  const Decimal value = any_decimal();
  RC_ASSERT(to_double(value) == std::strtod(to_text(value).c_str(), nullptr));
}

TEST(Decimal, MoreDigitsThanADoubleHoldsAreRoundedOnce) {
  EXPECT_EQ(to_double(decimal("-999999999999994.18")), -999999999999994.18);
}

RC_GTEST_PROP(Decimal, NoTextMakesTheReaderStumble, (const std::string& text)) {
  if (const auto value = parse_decimal(text)) RC_ASSERT(parse_decimal(to_text(*value)) == value);
}

}  // namespace
}  // namespace mj
