#include "mj/evidence_format/self_test.hpp"

#include "key_pair.hpp"
#include "mj/evidence_format/hash.hpp"

namespace mj::evidence_format {
namespace {

struct HashVector {
  std::string_view name;
  HashAlgorithm algorithm;
  std::string_view message;
  std::string_view digest;
};
constexpr std::array kHashes = {
    HashVector{"SHA-256 of \"abc\" (FIPS 180-4)", HashAlgorithm::sha256, "abc",
               "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"},
    HashVector{"SM3 of \"abc\" (GB/T 32905-2016 A.1)", HashAlgorithm::sm3, "abc",
               "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"},
    HashVector{"SM3 of \"abcd\" 16 times (GB/T 32905-2016 A.2)", HashAlgorithm::sm3,
               "abcdabcdabcdabcdabcdabcdabcdabcdabcdabcdabcdabcdabcdabcdabcdabcd",
               "debe9ff92275b8a138604889c18e5a4d6fdb70e5387e5765293dcba39c0c5732"},
};

struct SignatureVector {
  std::string_view name;
  KeyKind kind;
  std::string_view secret;
  std::string_view public_key;
  std::string_view message;
  std::string_view signature;
};
constexpr std::array kSignatures = {
    SignatureVector{"Ed25519 (RFC 8032 §7.1 test 2)", KeyKind::ed25519,
                    "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
                    "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c", "r",
                    "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
                    "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"},
    SignatureVector{"SM2 with SM3 (GB/T 32918.5-2017 annex A)", KeyKind::sm2_sm3,
                    "3945208f7b2144b13f36e38ac6d39f95889393692860b51a42fb81ef4df7c5b8",
                    "0409f9df311e5421a150dd7d161e4bc5c672179fad1833fc076bb08ff356f35020"
                    "ccea490ce26775a52dc6ea718cc1aa600aed05fbf35e084a6632f6072da9ad13",
                    "message digest",
                    "f5a03b0648d2c4630eeac513e1bb81a15944da3827d5b74143ac7eaceee720b3"
                    "b1b6aa29df212fd8763182bc0d421ca1bb9038fd1f7f42d4840b69c485bbc1aa"},
};

Error wrong(std::string_view vector, std::string_view what) {
  return Error(
      ErrorCode::damaged,
      fmt::format("self-test of the cryptographic library: {}: {}; nothing may be signed with it", vector, what));
}

Status check(const SignatureVector& vector) {
  const KeyPair pair = pair_of_secret(vector.kind, *from_hex(vector.secret));
  const KeyPair key = public_half(vector.kind, *from_hex(vector.public_key));
  if (!pair || !key) return wrong(vector.name, "the key is not taken");
  if (to_hex(public_key_of(vector.kind, *pair)) != vector.public_key)
    return wrong(vector.name, "another public key");
  const BytesView message = as_bytes(vector.message);
  Bytes signature = *from_hex(vector.signature);
  if (!verify_with(vector.kind, *key, message, signature))
    return wrong(vector.name, "the published signature is refused");
  // SM2 signs with a random number, Ed25519 does not.
  const Bytes made = sign_with(vector.kind, *pair, message);
  if (!verify_with(vector.kind, *key, message, made)) return wrong(vector.name, "its own signature is refused");
  if (vector.kind == KeyKind::ed25519 && made != signature) return wrong(vector.name, "another signature");
  if (vector.kind == KeyKind::sm2_sm3) {
    for (const std::string_view id : {"", "ALICE123@YAHOO.COM"}) {
      if (sm2_verify(*key, message, signature, id)) return wrong(vector.name, "the user id does not count");
    }
  }
  signature.back() ^= std::byte{1};
  if (verify_with(vector.kind, *key, message, signature))
    return wrong(vector.name, "a changed signature is taken");
  return {};
}

}  // namespace

Status self_test() {
  for (const HashVector& vector : kHashes) {
    if (to_hex(hash(vector.algorithm, as_bytes(vector.message))) != vector.digest)
      return wrong(vector.name, "another digest");
  }
  for (const SignatureVector& vector : kSignatures) MJ_CHECK(check(vector));
  return {};
}

}  // namespace mj::evidence_format
