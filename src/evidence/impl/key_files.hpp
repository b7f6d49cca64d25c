#pragma once

#include <string>

#include "layout.hpp"
#include "mj/evidence_format/checkpoint.hpp"

namespace mj::evidence {

/// Reads `key` and compares `verifier-key` with it; makes both for a new log. Errors: damaged when a log without its key is
/// found (`log_exists`) or the two do not belong together; unavailable.
[[nodiscard]] Result<evidence_format::SigningKey> open_keys(const Layout& layout, const std::string& origin,
                                                            bool log_exists);

/// Reads `verifier-key` in its one valid spelling. Errors: damaged, unavailable.
[[nodiscard]] Result<evidence_format::VerifierKey> read_verifier_key(const Layout& layout);

}  // namespace mj::evidence
