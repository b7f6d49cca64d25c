#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "key_pair.hpp"
#include "mj/evidence_format/note.hpp"

namespace mj::evidence_format {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

// GB/T 32918.5-2017 annex A: key pair and signature of "message digest" under the user id 1234567812345678.
constexpr std::string_view kSm2Secret = "3945208f7b2144b13f36e38ac6d39f95889393692860b51a42fb81ef4df7c5b8";
constexpr std::string_view kSm2Point =
    "0409f9df311e5421a150dd7d161e4bc5c672179fad1833fc076bb08ff356f35020"
    "ccea490ce26775a52dc6ea718cc1aa600aed05fbf35e084a6632f6072da9ad13";
constexpr std::string_view kSm2Signature =
    "f5a03b0648d2c4630eeac513e1bb81a15944da3827d5b74143ac7eaceee720b3"
    "b1b6aa29df212fd8763182bc0d421ca1bb9038fd1f7f42d4840b69c485bbc1aa";
/// Order n of the curve. Source: GB/T 32918.5-2017 §2.
constexpr std::string_view kOrder = "fffffffeffffffffffffffffffffffff7203df6b21c6052b53bbf40939d54123";

VerifierKey sm2_key() { return {"example.com/log", KeyKind::sm2_sm3, *from_hex(kSm2Point)}; }

TEST(Sm2, TheSignatureOfTheStandardIsValid) {
  EXPECT_TRUE(sm2_key().verify("message digest", *from_hex(kSm2Signature)));
  EXPECT_FALSE(sm2_key().verify("message digesu", *from_hex(kSm2Signature)));
  const auto key = SoftwareKey::from_secret("example.com/log", KeyKind::sm2_sm3, *from_hex(kSm2Secret));
  ASSERT_TRUE(key) << key.error().text();
  EXPECT_EQ(key->key(), sm2_key());
}

TEST(Sm2, ItsOwnSignaturesHave64BytesAndAreValid) {
  const auto key = SoftwareKey::from_secret("example.com/log", KeyKind::sm2_sm3, *from_hex(kSm2Secret));
  // r or s begins with a zero byte about once in 128 times: padding must not be lost.
  for (int i = 0; i < 64; ++i) {
    const std::string message = fmt::format("message {}", i);
    const auto signature = key->sign(message);
    ASSERT_TRUE(signature);
    ASSERT_EQ(signature->size(), 64U);
    ASSERT_TRUE(sm2_key().verify(message, *signature));
  }
}

TEST(Sm2, ASignatureUnderAnotherUserIdIsRefused) {
  const KeyPair pair = pair_of_secret(KeyKind::sm2_sm3, *from_hex(kSm2Secret));
  ASSERT_TRUE(pair);
  for (const std::string_view id : {"", "ALICE123@YAHOO.COM", "1234567812345679", "12345678"}) {
    const Bytes signature = sm2_sign(*pair, as_bytes("message digest"), id);
    ASSERT_EQ(signature.size(), 64U);
    EXPECT_TRUE(sm2_verify(*pair, as_bytes("message digest"), signature, id));
    EXPECT_FALSE(sm2_key().verify("message digest", signature)) << "id \"" << id << '"';
  }
}

TEST(Sm2, NumbersOutOfRangeAndOtherLengthsAreRefused) {
  const Bytes good = *from_hex(kSm2Signature);
  const auto with = [&](std::size_t at, std::string_view number) {
    Bytes changed = good;
    const Bytes bytes = *from_hex(number);
    std::copy(bytes.begin(), bytes.end(), changed.begin() + static_cast<std::ptrdiff_t>(at));
    return changed;
  };
  const std::string zero(64, '0');
  const std::string most(64, 'f');
  for (const std::size_t at : {0U, 32U}) {
    for (const std::string_view number : {std::string_view(zero), kOrder, std::string_view(most)}) {
      EXPECT_FALSE(sm2_key().verify("message digest", with(at, number)));
    }
  }
  for (const std::size_t size : {0U, 1U, 32U, 63U}) {
    EXPECT_FALSE(sm2_key().verify("message digest", BytesView(good).first(size)));
  }
  Bytes longer = good;
  longer.push_back(std::byte{0});
  EXPECT_FALSE(sm2_key().verify("message digest", longer));
  for (std::size_t bit = 0; bit < 512; ++bit) {
    Bytes changed = good;
    changed[bit / 8] ^= std::byte{1} << (bit % 8);
    ASSERT_FALSE(sm2_key().verify("message digest", changed)) << bit;
  }
}

TEST(Sm2, SecretsAndPointsThatCannotBeAreRefused) {
  const std::string name = "example.com/log";
  EXPECT_FALSE(SoftwareKey::from_secret(name, KeyKind::sm2_sm3, Bytes(32)));
  EXPECT_FALSE(SoftwareKey::from_secret(name, KeyKind::sm2_sm3, Bytes(31, std::byte{1})));
  EXPECT_FALSE(SoftwareKey::from_secret(name, KeyKind::sm2_sm3, *from_hex(kOrder)));
  // n-1 is no private key (GB/T 32918.1 §6.1), n-2 is the largest one.
  EXPECT_FALSE(SoftwareKey::from_secret(
      name, KeyKind::sm2_sm3, *from_hex("fffffffeffffffffffffffffffffffff7203df6b21c6052b53bbf40939d54122")));
  EXPECT_TRUE(SoftwareKey::from_secret(
      name, KeyKind::sm2_sm3, *from_hex("fffffffeffffffffffffffffffffffff7203df6b21c6052b53bbf40939d54121")));
  VerifierKey off_curve = sm2_key();
  off_curve.public_key[64] ^= std::byte{1};
  EXPECT_FALSE(VerifierKey::parse(off_curve.text()));
  EXPECT_FALSE(off_curve.verify("message digest", *from_hex(kSm2Signature)));
  VerifierKey compressed = sm2_key();
  compressed.public_key.resize(33);
  compressed.public_key[0] = std::byte{3};
  EXPECT_FALSE(VerifierKey::parse(compressed.text()));
}

TEST(VerifierKey, AnSm2KeyIsWrittenWithItsTypeAndReadBack) {
  // docs/formats/evidence-log.md §7, example; the id computed by hand: SHA-256(name ‖ 0x0A ‖ 0xFF ‖ "SM2-SM3" ‖ point).
  const std::string text = sm2_key().text();
  EXPECT_THAT(text, StartsWith("example.com/log+"));
  const auto read = VerifierKey::parse(text);
  ASSERT_TRUE(read) << read.error().text();
  EXPECT_EQ(*read, sm2_key());
}

TEST(VerifierKey, ReadsPublishedKeysOfOtherLogs) {
  // The key of the Go checksum database, the example key of its note package, and the one of c2sp.org/signed-note.
  for (const std::string_view text : {"sum.golang.org+033de0ae+Ac4zctda0e5eza+HJyk9SxEdh+s3Ux18htTTAD8OuAn8",
                                      "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
                                      "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k"}) {
    const auto key = VerifierKey::parse(text);
    ASSERT_TRUE(key) << key.error().text();
    EXPECT_EQ(key->kind, KeyKind::ed25519);
    EXPECT_EQ(key->text(), text);
  }
}

TEST(VerifierKey, EveryChangedCharacterIsRefused) {
  for (const std::string& text :
       {std::string("PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"), sm2_key().text()}) {
    for (std::size_t bit = 0; bit < text.size() * 8; ++bit) {
      std::string changed = text;
      changed[bit / 8] = static_cast<char>(changed[bit / 8] ^ (1 << (bit % 8)));
      EXPECT_FALSE(VerifierKey::parse(changed)) << changed;
    }
    EXPECT_FALSE(VerifierKey::parse(text + "\n"));
  }
  EXPECT_FALSE(VerifierKey::parse(""));
  EXPECT_FALSE(VerifierKey::parse("a+b"));
  // Types of others: ECDSA, RFC 6962, another one of 0xff.
  for (const std::string_view type : {"\x02", "\x05", "\xffSM2", "\xff"}) {
    Bytes typed(as_bytes(type).begin(), as_bytes(type).end());
    typed.resize(typed.size() + 32);
    EXPECT_FALSE(VerifierKey::parse("a+00000000+" + to_base64(typed)));
  }
}

TEST(SoftwareKey, GeneratedKeysDifferAndComeBackFromTheirFile) {
  for (const KeyKind kind : {KeyKind::ed25519, KeyKind::cosignature, KeyKind::sm2_sm3}) {
    const auto one = SoftwareKey::generate("a", kind);
    const auto two = SoftwareKey::generate("a", kind);
    ASSERT_TRUE(one && two);
    EXPECT_NE(one->key().public_key, two->key().public_key);
    const auto pem = one->to_pem("correct horse");
    ASSERT_TRUE(pem) << pem.error().text();
    EXPECT_THAT(*pem, StartsWith("-----BEGIN ENCRYPTED PRIVATE KEY-----"));
    const auto back = SoftwareKey::from_pem("a", kind, *pem, "correct horse");
    ASSERT_TRUE(back) << back.error().text();
    EXPECT_EQ(back->key(), one->key());
    EXPECT_TRUE(one->key().verify("text", *back->sign("text")));
    const auto wrong = SoftwareKey::from_pem("a", kind, *pem, "correct house");
    ASSERT_FALSE(wrong);
    EXPECT_EQ(wrong.error().code(), ErrorCode::invalid_input);
    EXPECT_FALSE(one->to_pem(""));
  }
}

TEST(SoftwareKey, AFileOfAnotherAlgorithmIsRefused) {
  const auto key = SoftwareKey::generate("a", KeyKind::ed25519);
  const auto pem = key->to_pem("words", SoftwareKey::kQuickCost);
  const auto read = SoftwareKey::from_pem("a", KeyKind::sm2_sm3, *pem, "words");
  ASSERT_FALSE(read);
  EXPECT_THAT(read.error().text(), HasSubstr("another algorithm"));
  EXPECT_FALSE(SoftwareKey::from_pem("a", KeyKind::ed25519, "", "words"));
  EXPECT_FALSE(SoftwareKey::from_pem("a", KeyKind::ed25519, pem->substr(0, pem->size() / 2), "words"));
}

TEST(SoftwareKey, RefusesNamesAndSecretsThatCannotBe) {
  const Bytes secret = *from_hex("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60");
  for (const std::string name : {"", "two words", "plus+sign", "new\nline", "wide\u3000space", "no\u00a0break"}) {
    EXPECT_FALSE(SoftwareKey::from_secret(name, KeyKind::ed25519, secret)) << name;
  }
  EXPECT_FALSE(SoftwareKey::from_secret("short", KeyKind::ed25519, Bytes(31)));
  const auto key = SoftwareKey::from_secret("明鉴", KeyKind::ed25519, secret);
  ASSERT_TRUE(key);
  // RFC 8032 §7.1 test 1.
  EXPECT_EQ(to_hex(key->key().public_key), "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a");
}

}  // namespace
}  // namespace mj::evidence_format
