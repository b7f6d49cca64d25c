#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "mj/kernel/bytes.hpp"
#include "mj/kernel/result.hpp"

namespace mj::evidence_format {

/// What a key signs and how. The stored form begins with the type bytes of C2SP signed-note.
enum class KeyKind : std::uint8_t {
  ed25519,      ///< 0x01: RFC 8032 over the text of the note
  cosignature,  ///< 0x04: timestamped Ed25519 of a witness, c2sp.org/tlog-cosignature
  sm2_sm3,  ///< 0xff "SM2-SM3": GB/T 32918.2 with SM3 over the text; user id 1234567812345678, r ‖ s (64 bytes)
};

/// The user id of every SM2 signature of this product 可辨别标识. Always given to the library explicitly: its default differs
/// between versions. Source: GB/T 32918.5-2017 annex A, GM/T 0009-2012 §10.
inline constexpr std::string_view kSm2UserId = "1234567812345678";

/// The public half of a key under its name.
struct VerifierKey {
  std::string name;
  KeyKind kind = KeyKind::ed25519;
  Bytes public_key;  ///< 32 bytes; for SM2 the uncompressed point 0x04 ‖ x ‖ y (65 bytes)

  /// `name+id+base64(type ‖ public key)`, a C2SP vkey. Errors: invalid_input when the text is none of a known kind, or its id
  /// or point does not fit.
  [[nodiscard]] static Result<VerifierKey> parse(std::string_view text);
  [[nodiscard]] std::string text() const;
  /// The first four bytes of SHA-256(name ‖ 0x0A ‖ type ‖ public key).
  [[nodiscard]] std::uint32_t id() const;
  /// True when `signature` (64 bytes) is one of this key over `message`. For a witness that is cosignature_message() and what
  /// stands behind the time; Note::signature_of() takes both apart.
  [[nodiscard]] bool verify(std::string_view message, BytesView signature) const;
  bool operator==(const VerifierKey&) const = default;
};

/// A module that signs 签名模块: the private key never leaves it. One implementation computes in this process (SoftwareKey);
/// certified modules (GM/T 0018 SDF, GM/T 0016 SKF) are further ones.
class Signer {
 public:
  virtual ~Signer() = default;
  [[nodiscard]] virtual const VerifierKey& key() const = 0;
  /// Errors: unavailable when the module does not answer.
  [[nodiscard]] virtual Result<Bytes> sign(std::string_view message) const = 0;
};

/// A key pair in memory, computed by OpenSSL.
class SoftwareKey final : public Signer {
 public:
  [[nodiscard]] static Result<SoftwareKey> generate(std::string name, KeyKind kind);
  /// From the 32-byte secret (Ed25519 seed, SM2 scalar). Errors: invalid_input.
  [[nodiscard]] static Result<SoftwareKey> from_secret(std::string name, KeyKind kind, BytesView secret);
  /// PKCS#8, encrypted with PBES2 (AES-256-CBC, scrypt). Errors: invalid_input for a wrong passphrase or another form.
  [[nodiscard]] static Result<SoftwareKey> from_pem(std::string name, KeyKind kind, std::string_view pem,
                                                    std::string_view passphrase);
  /// `scrypt_cost` (N, a power of two) makes guessing short passphrases dear; one of 256 random bits needs no more than kQuickCost.
  [[nodiscard]] Result<std::string> to_pem(std::string_view passphrase,
                                           std::uint64_t scrypt_cost = kPassphraseCost) const;
  static constexpr std::uint64_t kPassphraseCost = 1U << 14U;  ///< 16 MiB; OpenSSL takes less than 32 MiB
  static constexpr std::uint64_t kQuickCost = 1U << 4U;

  [[nodiscard]] const VerifierKey& key() const override { return key_; }
  [[nodiscard]] Result<Bytes> sign(std::string_view message) const override;

  ~SoftwareKey() override;
  SoftwareKey(SoftwareKey&&) noexcept;
  SoftwareKey& operator=(SoftwareKey&&) noexcept;

 private:
  struct Secret;
  [[nodiscard]] static Result<SoftwareKey> adopt(std::string name, KeyKind kind, std::unique_ptr<Secret> secret);
  SoftwareKey(VerifierKey key, std::unique_ptr<Secret> secret);
  VerifierKey key_;
  std::unique_ptr<Secret> secret_;
};

/// A signed note: a text and signature lines. Source: c2sp.org/signed-note.
struct Note {
  struct Signature {
    std::string name;
    std::uint32_t id = 0;
    Bytes bytes;
  };
  std::string text;  ///< up to and including the newline before the empty line: what is signed
  std::vector<Signature> signatures;

  /// Errors: damaged with what is wrong. At most 64 signatures and 1 MiB.
  [[nodiscard]] static Result<Note> parse(std::string_view note);
  [[nodiscard]] std::string str() const;
  /// Signs the text and adds the line. Errors: those of the signer.
  Status add(const Signer& signer);
  /// The first signature with the name and id of `key`, checked. None: there is no such line. Errors: damaged when it is wrong.
  [[nodiscard]] Result<std::optional<Signature>> signature_of(const VerifierKey& key) const;
};

/// `— name base64(id ‖ signature)` and a newline.
[[nodiscard]] std::string signature_line(const Note::Signature& signature);

}  // namespace mj::evidence_format
