#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "mj/kernel/bytes.hpp"
#include "mj/kernel/result.hpp"

namespace mj::evidence_format {

/// A statement of the log: at this size the tree had this root. 检查点
struct Checkpoint {
  std::string origin;  ///< name of the log, e.g. "mingjian.local/demo"
  std::uint64_t size = 0;
  Digest root{};
};

/// An Ed25519 key pair under a key name, as a signed note uses it.
class SigningKey {
 public:
  [[nodiscard]] static Result<SigningKey> generate(std::string key_name);
  /// `secret` is the 32-byte seed. Errors: invalid_input for another length.
  [[nodiscard]] static Result<SigningKey> from_seed(std::string key_name, BytesView seed);
  [[nodiscard]] const std::string& name() const { return name_; }
  [[nodiscard]] const Bytes& seed() const { return seed_; }
  [[nodiscard]] const Bytes& public_key() const { return public_key_; }
  [[nodiscard]] Bytes sign(std::string_view message) const;
  /// `name+hash+base64(0x01 ‖ key)`: the C2SP signed-note verifier-key form.
  [[nodiscard]] std::string verifier_key() const;

 private:
  std::string name_;
  Bytes seed_;
  Bytes public_key_;
};

/// The public half.
struct VerifierKey {
  std::string name;
  Bytes public_key;
  /// Errors: invalid_input when the text is not a C2SP Ed25519 verifier key or its hash does not fit.
  [[nodiscard]] static Result<VerifierKey> parse(std::string_view text);
};

/// Signed note in C2SP tlog-checkpoint form. Source: c2sp.org/signed-note, c2sp.org/tlog-checkpoint.
[[nodiscard]] std::string sign_checkpoint(const Checkpoint& checkpoint, const SigningKey& key);

/// Errors: damaged when the note is malformed or carries no valid signature of `key`.
[[nodiscard]] Result<Checkpoint> open_checkpoint(std::string_view note, const VerifierKey& key);

}  // namespace mj::evidence_format
