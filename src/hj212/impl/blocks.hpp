#pragma once

#include <cstddef>
#include <string_view>

#include "mj/hj212/sm4.hpp"

namespace mj::hj212 {

inline constexpr std::size_t kSm4Block = 16;  // bytes, GB/T 32907-2016

[[nodiscard]] constexpr std::size_t whole_blocks(std::size_t size) { return size / kSm4Block * kSm4Block; }

enum class Direction { encrypt, decrypt };

/// SM4-ECB over the whole blocks of `in`, the tail copied; writes in.size() bytes to `out`, which may be `in`'s own place.
void sm4_blocks(const Sm4Key& key, Direction direction, std::string_view in, char* out);

}  // namespace mj::hj212
