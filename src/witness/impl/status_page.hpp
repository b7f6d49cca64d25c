#pragma once

#include <string>
#include <vector>

#include "mj/evidence_format/note.hpp"
#include "mj/kernel/instant.hpp"
#include "mj/witness/witness.hpp"

namespace mj::witness {

/// The page at `/`, Chinese and English, without scripts.
[[nodiscard]] std::string status_page(const evidence_format::VerifierKey& key, const std::vector<Remembered>& logs,
                                      Instant now);

}  // namespace mj::witness
