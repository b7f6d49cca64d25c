#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "mj/evidence_format/checkpoint.hpp"
#include "mj/evidence_format/note.hpp"
#include "mj/kernel/instant.hpp"
#include "mj/kernel/result.hpp"

namespace mj::evidence_format {

/// Why the keys of a log change.
enum class KeyAction : std::uint8_t {
  create,   ///< the log begins 启用
  rotate,   ///< planned change: signed by the keys before and the new ones 轮换
  recover,  ///< keys are lost: signed by the recovery key and the new ones 丢失恢复
  revoke,  ///< keys are in wrong hands: as recover; what they signed counts only when somebody else saw it before 吊销
  succeed,  ///< the log goes on under another origin after a restored backup 续接
};
/// The spelling in statements: "create", "rotate" …
[[nodiscard]] std::string_view name(KeyAction action);

/// A statement about the keys of a log 密钥声明: the text of a signed note. docs/formats/evidence-log.md §8.
struct KeyStatement {
  KeyAction action = KeyAction::create;
  std::string origin;              ///< of the log from this statement on
  std::uint64_t number = 0;        ///< 0, 1, 2 … within the ring
  std::optional<Digest> previous;  ///< SHA-256 of the note of the statement before; none for the first
  Instant at;
  std::vector<VerifierKey> keys;        ///< that must sign checkpoints from here on: one Ed25519, one SM2
  std::optional<VerifierKey> recovery;  ///< that may sign recover and revoke
  std::string by;                       ///< who, one line
  std::string reason;                   ///< why, one line

  [[nodiscard]] std::string text() const;
  /// Errors: damaged naming the line that is not as it must be. There is one spelling of a statement.
  [[nodiscard]] static Result<KeyStatement> parse(std::string_view text);
  /// The keys that have to sign this statement, in the order of their lines. `previous` is null for the first of a ring.
  [[nodiscard]] std::vector<VerifierKey> signatories(const KeyStatement* previous) const;
};

/// All statements of a log in order: which keys had to sign a checkpoint of a given size. The first is the trust anchor; each
/// later one is an entry of the log (type key) and counts for checkpoints that cover this entry.
class KeyRing {
 public:
  /// The text of the file `keyring`: for each statement a line `at genesis` or `at <entry>`, the note, an empty line.
  /// Errors: damaged when the text is not exactly that, or a statement does not follow from the one before.
  [[nodiscard]] static Result<KeyRing> parse(std::string_view text);
  [[nodiscard]] std::string text() const;

  struct Member {
    std::optional<std::uint64_t> entry;  ///< none for the first
    KeyStatement statement;
    std::string note;
  };
  /// A ring of the first statement. Errors: damaged when it is not signed by its own keys.
  [[nodiscard]] static Result<KeyRing> begin(std::string note);
  /// Adds the statement of an entry. Errors: damaged when number, previous, order or signatures do not fit.
  Status add(std::uint64_t entry, std::string note);

  [[nodiscard]] const std::vector<Member>& members() const { return members_; }
  [[nodiscard]] const KeyStatement& newest() const { return members_.back().statement; }
  /// The statement in force for a checkpoint of `size` entries.
  [[nodiscard]] const KeyStatement& at_size(std::uint64_t size) const;
  /// When the keys in force at `size` were revoked later: a checkpoint of theirs counts only with a witness or a time stamp
  /// from before this moment (`at` of the revoking statement).
  [[nodiscard]] std::optional<Instant> revoked_at(std::uint64_t size) const;

 private:
  std::vector<Member> members_;
};

/// Opens a checkpoint of the log: it must bear the name, an SM3 root and the signatures of every key in force at its size.
/// Errors: damaged with what is wrong, naming keys that were not in force (any more).
[[nodiscard]] Result<Checkpoint> open_checkpoint(std::string_view note, const KeyRing& ring);

}  // namespace mj::evidence_format
