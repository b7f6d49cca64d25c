#include "mj/acoustics/spectrum.hpp"

#include <gtest/gtest.h>

#include <random>

#include "mj/acoustics/level_meter.hpp"
#include "signals.hpp"

namespace mj::acoustics {
namespace {

using testing::sine;

SpectrumMeter spectrum_of(const std::vector<double>& samples, int rate) {
  SpectrumMeter meter(rate);
  meter.add(samples);
  meter.finish();
  return meter;
}

double level_in(const SpectrumMeter& meter, BandWidth width, std::string_view nominal) {
  for (const SpectrumBand& band : meter.levels(width)) {
    if (to_text(band.band.nominal) == nominal) return band.level.value_or(-300);
  }
  ADD_FAILURE() << "no band " << nominal;
  return 0;
}

/// A sine that comes and goes slowly, so that only its own frequency is heard; as loud as a steady one of full scale.
std::vector<double> soft_sine(double frequency, double seconds, int rate) {
  auto samples = sine(frequency, seconds, rate);
  const auto count = static_cast<double>(samples.size());
  const double loud = std::sqrt(1 / 0.375);  // the mean square of a Hann window is 3/8
  for (std::size_t i = 0; i < samples.size(); ++i)
    samples[i] *= loud * (0.5 - 0.5 * std::cos(2 * std::numbers::pi * static_cast<double>(i) / count));
  return samples;
}

TEST(Spectrum, ASineOfFullScaleIsZeroInItsBandAndWithinClass1OfIec61260) {
  constexpr int kRate = 4000;
  // Table 1 of IEC 61260-1:2014 for thirds of octaves: frequency over centre; least and greatest relative attenuation in dB.
  struct Limit {
    double ratio;
    double least;
    double greatest;
  };
  const std::vector<Limit> limits{{1.0, -0.3, 0.3},     {1.02667, -0.3, 0.4}, {1.05575, -0.3, 0.6},
                                  {1.08746, -0.3, 1.3}, {1.29437, 17.5, 1e9}, {1.88173, 42, 1e9},
                                  {3.05365, 61, 1e9},   {5.39195, 70, 1e9}};
  for (const std::string_view nominal : {"25", "63", "200", "630"}) {
    const double centre =
        std::pow(10.0, std::round(10 * std::log10(to_double(parse_decimal(nominal).value()))) / 10);
    for (const Limit& limit : limits) {
      for (const double frequency : {centre * limit.ratio, centre / limit.ratio}) {
        if (frequency < 5 || frequency > kRate / 2.0) continue;
        const double attenuation =
            -level_in(spectrum_of(soft_sine(frequency, 16, kRate), kRate), BandWidth::third, nominal);
        EXPECT_GE(attenuation, limit.least) << nominal << " " << frequency;
        EXPECT_LE(attenuation, limit.greatest) << nominal << " " << frequency;
      }
    }
  }
}

TEST(Spectrum, ASineOnAnEdgeBelongsHalfToEachBand) {
  const auto meter = spectrum_of(sine(1000 * std::pow(10.0, 0.05), 20, 16'000), 16'000);
  EXPECT_NEAR(level_in(meter, BandWidth::third, "1000"), -3, 0.6);
  EXPECT_NEAR(level_in(meter, BandWidth::third, "1250"), -3, 0.6);
}

TEST(Spectrum, WhiteNoiseRisesByOneDecibelWithEachThird) {
  constexpr int kRate = 4000;
  std::mt19937_64 random(7);
  std::vector<double> noise(20 * kRate);
  for (double& sample : noise)
    sample = static_cast<double>(random() >> 11U) / 4503599627370496.0 - 1;  // −1…1, variance 1/3
  const auto meter = spectrum_of(noise, kRate);
  for (const SpectrumBand& band : meter.levels(BandWidth::third, 80)) {
    const double share = (band.band.upper - band.band.lower) / (kRate / 2.0);
    EXPECT_NEAR(band.level.value(), level_of(share / 3).value(), 0.5) << to_text(band.band.nominal);
  }
}

TEST(Spectrum, PinkNoiseIsFlatInThirdsAndOctaves) {
  constexpr int kRate = 2000;
  // 20 sines a band at equal steps of the logarithm: the same energy in every third, as pink noise has.
  std::vector<double> noise(8 * kRate);
  for (int i = 0; i < 20 * 20; ++i) {
    const double frequency = 10 * std::pow(10.0, (static_cast<double>(i) - 9.5) / 200);
    for (std::size_t n = 0; n < noise.size(); ++n)
      noise[n] += 0.01 * std::sin(2 * std::numbers::pi * frequency * static_cast<double>(n) / kRate + i * i);
  }
  const auto meter = spectrum_of(noise, kRate);
  const double third = level_of(20 * 0.0001 / 2).value();
  for (const SpectrumBand& band : meter.levels(BandWidth::third, 22)) {
    if (band.band.upper > 800) break;
    EXPECT_NEAR(band.level.value(), third, 0.35) << to_text(band.band.nominal);
  }
  for (const SpectrumBand& band : meter.levels(BandWidth::octave, 22)) {
    if (band.band.upper > 800) break;
    EXPECT_NEAR(band.level.value(), third + 10 * std::log10(3), 0.35) << to_text(band.band.nominal);
  }
}

TEST(Spectrum, AgreesWithAPlainTransformOfTheWholeInPython) {
  // The same 8 s of noise, one discrete Fourier transform (radix 2, complex doubles) without window, energy summed between the
  // edges and by the formulas of A and C; computed in Python.
  constexpr int kRate = 16'000;
  const auto noise = testing::coloured_noise(8 * kRate);
  const auto meter = spectrum_of(noise, kRate);
  EXPECT_NEAR(meter.equivalent(Weighting::z).value(), -14.58, 0.02);
  EXPECT_NEAR(meter.equivalent(Weighting::a).value(), -18.81, 0.02);
  EXPECT_NEAR(meter.equivalent(Weighting::c).value(), -15.06, 0.02);
  for (const auto& [nominal, level] : std::vector<std::pair<std::string, double>>{{"50", -30.22},
                                                                                  {"100", -27.68},
                                                                                  {"200", -26.08},
                                                                                  {"400", -26.13},
                                                                                  {"630", -27.27},
                                                                                  {"1000", -28.89},
                                                                                  {"1600", -30.53},
                                                                                  {"2500", -32.32},
                                                                                  {"4000", -33.77},
                                                                                  {"6300", -34.23}})
    EXPECT_NEAR(level_in(meter, BandWidth::third, nominal), level, 0.15) << nominal;
  LevelMeter levels(Weighting::a, kRate);
  levels.add(noise);
  EXPECT_NEAR(levels.equivalent().value(), -18.81, 0.02);
}

TEST(Spectrum, HasTheEnergyOfTheWholeEvenOfAShortSound) {
  constexpr int kRate = 8000;
  std::vector<double> burst(800, 0);
  for (std::size_t i = 0; i < burst.size(); ++i)
    burst[i] = 0.5 * std::sin(2 * std::numbers::pi * 440 * static_cast<double>(i) / kRate) *
               static_cast<double>(i % 100) / 100;
  LevelMeter meter(Weighting::z, kRate);
  meter.add(burst);
  EXPECT_NEAR(spectrum_of(burst, kRate).equivalent(Weighting::z).value(), meter.equivalent().value(), 0.05);
}

TEST(Spectrum, DoesNotDependOnHowTheSamplesCome) {
  const auto noise = testing::coloured_noise(50'000);
  SpectrumMeter pieces(8000);
  pieces.add(std::span(noise).subspan(0, 8000));
  for (std::size_t at = 8000; at < noise.size(); at += 777)
    pieces.add(std::span(noise).subspan(at, std::min<std::size_t>(777, noise.size() - at)));
  pieces.finish();
  SpectrumMeter two(8000);
  two.add(std::span(noise).subspan(0, 8000));
  two.add(std::span(noise).subspan(8000));
  two.finish();
  const auto a = pieces.levels(BandWidth::third);
  const auto b = two.levels(BandWidth::third);
  ASSERT_EQ(a.size(), b.size());
  for (std::size_t i = 0; i < a.size(); ++i) EXPECT_NEAR(a[i].level.value(), b[i].level.value(), 1e-9);
}

TEST(Spectrum, EndsAtHalfTheSamplingRate) {
  const auto meter = spectrum_of(sine(1000, 1, 8000), 8000);
  EXPECT_EQ(to_text(meter.levels(BandWidth::third).back().band.nominal), "3150");
  EXPECT_EQ(to_text(meter.levels(BandWidth::third).front().band.nominal), "10");
  EXPECT_FALSE(spectrum_of(std::vector<double>(8000, 0), 8000).levels(BandWidth::octave).front().level);
}

}  // namespace
}  // namespace mj::acoustics
