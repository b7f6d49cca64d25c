#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <span>
#include <stop_token>
#include <string>
#include <vector>

#include "mj/evidence_format/checkpoint.hpp"
#include "mj/evidence_format/entry.hpp"
#include "mj/evidence_format/key_ring.hpp"
#include "mj/evidence_format/merkle.hpp"
#include "mj/evidence_format/proof.hpp"
#include "mj/evidence_format/tile.hpp"
#include "mj/kernel/bytes.hpp"
#include "mj/kernel/id.hpp"
#include "mj/kernel/result.hpp"
#include "mj/runtime/clock.hpp"

namespace mj::evidence {

/// Position of an entry in the log, from 0, without gaps.
using EntryIndex = Id<struct EntryIndexTag>;

struct LogOptions {
  /// Name of a new log in its checkpoints. One that exists keeps the name that its keyring gives; it must have borne this one.
  std::string origin = "mingjian.local/log";
  std::uint64_t segment_bytes = 64ULL << 20;  ///< a segment is sealed when it reaches this
  std::size_t max_batch_bytes = 4U << 20;     ///< most bytes committed by one fsync
  std::size_t max_queued_bytes = 64U << 20;   ///< append() refuses beyond this (back-pressure)
  int checkpoint_interval_ms = 1000;          ///< a signed checkpoint at most this long after an entry
  int commit_linger_ms = 0;  ///< waits this long for company before a commit; saves CPU at high rates
  /// File with the passphrase that opens the signing keys (mode 0600); made when it and the log are missing. Empty:
  /// `keys/passphrase` in the log's directory. Keep it elsewhere when the directory is backed up.
  std::filesystem::path passphrase_file;
  runtime::Clock clock = runtime::system_clock();  ///< of statements about keys
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

/// A signed checkpoint.
struct SignedCheckpoint {
  evidence_format::Checkpoint checkpoint;
  std::string note;
};

/// The way from an entry to both roots over `size` entries.
struct InclusionPath {
  std::uint64_t index = 0;
  std::uint64_t size = 0;
  Digest leaf{};
  std::vector<Digest> path;
  Digest sm3_leaf{};
  std::vector<Digest> sm3_path;
};

/// A signed checkpoint with the proof that an entry is under it.
struct InclusionProof {
  InclusionPath path;
  SignedCheckpoint newest;
};

/// The fewest hashes that lead from many entries to both roots (evidence_format::common_proof).
struct CommonProof {
  std::vector<evidence_format::ProofNode> sha256;
  std::vector<evidence_format::ProofNode> sm3;
};

/// That the trees of one size extend those of a smaller one.
struct ConsistencyProof {
  std::vector<Digest> sha256;
  std::vector<Digest> sm3;
};

struct LogSize {
  std::uint64_t entries = 0;
  std::uint64_t bytes = 0;  ///< segment bytes on disk
  std::uint64_t segments = 0;
};

/// Encoded entries waiting to be committed together: what one connection read at once, for example.
class Batch {
 public:
  /// Errors: invalid_input when the entry cannot be encoded (too long), or is one of type key: those the log makes itself.
  Status add(const evidence_format::Entry& entry);
  [[nodiscard]] std::size_t count() const { return lengths_.size(); }
  [[nodiscard]] std::size_t bytes() const { return encoded_.size(); }

 private:
  friend class Log;  // and its Impl, which makes statements about keys
  Status add_any(const evidence_format::Entry& entry);
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

  /// Opens or creates the log; cuts a torn tail, completes derived files and the keyring.
  /// Errors: damaged when sealed or committed bytes are not what was written, or the cryptographic library fails its
  /// self-test; unavailable when the directory cannot be used or a signing key is missing; conflict when another process has
  /// it open, or the log bears another name; invalid_input for an origin that cannot name a key, or a wrong passphrase.
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

  /// Signs a checkpoint over everything durable now, if there is none yet.
  [[nodiscard]] Result<SignedCheckpoint> checkpoint();
  /// The newest one that was signed.
  [[nodiscard]] SignedCheckpoint newest_checkpoint() const;
  /// The (unsigned) checkpoint of a smaller tree. Errors: not_found when the log is smaller.
  [[nodiscard]] Result<evidence_format::Checkpoint> checkpoint_at(std::uint64_t size) const;
  /// Proof of an entry against the newest signed checkpoint; signs one first when it does not cover the entry.
  /// Errors: not_found beyond the log; damaged when the stored hashes do not lead to the signed roots.
  [[nodiscard]] Result<InclusionProof> prove(EntryIndex index);
  /// The way from an entry to the roots over `size` entries. Errors: not_found when index ≥ size or the log is smaller.
  [[nodiscard]] Result<InclusionPath> path(EntryIndex index, std::uint64_t size) const;
  /// For entries `indices`, ascending. Errors: as path().
  [[nodiscard]] Result<CommonProof> common_proof(std::span<const std::uint64_t> indices, std::uint64_t size) const;
  /// Errors: not_found unless old_size ≤ new_size ≤ size().
  [[nodiscard]] Result<ConsistencyProof> consistency(std::uint64_t old_size, std::uint64_t new_size) const;
  /// Bytes of a tile of the SHA-256 tree, or of an entry bundle (c2sp.org/tlog-tiles), within the newest signed checkpoint.
  /// Errors: not_found when the tree has fewer hashes there.
  [[nodiscard]] Result<Bytes> tile(const evidence_format::Tile& tile) const;
  /// The same of the SM3 tree; it has no entry bundles of its own.
  [[nodiscard]] Result<Bytes> sm3_tile(const evidence_format::Tile& tile) const;

  [[nodiscard]] evidence_format::KeyRing keyring() const;
  /// Rotates: makes new keys, appends the statement and signs with them from then on. Returns the statement's entry. What
  /// happens to a log that is closed (keys lost, in wrong hands, restored from an older backup) is in keys.hpp.
  /// Errors: invalid_input for empty words; unavailable when the statement cannot be committed.
  [[nodiscard]] Result<EntryIndex> rotate_keys(std::string by, std::string reason);
  /// Empty while healthy; otherwise why nothing can be committed ("no space left on device").
  [[nodiscard]] std::string failure() const;

  struct Impl;

 private:
  friend struct FaultyLog;
  explicit Log(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace mj::evidence
