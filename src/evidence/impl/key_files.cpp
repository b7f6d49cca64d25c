#include "key_files.hpp"

#include "mj/storage/file.hpp"

namespace mj::evidence {
namespace {

using evidence_format::SigningKey;
using evidence_format::VerifierKey;

Status write_secret(const std::filesystem::path& path, BytesView seed) {
  std::filesystem::path temporary = path;
  temporary += ".new";
  std::error_code failure;
  {
    MJ_TRY(storage::File file, storage::File::open(temporary, storage::File::Mode::create));
    // Nobody else may read it: closed before the secret is in it.
    std::filesystem::permissions(
        temporary, std::filesystem::perms::owner_read | std::filesystem::perms::owner_write, failure);
    MJ_CHECK(file.truncate(0));
    MJ_CHECK(file.write_at(0, seed));
    MJ_CHECK(file.sync());
  }
  if (!failure) std::filesystem::rename(temporary, path, failure);
  if (failure)
    return Error(ErrorCode::unavailable, fmt::format("cannot write {}: {}", path.string(), failure.message()));
  return storage::sync_directory(path.parent_path());
}

}  // namespace

Result<SigningKey> open_keys(const Layout& layout, const std::string& origin, bool log_exists) {
  auto seed = storage::read_file(layout.key());
  if (!seed && seed.error().code() != ErrorCode::not_found) return seed.error();
  if (!seed && log_exists) {
    return Error(ErrorCode::damaged,
                 fmt::format("the signing key {} is missing: restore it from the backup", layout.key().string()));
  }
  if (!seed) {
    MJ_TRY(const SigningKey made, SigningKey::generate(origin));
    MJ_CHECK(write_secret(layout.key(), made.seed()));
    seed = std::string(as_text(made.seed()));
  }
  auto key = SigningKey::from_seed(origin, as_bytes(*seed));
  if (!key)
    return Error(log_exists ? ErrorCode::damaged : ErrorCode::invalid_input, key.error().text())
        .context(layout.key().string());

  const std::string expected = key->verifier_key() + "\n";
  auto stored = storage::read_file(layout.verifier_key());
  if (!stored && stored.error().code() != ErrorCode::not_found) return stored.error();
  if (!stored) {
    MJ_CHECK(storage::replace_file(layout.verifier_key(), expected));
  } else if (*stored != expected) {
    return Error(ErrorCode::damaged, fmt::format("{} does not belong to the signing key and the origin \"{}\"",
                                                 layout.verifier_key().string(), origin));
  }
  return key;
}

Result<VerifierKey> read_verifier_key(const Layout& layout) {
  auto text = storage::read_file(layout.verifier_key());
  if (!text) {
    if (text.error().code() != ErrorCode::not_found) return text.error();
    return Error(ErrorCode::damaged, "verifier-key is missing");
  }
  if (!text->ends_with('\n')) return Error(ErrorCode::damaged, "verifier-key does not end with a newline");
  text->pop_back();
  auto key = VerifierKey::parse(*text);
  if (!key) return Error(ErrorCode::damaged, "verifier-key: " + key.error().text());
  return key;
}

}  // namespace mj::evidence
