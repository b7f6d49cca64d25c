#pragma once

#include <atomic>
#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <stop_token>

#include "mj/evidence/log.hpp"
#include "recovery.hpp"
#include "segment_writer.hpp"

namespace mj::evidence {

/// What is durable and readable. Changes only on the commit thread.
struct Published {
  Digest root{};
  LogSize size;
};

/// Encoded entries and who wants to hear of them.
struct Submission {
  Bytes encoded;
  std::vector<std::uint32_t> lengths;
  Log::Committed committed;
};

/// The group commit: takes what is queued, writes it as one batch, syncs once, then grows the tree and tells everybody.
///
/// Life of an entry: append() queues it → the commit thread writes it with its neighbours into the segment → hashes the
/// leaves → syncs the segment (from here it is committed) → writes hashes and offsets → publishes the size → calls back.
class Committer {
 public:
  /// `publish` is called on the commit thread after every commit and whenever a segment is sealed (`sealed`).
  using Publish = std::function<void(const Published&, bool sealed)>;

  Committer(const LogOptions& options, const Layout& layout, SegmentWriter writer, TreeFiles& tree,
            evidence_format::TreeEdge edge, std::uint64_t sealed_bytes, Publish publish, Faults faults);

  Status append(Submission submission);
  [[nodiscard]] std::string failure() const;
  [[nodiscard]] Published published() const;
  /// Body of the commit thread; returns when stop is requested and the queue is empty.
  void run(const std::stop_token& stop);
  /// After run().
  void close() { writer_.release(); }

 private:
  using Group = std::vector<Submission>;
  Group take(const std::stop_token& stop);
  void commit(Group& group);
  Status write_and_sync(const Group& group);
  Status make_ready();
  Status start_next_segment();
  bool publish_growth();
  void set_failure(std::string text);

  const LogOptions options_;
  const Layout layout_;
  const Publish publish_;
  const Faults faults_;

  // Owned by the commit thread.
  SegmentWriter writer_;
  TreeFiles& tree_;
  evidence_format::TreeEdge edge_;         ///< over the committed entries
  std::optional<TreeGrowth> unpublished_;  ///< committed, but the tree files could not be written yet
  std::uint64_t sealed_bytes_ = 0;
  Bytes buffer_;

  mutable std::mutex mutex_;  ///< guards what follows
  std::condition_variable_any queue_changed_;
  std::deque<Submission> queue_;
  std::size_t queued_bytes_ = 0;  ///< including the group being committed
  std::string failure_;
  bool broken_ = false;  ///< a sync failed: nobody knows what the disk holds until it is opened again
};

}  // namespace mj::evidence
