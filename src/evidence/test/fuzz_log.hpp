#pragma once

#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <string>
#include <vector>

#include "key_files.hpp"
#include "layout.hpp"
#include "mj/evidence/log.hpp"
#include "mj/evidence_format/checkpoint.hpp"
#include "mj/evidence_format/merkle.hpp"
#include "segment_format.hpp"

namespace mj::evidence {

/// A small log written by hand from the format document, the same in every run: two segments of batches of two entries,
/// fixed keys and seeds. The second segment is the fuzzer's to replace.
class FuzzLog {
 public:
  static constexpr std::uint64_t kSealed = 4;    ///< entries of the first segment
  static constexpr std::uint64_t kEntries = 12;  ///< of both
  static constexpr std::uint64_t kSeed = 0x5EED;

  FuzzLog() {
    evidence_format::TreeEdge edge;
    evidence_format::TreeEdge sm3_edge(evidence_format::HashAlgorithm::sm3);
    for (std::uint32_t number = 0; number < 2; ++number) {
      const SegmentHeader header{number, edge.size(), kSeed + number, edge.root(), kOrigin};
      Bytes segment = encode(header);
      header_bytes_ = segment.size();
      const std::uint64_t last = number == 0 ? kSealed : kEntries;
      for (std::uint64_t batch = 0; edge.size() < last; ++batch) {
        Bytes bytes(kBatchHeaderBytes);
        const std::uint64_t first = edge.size();
        for (int i = 0; i < 2; ++i) {
          const Bytes entry = entry_bytes(edge.size());
          append_entry(bytes, entry, header.seed, edge.size());
          const auto ignore = [](evidence_format::NodeId, const Digest&) {};
          edge.append(evidence_format::leaf_hash(entry), ignore);
          sm3_edge.append(evidence_format::leaf_hash(entry, evidence_format::HashAlgorithm::sm3), ignore);
          roots_.push_back(edge.root());
          sm3_roots_.push_back(sm3_edge.root());
        }
        const BytesView body = BytesView(bytes).subspan(kBatchHeaderBytes);
        encode_into(BatchHeader{number, batch, first, 2, static_cast<std::uint32_t>(body.size()),
                                body_check(body, header.seed)},
                    header.seed, bytes.data());
        segment.insert(segment.end(), bytes.begin(), bytes.end());
      }
      segments_.push_back(std::string(as_text(segment)));
    }
  }

  [[nodiscard]] static Bytes entry_bytes(std::uint64_t index) {
    const std::string payload = "payload " + std::to_string(index * index);
    evidence_format::Entry entry;
    entry.received_at = Instant::from_ms(1'700'000'000'000 + static_cast<std::int64_t>(index));
    entry.connection = index;
    entry.peer = "192.0.2.1:5000";
    entry.device = "MN";
    entry.payload = as_bytes(payload);
    Bytes bytes;
    if (!evidence_format::encode(entry, bytes)) std::abort();
    return bytes;
  }

  [[nodiscard]] const std::string& newest_segment() const { return segments_[1]; }
  [[nodiscard]] std::size_t header_bytes() const { return header_bytes_; }
  [[nodiscard]] static LogOptions options() {
    LogOptions options;
    options.origin = kOrigin;
    options.checkpoint_interval_ms = 3'600'000;
    options.segment_bytes = 64U << 10U;  // little to set aside
    return options;
  }

  /// Writes the log with a checkpoint over `signed_size` entries, without tree files.
  void write(const std::filesystem::path& directory, std::uint64_t signed_size, std::string_view newest) const {
    const Layout layout{directory};
    std::filesystem::create_directories(layout.segments());
    put_keys(layout);
    const auto at = static_cast<std::size_t>(signed_size - 1);
    put(layout.checkpoint(),
        *evidence_format::sign_checkpoint({kOrigin, signed_size, roots_[at], sm3_roots_[at]}, keys_.signers()));
    put(layout.segment(0), segments_[0]);
    put(layout.segment(1), newest);
  }

  static void put(const std::filesystem::path& path, std::string_view content) {
    std::ofstream out(path, std::ios::binary | std::ios::trunc);
    out.write(content.data(), static_cast<std::streamsize>(content.size()));
  }

 private:
  void put_keys(const Layout& layout) const {
    const std::string passphrase(44, 'p');
    std::filesystem::create_directories(layout.keys());
    put(layout.passphrase(), passphrase + "\n");
    put(layout.key(0, evidence_format::KeyKind::ed25519),
        *keys_.ed25519.to_pem(passphrase, evidence_format::SoftwareKey::kQuickCost));
    put(layout.key(0, evidence_format::KeyKind::sm2_sm3),
        *keys_.sm2.to_pem(passphrase, evidence_format::SoftwareKey::kQuickCost));
    evidence_format::KeyStatement statement;
    statement.origin = kOrigin;
    statement.keys = keys_.verifiers();
    statement.by = "fuzzer";
    statement.reason = "the log begins";
    put(layout.keyring(),
        evidence_format::KeyRing::begin(*sign_statement(statement, nullptr, keys_.signers()))->text());
  }

  static constexpr const char* kOrigin = "fuzz.example/log";
  std::vector<std::string> segments_;
  std::vector<Digest> roots_;  ///< roots_[n-1] over n entries
  std::vector<Digest> sm3_roots_;
  SigningKeys keys_{*evidence_format::SoftwareKey::from_secret(kOrigin, evidence_format::KeyKind::ed25519,
                                                               Bytes(32, std::byte{7})),
                    *evidence_format::SoftwareKey::from_secret(kOrigin, evidence_format::KeyKind::sm2_sm3,
                                                               Bytes(32, std::byte{7}))};
  std::size_t header_bytes_ = 0;
};

}  // namespace mj::evidence
