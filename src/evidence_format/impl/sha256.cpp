// The one file that uses OpenSSL's low-level SHA-256: EVP fetches and allocates per message, which costs more than
// hashing a frame of 350 bytes does (figures: bench/RESULTS.md). The functions are deprecated, not removed, in OpenSSL 3.
#define OPENSSL_SUPPRESS_DEPRECATED

#include "sha256.hpp"

#include <openssl/sha.h>

namespace mj::evidence_format {

Digest sha256_of(BytesView first, BytesView second) {
  Digest digest;
  SHA256_CTX context;
  SHA256_Init(&context);
  SHA256_Update(&context, first.data(), first.size());
  SHA256_Update(&context, second.data(), second.size());
  SHA256_Final(reinterpret_cast<unsigned char*>(digest.data()), &context);
  return digest;
}

}  // namespace mj::evidence_format
