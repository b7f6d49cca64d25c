#pragma once

#include "mj/kernel/bytes.hpp"

namespace mj::evidence_format {

inline constexpr std::size_t kEd25519KeyBytes = 32;
inline constexpr std::size_t kEd25519SignatureBytes = 64;

/// RFC 8032. `seed` has 32 bytes. Throws std::runtime_error when the library fails, which a valid seed cannot cause.
[[nodiscard]] Bytes ed25519_public_key(BytesView seed);
[[nodiscard]] Bytes ed25519_sign(BytesView seed, BytesView message);
/// False for a wrong signature and for a malformed key.
[[nodiscard]] bool ed25519_verify(BytesView public_key, BytesView message, BytesView signature);
/// 32 bytes from the operating system's random source.
[[nodiscard]] Bytes random_seed();

}  // namespace mj::evidence_format
