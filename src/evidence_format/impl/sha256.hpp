#pragma once

#include "mj/kernel/bytes.hpp"

namespace mj::evidence_format {

/// SHA-256(first ‖ second). Source: FIPS 180-4.
[[nodiscard]] Digest sha256_of(BytesView first, BytesView second);

}  // namespace mj::evidence_format
