#include "key_file.hpp"

#include <sys/random.h>

#include "mj/storage/file.hpp"
#include "mj/witness/witness.hpp"

namespace mj::witness {
namespace {

namespace fs = std::filesystem;
using evidence_format::KeyKind;
using evidence_format::SoftwareKey;
using evidence_format::VerifierKey;

constexpr std::size_t kPassphraseBytes = 32;

fs::path secret_path(const fs::path& directory) { return directory / "key.pem"; }
fs::path public_path(const fs::path& directory) { return directory / "vkey"; }

/// A file that nobody else could read at any moment: made empty with its mode, then written.
Status write_secret(const fs::path& file, std::string_view content) {
  {
    MJ_TRY(const auto empty, storage::File::open(file, storage::File::Mode::create));
    std::error_code failure;
    fs::permissions(file, fs::perms::owner_read | fs::perms::owner_write, failure);
    if (failure) return Error(ErrorCode::unavailable, fmt::format("{}: {}", file.string(), failure.message()));
  }
  MJ_TRY(auto opened, storage::File::open(file, storage::File::Mode::read_write));
  MJ_CHECK(opened.write_at(0, as_bytes(content)));
  MJ_CHECK(opened.sync());
  return storage::sync_directory(file.parent_path().empty() ? fs::path(".") : file.parent_path());
}

Result<std::string> make_passphrase(const fs::path& file) {
  std::array<std::byte, kPassphraseBytes> random{};
  if (::getrandom(random.data(), random.size(), 0) != static_cast<ssize_t>(random.size())) {
    return Error(ErrorCode::unavailable, "the operating system gives no random bytes");
  }
  std::string passphrase = to_base64(random);
  MJ_CHECK(write_secret(file, passphrase + "\n"));
  return passphrase;
}

/// The first line of the file.
Result<std::string> read_passphrase(const fs::path& file) {
  auto text = storage::read_file(file);
  if (!text) return text.error().context("passphrase of the witness's key");
  std::string passphrase = text->substr(0, text->find('\n'));
  if (passphrase.empty()) {
    return Error(ErrorCode::invalid_input, fmt::format("{} holds no passphrase", file.string()));
  }
  return passphrase;
}

}  // namespace

Result<VerifierKey> read_key(const fs::path& directory) {
  MJ_TRY(const std::string text, storage::read_file(public_path(directory)));
  auto key = VerifierKey::parse(std::string_view(text).substr(0, text.find('\n')));
  if (!key || key->kind != KeyKind::cosignature) {
    return Error(ErrorCode::damaged, fmt::format("{} holds no key of a witness", public_path(directory).string()));
  }
  return key;
}

Result<SoftwareKey> open_key(const fs::path& directory, const std::string& name, const fs::path& passphrase_file) {
  std::error_code ignored;
  if (!fs::exists(public_path(directory), ignored)) {
    if (name.empty()) return Error(ErrorCode::invalid_input, "a new witness needs a name (--name)");
    // A secret half without its public half: the making was cut short, and nobody has seen the key.
    MJ_TRY(SoftwareKey made, SoftwareKey::generate(name, KeyKind::cosignature));
    const bool given = fs::exists(passphrase_file, ignored);
    MJ_TRY(const std::string passphrase,
           given ? read_passphrase(passphrase_file) : make_passphrase(passphrase_file));
    // 256 random bits need no costly derivation; a phrase that somebody thought of does.
    MJ_TRY(const std::string pem,
           made.to_pem(passphrase, given ? SoftwareKey::kPassphraseCost : SoftwareKey::kQuickCost));
    fs::remove(secret_path(directory), ignored);
    MJ_CHECK(write_secret(secret_path(directory), pem));
    MJ_CHECK(storage::replace_file(public_path(directory), made.key().text() + "\n"));
    return made;
  }
  MJ_TRY(const VerifierKey known, read_key(directory));
  if (!name.empty() && name != known.name) {
    return Error(ErrorCode::conflict,
                 fmt::format("the witness of {} is named {}, not {}; logs know it under that name",
                             directory.string(), known.name, name));
  }
  MJ_TRY(const std::string passphrase, read_passphrase(passphrase_file));
  MJ_TRY(const std::string pem, storage::read_file(secret_path(directory)));
  auto key = SoftwareKey::from_pem(known.name, KeyKind::cosignature, pem, passphrase);
  if (!key) return key.error().context(secret_path(directory).string());
  if (key->key() != known) {
    return Error(ErrorCode::damaged,
                 fmt::format("{} and {} do not belong together", secret_path(directory).string(),
                             public_path(directory).string()));
  }
  return key;
}

}  // namespace mj::witness
