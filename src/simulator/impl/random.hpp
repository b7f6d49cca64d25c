#pragma once

#include <cstdint>
#include <string_view>

namespace mj::simulator {

/// SplitMix64: one addition and three mixing steps a number; the same on every machine.
[[nodiscard]] inline std::uint64_t next_random(std::uint64_t& state) {
  state += 0x9E3779B97F4A7C15U;
  std::uint64_t z = state;
  z = (z ^ (z >> 30U)) * 0xBF58476D1CE4E5B9U;
  z = (z ^ (z >> 27U)) * 0x94D049BB133111EBU;
  return z ^ (z >> 31U);
}

/// A seed that depends on every character of `text`.
[[nodiscard]] inline std::uint64_t mix(std::uint64_t seed, std::string_view text) {
  std::uint64_t state = seed;
  for (const char c : text) {
    state ^= static_cast<unsigned char>(c);
    state = next_random(state);
  }
  return state;
}

/// 0 ≤ x < 1.
[[nodiscard]] inline double unit_interval(std::uint64_t bits) {
  return static_cast<double>(bits >> 11U) * 0x1.0p-53;
}

/// Mean 0, deviation 1: sum of four 16-bit uniforms. Smooth enough for instrument noise, no library function whose last
/// digit differs between machines, and never further out than 3.5.
[[nodiscard]] inline double bell(std::uint64_t bits) {
  double sum = 0;
  for (unsigned i = 0; i < 4; ++i) sum += static_cast<double>((bits >> (16U * i)) & 0xFFFFU) / 65536.0;
  return (sum - 2.0) * 1.7320508075688772;  // √3
}

}  // namespace mj::simulator
