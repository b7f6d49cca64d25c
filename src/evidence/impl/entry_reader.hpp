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
  EntryReader(Layout layout, std::string origin) : layout_(std::move(layout)), origin_(std::move(origin)) {}

  /// Entries [first, first + max_entries) below `size`, fewer when they exceed `max_bytes`. Errors: damaged, unavailable.
  [[nodiscard]] Result<ReadBatch> read(const TreeFiles& tree, std::uint64_t size, std::uint64_t first,
                                       std::size_t max_entries, std::size_t max_bytes) const;

 private:
  using Segment = std::shared_ptr<const SegmentFile>;
  [[nodiscard]] Result<Segment> segment(std::uint32_t number) const;

  Layout layout_;
  std::string origin_;
  mutable std::mutex mutex_;
  mutable std::list<Segment> open_;  ///< most recently used first
};

}  // namespace mj::evidence
