#pragma once

#include "key_pair.hpp"

namespace mj::evidence_format {

/// From the uncompressed point. Empty when it is malformed or not on the curve.
[[nodiscard]] KeyPair sm2_public_half(BytesView point);
/// From the private scalar d, 32 bytes. Empty unless it lies in [1, n-2].
[[nodiscard]] KeyPair sm2_pair_of_secret(BytesView secret);
/// The uncompressed point, 65 bytes. Empty when the library does not give it.
[[nodiscard]] Bytes sm2_public_key(const EVP_PKEY& pair);

}  // namespace mj::evidence_format
