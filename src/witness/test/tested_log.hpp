#pragma once

#include <atomic>
#include <cstdlib>
#include <filesystem>
#include <map>
#include <stdexcept>

#include "mj/evidence_format/checkpoint.hpp"
#include "mj/evidence_format/hash.hpp"
#include "mj/evidence_format/key_ring.hpp"
#include "mj/evidence_format/proof.hpp"
#include "mj/witness/witness.hpp"

namespace mj::witness::test {

using evidence_format::Checkpoint;
using evidence_format::HashAlgorithm;
using evidence_format::KeyAction;
using evidence_format::KeyKind;
using evidence_format::KeyRing;
using evidence_format::KeyStatement;
using evidence_format::NodeId;
using evidence_format::Note;
using evidence_format::Signer;
using evidence_format::SoftwareKey;
using evidence_format::VerifierKey;

/// An empty directory, gone at the end of the test.
class Folder {
 public:
  Folder() {
    std::string pattern = (std::filesystem::temp_directory_path() / "mj-witness-XXXXXX").string();
    path_ = ::mkdtemp(pattern.data());
  }
  ~Folder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  [[nodiscard]] const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

/// The keys of a log: Ed25519 and SM2.
struct LogKeys {
  explicit LogKeys(const std::string& origin)
      : ed25519(*SoftwareKey::generate(origin, KeyKind::ed25519)),
        sm2(*SoftwareKey::generate(origin, KeyKind::sm2_sm3)) {}
  [[nodiscard]] std::vector<VerifierKey> verifiers() const { return {ed25519.key(), sm2.key()}; }
  SoftwareKey ed25519;
  SoftwareKey sm2;
};

/// A log in memory: leaves, proofs, signed checkpoints of any size.
class TestedLog {
 public:
  explicit TestedLog(std::string origin = "log.example/a")
      : origin_(std::move(origin)), keys_(std::make_shared<LogKeys>(origin_)) {}

  /// A copy that goes its own way: the same keys, the same entries so far.
  [[nodiscard]] TestedLog fork() const { return *this; }

  void append(std::string_view entry) {
    const Digest leaf = evidence_format::leaf_hash(as_bytes(entry));
    tree_.append(leaf, [this](NodeId node, const Digest& hash) { nodes_[{node.level, node.index}] = hash; });
  }
  void grow_to(std::uint64_t size, std::string_view kind = "entry") {
    while (tree_.size() < size) append(fmt::format("{} {}", kind, tree_.size()));
  }

  [[nodiscard]] Checkpoint checkpoint(std::uint64_t size) const {
    Checkpoint made;
    made.origin = origin_;
    made.size = size;
    made.root = evidence_format::root_from_nodes(size, reader()).value();
    made.sm3_root = evidence_format::sm3(made.root);  // any digest: a witness does not recompute it
    return made;
  }
  [[nodiscard]] std::string note(std::uint64_t size) const { return note(checkpoint(size), *keys_); }
  [[nodiscard]] static std::string note(const Checkpoint& checkpoint, const LogKeys& keys) {
    const Signer* signers[] = {&keys.ed25519, &keys.sm2};
    return *evidence_format::sign_checkpoint(checkpoint, signers);
  }
  [[nodiscard]] std::vector<Digest> proof(std::uint64_t old_size, std::uint64_t size) const {
    if (old_size == 0) return {};
    return *evidence_format::consistency_proof(old_size, size, reader());
  }
  /// The body of add-checkpoint.
  [[nodiscard]] std::string request(std::uint64_t old_size, std::uint64_t size) const {
    return body(old_size, proof(old_size, size), note(size));
  }
  [[nodiscard]] static std::string body(std::uint64_t old_size, const std::vector<Digest>& proof,
                                        std::string_view note) {
    std::string text = fmt::format("old {}\n", old_size);
    for (const Digest& hash : proof) text += to_base64(hash) + "\n";
    return text + "\n" + std::string(note);
  }

  [[nodiscard]] const std::string& origin() const { return origin_; }
  [[nodiscard]] const LogKeys& keys() const { return *keys_; }
  [[nodiscard]] WatchedLog watched() const { return {origin_, keys_->verifiers(), std::nullopt}; }

 private:
  [[nodiscard]] evidence_format::NodeReader reader() const {
    return [this](NodeId node) -> Result<Digest> { return nodes_.at({node.level, node.index}); };
  }
  std::string origin_;
  std::shared_ptr<LogKeys> keys_;
  evidence_format::TreeEdge tree_;
  std::map<std::pair<unsigned, std::uint64_t>, Digest> nodes_;
};

/// A witness in a directory of its own, whose clock the test sets.
struct TestedWitness {
  TestedWitness() { open(); }
  void open() {
    witness.reset();
    auto opened = Witness::open(folder.path() / "witness", "witness.example/w", folder.path() / "passphrase",
                                [this] { return Instant::from_ms(now_ms); });
    if (!opened) throw std::runtime_error(opened.error().text());
    witness = *std::move(opened);
  }
  Folder folder;
  std::atomic<std::int64_t> now_ms = 1'800'000'000'000;
  std::unique_ptr<Witness> witness;
};

/// The time of a witness's signature over the text of a note; none when the line is no right signature of that key.
inline std::optional<std::int64_t> cosigned_s(const VerifierKey& key, std::string_view note,
                                              std::string_view line) {
  const auto together = Note::parse(std::string(note) + std::string(line));
  if (!together) return std::nullopt;
  const auto seen = evidence_format::witnessed(*together, {{key}, 1});
  if (!seen || !seen->enough) return std::nullopt;
  return seen->by.front().at.ms() / 1000;
}

}  // namespace mj::witness::test
