#include "ed25519.hpp"

#include <openssl/evp.h>
#include <openssl/rand.h>

#include <stdexcept>

namespace mj::evidence_format {
namespace {

struct Free {
  void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
  void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
};
using Key = std::unique_ptr<EVP_PKEY, Free>;
using Context = std::unique_ptr<EVP_MD_CTX, Free>;

const unsigned char* raw(BytesView bytes) { return reinterpret_cast<const unsigned char*>(bytes.data()); }
unsigned char* raw(Bytes& bytes) { return reinterpret_cast<unsigned char*>(bytes.data()); }

Key private_key(BytesView seed) {
  Key key(EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, nullptr, raw(seed), seed.size()));
  if (!key) throw std::runtime_error("OpenSSL does not take the Ed25519 seed");
  return key;
}

}  // namespace

Bytes ed25519_public_key(BytesView seed) {
  const Key key = private_key(seed);
  Bytes result(kEd25519KeyBytes);
  std::size_t length = result.size();
  if (EVP_PKEY_get_raw_public_key(key.get(), raw(result), &length) != 1 || length != result.size()) {
    throw std::runtime_error("OpenSSL does not give the Ed25519 public key");
  }
  return result;
}

Bytes ed25519_sign(BytesView seed, BytesView message) {
  const Key key = private_key(seed);
  const Context context(EVP_MD_CTX_new());
  Bytes signature(kEd25519SignatureBytes);
  std::size_t length = signature.size();
  if (!context || EVP_DigestSignInit(context.get(), nullptr, nullptr, nullptr, key.get()) != 1 ||
      EVP_DigestSign(context.get(), raw(signature), &length, raw(message), message.size()) != 1 ||
      length != signature.size()) {
    throw std::runtime_error("OpenSSL does not sign with the Ed25519 key");
  }
  return signature;
}

bool ed25519_verify(BytesView public_key, BytesView message, BytesView signature) {
  if (public_key.size() != kEd25519KeyBytes || signature.size() != kEd25519SignatureBytes) return false;
  const Key key(EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nullptr, raw(public_key), public_key.size()));
  const Context context(EVP_MD_CTX_new());
  return key && context && EVP_DigestVerifyInit(context.get(), nullptr, nullptr, nullptr, key.get()) == 1 &&
         EVP_DigestVerify(context.get(), raw(signature), signature.size(), raw(message), message.size()) == 1;
}

Bytes random_seed() {
  Bytes seed(kEd25519KeyBytes);
  if (RAND_priv_bytes(raw(seed), static_cast<int>(seed.size())) != 1) {
    throw std::runtime_error("the operating system gives no random bytes");
  }
  return seed;
}

}  // namespace mj::evidence_format
