#pragma once

#include <cstdint>
#include <string>

#include "mj/kernel/instant.hpp"

namespace mj::custody {

inline constexpr std::int64_t kDayMs = 24LL * 3600 * 1000;
inline constexpr std::int64_t kBeijingMs = 8LL * 3600 * 1000;

/// Start of the Beijing day that holds a moment; days have 24 hours, there is no daylight saving time.
[[nodiscard]] constexpr Instant day_of(Instant at) {
  const std::int64_t local = at.ms() + kBeijingMs;
  const std::int64_t day = local / kDayMs - (local % kDayMs < 0 ? 1 : 0);
  return Instant::from_ms(day * kDayMs - kBeijingMs);
}

/// "2026-11-21".
[[nodiscard]] inline std::string day_text(Instant day) { return to_iso(day).substr(0, 10); }

}  // namespace mj::custody
