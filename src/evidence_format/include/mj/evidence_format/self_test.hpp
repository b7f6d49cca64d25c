#pragma once

#include "mj/kernel/result.hpp"

namespace mj::evidence_format {

/// Computes the published vectors of every algorithm the evidence rests on — SHA-256 (FIPS 180-4), SM3 (GB/T 32905-2016
/// annex A), SM2 with SM3 (GB/T 32918.5-2017 annex A), Ed25519 (RFC 8032 §7.1) — and expects a wrong SM2 user id to be
/// refused 密码自检. Run at start: a library that computes something else must not sign. Errors: damaged naming the vector.
[[nodiscard]] Status self_test();

}  // namespace mj::evidence_format
