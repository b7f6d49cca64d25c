#pragma once

#include <cmath>
#include <cstdint>
#include <numbers>
#include <string>
#include <vector>

namespace mj::acoustics::testing {

/// A sine of full scale times `amplitude`.
inline std::vector<double> sine(double frequency, double seconds, int rate, double amplitude = 1) {
  std::vector<double> samples(static_cast<std::size_t>(std::llround(seconds * rate)));
  for (std::size_t i = 0; i < samples.size(); ++i)
    samples[i] = amplitude * std::sin(2 * std::numbers::pi * frequency * static_cast<double>(i) / rate);
  return samples;
}

/// Noise of a linear congruential generator through one pole; the same numbers as in the Python computation of the tests.
inline std::vector<double> coloured_noise(std::size_t count) {
  std::vector<double> samples(count);
  std::uint32_t state = 12345;
  double value = 0;
  for (double& sample : samples) {
    state = 1664525U * state + 1013904223U;
    value = 0.9 * value + 0.1 * (static_cast<double>(state) / 2147483648.0 - 1);
    sample = value;
  }
  return samples;
}

/// A WAV file of 16 bits; `channels` interleaved.
inline std::string wav16(const std::vector<std::int16_t>& samples, int channels, int rate) {
  std::string text;
  const auto number = [&text](std::uint32_t value, int bytes) {
    for (int i = 0; i < bytes; ++i) text += static_cast<char>(value >> (8 * i) & 0xFFU);
  };
  const auto size = static_cast<std::uint32_t>(samples.size() * 2);
  const auto width = static_cast<std::uint32_t>(channels);
  text += "RIFF";
  number(36 + size, 4);
  text += "WAVEfmt ";
  number(16, 4);
  number(1, 2);
  number(width, 2);
  number(static_cast<std::uint32_t>(rate), 4);
  number(static_cast<std::uint32_t>(rate) * width * 2, 4);
  number(width * 2, 2);
  number(16, 2);
  text += "data";
  number(size, 4);
  for (const std::int16_t sample : samples) number(static_cast<std::uint16_t>(sample), 2);
  return text;
}

}  // namespace mj::acoustics::testing
