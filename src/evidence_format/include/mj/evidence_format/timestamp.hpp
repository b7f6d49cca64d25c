#pragma once

#include <string>
#include <string_view>

#include "mj/kernel/bytes.hpp"
#include "mj/kernel/instant.hpp"
#include "mj/kernel/result.hpp"

namespace mj::evidence_format {

/// A time-stamp request over a digest, DER, with the certificate demanded and a nonce. Source: RFC 3161 §2.4.1.
[[nodiscard]] Result<Bytes> timestamp_request(const Digest& sha256_digest);

/// What a time-stamp token says.
struct Timestamp {
  Instant at;
  std::string authority;  ///< subject of the signing certificate
  std::string serial;     ///< of the token, hexadecimal
};

/// Checks a time-stamp response (DER) against the digest it was asked for and the certificates that are trusted (PEM, one or
/// more). Errors: damaged with what is wrong (refused request, other digest, signature, certificate, purpose).
[[nodiscard]] Result<Timestamp> check_timestamp(BytesView response, const Digest& sha256_digest,
                                                std::string_view trusted_pem);

}  // namespace mj::evidence_format
