#pragma once

#include <cstdint>
#include <functional>

#include "segment_file.hpp"

namespace mj::evidence {

/// How a segment's whole batches end.
struct SegmentEnd {
  std::uint64_t offset = 0;  ///< first byte after the last whole batch
  std::uint64_t size = 0;    ///< bytes of the file when it was scanned; more than `offset` = a torn tail
  std::uint64_t next_entry = 0;
  std::uint64_t next_batch = 0;
};

/// One batch whose checks are all right.
struct ScannedBatch {
  BatchHeader header;
  std::uint64_t offset = 0;  ///< of the batch header in the file
  BytesView body;            ///< valid during the call
};
using BatchVisitor = std::function<Status(const ScannedBatch&)>;

/// Reads the batches of a segment in order. A broken batch is a torn tail, unless a later batch of the same segment is
/// there: a batch is only begun when the one before is durable, so then durable bytes were changed.
/// Errors: damaged with the place; those of `visit`.
[[nodiscard]] Result<SegmentEnd> scan_segment(const StoredSegment& segment, const BatchVisitor& visit);

/// Walks the entries of a batch in order: visit(index, location, encoded entry). Errors: damaged; those of `visit`.
template <typename Visit>
Status for_each_entry(const ScannedBatch& batch, std::uint64_t seed, Visit&& visit) {
  BytesView rest = batch.body;
  for (std::uint32_t i = 0; i < batch.header.entries; ++i) {
    const std::uint64_t index = batch.header.first_entry + i;
    const std::uint64_t offset = batch.offset + kBatchHeaderBytes + (batch.body.size() - rest.size());
    auto entry = take_entry(rest, seed, index);
    if (!entry) {
      return entry.error().context(
          fmt::format("segment {:06} at byte {}, entry {}", batch.header.segment, offset, index));
    }
    MJ_CHECK(visit(index, Location{batch.header.segment, offset}, *entry));
  }
  if (!rest.empty()) {
    return Error(ErrorCode::damaged,
                 fmt::format("segment {:06} at byte {}: bytes are left over behind the last entry of the batch",
                             batch.header.segment, batch.offset));
  }
  return {};
}

}  // namespace mj::evidence
