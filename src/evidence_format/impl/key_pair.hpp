#pragma once

#include <openssl/evp.h>

#include <memory>

#include "mj/evidence_format/note.hpp"

namespace mj::evidence_format {

struct FreeOpenssl {
  void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
  void operator()(EVP_PKEY_CTX* context) const { EVP_PKEY_CTX_free(context); }
  void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
};
using KeyPair = std::unique_ptr<EVP_PKEY, FreeOpenssl>;

inline constexpr std::size_t kSignatureBytes = 64;

// Cosignatures are made with Ed25519 keys: `kind` chooses the algorithm only.

/// A new pair. Empty when the library gives none.
[[nodiscard]] KeyPair generate_pair(KeyKind kind);
/// From the 32-byte secret. Empty when it cannot be one.
[[nodiscard]] KeyPair pair_of_secret(KeyKind kind, BytesView secret);
/// The public half alone. Empty for a malformed key or a point that is not on the curve.
[[nodiscard]] KeyPair public_half(KeyKind kind, BytesView public_key);
/// True when the pair is one of the algorithm of `kind`.
[[nodiscard]] bool is_of(KeyKind kind, const EVP_PKEY& pair);
/// As VerifierKey::public_key holds it. Empty when the library does not give it.
[[nodiscard]] Bytes public_key_of(KeyKind kind, const EVP_PKEY& pair);

/// 64 bytes: R ‖ S of RFC 8032, r ‖ s of GB/T 32918.2. Empty when the library does not sign.
[[nodiscard]] Bytes sign_with(KeyKind kind, EVP_PKEY& pair, BytesView message);
/// False for anything but the right 64 bytes.
[[nodiscard]] bool verify_with(KeyKind kind, EVP_PKEY& key, BytesView message, BytesView signature);

/// The same for SM2 with another user id than ours: what the self-test and the tests hold against it.
[[nodiscard]] Bytes sm2_sign(EVP_PKEY& pair, BytesView message, std::string_view user_id);
[[nodiscard]] bool sm2_verify(EVP_PKEY& key, BytesView message, BytesView signature, std::string_view user_id);

}  // namespace mj::evidence_format
