#pragma once

#include "faults.hpp"
#include "segment_scan.hpp"

namespace mj::evidence {

/// Disk space set aside at a time: makes syncs cheaper where the file system knows how.
[[nodiscard]] constexpr std::uint64_t reserve_step(std::uint64_t segment_bytes) {
  constexpr std::uint64_t kMostReserved = 8U << 20U;
  return segment_bytes < kMostReserved ? segment_bytes : kMostReserved;
}

/// The segment that grows. Knows which of its bytes are durable; cuts what a failed write left behind them.
/// Thread: the commit thread.
class SegmentWriter {
 public:
  /// Makes a segment under its temporary name and renames it once its header is durable, so that a segment with a
  /// broken header is always damage. Errors: unavailable.
  [[nodiscard]] static Result<SegmentWriter> create(const Layout& layout, SegmentHeader header,
                                                    std::uint64_t reserve_bytes, Faults faults);
  /// Goes on behind the last whole batch. The caller has cut a torn tail and synced the file.
  SegmentWriter(SegmentFile segment, const SegmentEnd& end, std::uint64_t reserve_bytes, Faults faults);

  [[nodiscard]] const SegmentHeader& header() const { return segment_.header; }
  /// Durable bytes.
  [[nodiscard]] std::uint64_t bytes() const { return end_; }

  /// Writes a batch whose first kBatchHeaderBytes are still to be filled in. After an error none of it will be seen.
  Status write(Bytes& batch, std::uint64_t first_entry, std::uint32_t entries);
  /// Makes the written batch durable. After an error it is unknown what the disk holds: use the writer no more.
  Status sync();
  /// Gives space back that was reserved beyond the end.
  void release();

 private:
  Status cut_back();
  void reserve_ahead(std::uint64_t needed);

  SegmentFile segment_;
  std::uint64_t end_ = 0;      ///< durable up to here
  std::uint64_t written_ = 0;  ///< bytes of the batch that waits for sync()
  std::uint64_t next_batch_ = 0;
  std::uint64_t reserved_ = 0;  ///< disk space is set aside up to here
  std::uint64_t reserve_bytes_ = 0;
  bool dirty_ = false;  ///< a failed write may have left bytes behind end_
  Faults faults_;
};

}  // namespace mj::evidence
