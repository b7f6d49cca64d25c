#pragma once

#include <list>
#include <memory>
#include <mutex>

#include "mj/evidence/log.hpp"
#include "segment_scan.hpp"
#include "tree_files.hpp"

namespace mj::evidence {

/// Reads entries back by their place in tree/offsets.
/// Thread: any; the caller asks only for entries that are published.
class EntryReader {
 public:
  EntryReader(Layout layout, Origins origins) : layout_(std::move(layout)), origins_(std::move(origins)) {}

  /// Entries [first, first + max_entries) below `size`, fewer when they exceed `max_bytes`. Errors: not_found for an entry
  /// whose segment was retired, with the archive that holds it; damaged, unavailable.
  [[nodiscard]] Result<ReadBatch> read(const TreeFiles& tree, std::uint64_t size, std::uint64_t first,
                                       std::size_t max_entries, std::size_t max_bytes) const;

 private:
  using Segment = std::shared_ptr<const StoredSegment>;
  [[nodiscard]] Result<Segment> segment(std::uint32_t number) const;

  Layout layout_;
  Origins origins_;
  mutable std::mutex mutex_;
  mutable std::list<Segment> open_;  ///< most recently used first
};

}  // namespace mj::evidence
