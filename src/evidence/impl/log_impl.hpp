#pragma once

#include <condition_variable>
#include <thread>

#include "committer.hpp"
#include "entry_reader.hpp"
#include "key_files.hpp"
#include "mj/evidence/keys.hpp"
#include "node_cache.hpp"
#include "recovery.hpp"

namespace mj::evidence {

/// A new statement about the keys, and who signs it besides the new keys.
struct KeyChangeOrder {
  evidence_format::KeyAction action = evidence_format::KeyAction::rotate;
  std::string origin;  ///< from here on
  std::string by;
  std::string reason;
  std::string passphrase;                                  ///< of the new keys
  const evidence_format::SoftwareKey* recovery = nullptr;  ///< for recover and revoke
};

/// The parts of an open log. Threads: one commits (with a second one that hashes beside it), one signs checkpoints.
struct Log::Impl {
  /// Without keys nothing can be signed before change_keys() has made new ones.
  Impl(LogOptions given, Recovered recovered, std::optional<SigningKeys> keys, Faults faults);

  void publish(const Published& now, bool sealed);
  [[nodiscard]] Published now() const;
  void sign_loop(const std::stop_token& stop);
  /// Stops the threads when everything queued is committed, and signs a last checkpoint.
  void close();

  Result<SignedCheckpoint> checkpoint();
  [[nodiscard]] SignedCheckpoint newest() const;
  Result<EntryIndex> append_and_wait(Batch batch);

  /// Errors: as Log::rotate_keys().
  Result<EntryIndex> change_keys(const KeyChangeOrder& order);

  [[nodiscard]] const NodeCache& nodes(HashAlgorithm algorithm) const {
    return algorithm == HashAlgorithm::sm3 ? sm3_nodes : sha256_nodes;
  }
  [[nodiscard]] Result<evidence_format::Checkpoint> checkpoint_at(std::uint64_t size) const;
  Result<InclusionProof> prove(std::uint64_t index);
  [[nodiscard]] Result<InclusionPath> path(std::uint64_t index, std::uint64_t size) const;
  [[nodiscard]] Result<CommonProof> common_proof(std::span<const std::uint64_t> indices, std::uint64_t size) const;
  [[nodiscard]] Result<ConsistencyProof> consistency(std::uint64_t old_size, std::uint64_t new_size) const;
  [[nodiscard]] Result<Bytes> hash_tile(const evidence_format::Tile& tile, HashAlgorithm algorithm) const;
  [[nodiscard]] Result<Bytes> entry_bundle(const evidence_format::Tile& tile) const;

  const LogOptions options;
  const Layout layout;
  const storage::File lock;
  TreeFiles tree;
  const NodeCache sha256_nodes;
  const NodeCache sm3_nodes;
  const EntryReader reader;
  Committer committer;

  std::mutex sign_mutex;            ///< one signs, or changes the keys, at a time; taken before state_mutex
  std::optional<SigningKeys> keys;  ///< guarded by sign_mutex

  mutable std::mutex state_mutex;  ///< guards the next four
  Published published;
  evidence_format::KeyRing ring;
  SignedCheckpoint newest_checkpoint;
  bool sign_at_once = false;
  mutable std::condition_variable_any grown;  ///< published
  std::condition_variable_any sign_wanted;    ///< sign_at_once

  std::jthread sign_thread;
  std::jthread commit_thread;
};

}  // namespace mj::evidence
