#pragma once

#include "mj/kernel/instant.hpp"

namespace mj::simulator {

inline constexpr std::int64_t kNsPerMs = 1'000'000;
inline constexpr std::int64_t kSecondMs = 1'000;
inline constexpr std::int64_t kMinuteMs = 60 * kSecondMs;
inline constexpr std::int64_t kHourMs = 60 * kMinuteMs;
inline constexpr std::int64_t kDayMs = 24 * kHourMs;
inline constexpr Instant kNever = Instant::from_ms(INT64_MAX);

}  // namespace mj::simulator
