#pragma once

#include <atomic>
#include <vector>

#include "key_entry.hpp"
#include "segment_pace.hpp"
#include "segment_scan.hpp"
#include "tree_files.hpp"

namespace mj::evidence {

/// What verification learns from one segment on its own, without its neighbours.
struct CheckedSegment {
  SegmentHeader header;
  SegmentEnd end;
  /// Recomputed from the entries; of a retired segment those of the tree files, which the caller's roots must confirm.
  std::vector<Leaves> leaves;
  SegmentForm form = SegmentForm::raw;
  std::vector<KeyEntry> key_entries;
};

/// Checks stored form, batches, entries, leaf hashes and offsets of one segment; hashes and offsets of entries below `signed_size`
/// must be in the tree files. Of a retired one, that the decision which took it away is the entry that the tree says it is.
/// Adds the bytes read to `done`. Errors: damaged with the first damaged place; unavailable; those of `pace`.
[[nodiscard]] Result<CheckedSegment> check_segment(const Layout& layout, std::uint32_t number,
                                                   const Origins& origins, const TreeFiles& tree,
                                                   std::uint64_t signed_size, std::atomic<std::uint64_t>& done,
                                                   const Pace& pace = {});

}  // namespace mj::evidence
