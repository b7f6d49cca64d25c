#pragma once

#include <string>

#include "layout.hpp"
#include "mj/evidence_format/checkpoint.hpp"
#include "mj/evidence_format/key_ring.hpp"

namespace mj::evidence {

/// The private halves of the keys in force.
struct SigningKeys {
  evidence_format::SoftwareKey ed25519;
  evidence_format::SoftwareKey sm2;

  [[nodiscard]] std::array<const evidence_format::Signer*, 2> signers() const { return {&ed25519, &sm2}; }
  [[nodiscard]] std::vector<evidence_format::VerifierKey> verifiers() const { return {ed25519.key(), sm2.key()}; }
};

/// The passphrase in `file`, without the newline at its end. Errors: invalid_input when it is missing or empty; unavailable.
[[nodiscard]] Result<std::string> read_passphrase(const std::filesystem::path& file);
/// The same; a missing file is made, with 256 random bits, mode 0600.
[[nodiscard]] Result<std::string> read_or_make_passphrase(const std::filesystem::path& file);
/// Where the passphrase of a log's keys lies.
[[nodiscard]] std::filesystem::path passphrase_file(const Layout& layout, const std::filesystem::path& wanted);

/// Writes a private key, encrypted, mode 0600, durably. Errors: unavailable.
[[nodiscard]] Status write_key(const std::filesystem::path& file, const evidence_format::SoftwareKey& key,
                               std::string_view passphrase);
/// Errors: not_found; invalid_input for a wrong passphrase; damaged when it is another key than `expected`.
[[nodiscard]] Result<evidence_format::SoftwareKey> read_key(const std::filesystem::path& file,
                                                            const evidence_format::VerifierKey& expected,
                                                            std::string_view passphrase);

/// New keys for statement `number` of the log `origin`, tested and stored. Errors: damaged when the self-test of the
/// cryptographic library fails; invalid_input for an origin that cannot name a key; unavailable.
[[nodiscard]] Result<SigningKeys> make_keys(const Layout& layout, std::uint64_t number, const std::string& origin,
                                            std::string_view passphrase);
/// The keys that `statement` names. Errors: unavailable naming the file that is missing and what to do; as read_key().
[[nodiscard]] Result<SigningKeys> load_keys(const Layout& layout, const evidence_format::KeyStatement& statement,
                                            std::string_view passphrase);

/// The statement signed by the keys that are due: what `signers` hold. Errors: invalid_input when one of them is not there.
[[nodiscard]] Result<std::string> sign_statement(const evidence_format::KeyStatement& statement,
                                                 const evidence_format::KeyStatement* previous,
                                                 std::span<const evidence_format::Signer* const> signers);

/// Errors: damaged when `keyring` is missing or does not hold together; unavailable.
[[nodiscard]] Result<evidence_format::KeyRing> read_ring(const Layout& layout);
[[nodiscard]] Status write_ring(const Layout& layout, const evidence_format::KeyRing& ring);
/// The first ring of a log: makes its keys and its recovery key. Errors: as make_keys().
[[nodiscard]] Result<evidence_format::KeyRing> make_ring(const Layout& layout, const std::string& origin,
                                                         std::string_view passphrase, Instant now);

}  // namespace mj::evidence
