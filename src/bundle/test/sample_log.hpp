#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "document.hpp"
#include "mj/evidence_format/checkpoint.hpp"
#include "mj/evidence_format/entry.hpp"
#include "mj/evidence_format/key_ring.hpp"
#include "mj/evidence_format/note.hpp"
#include "mj/evidence_format/proof.hpp"
#include "mj/hj212/message.hpp"

namespace mj::bundle::test {

namespace ef = evidence_format;

inline constexpr const char* kOrigin = "mingjian.example/log";
inline constexpr const char* kMn = "010000A8900016F000169DC0";
inline constexpr const char* kOtherMn = "010000A8900016F000169DC1";

/// A key from a fixed secret of 32 equal bytes: the same in every run.
inline ef::SoftwareKey key_of(std::string name, ef::KeyKind kind, unsigned char byte) {
  return ef::SoftwareKey::from_secret(std::move(name), kind, Bytes(32, std::byte{byte})).value();
}

/// The two keys of a log that sign its checkpoints.
struct SigningPair {
  ef::SoftwareKey ed25519;
  ef::SoftwareKey sm2;

  explicit SigningPair(unsigned char byte, std::string origin = kOrigin)
      : ed25519(key_of(origin, ef::KeyKind::ed25519, byte)), sm2(key_of(origin, ef::KeyKind::sm2_sm3, byte)) {}
  [[nodiscard]] std::vector<const ef::Signer*> signers() const { return {&ed25519, &sm2}; }
  [[nodiscard]] std::vector<ef::VerifierKey> keys() const { return {ed25519.key(), sm2.key()}; }
};

/// A log in memory with both trees, keys and checkpoints, independent of room `evidence`.
class SampleLog {
 public:
  explicit SampleLog(unsigned char key_byte = 1) : recovery_(key_of("recovery", ef::KeyKind::ed25519, 99)) {
    pairs_.push_back(std::make_unique<SigningPair>(key_byte));
    ring_ = ef::KeyRing::begin(statement_note(ef::KeyAction::create, nullptr, *parse_iso("2026-01-01"))).value();
  }

