#include "mj/evidence_format/checkpoint.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "ed25519.hpp"
#include "mj/evidence_format/merkle.hpp"

namespace mj::evidence_format {
namespace {

using testing::HasSubstr;

// RFC 8032 §7.1 test 1: the secret key; the note under it was made by an independent program (Ed25519 written from the
// RFC's formulas in Python, key hash and layout by hand from c2sp.org/signed-note).
constexpr std::string_view kSeed = "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60";
constexpr std::string_view kName = "mingjian.example/log";
constexpr std::string_view kVerifierKey =
    "mingjian.example/log+39c62890+AddamAGCsQq31Uv+08lkBzoO4XLz2qYjJa8CGmj3B1Ea";
constexpr std::string_view kNote =
    "mingjian.example/log\n"
    "8\n"
    "XcnaeacGWamtVZy3Ad7ZoqudgjqtL0lgz+Nw7/RgQyg=\n"
    "\n"
    "— mingjian.example/log "
    "OcYokD4fcR5NYxti+OJZqvzx+Qy/eXMT4UB+s4dnEqhC/u7iHcSzQ04h2m/kR5066J9Vg+I0HIQRsVXx5YtGvi7nYgU=\n";
constexpr std::string_view kRoot = "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328";

SigningKey signing_key() { return *SigningKey::from_seed(std::string(kName), *from_hex(kSeed)); }
VerifierKey verifier_key() { return *VerifierKey::parse(kVerifierKey); }

Checkpoint checkpoint() {
  Checkpoint made{std::string(kName), 8, {}};
  const Bytes root = *from_hex(kRoot);
  std::copy(root.begin(), root.end(), made.root.begin());
  return made;
}

TEST(SigningKey, PublicKeyIsTheOneOfTheRfc) {
  EXPECT_EQ(to_hex(signing_key().public_key()),
            "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a");
  EXPECT_EQ(signing_key().verifier_key(), kVerifierKey);
}

TEST(SigningKey, RefusesNamesAndSeedsThatCannotBe) {
  EXPECT_FALSE(SigningKey::from_seed("", *from_hex(kSeed)));
  EXPECT_FALSE(SigningKey::from_seed("two words", *from_hex(kSeed)));
  EXPECT_FALSE(SigningKey::from_seed("plus+sign", *from_hex(kSeed)));
  EXPECT_FALSE(SigningKey::from_seed("new\nline", *from_hex(kSeed)));
  EXPECT_FALSE(SigningKey::from_seed("short", Bytes(31)));
}

TEST(SigningKey, GeneratedKeysDifferAndComeBackFromTheirSeed) {
  const auto one = SigningKey::generate("a");
  const auto two = SigningKey::generate("a");
  ASSERT_TRUE(one && two);
  EXPECT_NE(one->seed(), two->seed());
  EXPECT_EQ(SigningKey::from_seed("a", one->seed())->public_key(), one->public_key());
}

TEST(VerifierKey, ReadsPublishedKeysOfOtherLogs) {
  // The key of the Go checksum database and the example key of its note package.
  const auto go = VerifierKey::parse("sum.golang.org+033de0ae+Ac4zctda0e5eza+HJyk9SxEdh+s3Ux18htTTAD8OuAn8");
  ASSERT_TRUE(go) << go.error().text();
  EXPECT_EQ(go->name, "sum.golang.org");
  const auto example = VerifierKey::parse("PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW");
  ASSERT_TRUE(example) << example.error().text();
  const std::string_view text =
      "If you think cryptography is the answer to your problem,\n"
      "then you don't know what your problem is.\n";
  const auto signature =
      from_base64("x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=");
  ASSERT_TRUE(signature);
  EXPECT_TRUE(ed25519_verify(example->public_key, as_bytes(text), BytesView(*signature).subspan(4)));
}

TEST(VerifierKey, EveryChangedCharacterIsRefused) {
  for (std::size_t bit = 0; bit < kVerifierKey.size() * 8; ++bit) {
    std::string changed(kVerifierKey);
    changed[bit / 8] = static_cast<char>(changed[bit / 8] ^ (1 << (bit % 8)));
    EXPECT_FALSE(VerifierKey::parse(changed)) << changed;
  }
  EXPECT_FALSE(VerifierKey::parse(""));
  EXPECT_FALSE(VerifierKey::parse("a+b"));
  EXPECT_FALSE(VerifierKey::parse(std::string(kVerifierKey) + "\n"));
}

TEST(Checkpoint, SigningGivesTheNoteMadeByHand) {
  // Ed25519 is deterministic: the whole note can be compared.
  EXPECT_EQ(sign_checkpoint(checkpoint(), signing_key()), kNote);
}

TEST(Checkpoint, OpeningGivesBackWhatWasSigned) {
  const auto opened = open_checkpoint(kNote, verifier_key());
  ASSERT_TRUE(opened) << opened.error().text();
  EXPECT_EQ(opened->origin, kName);
  EXPECT_EQ(opened->size, 8U);
  EXPECT_EQ(to_hex(opened->root), kRoot);
}

TEST(Checkpoint, EveryFlippedBitIsRefused) {
  for (std::size_t bit = 0; bit < kNote.size() * 8; ++bit) {
    std::string changed(kNote);
    changed[bit / 8] = static_cast<char>(changed[bit / 8] ^ (1 << (bit % 8)));
    const auto opened = open_checkpoint(changed, verifier_key());
    ASSERT_FALSE(opened) << "bit " << bit;
    EXPECT_EQ(opened.error().code(), ErrorCode::damaged);
  }
}

TEST(Checkpoint, AnotherKeysSignatureIsNotEnough) {
  const auto other = SigningKey::generate(std::string(kName));
  const std::string note = sign_checkpoint(checkpoint(), *other);
  const auto opened = open_checkpoint(note, verifier_key());
  ASSERT_FALSE(opened);
  EXPECT_THAT(opened.error().text(), HasSubstr("there is no signature of"));
}

TEST(Checkpoint, SignaturesOfWitnessesAreAllowedBesideOurs) {
  const auto witness = SigningKey::generate("witness.example");
  const std::string theirs = sign_checkpoint(checkpoint(), *witness);
  const std::string line = theirs.substr(theirs.find("\u2014"));
  EXPECT_TRUE(open_checkpoint(std::string(kNote) + line, verifier_key()));
  const std::string first =
      std::string(kNote.substr(0, kNote.find("\u2014"))) + line + std::string(kNote.substr(kNote.find("\u2014")));
  EXPECT_TRUE(open_checkpoint(first, verifier_key()));
  EXPECT_TRUE(open_checkpoint(first, *VerifierKey::parse(witness->verifier_key())));
}

TEST(Checkpoint, MalformedNotesAreRefused) {
  const auto key = signing_key();
  const auto signed_text = [&](const std::string& body) {
    // Signed as it stands, so that only the body is to blame.
    const std::string model = sign_checkpoint(checkpoint(), key);
    Bytes signature =
        *from_base64(std::string_view(model).substr(model.rfind(' ') + 1, model.size() - model.rfind(' ') - 2));
    signature.resize(4);
    const Bytes made = key.sign(body);
    signature.insert(signature.end(), made.begin(), made.end());
    return body + "\n\u2014 " + key.name() + " " + to_base64(signature) + "\n";
  };
  const std::string root = to_base64(*from_hex(kRoot));
  const std::string name(kName);
  ASSERT_TRUE(open_checkpoint(signed_text(name + "\n8\n" + root + "\n"), verifier_key()));
  EXPECT_TRUE(open_checkpoint(signed_text(name + "\n8\n" + root + "\nextension\n"), verifier_key()));
  for (const std::string& body :
       {name + "\n8\n", name + "\n08\n" + root + "\n", name + "\n-8\n" + root + "\n",
        name + "\n+8\n" + root + "\n", name + "\n8 \n" + root + "\n",
        name + "\n99999999999999999999\n" + root + "\n", "\n8\n" + root + "\n",
        name + "\n8\n" + root.substr(4) + "\n", name + "\n8\n" + root + "\n\nx\n", std::string("\n")}) {
    EXPECT_FALSE(open_checkpoint(signed_text(body), verifier_key())) << body;
  }
  EXPECT_FALSE(open_checkpoint("", verifier_key()));
  EXPECT_FALSE(open_checkpoint("\n\n", verifier_key()));
  EXPECT_FALSE(open_checkpoint(std::string(kNote.substr(0, kNote.size() - 1)), verifier_key()));
  EXPECT_FALSE(open_checkpoint(std::string(kNote) + "\n", verifier_key()));
  EXPECT_FALSE(open_checkpoint(std::string(kNote) + "\u2014 noise\n", verifier_key()));
  EXPECT_FALSE(open_checkpoint(signed_text(name + "\t\n8\n" + root + "\n"), verifier_key()))
      << "control character";
  EXPECT_FALSE(open_checkpoint(signed_text(name + "\xC0\xAF\n8\n" + root + "\n"), verifier_key()))
      << "overlong UTF-8";
  EXPECT_FALSE(open_checkpoint(signed_text(name + "\xED\xA0\x80\n8\n" + root + "\n"), verifier_key()))
      << "surrogate";
  EXPECT_TRUE(open_checkpoint(signed_text("明鉴\n8\n" + root + "\n"), verifier_key()));
}

}  // namespace
}  // namespace mj::evidence_format
