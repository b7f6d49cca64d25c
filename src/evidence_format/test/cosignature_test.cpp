#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "mj/evidence_format/checkpoint.hpp"

namespace mj::evidence_format {
namespace {

using testing::HasSubstr;

// c2sp.org/tlog-cosignature: the checkpoint of the example and the message that its witness signed.
constexpr std::string_view kText =
    "example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n";
constexpr std::string_view kSpecNote =
    "example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n"
    "\n"
    "— example.com/behind-the-sofa "
    "Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=\n"
    "— witness.example.com/w1 "
    "jWbPPwAAAABkGFDLEZMHwSRaJNiIDoe9DYn/zXcrtPHeolMI5OWXEhZCB9dlrDJsX3b2oyin1nPZqhf5nNo0xUe+mbIUBkBIfZ+qnA==\n";
constexpr std::int64_t kTime = 1'679'315'147;

SoftwareKey witness(std::string name) { return *SoftwareKey::generate(std::move(name), KeyKind::cosignature); }

TEST(Cosignature, TheMessageIsThatOfTheSpecification) {
  EXPECT_EQ(cosignature_message(kTime, kText),
            "cosignature/v1\n"
            "time 1679315147\n"
            "example.com/behind-the-sofa\n"
            "20852163\n"
            "CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n");
}

TEST(Cosignature, TheExampleOfTheSpecificationHoldsItsTimeInFront) {
  const auto note = Note::parse(kSpecNote);
  ASSERT_TRUE(note) << note.error().text();
  ASSERT_EQ(note->signatures.size(), 2U);
  EXPECT_EQ(note->signatures[1].bytes.size(), 72U);
  // 1679315147 = 0x641850CB.
  EXPECT_EQ(to_hex(BytesView(note->signatures[1].bytes).first(8)), "00000000641850cb");
}

TEST(Cosignature, CountsForItsTimeAndTextOnly) {
  const SoftwareKey one = witness("w1.example");
  auto made = cosign(one, kText, kTime);
  ASSERT_TRUE(made) << made.error().text();
  EXPECT_EQ(made->bytes.size(), 72U);
  Note note{std::string(kText), {*made}};
  const auto found = note.signature_of(one.key());
  ASSERT_TRUE(found) << found.error().text();
  EXPECT_TRUE(*found);
  for (std::size_t bit = 0; bit < 72 * 8; ++bit) {
    Note changed = note;
    changed.signatures[0].bytes[bit / 8] ^= std::byte{1} << (bit % 8);
    ASSERT_FALSE(changed.signature_of(one.key())) << bit;
  }
  Note other = note;
  other.text[0] = 'E';
  EXPECT_FALSE(other.signature_of(one.key()));
  Note shorter = note;
  shorter.signatures[0].bytes.resize(8);
  EXPECT_FALSE(shorter.signature_of(one.key()));
  // A plain signature of the same key is none.
  Note plain = note;
  plain.signatures[0].bytes = *one.sign(kText);
  EXPECT_FALSE(plain.signature_of(one.key()));
}

TEST(Cosignature, IsMadeByWitnessKeysOnlyAndNotBefore1970) {
  const auto log = SoftwareKey::generate("log.example", KeyKind::ed25519);
  EXPECT_FALSE(cosign(*log, kText, kTime));
  const SoftwareKey one = witness("w1.example");
  EXPECT_FALSE(cosign(one, kText, -1));
  Note note{std::string(kText), {}};
  EXPECT_FALSE(note.add(one)) << "a witness signs at a time";
}

TEST(WitnessPolicy, IsKeptWhenEnoughOfItsWitnessesSigned) {
  const SoftwareKey a = witness("a.example");
  const SoftwareKey b = witness("b.example");
  const SoftwareKey c = witness("c.example");
  const SoftwareKey stranger = witness("stranger.example");
  const WitnessPolicy policy{{a.key(), b.key(), c.key()}, 2};
  Note note{std::string(kText), {*cosign(stranger, kText, kTime), *cosign(c, kText, kTime)}};
  auto seen = witnessed(note, policy);
  ASSERT_TRUE(seen) << seen.error().text();
  EXPECT_FALSE(seen->enough);
  ASSERT_EQ(seen->by.size(), 1U);
  note.signatures.push_back(*cosign(a, kText, kTime + 60));
  seen = witnessed(note, policy);
  ASSERT_TRUE(seen);
  EXPECT_TRUE(seen->enough);
  ASSERT_EQ(seen->by.size(), 2U);
  EXPECT_EQ(seen->by[0].witness, "a.example");
  EXPECT_EQ(seen->by[0].at, Instant::from_ms((kTime + 60) * 1000));
  // The same signature twice is one witness; so is a witness that the policy names twice.
  Note twice{std::string(kText), {*cosign(a, kText, kTime), *cosign(a, kText, kTime + 1)}};
  EXPECT_FALSE(witnessed(twice, policy)->enough);
  const WitnessPolicy doubled{{a.key(), a.key(), VerifierKey{"alias.example", a.key().kind, a.key().public_key}},
                              2};
  EXPECT_FALSE(witnessed(note, doubled)->enough);
  EXPECT_TRUE(witnessed(twice, WitnessPolicy{})->enough) << "no witness is demanded";
}

TEST(WitnessPolicy, AWrongCosignatureOfAKnownWitnessIsNoMereAbsence) {
  const SoftwareKey a = witness("a.example");
  Note note{std::string(kText), {*cosign(a, kText, kTime)}};
  note.signatures[0].bytes[20] ^= std::byte{1};
  const auto seen = witnessed(note, WitnessPolicy{{a.key()}, 1});
  ASSERT_FALSE(seen);
  EXPECT_THAT(seen.error().text(), HasSubstr("a.example"));
}

}  // namespace
}  // namespace mj::evidence_format
