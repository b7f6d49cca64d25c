#pragma once

#include <atomic>
#include <vector>

#include "segment_scan.hpp"
#include "tree_files.hpp"

namespace mj::evidence {

/// What verification learns from one segment on its own, without its neighbours.
struct CheckedSegment {
  SegmentHeader header;
  SegmentEnd end;
  std::vector<Digest> leaves;  ///< recomputed from the entries
};

/// Checks batches, entries, leaf hashes and offsets of one segment; hashes and offsets of entries below `signed_size` must
/// be in the tree files. Adds the bytes read to `done`. Errors: damaged with the first damaged place; unavailable.
[[nodiscard]] Result<CheckedSegment> check_segment(const Layout& layout, std::uint32_t number,
                                                   std::string_view origin, const TreeFiles& tree,
                                                   std::uint64_t signed_size, std::atomic<std::uint64_t>& done);

}  // namespace mj::evidence
