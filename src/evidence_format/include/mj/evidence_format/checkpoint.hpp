#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "mj/evidence_format/note.hpp"
#include "mj/kernel/bytes.hpp"
#include "mj/kernel/instant.hpp"
#include "mj/kernel/result.hpp"

namespace mj::evidence_format {

/// A statement of a log: at this size its trees had these roots 检查点. Source: c2sp.org/tlog-checkpoint.
struct Checkpoint {
  std::string origin;  ///< name of the log, e.g. "mingjian.local/demo"
  std::uint64_t size = 0;
  Digest root{};
  std::optional<Digest> sm3_root;  ///< the extension line `sm3 <base64>`; foreign logs have none

  /// Origin, size, root and the extension line, each with its newline: the text of the note.
  [[nodiscard]] std::string text() const;
  /// Further extension lines of foreign logs are passed over. Errors: damaged with what is wrong.
  [[nodiscard]] static Result<Checkpoint> parse(std::string_view text);
  bool operator==(const Checkpoint&) const = default;
};

/// The checkpoint signed by every signer. Errors: those of the signers.
[[nodiscard]] Result<std::string> sign_checkpoint(const Checkpoint& checkpoint,
                                                  std::span<const Signer* const> signers);

/// Errors: damaged when the note is malformed, a signature of one of `keys` is wrong, or one of them is missing.
[[nodiscard]] Result<Checkpoint> open_checkpoint(std::string_view note, std::span<const VerifierKey> keys);

/// What a witness signs: header, time in seconds, text of the checkpoint. Source: c2sp.org/tlog-cosignature.
[[nodiscard]] std::string cosignature_message(std::int64_t unix_seconds, std::string_view checkpoint_text);
/// The signature of a witness (kind `cosignature`) at a time. Errors: those of the signer; invalid_input for a time before 1970.
[[nodiscard]] Result<Note::Signature> cosign(const Signer& witness, std::string_view checkpoint_text,
                                             std::int64_t unix_seconds);

/// Who must have seen a checkpoint before it counts as witnessed 见证策略: `quorum` of the witnesses named.
struct WitnessPolicy {
  std::vector<VerifierKey> witnesses;
  std::size_t quorum = 0;  ///< 0 = no witness is demanded
};
/// Which of the policy's witnesses signed a note, and when.
struct Witnessed {
  struct By {
    std::string witness;
    Instant at;
  };
  std::vector<By> by;  ///< in the order of the policy
  bool enough = false;
};
/// Errors: damaged when a cosignature of a witness of the policy is wrong.
[[nodiscard]] Result<Witnessed> witnessed(const Note& note, const WitnessPolicy& policy);

}  // namespace mj::evidence_format
