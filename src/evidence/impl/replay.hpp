#pragma once

#include <vector>

#include "mj/evidence_format/checkpoint.hpp"
#include "segment_scan.hpp"
#include "tree_files.hpp"

namespace mj::evidence {

struct Replayed {
  evidence_format::TreeEdge edge;  ///< over every whole batch
  SegmentEnd end;                  ///< of the last segment
};

/// Reads the segments that hold entries from `trusted` on and brings the tree files up to them. Entries below `trusted`
/// (what a checkpoint covers and synced tree files hold) are compared, not written.
/// Errors: damaged when segments, tree files and the checkpoint do not agree.
[[nodiscard]] Result<Replayed> replay(const Layout& layout, const std::vector<SegmentHeader>& headers,
                                      const evidence_format::Checkpoint& checkpoint, TreeFiles& tree,
                                      std::uint64_t trusted);

}  // namespace mj::evidence
