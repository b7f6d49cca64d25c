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
#include "side_thread.hpp"

namespace mj::evidence {

/// What is durable and readable. Changes only on the commit thread.
struct Published {
  Digest root{};
  Digest sm3_root{};
  LogSize size;
};

/// Where the time of committing went, in nanoseconds. `sm3` overlaps with the others; `waited` is what was left of it when they were done.
struct CommitTimes {
  std::int64_t assemble = 0;  ///< batch, checks
  std::int64_t write = 0;
  std::int64_t sha256 = 0;  ///< leaves and tree
  std::int64_t sync = 0;
  std::int64_t sm3 = 0;  ///< leaves and tree
  std::int64_t waited = 0;
  std::int64_t tree_files = 0;
};

/// Adds the time since the last lap to a sum of nanoseconds.
class Stopwatch {
 public:
  void lap(std::int64_t& sum) {
    const auto now = std::chrono::steady_clock::now();
    sum += std::chrono::duration_cast<std::chrono::nanoseconds>(now - last_).count();
    last_ = now;
  }

 private:
  std::chrono::steady_clock::time_point last_ = std::chrono::steady_clock::now();
};

/// Encoded entries and who wants to hear of them.
struct Submission {
  Bytes encoded;
  std::vector<std::uint32_t> lengths;
  Log::Committed committed;
};

/// The group commit: takes what is queued, writes it as one batch, syncs once, then grows the tree and tells everybody.
///
/// Life of an entry: append() queues it → the commit thread writes it with its neighbours into the segment, hashes the leaves
/// with SHA-256 and syncs the segment, while a second thread hashes them with SM3 → from here it is committed → both write
/// hashes and offsets → publishes the size → calls back.
class Committer {
 public:
  /// `publish` is called on the commit thread after every commit and whenever a segment is sealed (`sealed`).
  using Publish = std::function<void(const Published&, bool sealed)>;

  /// `origin` is the name that new segments bear.
  Committer(const LogOptions& options, const Layout& layout, std::string origin, SegmentWriter writer,
            TreeFiles& tree, TreeEdges edges, std::uint64_t sealed_bytes, Publish publish, Faults faults);

  Status append(Submission submission);
  [[nodiscard]] std::string failure() const;
  [[nodiscard]] Published published() const;
  /// Body of the commit thread; returns when stop is requested and the queue is empty.
  void run(const std::stop_token& stop);
  /// On the commit thread, or after run().
  [[nodiscard]] const CommitTimes& times() const { return times_; }
  /// After run().
  void close() { writer_.release(); }

 private:
  using Group = std::vector<Submission>;
  Group take(const std::stop_token& stop);
  void commit(Group& group);
  Status write_and_sync(const Group& group);
  Status write_hash_sync(const Group& group, std::size_t total, TreeGrowth& growth, Stopwatch& watch);
  Status fail(const Error& error);
  Status make_ready();
  Status start_next_segment();
  bool publish_growth();
  void set_failure(std::string text);

  const LogOptions options_;
  const Layout layout_;
  const std::string origin_;
  const Publish publish_;
  const Faults faults_;

  // Owned by the commit thread.
  SegmentWriter writer_;
  TreeFiles& tree_;
  TreeEdges edges_;                        ///< over the committed entries
  std::optional<TreeGrowth> unpublished_;  ///< committed, but the tree files could not be written yet
  std::uint64_t sealed_bytes_ = 0;
  Bytes buffer_;
  CommitTimes times_;
  SideThread sm3_thread_{"evidence-sm3"};

  mutable std::mutex mutex_;  ///< guards what follows
  std::condition_variable_any queue_changed_;
  std::deque<Submission> queue_;
  std::size_t queued_bytes_ = 0;  ///< including the group being committed
  std::string failure_;
  bool broken_ = false;  ///< a sync failed: nobody knows what the disk holds until it is opened again
};

}  // namespace mj::evidence
