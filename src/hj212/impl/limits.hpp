#pragma once

#include <cstddef>

namespace mj::hj212 {

inline constexpr std::size_t kMaxSegment = 1024;  ///< data segment, bytes: HJ 212-2017 §6.3.1 table 2
inline constexpr std::size_t kMaxArea = 950;      ///< data area, bytes: HJ 212-2017 §6.3.2 table 3

}  // namespace mj::hj212
