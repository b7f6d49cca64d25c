#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <stop_token>
#include <string>
#include <vector>

#include "mj/evidence_format/checkpoint.hpp"
#include "mj/evidence_format/entry.hpp"
#include "mj/evidence_format/merkle.hpp"
#include "mj/kernel/bytes.hpp"
#include "mj/kernel/id.hpp"
#include "mj/kernel/result.hpp"

namespace mj::evidence {

/// Position of an entry in the log, from 0, without gaps.
using EntryIndex = Id<struct EntryIndexTag>;

struct LogOptions {
  std::string origin = "mingjian.local/log";  ///< name of the log in its checkpoints
  std::uint64_t segment_bytes = 64ULL << 20;  ///< a segment is sealed when it reaches this
  std::size_t max_batch_bytes = 4U << 20;     ///< most bytes committed by one fsync
  std::size_t max_queued_bytes = 64U << 20;   ///< append() refuses beyond this (back-pressure)
  int checkpoint_interval_ms = 1000;          ///< a signed checkpoint at most this long after an entry
  int commit_linger_ms = 0;  ///< waits this long for company before a commit; saves CPU at high rates
};

/// One entry read back.
struct StoredEntry {
  EntryIndex index;
  evidence_format::Entry entry;  ///< views into the ReadBatch that holds it
};

/// Entries read in one go; owns the bytes the views point into.
struct ReadBatch {
  Bytes bytes;
  std::vector<StoredEntry> entries;
};

/// A root with the proof that an entry is under it.
struct InclusionProof {
  std::uint64_t index = 0;
  evidence_format::Checkpoint checkpoint;
  std::string checkpoint_note;  ///< signed
  Digest leaf{};
  std::vector<Digest> path;
};

struct LogSize {
  std::uint64_t entries = 0;
  std::uint64_t bytes = 0;  ///< segment bytes on disk
  std::uint64_t segments = 0;
};

/// Encoded entries waiting to be committed together: what one connection read at once, for example.
class Batch {
 public:
  /// Errors: invalid_input when the entry cannot be encoded (too long).
  Status add(const evidence_format::Entry& entry);
  [[nodiscard]] std::size_t count() const { return lengths_.size(); }
  [[nodiscard]] std::size_t bytes() const { return encoded_.size(); }

 private:
  friend class Log;
  Bytes encoded_;  ///< entries one after another, canonical encoding
  std::vector<std::uint32_t> lengths_;
};

/// The append-only evidence log 存证日志: the commit point of the system. One process opens a log at a time (lock file).
/// Thread: every member may be called from any thread. Format: docs/formats/evidence-log.md.
class Log final {
 public:
  /// Called on the commit thread once the batch is durable, with the index of its first entry; or with the reason why
  /// it is not (disk full, read-only). Must be quick and must not call append_and_wait(). Readers may see the entries
  /// shortly before the call; every batch that append() took is answered before the destructor returns.
  using Committed = std::function<void(const Result<EntryIndex>&)>;

  /// Opens or creates the log; cuts a torn tail, completes derived files.
  /// Errors: damaged when sealed or committed bytes are not what was written; unavailable when the directory cannot be
  /// used; conflict when another process has it open; invalid_input for an origin that cannot name a key.
  [[nodiscard]] static Result<std::unique_ptr<Log>> open(const std::filesystem::path& directory,
                                                         LogOptions options);
  /// Commits what is queued and signs a last checkpoint.
  ~Log();
  Log(const Log&) = delete;
  Log& operator=(const Log&) = delete;

  /// Queues a batch for the next group commit. Errors: unavailable when the queue is full or the log has failed;
  /// invalid_input when the batch is empty or larger than the queue; then `committed` is not called.
  Status append(Batch batch, Committed committed);
  /// Appends one entry and waits until it is durable.
  [[nodiscard]] Result<EntryIndex> append_and_wait(const evidence_format::Entry& entry);

  /// Number of durable entries.
  [[nodiscard]] std::uint64_t size() const;
  [[nodiscard]] LogSize disk_size() const;
  /// Waits until there are more than `entries` durable entries, the deadline passes or stop is requested; returns size().
  std::uint64_t wait_beyond(std::uint64_t entries, int timeout_ms, std::stop_token stop) const;

  /// Entries from `first` on, at most `max_entries` and about `max_bytes` (at least one when there is one).
  /// Errors: damaged when the stored bytes are broken.
  [[nodiscard]] Result<ReadBatch> read(EntryIndex first, std::size_t max_entries, std::size_t max_bytes) const;

  /// Signs a checkpoint over everything durable now, if there is none yet, and returns the note.
  [[nodiscard]] Result<std::string> checkpoint();
  /// Proof of an entry against a checkpoint that covers it. Errors: not_found beyond the log; damaged when the stored
  /// hashes do not lead to the signed root.
  [[nodiscard]] Result<InclusionProof> prove(EntryIndex index);
  [[nodiscard]] std::string verifier_key() const;
  /// Empty while healthy; otherwise why nothing can be committed ("no space left on device").
  [[nodiscard]] std::string failure() const;

 private:
  friend struct FaultyLog;
  struct Impl;
  explicit Log(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace mj::evidence
