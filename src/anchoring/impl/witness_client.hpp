#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "mj/anchoring/anchors.hpp"
#include "mj/evidence/log.hpp"
#include "mj/evidence_format/checkpoint.hpp"
#include "mj/http/client.hpp"

namespace mj::anchoring {

/// That a witness remembers a history of the log which is not ours.
struct Objection {
  Alert::Kind kind = Alert::Kind::rollback;
  bool proven = false;     ///< it showed a checkpoint with its own signature
  std::uint64_t size = 0;  ///< entries that it has seen
  std::string text;
};

/// What a submission led to: exactly one of its parts is there.
struct Submission {
  std::optional<evidence_format::Note::Signature> cosignature;  ///< checked
  Instant at;                                                   ///< of the cosignature
  std::optional<Objection> objection;
  std::string trouble;  ///< why there is no cosignature, and what to do
};

/// Our side of c2sp.org/tlog-witness towards one witness. Thread: one at a time.
class WitnessClient {
 public:
  /// Errors: invalid_input for a malformed address.
  [[nodiscard]] static Result<WitnessClient> open(Options::WitnessAt witness, std::int64_t timeout_ms);

  [[nodiscard]] const Options::WitnessAt& witness() const { return witness_; }
  /// Shows the checkpoint with the proof that it extends what the witness knows.
  [[nodiscard]] Submission submit(const evidence::Log& log, const evidence::SignedCheckpoint& checkpoint);
  /// The newest checkpoint of a log that the witness shows, with its own signature checked. None: it knows none.
  /// Errors: unavailable; damaged when it shows something else.
  [[nodiscard]] Result<std::optional<evidence_format::Checkpoint>> newest(const std::string& origin);
  /// Whether that is a history of ours. None: it is. Errors: those of the log.
  [[nodiscard]] Result<std::optional<Objection>> compare(const evidence::Log& log,
                                                         const evidence_format::Checkpoint& theirs) const;

 private:
  WitnessClient(Options::WitnessAt witness, http::Client client)
      : witness_(std::move(witness)), client_(std::move(client)) {}
  [[nodiscard]] Submission answered(const http::Response& response,
                                    const evidence::SignedCheckpoint& checkpoint) const;
  /// A refusal that an honest log does not get: with the checkpoint that proves it, or without.
  [[nodiscard]] Submission refused(const evidence::Log& log, const std::string& origin, Alert::Kind kind,
                                   std::uint64_t size, std::string_view what);

  Options::WitnessAt witness_;
  http::Client client_;
  std::uint64_t known_size_ = 0;  ///< what we think it has seen
};

}  // namespace mj::anchoring
