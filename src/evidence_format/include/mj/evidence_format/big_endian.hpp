#pragma once

#include <cstdint>
#include <type_traits>

#include "mj/kernel/bytes.hpp"

namespace mj::evidence_format {

/// Stored integers are big-endian, so that a hex dump reads as the number.
template <typename Integer>
void put_be(Bytes& out, Integer value) {
  auto rest = static_cast<std::make_unsigned_t<Integer>>(value);
  const std::size_t at = out.size();
  out.resize(at + sizeof(Integer));
  for (std::size_t i = sizeof(Integer); i-- > 0;) {
    out[at + i] = static_cast<std::byte>(rest & 0xFFU);
    if constexpr (sizeof(Integer) > 1) rest = static_cast<decltype(rest)>(rest >> 8U);
  }
}

/// Reads the integer at the front. The caller has checked that `bytes` is long enough.
template <typename Integer>
[[nodiscard]] Integer get_be(BytesView bytes) {
  std::make_unsigned_t<Integer> value = 0;
  for (std::size_t i = 0; i < sizeof(Integer); ++i) {
    if constexpr (sizeof(Integer) > 1) value = static_cast<decltype(value)>(value << 8U);
    value = static_cast<decltype(value)>(value | std::to_integer<std::uint8_t>(bytes[i]));
  }
  return static_cast<Integer>(value);
}

}  // namespace mj::evidence_format
