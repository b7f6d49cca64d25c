#pragma once

#include <cstdint>
#include <vector>

#include "mj/evidence_format/note.hpp"
#include "mj/kernel/result.hpp"
#include "mj/witness/witness.hpp"

namespace mj::witness {

/// Which keys must have signed a checkpoint of a log. Errors: conflict when the log had ended before this size.
[[nodiscard]] Result<std::vector<evidence_format::VerifierKey>> keys_for(const WatchedLog& log,
                                                                         std::uint64_t size);

/// The note with the signatures of `keys` only; foreign lines are nothing this witness vouches for.
/// Errors: damaged when one of them is missing, or any line of one of them is wrong.
[[nodiscard]] Result<evidence_format::Note> verified_note(const evidence_format::Note& note,
                                                          const std::vector<evidence_format::VerifierKey>& keys);

}  // namespace mj::witness
