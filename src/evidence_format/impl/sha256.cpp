// The one file that uses OpenSSL's low-level SHA-256: EVP fetches and allocates per message, which costs more than
// hashing a frame of 350 bytes does (figures: bench/RESULTS.md). The functions are deprecated, not removed, in OpenSSL 3.
#define OPENSSL_SUPPRESS_DEPRECATED

#include <openssl/sha.h>

#include "mj/evidence_format/merkle.hpp"

namespace mj::evidence_format {
namespace {

unsigned char* out(Digest& digest) { return reinterpret_cast<unsigned char*>(digest.data()); }

}  // namespace

Digest sha256(BytesView bytes) {
  Digest digest;
  SHA256_CTX context;
  SHA256_Init(&context);
  SHA256_Update(&context, bytes.data(), bytes.size());
  SHA256_Final(out(digest), &context);
  return digest;
}

Digest leaf_hash(BytesView entry) {
  constexpr unsigned char kLeafPrefix = 0x00;
  Digest digest;
  SHA256_CTX context;
  SHA256_Init(&context);
  SHA256_Update(&context, &kLeafPrefix, 1);
  SHA256_Update(&context, entry.data(), entry.size());
  SHA256_Final(out(digest), &context);
  return digest;
}

Digest node_hash(const Digest& left, const Digest& right) {
  constexpr std::byte kNodePrefix{0x01};
  std::array<std::byte, 1 + 2 * sizeof(Digest)> message;
  message[0] = kNodePrefix;
  std::memcpy(message.data() + 1, left.data(), left.size());
  std::memcpy(message.data() + 1 + left.size(), right.data(), right.size());
  return sha256(message);
}

Digest empty_root() { return sha256({}); }

}  // namespace mj::evidence_format
