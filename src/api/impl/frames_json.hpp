#pragma once

#include "json.hpp"
#include "mj/api/server.hpp"
#include "mj/evidence_format/entry.hpp"

namespace mj::api {

/// `FrameLine`.
[[nodiscard]] Json frame_line_json(const Services& services, const telemetry::FrameLine& line);

/// The line of an entry the consumer has not read yet: what the frame says of itself, disposition pending.
[[nodiscard]] telemetry::FrameLine pending_line(std::uint64_t index, const evidence_format::Entry& entry);

/// `FrameDetail`. Errors: internal when the entry cannot be encoded again.
[[nodiscard]] Result<Json> frame_detail_json(const Services& services, const telemetry::FrameLine& line,
                                             const evidence_format::Entry& entry,
                                             const std::vector<telemetry::Store::FromFrame>& observations);

/// `Proof`; `keys` had to sign its checkpoint.
[[nodiscard]] Json proof_json(const evidence::InclusionProof& proof,
                              const std::vector<evidence_format::VerifierKey>& keys);
[[nodiscard]] Json digests_json(const std::vector<Digest>& digests);

}  // namespace mj::api
