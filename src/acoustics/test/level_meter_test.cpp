#include "mj/acoustics/level_meter.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <complex>

#include "signals.hpp"

namespace mj::acoustics {
namespace {

using testing::sine;

/// The answer of the filter to one pulse, which holds its response at every frequency.
std::vector<double> pulse_response(Weighting weighting, int rate) {
  WeightingFilter filter(weighting, rate);
  std::vector<double> silence(100, 0);
  filter.apply(silence);
  std::vector<double> pulse(static_cast<std::size_t>(rate) * 3 / 10, 0);
  pulse[0] = 1;
  filter.apply(pulse);
  return pulse;
}

double response_db(const std::vector<double>& pulse, double frequency, int rate) {
  std::complex<double> sum;
  for (std::size_t i = 0; i < pulse.size(); ++i)
    sum += pulse[i] * std::polar(1.0, -2 * std::numbers::pi * frequency * static_cast<double>(i) / rate);
  return 20 * std::log10(std::abs(sum));
}

TEST(WeightingFilter, FollowsTheFormulaWithin5HundredthsUpToFourTenthsOfTheRate) {
  for (const int rate : {16'000, 44'100, 48'000}) {
    for (const Weighting weighting : {Weighting::a, Weighting::c}) {
      const auto pulse = pulse_response(weighting, rate);
      for (int step = 10; step <= 43; ++step) {
        const double frequency = std::pow(10.0, step / 10.0);
        if (frequency > 0.4 * rate) break;
        EXPECT_NEAR(response_db(pulse, frequency, rate), weighting_db(weighting, frequency), 0.05)
            << rate << " " << frequency;
      }
    }
  }
}

TEST(WeightingFilter, WithoutWeightingIsFlatFrom10Hertz) {
  for (const double frequency : {10.0, 20.0, 400.0}) {
    LevelMeter meter(Weighting::z, 1000);
    meter.add(sine(frequency, 60, 1000));
    EXPECT_NEAR(meter.equivalent().value(), 0, 0.05) << frequency;
  }
}

TEST(WeightingFilter, GivesTheSameInPiecesOfAnySize) {
  const auto all = testing::coloured_noise(400);
  WeightingFilter whole(Weighting::a, 8000);
  auto expected = all;
  whole.apply(expected);
  EXPECT_TRUE(rc::check("pieces", [&] {
    const auto cut = *rc::gen::inRange<std::size_t>(0, 300);
    // The first piece says what the constant part is: here 100 samples in every case.
    WeightingFilter first(Weighting::a, 8000);
    WeightingFilter second(Weighting::a, 8000);
    auto a = all;
    auto b = all;
    first.apply(std::span(a).subspan(0, 100));
    first.apply(std::span(a).subspan(100));
    second.apply(std::span(b).subspan(0, 100));
    second.apply(std::span(b).subspan(100, cut));
    second.apply(std::span(b).subspan(100 + cut));
    RC_ASSERT(a == b);
  }));
}

TEST(WeightingFilter, TakesAConstantPartAway) {
  std::vector<double> constant(16'000, 0.7);
  LevelMeter meter(Weighting::z, 16'000);
  meter.add(constant);
  EXPECT_LT(meter.equivalent().value_or(-300), -250);
}

TEST(LevelMeter, AFullScaleSineOf1000HertzIsZeroDecibel) {
  LevelMeter meter(Weighting::a, 8000);
  meter.add(sine(1000, 20, 8000));
  EXPECT_NEAR(meter.equivalent().value(), 0, 0.01);
  EXPECT_NEAR(meter.greatest(TimeWeighting::fast).value(), 0, 0.05);
  EXPECT_NEAR(meter.least(TimeWeighting::fast).value(), 0, 0.05);
  EXPECT_NEAR(meter.greatest(TimeWeighting::slow).value(), 0, 0.02);
  EXPECT_NEAR(meter.least(TimeWeighting::slow).value(), 0, 0.02);
  EXPECT_EQ(meter.seconds(), 20);
  EXPECT_EQ(meter.fast_levels().size(), 191U);  // every 100 ms from second 1 to second 20
}

TEST(LevelMeter, AnswersToneburstsAsTable4OfIec61672) {
  constexpr int kRate = 48'000;
  // Duration in ms, response of F and S in dB relative to the steady tone of 4 kHz (IEC 61672-1:2013 table 4).
  struct Burst {
    double ms;
    double fast;
    std::optional<double> slow;
  };
  for (const Burst& burst : std::vector<Burst>{{1000, 0.0, -2.0},
                                               {500, -0.1, -4.1},
                                               {200, -1.0, -7.4},
                                               {100, -2.6, -10.2},
                                               {50, -4.8, -13.1},
                                               {20, -8.3, -17.0},
                                               {10, -11.1, -20.0},
                                               {5, -14.1, -23.0},
                                               {2, -18.0, -27.0},
                                               {1, -21.0, {}},
                                               {0.5, -24.0, {}},
                                               {0.25, -27.0, {}}}) {
    LevelMeter meter(Weighting::a, kRate);
    meter.add(std::vector<double>(kRate / 10, 0));
    meter.add(sine(4000, burst.ms / 1000, kRate));
    meter.add(std::vector<double>(kRate / 10, 0));
    const double steady = weighting_db(Weighting::a, 4000);
    // 0.05 for the rounding of the table; the rest for bursts of one and two periods, which the filters smear.
    const double tolerance = burst.ms < 1 ? 0.3 : 0.1;
    EXPECT_NEAR(meter.greatest(TimeWeighting::fast).value() - steady, burst.fast, tolerance) << burst.ms;
    if (burst.slow) {
      EXPECT_NEAR(meter.greatest(TimeWeighting::slow).value() - steady, *burst.slow, 0.1) << burst.ms;
    }
  }
}

TEST(LevelMeter, DecaysAsFastAsItsTimeWeightingDemands) {
  // IEC 61672-1:2013 §5.8: F at least 25 dB/s (34.7 by its constant), S 3.4 … 5.3 dB/s (4.3).
  constexpr int kRate = 8000;
  LevelMeter meter(Weighting::z, kRate);
  meter.add(sine(1000, 10, kRate));
  meter.add(std::vector<double>(kRate, 0));
  EXPECT_NEAR(meter.least(TimeWeighting::fast).value(), -34.7, 0.2);
  EXPECT_NEAR(meter.least(TimeWeighting::slow).value(), -4.34, 0.1);
}

TEST(LevelMeter, SaysNothingOfWhatIsTooShortOrSilent) {
  LevelMeter meter(Weighting::a, 8000);
  EXPECT_FALSE(meter.equivalent());
  meter.add(std::vector<double>(4000, 0));
  EXPECT_FALSE(meter.equivalent());
  EXPECT_FALSE(meter.greatest(TimeWeighting::fast));
  EXPECT_FALSE(meter.least(TimeWeighting::fast));
  EXPECT_TRUE(meter.fast_levels().empty());
}

}  // namespace
}  // namespace mj::acoustics
