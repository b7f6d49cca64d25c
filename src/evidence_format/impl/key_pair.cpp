#include "key_pair.hpp"

#include "ed25519.hpp"
#include "openssl_bytes.hpp"
#include "sm2.hpp"

namespace mj::evidence_format {
namespace {

constexpr std::size_t kEd25519KeyBytes = 32;

}  // namespace

KeyPair generate_pair(KeyKind kind) {
  return KeyPair(EVP_PKEY_Q_keygen(nullptr, nullptr, kind == KeyKind::sm2_sm3 ? "SM2" : "ED25519"));
}

KeyPair pair_of_secret(KeyKind kind, BytesView secret) {
  if (kind == KeyKind::sm2_sm3) return sm2_pair_of_secret(secret);
  if (secret.size() != kEd25519KeyBytes) return nullptr;
  return KeyPair(EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, nullptr, openssl_bytes(secret), secret.size()));
}

KeyPair public_half(KeyKind kind, BytesView public_key) {
  if (kind == KeyKind::sm2_sm3) return sm2_public_half(public_key);
  if (public_key.size() != kEd25519KeyBytes) return nullptr;
  return KeyPair(
      EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nullptr, openssl_bytes(public_key), public_key.size()));
}

bool is_of(KeyKind kind, const EVP_PKEY& pair) {
  return EVP_PKEY_is_a(&pair, kind == KeyKind::sm2_sm3 ? "SM2" : "ED25519") == 1;
}

Bytes public_key_of(KeyKind kind, const EVP_PKEY& pair) {
  if (kind == KeyKind::sm2_sm3) return sm2_public_key(pair);
  Bytes key(kEd25519KeyBytes);
  std::size_t length = key.size();
  if (EVP_PKEY_get_raw_public_key(&pair, openssl_bytes(key), &length) != 1 || length != key.size()) return {};
  return key;
}

Bytes sign_with(KeyKind kind, EVP_PKEY& pair, BytesView message) {
  return kind == KeyKind::sm2_sm3 ? sm2_sign(pair, message, kSm2UserId) : ed25519_sign(pair, message);
}

bool verify_with(KeyKind kind, EVP_PKEY& key, BytesView message, BytesView signature) {
  return kind == KeyKind::sm2_sm3 ? sm2_verify(key, message, signature, kSm2UserId)
                                  : ed25519_verify(key, message, signature);
}

}  // namespace mj::evidence_format
