#pragma once

#include <vector>

#include "key_entry.hpp"
#include "mj/evidence_format/checkpoint.hpp"
#include "segment_scan.hpp"
#include "tree_files.hpp"

namespace mj::evidence {

struct Replayed {
  TreeEdges edges;                    ///< over every whole batch
  SegmentEnd end;                     ///< of the last segment
  std::vector<KeyEntry> key_entries;  ///< of the segments that were read
};

/// Reads the segments that hold entries from `trusted` on and brings the tree files up to them. Entries below `trusted`
/// (what a checkpoint covers and synced tree files hold) are compared, not written; the hashes of retired entries
/// from `trusted` on are taken from the tree files `retired`, if there are any.
/// Errors: damaged when segments, tree files and the checkpoint do not agree.
[[nodiscard]] Result<Replayed> replay(const Layout& layout, const std::vector<SegmentHeader>& headers,
                                      const Origins& origins, const evidence_format::Checkpoint& checkpoint,
                                      TreeFiles& tree, std::uint64_t trusted, const TreeFiles* retired = nullptr);

}  // namespace mj::evidence
