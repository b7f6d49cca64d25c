#pragma once

#include "mj/hj212/framer.hpp"
#include "mj/kernel/bytes.hpp"

namespace mj::hj212 {

/// Cuts bytes that are exactly one frame as the standard has it: head, declared length, `&&` at the end, four digits of CRC,
/// CR LF, and no other head inside. Says the same as a Framer for those, without a copy, and nothing (false) for all others.
[[nodiscard]] bool cut_whole(BytesView bytes, Piece& piece);

}  // namespace mj::hj212