  std::uint64_t append(const ef::Entry& entry) {
    Bytes bytes;
    if (!ef::encode(entry, bytes)) throw std::runtime_error("an entry of the sample cannot be encoded");
    sha256_.append(ef::leaf_hash(bytes, ef::HashAlgorithm::sha256));
    sm3_.append(ef::leaf_hash(bytes, ef::HashAlgorithm::sm3));
    entries_.push_back(std::move(bytes));
    return entries_.size() - 1;
  }
  std::uint64_t append(ef::EntryType type, std::string_view device, std::string_view payload, Instant at) {
    ef::Entry entry;
    entry.type = type;
    entry.received_at = at;
    entry.connection = 7;
    entry.peer = type == ef::EntryType::frame ? "192.0.2.1:50000" : "";
    entry.device = device;
    entry.payload = as_bytes(payload);
    return append(entry);
  }
  /// An upload as a device sends it. Source of the form: HJ 212-2017 appendix C.
  std::uint64_t upload(std::string_view mn, std::string_view st, std::string_view cn, std::string_view data_time,
                       std::string_view values) {
    return append(
        ef::EntryType::frame, mn,
        hj212::frame(fmt::format("QN=20260301120000000;ST={};CN={};PW=123456;MN={};Flag=5;CP=&&DataTime={};{}&&",
                                 st, cn, mn, data_time, values)),
        parse_compact(data_time)->plus_ms(60'000));
  }

  /// New keys from the next entry on; the statement is that entry.
  std::uint64_t change_keys(ef::KeyAction action, unsigned char key_byte, Instant at) {
    pairs_.push_back(std::make_unique<SigningPair>(key_byte));
    const std::string note = statement_note(action, &ring_->newest(), at);
    const std::uint64_t entry = append(ef::EntryType::key, "", note, at);
    if (const Status added = ring_->add(entry, note); !added) throw std::runtime_error(added.error().text());
    return entry;
  }

  [[nodiscard]] std::uint64_t size() const { return entries_.size(); }
  [[nodiscard]] const Bytes& entry(std::uint64_t index) const { return entries_.at(index); }
  [[nodiscard]] const ef::KeyRing& ring() const { return *ring_; }
  [[nodiscard]] const SigningPair& pair(std::size_t number) const { return *pairs_.at(number); }
  [[nodiscard]] const SigningPair& newest_pair() const { return *pairs_.back(); }

  [[nodiscard]] ef::Checkpoint checkpoint(std::uint64_t size) const {
    ef::Checkpoint made;
    made.origin = ring_->at_size(size).origin;
    made.size = size;
    made.root = ef::root_from_nodes(size, reader(sha256_), ef::HashAlgorithm::sha256).value();
    made.sm3_root = ef::root_from_nodes(size, reader(sm3_), ef::HashAlgorithm::sm3).value();
    return made;
  }
  [[nodiscard]] std::string signed_checkpoint(std::uint64_t size, const SigningPair& pair) const {
    return ef::sign_checkpoint(checkpoint(size), pair.signers()).value();
  }

  /// Puts entries, proofs, keys and a checkpoint over `size` entries into a document.
  void fill(Document& document, std::vector<std::uint64_t> indices, std::uint64_t size,
            const SigningPair& pair) const {
    for (const ef::KeyRing::Member& member : ring_->members()) {
      if (member.entry && *member.entry < size) indices.push_back(*member.entry);
    }
    std::sort(indices.begin(), indices.end());
    indices.erase(std::unique(indices.begin(), indices.end()), indices.end());
    document.made_at = "2026-03-02T10:00:00+08:00";
    document.software = "0.1.0-test";
    document.keyring = ring_->text();
    document.checkpoint = signed_checkpoint(size, pair);
    document.entries.clear();
    for (const std::uint64_t index : indices) document.entries.push_back({index, entries_.at(index)});
    document.sha256 = ef::common_proof(indices, size, reader(sha256_)).value();
    document.sm3 = ef::common_proof(indices, size, reader(sm3_)).value();
  }

 private:
  struct Tree {
    explicit Tree(ef::HashAlgorithm algorithm) : edge(algorithm) {}
    void append(const Digest& leaf) {
      edge.append(leaf, [this](ef::NodeId node, const Digest& hash) {
        if (levels.size() <= node.level) levels.resize(node.level + 1);
        levels[node.level].push_back(hash);
      });
    }
    ef::TreeEdge edge;
    std::vector<std::vector<Digest>> levels;
  };
  static ef::NodeReader reader(const Tree& tree) {
    return [&tree](ef::NodeId node) -> Result<Digest> { return tree.levels.at(node.level).at(node.index); };
  }
  std::string statement_note(ef::KeyAction action, const ef::KeyStatement* before, Instant at) const {
    ef::KeyStatement statement;
    statement.action = action;
    statement.origin = kOrigin;
    statement.number = before == nullptr ? 0 : before->number + 1;
    if (before != nullptr) statement.previous = ef::sha256(as_bytes(ring_->members().back().note));
    statement.at = at;
    statement.keys = pairs_.back()->keys();
    statement.recovery = recovery_.key();
    statement.by = "Test";
    statement.reason = "sample";
    ef::Note note{statement.text(), {}};
    std::vector<const ef::Signer*> signers{&recovery_};
    for (const auto& pair : pairs_) signers.insert(signers.end(), {&pair->ed25519, &pair->sm2});
    for (const ef::VerifierKey& due : statement.signatories(before)) {
      const auto signer =
          std::find_if(signers.begin(), signers.end(), [&](const ef::Signer* s) { return s->key() == due; });
      if (!note.add(**signer)) throw std::runtime_error("a statement of the sample cannot be signed");
    }
    return note.str();
  }

  std::vector<Bytes> entries_;
  Tree sha256_{ef::HashAlgorithm::sha256};
  Tree sm3_{ef::HashAlgorithm::sm3};
  ef::SoftwareKey recovery_;
  std::vector<std::unique_ptr<SigningPair>> pairs_;
  std::optional<ef::KeyRing> ring_;
};

}  // namespace mj::bundle::test
