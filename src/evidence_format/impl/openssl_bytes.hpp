#pragma once

#include "mj/kernel/bytes.hpp"

namespace mj::evidence_format {

// OpenSSL's spelling of bytes.
[[nodiscard]] inline const unsigned char* openssl_bytes(BytesView bytes) {
  return reinterpret_cast<const unsigned char*>(bytes.data());
}
[[nodiscard]] inline unsigned char* openssl_bytes(Bytes& bytes) {
  return reinterpret_cast<unsigned char*>(bytes.data());
}

}  // namespace mj::evidence_format
