#include "mj/evidence/keys.hpp"

#include "log_impl.hpp"
#include "mj/evidence_format/self_test.hpp"

namespace mj::evidence {

using evidence_format::KeyAction;
using evidence_format::SoftwareKey;

Result<evidence_format::KeyRing> read_keyring(const std::filesystem::path& directory) {
  if (!std::filesystem::exists(directory)) {
    return Error(ErrorCode::not_found, fmt::format("{} does not exist", directory.string()));
  }
  return read_ring(Layout{directory});
}

namespace {

/// The passphrase of the new keys: of those before when their file is still there.
Result<std::string> passphrase_of(const Layout& layout, const std::filesystem::path& wanted) {
  return read_or_make_passphrase(passphrase_file(layout, wanted));
}

Result<SoftwareKey> open_recovery_key(const Layout& layout, const KeyChange& change,
                                      const evidence_format::KeyStatement& newest) {
  if (!newest.recovery) return Error(ErrorCode::invalid_input, "the log has no recovery key");
  const std::filesystem::path file = change.recovery_key.empty() ? layout.recovery_key() : change.recovery_key;
  const std::filesystem::path words = change.recovery_passphrase.empty()
                                          ? passphrase_file(layout, change.passphrase_file)
                                          : change.recovery_passphrase;
  MJ_TRY(const std::string passphrase, read_passphrase(words));
  auto key = read_key(file, *newest.recovery, passphrase);
  if (key) return key;
  const ErrorCode code = key.error().code();
  if (code == ErrorCode::not_found || code == ErrorCode::damaged) {
    return Error(ErrorCode::invalid_input, fmt::format("the recovery key cannot be used: {}", key.error().text()));
  }
  return key.error();
}

}  // namespace

Result<std::uint64_t> change_keys(const std::filesystem::path& directory, const KeyChange& change) {
  if (change.action == KeyAction::create) return Error(ErrorCode::invalid_input, "a log is created by opening it");
  MJ_CHECK(evidence_format::self_test());
  const Layout layout{directory};
  MJ_TRY(const evidence_format::KeyRing ring, read_keyring(directory));
  LogOptions options;
  options.origin = ring.newest().origin;
  options.passphrase_file = change.passphrase_file;
  MJ_TRY(Recovered recovered, recover(directory, options, {}));

  KeyChangeOrder order;
  order.action = change.action;
  order.origin = change.action == KeyAction::succeed ? change.origin : options.origin;
  order.by = change.by;
  order.reason = change.reason;
  MJ_TRY(order.passphrase, passphrase_of(layout, change.passphrase_file));
  std::optional<SoftwareKey> recovery;
  std::optional<SigningKeys> keys;
  if (change.action == KeyAction::recover || change.action == KeyAction::revoke) {
    MJ_TRY(recovery, open_recovery_key(layout, change, recovered.ring.newest()));
    order.recovery = &*recovery;
  } else {
    MJ_TRY(keys, load_keys(layout, recovered.ring.newest(), order.passphrase));
  }
  Log::Impl log(std::move(options), std::move(recovered), std::move(keys), {});
  const auto entry = log.change_keys(order);
  log.close();
  if (!entry) return entry.error();
  return entry->raw();
}

Status take_out_recovery_key(const std::filesystem::path& directory,
                             const std::filesystem::path& passphrase_file_of_log,
                             const std::filesystem::path& destination,
                             const std::filesystem::path& destination_passphrase_file) {
  const Layout layout{directory};
  MJ_TRY(const evidence_format::KeyRing ring, read_keyring(directory));
  if (!std::filesystem::exists(layout.recovery_key())) {
    return Error(ErrorCode::not_found,
                 fmt::format("{} is not there: it has been taken out already", layout.recovery_key().string()));
  }
  if (!ring.newest().recovery) return Error(ErrorCode::invalid_input, "the log has no recovery key");
  if (std::filesystem::exists(destination)) {
    return Error(ErrorCode::conflict, fmt::format("{} is there already", destination.string()));
  }
  MJ_TRY(const std::string passphrase, read_passphrase(passphrase_file(layout, passphrase_file_of_log)));
  MJ_TRY(const SoftwareKey key, read_key(layout.recovery_key(), *ring.newest().recovery, passphrase));
  MJ_TRY(const std::string theirs, read_or_make_passphrase(destination_passphrase_file));
  MJ_CHECK(write_key(destination, key, theirs));
  // Only when the copy can be opened does the original go.
  MJ_TRY(const SoftwareKey copy, read_key(destination, *ring.newest().recovery, theirs));
  std::error_code failure;
  if (!std::filesystem::remove(layout.recovery_key(), failure) || failure) {
    return Error(ErrorCode::unavailable,
                 fmt::format("cannot remove {}: {}", layout.recovery_key().string(), failure.message()));
  }
  return storage::sync_directory(layout.keys());
}

}  // namespace mj::evidence
