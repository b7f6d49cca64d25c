#include "key_files.hpp"

#include <unistd.h>

#include "mj/evidence_format/self_test.hpp"
#include "mj/storage/file.hpp"

namespace mj::evidence {
namespace {

using evidence_format::KeyKind;
using evidence_format::KeyRing;
using evidence_format::KeyStatement;
using evidence_format::Signer;
using evidence_format::SoftwareKey;
using evidence_format::VerifierKey;

/// Base64 of 256 bits. So many random characters cannot be guessed; to make guessing dear would only slow every start down.
constexpr std::size_t kStrongPassphrase = 44;

Status make_directory(const std::filesystem::path& path) {
  std::error_code failure;
  std::filesystem::create_directories(path, failure);
  if (failure)
    return Error(ErrorCode::unavailable, fmt::format("cannot create {}: {}", path.string(), failure.message()));
  return storage::sync_directory(path.has_parent_path() ? path.parent_path() : std::filesystem::path("."));
}

/// Replaces a file that nobody else may read.
Status write_secret(const std::filesystem::path& path, std::string_view secret) {
  if (path.has_parent_path()) MJ_CHECK(make_directory(path.parent_path()));
  std::filesystem::path temporary = path;
  temporary += ".new";
  std::error_code failure;
  {
    MJ_TRY(storage::File file, storage::File::open(temporary, storage::File::Mode::create));
    // Closed to others before the secret is in it.
    std::filesystem::permissions(
        temporary, std::filesystem::perms::owner_read | std::filesystem::perms::owner_write, failure);
    MJ_CHECK(file.truncate(0));
    MJ_CHECK(file.write_at(0, as_bytes(secret)));
    MJ_CHECK(file.sync());
  }
  if (!failure) std::filesystem::rename(temporary, path, failure);
  if (failure)
    return Error(ErrorCode::unavailable, fmt::format("cannot write {}: {}", path.string(), failure.message()));
  return storage::sync_directory(path.has_parent_path() ? path.parent_path() : std::filesystem::path("."));
}

Result<std::string> random_passphrase() {
  Bytes bytes(32);
  if (::getentropy(bytes.data(), bytes.size()) != 0)
    return Error(ErrorCode::unavailable, "the operating system gives no random bytes");
  return to_base64(bytes);
}

std::string recovery_name(const std::string& origin) { return origin + "/recovery"; }

}  // namespace

std::filesystem::path passphrase_file(const Layout& layout, const std::filesystem::path& wanted) {
  return wanted.empty() ? layout.passphrase() : wanted;
}

Result<std::string> read_passphrase(const std::filesystem::path& file) {
  auto text = storage::read_file(file);
  if (!text) {
    if (text.error().code() != ErrorCode::not_found) return text.error();
    return Error(ErrorCode::invalid_input, fmt::format("the passphrase file {} is missing", file.string()));
  }
  while (!text->empty() && (text->back() == '\n' || text->back() == '\r')) text->pop_back();
  if (text->empty())
    return Error(ErrorCode::invalid_input, fmt::format("the passphrase file {} is empty", file.string()));
  return text;
}

Result<std::string> read_or_make_passphrase(const std::filesystem::path& file) {
  if (!std::filesystem::exists(file)) {
    MJ_TRY(const std::string made, random_passphrase());
    MJ_CHECK(write_secret(file, made + "\n"));
  }
  return read_passphrase(file);
}

Status write_key(const std::filesystem::path& file, const SoftwareKey& key, std::string_view passphrase) {
  const bool strong = passphrase.size() >= kStrongPassphrase;
  MJ_TRY(const std::string pem,
         key.to_pem(passphrase, strong ? SoftwareKey::kQuickCost : SoftwareKey::kPassphraseCost));
  return write_secret(file, pem);
}

Result<SoftwareKey> read_key(const std::filesystem::path& file, const VerifierKey& expected,
                             std::string_view passphrase) {
  MJ_TRY(const std::string pem, storage::read_file(file));
  auto key = SoftwareKey::from_pem(expected.name, expected.kind, pem, passphrase);
  if (!key) return key.error().context(file.string());
  if (key->key() != expected) {
    return Error(ErrorCode::damaged,
                 fmt::format("{} is not the key {:08x} that the keyring names", file.string(), expected.id()));
  }
  return key;
}

Result<SigningKeys> make_keys(const Layout& layout, std::uint64_t number, const std::string& origin,
                              std::string_view passphrase) {
  MJ_CHECK(evidence_format::self_test());
  MJ_TRY(SoftwareKey ed25519, SoftwareKey::generate(origin, KeyKind::ed25519));
  MJ_TRY(SoftwareKey sm2, SoftwareKey::generate(origin, KeyKind::sm2_sm3));
  MJ_CHECK(write_key(layout.key(number, KeyKind::ed25519), ed25519, passphrase));
  MJ_CHECK(write_key(layout.key(number, KeyKind::sm2_sm3), sm2, passphrase));
  return SigningKeys{std::move(ed25519), std::move(sm2)};
}

Result<SigningKeys> load_keys(const Layout& layout, const KeyStatement& statement, std::string_view passphrase) {
  const auto load = [&](const VerifierKey& expected) -> Result<SoftwareKey> {
    const std::filesystem::path file = layout.key(statement.number, expected.kind);
    auto key = read_key(file, expected, passphrase);
    if (!key && key.error().code() == ErrorCode::not_found) {
      return Error(
          ErrorCode::unavailable,
          fmt::format("the signing key {} is missing: bring it back from a backup, or make new keys with the "
                      "recovery key (mingjian evidence recover)",
                      file.string()));
    }
    return key;
  };
  MJ_TRY(SoftwareKey ed25519, load(statement.keys[0]));
  MJ_TRY(SoftwareKey sm2, load(statement.keys[1]));
  return SigningKeys{std::move(ed25519), std::move(sm2)};
}

Result<std::string> sign_statement(const KeyStatement& statement, const KeyStatement* previous,
                                   std::span<const Signer* const> signers) {
  evidence_format::Note note{statement.text(), {}};
  for (const VerifierKey& due : statement.signatories(previous)) {
    const auto signer = std::find_if(signers.begin(), signers.end(),
                                     [&](const Signer* candidate) { return candidate->key() == due; });
    if (signer == signers.end()) {
      return Error(ErrorCode::invalid_input,
                   fmt::format("the statement needs the signature of the key {:08x} of {}", due.id(), due.name));
    }
    MJ_CHECK(note.add(**signer));
  }
  return note.str();
}

Result<KeyRing> read_ring(const Layout& layout) {
  auto text = storage::read_file(layout.keyring());
  if (!text) {
    if (text.error().code() != ErrorCode::not_found) return text.error();
    if (std::filesystem::exists(layout.root / "verifier-key")) {
      return Error(
          ErrorCode::damaged,
          fmt::format("{} was made by an older version of the program, before there was a keyring: begin with a "
                      "fresh data directory",
                      layout.root.string()));
    }
    return Error(ErrorCode::damaged, "keyring: it is missing");
  }
  return KeyRing::parse(*text);
}

Status write_ring(const Layout& layout, const KeyRing& ring) {
  return storage::replace_file(layout.keyring(), ring.text());
}

Result<KeyRing> make_ring(const Layout& layout, const std::string& origin, std::string_view passphrase,
                          Instant now) {
  MJ_TRY(const SigningKeys keys, make_keys(layout, 0, origin, passphrase));
  MJ_TRY(const SoftwareKey recovery, SoftwareKey::generate(recovery_name(origin), KeyKind::ed25519));
  MJ_CHECK(write_key(layout.recovery_key(), recovery, passphrase));
  KeyStatement statement;
  statement.action = evidence_format::KeyAction::create;
  statement.origin = origin;
  statement.at = now;
  statement.keys = keys.verifiers();
  statement.recovery = recovery.key();
  statement.by = "mingjian";
  statement.reason = "the log begins";
  const std::array<const Signer*, 3> signers{&keys.ed25519, &keys.sm2, &recovery};
  MJ_TRY(std::string note, sign_statement(statement, nullptr, signers));
  MJ_TRY(KeyRing ring, KeyRing::begin(std::move(note)));
  MJ_CHECK(write_ring(layout, ring));
  return ring;
}

}  // namespace mj::evidence
