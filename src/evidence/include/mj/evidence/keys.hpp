#pragma once

#include <filesystem>
#include <string>

#include "mj/evidence_format/key_ring.hpp"
#include "mj/kernel/result.hpp"

namespace mj::evidence {

/// The life of the keys of a log 密钥生命周期 that nobody has open. Planned rotation: Log::rotate_keys().

/// The public statements of a log. Errors: not_found; damaged.
[[nodiscard]] Result<evidence_format::KeyRing> read_keyring(const std::filesystem::path& directory);

struct KeyChange {
  /// recover: the signing keys are lost · revoke: they are in wrong hands · succeed: the log was restored from a backup that is
  /// older than what witnesses saw, and goes on under another origin.
  evidence_format::KeyAction action = evidence_format::KeyAction::recover;
  std::string by;
  std::string reason;
  std::filesystem::path passphrase_file;      ///< of the (new) signing keys, as LogOptions::passphrase_file
  std::filesystem::path recovery_key;         ///< PEM, for recover and revoke
  std::filesystem::path recovery_passphrase;  ///< file with the passphrase of recovery_key
  std::string origin;                         ///< succeed: the new name of the log
};
/// Makes new keys and appends the statement as the newest entry, with a checkpoint by the new keys. Returns the entry's index.
/// Errors: conflict when a process has the log open; invalid_input for a wrong recovery key or passphrase, or empty words.
[[nodiscard]] Result<std::uint64_t> change_keys(const std::filesystem::path& directory, const KeyChange& change);

/// Moves the recovery key, made with the log in `keys/recovery.pem`, out of the directory, where it is of no use to a thief
/// of the machine. Errors: not_found when it has been taken out already.
[[nodiscard]] Status take_out_recovery_key(const std::filesystem::path& directory,
                                           const std::filesystem::path& passphrase_file,
                                           const std::filesystem::path& destination,
                                           const std::filesystem::path& destination_passphrase_file);

}  // namespace mj::evidence
