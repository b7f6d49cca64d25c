#include "mj/acoustics/recording.hpp"

#include <gtest/gtest.h>

#include <fstream>

#include "mj/acoustics/level_meter.hpp"
#include "mj/acoustics/spectrum.hpp"
#include "signals.hpp"

namespace mj::acoustics {
namespace {

std::vector<double> all_of(Recording& recording, int channel = 0) {
  std::vector<double> samples;
  std::vector<double> piece(1000);
  while (true) {
    const auto got = recording.read(piece, channel);
    EXPECT_TRUE(got) << got.error().text();
    if (!got || *got == 0) return samples;
    samples.insert(samples.end(), piece.begin(), piece.begin() + static_cast<std::ptrdiff_t>(*got));
  }
}

TEST(Recording, ReadsTheSamplesOfAChannel) {
  auto recording = Recording::from_bytes(testing::wav16({0, 16384, -32768, 8192, 32767, 0}, 2, 22'050));
  ASSERT_TRUE(recording) << recording.error().text();
  EXPECT_EQ(recording->sample_rate(), 22'050);
  EXPECT_EQ(recording->channels(), 2);
  EXPECT_EQ(all_of(*recording, 1), (std::vector<double>{0.5, 0.25, 0}));
}

TEST(Recording, EndsWhereACutFileEnds) {
  std::string bytes = testing::wav16({16384, -16384, 16384, -16384}, 1, 8000);
  bytes.resize(bytes.size() - 4);
  auto recording = Recording::from_bytes(bytes);
  ASSERT_TRUE(recording) << recording.error().text();
  EXPECT_EQ(all_of(*recording), (std::vector<double>{0.5, -0.5}));
}

TEST(Recording, RefusesWhatIsNone) {
  EXPECT_EQ(Recording::from_bytes("not a recording at all").error().code(), ErrorCode::invalid_input);
  EXPECT_EQ(Recording::from_bytes("").error().code(), ErrorCode::invalid_input);
  EXPECT_EQ(Recording::open("/nowhere/at/all.wav").error().code(), ErrorCode::not_found);
  auto recording = Recording::from_bytes(testing::wav16({1, 2}, 1, 8000));
  ASSERT_TRUE(recording);
  std::vector<double> piece(10);
  EXPECT_EQ(recording->read(piece, 1).error().code(), ErrorCode::invalid_input);
}

/// Published recordings (see the note beside them); the expected levels come from one plain Fourier transform of the whole in
/// Python, energy summed between the edges of the bands and by the formula of A.
void expect_real(const std::string& name, double z, double a,
                 const std::vector<std::pair<std::string, double>>& bands) {
  const std::string file = std::string(MJ_SOURCE_DIR) + "/../shared/data/noise_wav/" + name;
  if (!std::filesystem::exists(file)) GTEST_SKIP() << file << " is not there";
  auto recording = Recording::open(file);
  ASSERT_TRUE(recording) << recording.error().text();
  const auto samples = all_of(*recording);
  SpectrumMeter meter(recording->sample_rate());
  meter.add(samples);
  meter.finish();
  LevelMeter levels(Weighting::a, recording->sample_rate());
  levels.add(samples);
  EXPECT_NEAR(meter.equivalent(Weighting::z).value(), z, 0.05);
  EXPECT_NEAR(meter.equivalent(Weighting::a).value(), a, 0.05);
  EXPECT_NEAR(levels.equivalent().value(), a, 0.05);
  for (const SpectrumBand& band : meter.levels(BandWidth::third)) {
    for (const auto& [nominal, level] : bands) {
      if (nominal == to_text(band.band.nominal)) {
        EXPECT_NEAR(band.level.value(), level, 0.3) << nominal;
      }
    }
  }
}

TEST(Recording, OfACarHornHasItsToneInTheBandsOf400And500Hertz) {
  expect_real(
      "car_horn_1.wav", -15.79, -16.23,
      {{"400", -26.80}, {"500", -20.45}, {"800", -27.62}, {"1000", -27.23}, {"2000", -21.09}, {"5000", -42.71}});
}

TEST(Recording, OfLowFrequencyNoiseIsLoudestBelow40Hertz) {
  expect_real(
      "noise_short.wav", -10.25, -26.96,
      {{"25", -16.22}, {"31.5", -16.45}, {"125", -19.25}, {"500", -36.69}, {"1000", -34.79}, {"4000", -43.79}});
}

}  // namespace
}  // namespace mj::acoustics
