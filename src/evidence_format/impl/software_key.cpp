#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/pkcs12.h>
#include <openssl/x509.h>

#include "key_pair.hpp"
#include "mj/evidence_format/note.hpp"
#include "note_text.hpp"

namespace mj::evidence_format {
namespace {

struct FreePem {
  void operator()(BIO* bio) const { BIO_free(bio); }
  void operator()(PKCS8_PRIV_KEY_INFO* info) const { PKCS8_PRIV_KEY_INFO_free(info); }
  void operator()(X509_SIG* sealed) const { X509_SIG_free(sealed); }
  void operator()(X509_ALGOR* algorithm) const { X509_ALGOR_free(algorithm); }
};

// RFC 7914 §2: block size and parallelisation as everybody has them; the cost is the caller's.
constexpr std::uint64_t kScryptBlock = 8;
constexpr std::uint64_t kScryptParallel = 1;

Error refuse(std::string text) {
  ERR_clear_error();
  return Error(ErrorCode::invalid_input, std::move(text));
}

int give_passphrase(char* out, int size, int /*for_writing*/, void* passphrase) {
  const auto& text = *static_cast<const std::string_view*>(passphrase);
  if (text.size() > static_cast<std::size_t>(size)) return -1;
  std::copy(text.begin(), text.end(), out);
  return static_cast<int>(text.size());
}

}  // namespace

struct SoftwareKey::Secret {
  KeyPair pair;
};

SoftwareKey::SoftwareKey(VerifierKey key, std::unique_ptr<Secret> secret)
    : key_(std::move(key)), secret_(std::move(secret)) {}
SoftwareKey::~SoftwareKey() = default;
SoftwareKey::SoftwareKey(SoftwareKey&&) noexcept = default;
SoftwareKey& SoftwareKey::operator=(SoftwareKey&&) noexcept = default;

Result<SoftwareKey> SoftwareKey::adopt(std::string name, KeyKind kind, std::unique_ptr<Secret> secret) {
  if (!valid_key_name(name)) {
    return refuse(fmt::format("\"{}\" cannot name a key: it must not be empty or hold blanks or '+'", name));
  }
  Bytes public_key = public_key_of(kind, *secret->pair);
  if (public_key.empty()) return refuse("the library does not give the public key");
  return SoftwareKey(VerifierKey{std::move(name), kind, std::move(public_key)}, std::move(secret));
}

Result<SoftwareKey> SoftwareKey::generate(std::string name, KeyKind kind) {
  auto secret = std::make_unique<Secret>(Secret{generate_pair(kind)});
  if (!secret->pair) return Error(ErrorCode::unavailable, "the library does not make a key pair");
  return adopt(std::move(name), kind, std::move(secret));
}

Result<SoftwareKey> SoftwareKey::from_secret(std::string name, KeyKind kind, BytesView bytes) {
  auto secret = std::make_unique<Secret>(Secret{pair_of_secret(kind, bytes)});
  if (!secret->pair)
    return refuse(fmt::format("{} bytes cannot be the secret of a key of this kind", bytes.size()));
  return adopt(std::move(name), kind, std::move(secret));
}

Result<SoftwareKey> SoftwareKey::from_pem(std::string name, KeyKind kind, std::string_view pem,
                                          std::string_view passphrase) {
  const std::unique_ptr<BIO, FreePem> bio(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
  auto secret = std::make_unique<Secret>();
  if (bio) secret->pair.reset(PEM_read_bio_PrivateKey(bio.get(), nullptr, give_passphrase, &passphrase));
  if (!secret->pair) return refuse("the key cannot be read: wrong passphrase, or no PKCS#8 PEM file");
  if (!is_of(kind, *secret->pair)) return refuse("the file holds a key of another algorithm");
  return adopt(std::move(name), kind, std::move(secret));
}

Result<std::string> SoftwareKey::to_pem(std::string_view passphrase, std::uint64_t scrypt_cost) const {
  const auto fail = [](std::string_view what) {
    ERR_clear_error();
    return Error(ErrorCode::unavailable, fmt::format("the library does not {}", what));
  };
  if (passphrase.empty()) return refuse("a key is not stored without a passphrase");
  const std::unique_ptr<PKCS8_PRIV_KEY_INFO, FreePem> info(EVP_PKEY2PKCS8(secret_->pair.get()));
  if (!info) return fail("give the private key");
  std::unique_ptr<X509_ALGOR, FreePem> algorithm(
      PKCS5_pbe2_set_scrypt(EVP_aes_256_cbc(), nullptr, 16, nullptr, scrypt_cost, kScryptBlock, kScryptParallel));
  if (!algorithm) return fail("take the cost of the key derivation");
  const std::unique_ptr<X509_SIG, FreePem> sealed(
      PKCS8_set0_pbe(passphrase.data(), static_cast<int>(passphrase.size()), info.get(), algorithm.get()));
  if (!sealed) return fail("encrypt the private key");
  static_cast<void>(algorithm.release());  // owned by `sealed` now
  const std::unique_ptr<BIO, FreePem> bio(BIO_new(BIO_s_mem()));
  if (!bio || PEM_write_bio_PKCS8(bio.get(), sealed.get()) != 1) return fail("write the key file");
  char* text = nullptr;
  const long length = BIO_get_mem_data(bio.get(), &text);
  return std::string(text, static_cast<std::size_t>(length));
}

Result<Bytes> SoftwareKey::sign(std::string_view message) const {
  Bytes signature = sign_with(key_.kind, *secret_->pair, as_bytes(message));
  if (signature.empty()) {
    ERR_clear_error();
    return Error(ErrorCode::unavailable, fmt::format("the library does not sign for {}", key_.name));
  }
  return signature;
}

}  // namespace mj::evidence_format
