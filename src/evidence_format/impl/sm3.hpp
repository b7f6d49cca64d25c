#pragma once

#include "mj/kernel/bytes.hpp"

namespace mj::evidence_format {

/// SM3(first ‖ second). Source: GB/T 32905-2016.
[[nodiscard]] Digest sm3_of(BytesView first, BytesView second);

}  // namespace mj::evidence_format
