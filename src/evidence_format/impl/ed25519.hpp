#pragma once

#include "key_pair.hpp"
#include "openssl_bytes.hpp"

namespace mj::evidence_format {

/// RFC 8032, pure Ed25519. Empty when the library does not sign.
[[nodiscard]] Bytes ed25519_sign(EVP_PKEY& pair, BytesView message);
[[nodiscard]] bool ed25519_verify(EVP_PKEY& key, BytesView message, BytesView signature);

}  // namespace mj::evidence_format
