#include "mj/registry/key_vault.hpp"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/rand.h>

#include "mj/kernel/bytes.hpp"
#include "mj/storage/file.hpp"

namespace mj::registry {
namespace {

constexpr std::size_t kMasterBytes = 32;
constexpr std::size_t kNonceBytes = 12;
constexpr std::size_t kTagBytes = 16;

using Cipher = std::unique_ptr<EVP_CIPHER_CTX, decltype(&EVP_CIPHER_CTX_free)>;

const unsigned char* raw(std::string_view text) { return reinterpret_cast<const unsigned char*>(text.data()); }
unsigned char* raw(std::string& text) { return reinterpret_cast<unsigned char*>(text.data()); }

Error failed(std::string_view act) {
  return Error(ErrorCode::internal, fmt::format("the key vault cannot {}", act));
}

}  // namespace

struct KeyVault::Master {
  std::string key;
  Master() = default;
  Master(const Master&) = delete;
  Master& operator=(const Master&) = delete;
  ~Master() { OPENSSL_cleanse(key.data(), key.size()); }
};

Result<KeyVault> KeyVault::open(const std::filesystem::path& file) {
  auto master = std::make_shared<Master>();
  if (!std::filesystem::exists(file)) {
    std::string fresh(kMasterBytes, '\0');
    if (RAND_priv_bytes(raw(fresh), static_cast<int>(fresh.size())) != 1) return failed("make a master key");
    // The file must never be readable by others, not even for a moment: it is made empty with its mode first.
    {
      MJ_TRY(const auto empty, storage::File::open(file, storage::File::Mode::create));
      std::error_code failure;
      std::filesystem::permissions(file, std::filesystem::perms::owner_read | std::filesystem::perms::owner_write,
                                   failure);
      if (failure) return Error(ErrorCode::unavailable, fmt::format("{}: {}", file.string(), failure.message()));
      MJ_TRY(auto writable, storage::File::open(file, storage::File::Mode::read_write));
      MJ_CHECK(writable.write_at(0, as_bytes(fresh)));
      MJ_CHECK(writable.sync());
    }
    MJ_CHECK(storage::sync_directory(file.parent_path()));
    OPENSSL_cleanse(fresh.data(), fresh.size());
  }
  MJ_TRY(master->key, storage::read_file(file));
  if (master->key.size() != kMasterBytes) {
    return Error(ErrorCode::damaged, fmt::format("{} has {} bytes, a master key has {}", file.string(),
                                                 master->key.size(), kMasterBytes));
  }
  KeyVault vault;
  vault.master_ = std::move(master);
  return vault;
}

Result<std::string> KeyVault::seal(std::string_view secret, std::string_view context) const {
  std::string sealed(kNonceBytes + secret.size() + kTagBytes, '\0');
  unsigned char* const nonce = raw(sealed);
  unsigned char* const body = nonce + kNonceBytes;
  if (RAND_bytes(nonce, static_cast<int>(kNonceBytes)) != 1) return failed("draw a nonce");
  const Cipher cipher(EVP_CIPHER_CTX_new(), &EVP_CIPHER_CTX_free);
  int done = 0;
  const bool ok =
      cipher != nullptr &&
      EVP_EncryptInit_ex2(cipher.get(), EVP_aes_256_gcm(), raw(master_->key), nonce, nullptr) == 1 &&
      EVP_EncryptUpdate(cipher.get(), nullptr, &done, raw(context), static_cast<int>(context.size())) == 1 &&
      EVP_EncryptUpdate(cipher.get(), body, &done, raw(secret), static_cast<int>(secret.size())) == 1 &&
      EVP_EncryptFinal_ex(cipher.get(), body + done, &done) == 1 &&
      EVP_CIPHER_CTX_ctrl(cipher.get(), EVP_CTRL_GCM_GET_TAG, static_cast<int>(kTagBytes), body + secret.size()) ==
          1;
  if (!ok) return failed("seal a secret");
  return to_base64(as_bytes(sealed));
}

Result<std::string> KeyVault::open_sealed(std::string_view sealed, std::string_view context) const {
  const auto refuse = [&] {
    return Error(ErrorCode::damaged,
                 fmt::format("the secret of {} was not sealed with this installation's vault key", context));
  };
  const auto bytes = from_base64(sealed);
  if (!bytes || bytes->size() < kNonceBytes + kTagBytes) return refuse();
  const auto* const nonce = reinterpret_cast<const unsigned char*>(bytes->data());
  const unsigned char* const body = nonce + kNonceBytes;
  const std::size_t size = bytes->size() - kNonceBytes - kTagBytes;
  std::array<unsigned char, kTagBytes> tag{};
  std::copy_n(body + size, kTagBytes, tag.begin());
  std::string secret(size, '\0');
  const Cipher cipher(EVP_CIPHER_CTX_new(), &EVP_CIPHER_CTX_free);
  int done = 0;
  const bool ok =
      cipher != nullptr &&
      EVP_DecryptInit_ex2(cipher.get(), EVP_aes_256_gcm(), raw(master_->key), nonce, nullptr) == 1 &&
      EVP_DecryptUpdate(cipher.get(), nullptr, &done, raw(context), static_cast<int>(context.size())) == 1 &&
      EVP_DecryptUpdate(cipher.get(), raw(secret), &done, body, static_cast<int>(size)) == 1 &&
      EVP_CIPHER_CTX_ctrl(cipher.get(), EVP_CTRL_GCM_SET_TAG, static_cast<int>(kTagBytes), tag.data()) == 1 &&
      EVP_DecryptFinal_ex(cipher.get(), raw(secret) + done, &done) == 1;
  if (!ok) return refuse();
  return secret;
}

}  // namespace mj::registry
