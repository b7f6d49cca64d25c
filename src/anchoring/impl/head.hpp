#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "mj/anchoring/anchors.hpp"

namespace mj::anchoring {

/// The newest checkpoint that witnesses were shown, with the signatures that came back.
class Head {
 public:
  explicit Head(evidence_format::WitnessPolicy policy) : policy_(std::move(policy)) {}

  /// A newer checkpoint; the same one again keeps its cosignatures.
  void begin(const evidence::SignedCheckpoint& checkpoint);
  /// A cosignature over begin()'s checkpoint; a later one of the same witness takes the place of the earlier.
  void add(const evidence_format::Note::Signature& cosignature);

  [[nodiscard]] std::uint64_t size() const { return size_; }
  [[nodiscard]] std::string note() const { return note_.str(); }
  /// What is signed, and what time stamps are made over.
  [[nodiscard]] const std::string& text() const { return note_.text; }
  /// Witnesses that signed.
  [[nodiscard]] std::size_t cosigned() const;
  [[nodiscard]] bool enough() const { return cosigned() > 0 && cosigned() >= policy_.quorum; }
  /// Since when enough have confirmed it: the quorum-th newest cosignature. None before.
  [[nodiscard]] std::optional<Instant> witnessed_at() const;

 private:
  evidence_format::WitnessPolicy policy_;
  evidence_format::Note note_;
  std::uint64_t size_ = 0;
};

}  // namespace mj::anchoring
