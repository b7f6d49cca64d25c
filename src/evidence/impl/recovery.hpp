#pragma once

#include <string>

#include "faults.hpp"
#include "key_files.hpp"
#include "segment_scan.hpp"
#include "tree_files.hpp"

namespace mj::evidence {

/// A log brought into order, ready to be appended to.
struct Recovered {
  Layout layout;
  storage::File lock;
  evidence_format::KeyRing ring;
  SignedCheckpoint newest;
  TreeFiles tree;
  TreeEdges edges;  ///< over all durable entries
  SegmentFile last;
  SegmentEnd end;                  ///< of `last`
  std::uint64_t sealed_bytes = 0;  ///< bytes of the segments before `last`
};

/// Takes the lock, makes a new log or checks and completes the one that is there: docs/formats/evidence-log.md §9. The private keys of a
/// log that exists are not touched.
/// No segment is changed before the whole log has been found undamaged. Errors: as Log::open().
[[nodiscard]] Result<Recovered> recover(const std::filesystem::path& directory, const LogOptions& options,
                                        const Faults& faults);

/// A seed for the checks of a new segment.
[[nodiscard]] std::uint64_t random_check_seed();

}  // namespace mj::evidence
