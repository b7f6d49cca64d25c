#include "mj/acoustics/weighting.hpp"

#include <cmath>
#include <complex>
#include <numbers>
#include <utility>

namespace mj::acoustics {
namespace {

// Poles in Hz. Source: IEC 61672-1:2013 annex E.4.
constexpr double kPole1 = 20.598997;
constexpr double kPole2 = 107.65265;
constexpr double kPole3 = 737.86223;
constexpr double kPole4 = 12194.217;
/// Of the flat weighting: takes the constant part away and costs 0.02 dB at 10 Hz.
constexpr double kConstantPole = 0.5;

double response(Weighting weighting, double f) {
  const double f2 = f * f;
  const auto high_pass = [&](double pole) { return f2 / (f2 + pole * pole); };
  const double treble = kPole4 * kPole4 / (f2 + kPole4 * kPole4);
  switch (weighting) {
    case Weighting::a: return high_pass(kPole1) * std::sqrt(high_pass(kPole2) * high_pass(kPole3)) * treble;
    case Weighting::c: return high_pass(kPole1) * treble;
    case Weighting::z: break;
  }
  return 1;
}

std::vector<double> poles_of(Weighting weighting) {
  switch (weighting) {
    case Weighting::a: return {kPole1, kPole1, kPole2, kPole3};
    case Weighting::c: return {kPole1, kPole1};
    case Weighting::z: break;
  }
  return {kConstantPole, kConstantPole};
}

}  // namespace

double weighting_db(Weighting weighting, double frequency) {
  return 20 * std::log10(response(weighting, frequency) / response(weighting, 1000));
}

WeightingFilter::WeightingFilter(Weighting weighting, int sample_rate) {
  for (const double pole : poles_of(weighting)) {
    const double warped = std::tan(std::numbers::pi * pole / sample_rate);
    poles_.push_back({1 / (1 + warped), (1 - warped) / (1 + warped), 0, 0});
  }
  if (weighting == Weighting::z) return;
  // What is left to do, by frequency, as a symmetric filter: the treble poles, and the bend that sampling gives the others.
  constexpr std::size_t kGrid = 2048;
  std::vector<double> wanted(kGrid / 2 + 1);
  for (std::size_t k = 0; k < wanted.size(); ++k) {
    const double f = std::max(1.0, static_cast<double>(k) * sample_rate / kGrid);
    wanted[k] = response(weighting, f) / response(weighting, 1000) / poles_response(f, sample_rate);
  }
  taps_.resize(kTaps);
  constexpr auto kHalf = static_cast<double>(kTaps / 2);
  for (std::size_t tap = 0; tap < kTaps; ++tap) {
    const double n = static_cast<double>(tap) - kHalf;
    double sum = wanted.front() + wanted.back() * std::cos(std::numbers::pi * n);
    for (std::size_t k = 1; k + 1 < wanted.size(); ++k)
      sum += 2 * wanted[k] * std::cos(2 * std::numbers::pi * static_cast<double>(k) * n / kGrid);
    const double window = 0.5 + 0.5 * std::cos(std::numbers::pi * n / (kHalf + 1));
    taps_[tap] = sum / kGrid * window;
  }
}

double WeightingFilter::poles_response(double frequency, int sample_rate) const {
  const auto z = std::polar(1.0, -2 * std::numbers::pi * frequency / sample_rate);
  double gain = 1;
  for (const HighPass& pole : poles_) gain *= std::abs(pole.gain * (1.0 - z) / (1.0 - pole.feedback * z));
  return gain;
}

void WeightingFilter::apply(std::span<double> samples) {
  if (samples.empty()) return;
  if (!begun_) {  // a constant part that was there before the recording began is no sound
    double mean = 0;
    for (const double sample : samples) mean += sample;
    poles_.front().before = mean / static_cast<double>(samples.size());
    begun_ = true;
  }
  for (double& sample : samples) {
    for (HighPass& pole : poles_) {
      const double before = std::exchange(pole.before, sample);
      pole.value = pole.gain * (sample - before) + pole.feedback * pole.value;
      sample = pole.value;
    }
    if (taps_.empty()) continue;
    place_ = place_ == 0 ? kTaps - 1 : place_ - 1;
    recent_[place_] = sample;
    recent_[place_ + kTaps] = sample;
    double sum = 0;
    for (std::size_t tap = 0; tap < kTaps; ++tap) sum += taps_[tap] * recent_[place_ + tap];
    sample = sum;
  }
}

}  // namespace mj::acoustics
