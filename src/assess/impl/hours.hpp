#pragma once

#include <cstdint>

namespace mj::assess {

inline constexpr std::int64_t kHourMs = 3'600'000;
inline constexpr std::int64_t kDayMs = 24 * kHourMs;

}  // namespace mj::assess
