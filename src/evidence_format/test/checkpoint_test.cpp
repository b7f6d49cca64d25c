#include "mj/evidence_format/checkpoint.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "key_pair.hpp"
#include "mj/evidence_format/hash.hpp"

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
// GB/T 32918.5-2017 annex A.
constexpr std::string_view kSm2Secret = "3945208f7b2144b13f36e38ac6d39f95889393692860b51a42fb81ef4df7c5b8";

SoftwareKey ed25519() { return *SoftwareKey::from_secret(std::string(kName), KeyKind::ed25519, *from_hex(kSeed)); }
SoftwareKey sm2() {
  return *SoftwareKey::from_secret(std::string(kName), KeyKind::sm2_sm3, *from_hex(kSm2Secret));
}
VerifierKey verifier_key() { return *VerifierKey::parse(kVerifierKey); }

Checkpoint checkpoint() {
  Checkpoint made{std::string(kName), 8, {}, std::nullopt};
  const Bytes root = *from_hex(kRoot);
  std::copy(root.begin(), root.end(), made.root.begin());
  return made;
}

Result<Checkpoint> open(std::string_view note) { return open_checkpoint(note, std::array{verifier_key()}); }

std::string sign(const Checkpoint& what, std::initializer_list<const Signer*> signers) {
  return *sign_checkpoint(what, std::vector<const Signer*>(signers));
}

TEST(Checkpoint, SigningGivesTheNoteMadeByHand) {
  // Ed25519 is deterministic: the whole note can be compared.
  const SoftwareKey key = ed25519();
  EXPECT_EQ(key.key().text(), kVerifierKey);
  EXPECT_EQ(sign(checkpoint(), {&key}), kNote);
}

TEST(Checkpoint, OpeningGivesBackWhatWasSigned) {
  const auto opened = open(kNote);
  ASSERT_TRUE(opened) << opened.error().text();
  EXPECT_EQ(*opened, checkpoint());
}

TEST(Checkpoint, EveryFlippedBitIsRefused) {
  for (std::size_t bit = 0; bit < kNote.size() * 8; ++bit) {
    std::string changed(kNote);
    changed[bit / 8] = static_cast<char>(changed[bit / 8] ^ (1 << (bit % 8)));
    const auto opened = open(changed);
    ASSERT_FALSE(opened) << "bit " << bit;
    EXPECT_EQ(opened.error().code(), ErrorCode::damaged);
  }
}

TEST(Checkpoint, TheSm3RootIsAnExtensionLineUnderBothSignatures) {
  Checkpoint both = checkpoint();
  both.sm3_root = sm3(as_bytes("abc"));
  // The SM3 line holds the digest of "abc" (GB/T 32905-2016 A.1).
  EXPECT_EQ(both.text(),
            "mingjian.example/log\n8\nXcnaeacGWamtVZy3Ad7ZoqudgjqtL0lgz+Nw7/RgQyg=\n"
            "sm3 Zsfw9GLu7dnR8tRr3BDk4kFnxIdc8veiKX2gK49LqOA=\n");
  const SoftwareKey one = ed25519();
  const SoftwareKey two = sm2();
  const std::string note = sign(both, {&one, &two});
  const auto opened = open_checkpoint(note, std::array{one.key(), two.key()});
  ASSERT_TRUE(opened) << opened.error().text();
  EXPECT_EQ(*opened, both);
  // Each signature alone is not enough where both are due.
  for (const SoftwareKey* only : {&one, &two}) {
    const auto half = open_checkpoint(sign(both, {only}), std::array{one.key(), two.key()});
    ASSERT_FALSE(half);
    EXPECT_THAT(half.error().text(), HasSubstr("there is no signature of mingjian.example/log"));
  }
  for (std::size_t bit = 0; bit < note.size() * 8; ++bit) {
    std::string changed = note;
    changed[bit / 8] = static_cast<char>(changed[bit / 8] ^ (1 << (bit % 8)));
    ASSERT_FALSE(open_checkpoint(changed, std::array{one.key(), two.key()})) << "bit " << bit;
  }
}

TEST(Checkpoint, AnSm2SignatureUnderAnotherUserIdIsRefused) {
  const SoftwareKey one = ed25519();
  const SoftwareKey two = sm2();
  const KeyPair pair = pair_of_secret(KeyKind::sm2_sm3, *from_hex(kSm2Secret));
  for (const std::string_view id : {"", "ALICE123@YAHOO.COM"}) {
    Note note{checkpoint().text(), {}};
    ASSERT_TRUE(note.add(one));
    note.signatures.push_back({two.key().name, two.key().id(), sm2_sign(*pair, as_bytes(note.text), id)});
    const auto opened = open_checkpoint(note.str(), std::array{one.key(), two.key()});
    ASSERT_FALSE(opened) << "id \"" << id << '"';
    EXPECT_THAT(opened.error().text(), HasSubstr("the signature of mingjian.example/log is not valid"));
  }
}

TEST(Checkpoint, AnotherKeysSignatureIsNotEnough) {
  const auto other = SoftwareKey::generate(std::string(kName), KeyKind::ed25519);
  const auto opened = open(sign(checkpoint(), {&*other}));
  ASSERT_FALSE(opened);
  EXPECT_THAT(opened.error().text(), HasSubstr("there is no signature of"));
}

TEST(Checkpoint, SignaturesOfOthersAreAllowedBesideOurs) {
  const auto other = SoftwareKey::generate("other.example", KeyKind::ed25519);
  const std::string theirs = sign(checkpoint(), {&*other});
  const std::string line = theirs.substr(theirs.find("\u2014"));
  EXPECT_TRUE(open(std::string(kNote) + line));
  const std::string first =
      std::string(kNote.substr(0, kNote.find("\u2014"))) + line + std::string(kNote.substr(kNote.find("\u2014")));
  EXPECT_TRUE(open(first));
  EXPECT_TRUE(open_checkpoint(first, std::array{other->key()}));
}

TEST(Checkpoint, MalformedTextsAreRefused) {
  const SoftwareKey key = ed25519();
  const auto signed_text = [&](const std::string& text) {
    // Signed as it stands, so that only the text is to blame.
    Note note{text, {}};
    EXPECT_TRUE(note.add(key));
    return note.str();
  };
  const std::string root = to_base64(*from_hex(kRoot));
  const std::string name(kName);
  ASSERT_TRUE(open(signed_text(name + "\n8\n" + root + "\n")));
  EXPECT_TRUE(open(signed_text(name + "\n8\n" + root + "\nextension\n")));
  EXPECT_TRUE(open(signed_text("明鉴\n8\n" + root + "\n")));
  const std::string sm3_line = "sm3 " + root + "\n";
  EXPECT_TRUE(open(signed_text(name + "\n8\n" + root + "\n" + sm3_line)));
  for (const std::string& text :
       {name + "\n8\n", name + "\n08\n" + root + "\n", name + "\n-8\n" + root + "\n",
        name + "\n+8\n" + root + "\n", name + "\n8 \n" + root + "\n",
        name + "\n99999999999999999999\n" + root + "\n", "\n8\n" + root + "\n",
        name + "\n8\n" + root.substr(4) + "\n", name + "\n8\n" + root + "\n\nx\n", std::string("\n"),
        name + "\n8\n" + root + "\nsm3 \n", name + "\n8\n" + root + "\nsm3 " + root.substr(4) + "\n",
        name + "\n8\n" + root + "\n" + sm3_line + sm3_line}) {
    EXPECT_FALSE(open(signed_text(text))) << text;
  }
}

}  // namespace
}  // namespace mj::evidence_format
