#include "mj/evidence_format/key_ring.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "mj/evidence_format/hash.hpp"

namespace mj::evidence_format {
namespace {

using testing::HasSubstr;

const std::string kOrigin = "log.example";

/// Keys of one statement, from fixed secrets.
struct Keys {
  explicit Keys(std::uint8_t n, const std::string& origin = kOrigin)
      : ed25519(*SoftwareKey::from_secret(origin, KeyKind::ed25519, Bytes(32, std::byte{n}))),
        sm2(*SoftwareKey::from_secret(origin, KeyKind::sm2_sm3, Bytes(32, std::byte{n}))) {}
  [[nodiscard]] std::vector<VerifierKey> verifiers() const { return {ed25519.key(), sm2.key()}; }
  SoftwareKey ed25519;
  SoftwareKey sm2;
};

SoftwareKey recovery_key(std::uint8_t n) {
  return *SoftwareKey::from_secret(kOrigin + "/recovery", KeyKind::ed25519, Bytes(32, std::byte{n}));
}

KeyStatement first_statement(const Keys& keys, const SoftwareKey& recovery) {
  KeyStatement statement;
  statement.origin = kOrigin;
  statement.at = Instant::from_ms(1'700'000'000'000);
  statement.keys = keys.verifiers();
  statement.recovery = recovery.key();
  statement.by = "张三 <operator>";
  statement.reason = "the log begins";
  return statement;
}

KeyStatement next_statement(const KeyRing& ring, KeyAction action, const Keys& keys) {
  KeyStatement statement = ring.newest();
  statement.action = action;
  statement.number += 1;
  statement.previous = sha256(as_bytes(ring.members().back().note));
  statement.at = statement.at.plus_ms(86'400'000);
  statement.keys = keys.verifiers();
  statement.reason = "because";
  return statement;
}

std::string sign(const KeyStatement& statement, std::initializer_list<const Signer*> signers) {
  Note note{statement.text(), {}};
  for (const Signer* signer : signers) EXPECT_TRUE(note.add(*signer));
  return note.str();
}

class KeyRingTest : public testing::Test {
 protected:
  Keys a{1};
  Keys b{2};
  SoftwareKey recovery = recovery_key(9);
  KeyRing ring = *KeyRing::begin(sign(first_statement(a, recovery), {&a.ed25519, &a.sm2, &recovery}));

  void expect_refused(const std::string& note, std::string_view why, std::uint64_t entry = 5) {
    KeyRing copy = ring;
    const Status added = copy.add(entry, note);
    ASSERT_FALSE(added) << note;
    EXPECT_EQ(added.error().code(), ErrorCode::damaged);
    EXPECT_THAT(added.error().text(), HasSubstr(std::string(why)));
    EXPECT_EQ(copy.text(), ring.text());
  }
};

TEST_F(KeyRingTest, AStatementHasTheLinesOfTheFormatDocument) {
  const KeyStatement statement = first_statement(a, recovery);
  EXPECT_EQ(statement.text(),
            "mingjian key statement v1\n"
            "origin log.example\n"
            "number 0\n"
            "previous none\n"
            "action create\n"
            "time 2023-11-15T06:13:20+08:00\n"
            "key " +
                a.ed25519.key().text() +
                "\n"
                "key " +
                a.sm2.key().text() +
                "\n"
                "recovery " +
                recovery.key().text() +
                "\n"
                "by 张三 <operator>\n"
                "reason the log begins\n");
  const auto parsed = KeyStatement::parse(statement.text());
  ASSERT_TRUE(parsed) << parsed.error().text();
  EXPECT_EQ(parsed->text(), statement.text());
}

TEST_F(KeyRingTest, ARotationCountsForCheckpointsThatCoverItsEntry) {
  const std::string note =
      sign(next_statement(ring, KeyAction::rotate, b), {&a.ed25519, &a.sm2, &b.ed25519, &b.sm2});
  ASSERT_TRUE(ring.add(5, note));
  EXPECT_EQ(ring.at_size(0).number, 0U);
  EXPECT_EQ(ring.at_size(5).number, 0U);
  EXPECT_EQ(ring.at_size(6).number, 1U);
  EXPECT_EQ(ring.at_size(UINT64_MAX).number, 1U);
  EXPECT_FALSE(ring.revoked_at(5));
  const auto again = KeyRing::parse(ring.text());
  ASSERT_TRUE(again) << again.error().text();
  EXPECT_EQ(again->text(), ring.text());
  ASSERT_EQ(again->members().size(), 2U);
  EXPECT_EQ(again->members()[1].entry, 5U);
  EXPECT_EQ(again->members()[1].note, note);
}

TEST_F(KeyRingTest, ARotationNeedsTheOldAndTheNewKeys) {
  const KeyStatement statement = next_statement(ring, KeyAction::rotate, b);
  expect_refused(sign(statement, {&b.ed25519, &b.sm2}), "it is not signed by the key");
  expect_refused(sign(statement, {&a.ed25519, &a.sm2}), "it is not signed by the key");
  expect_refused(sign(statement, {&a.ed25519, &b.ed25519, &b.sm2}), "it is not signed by the key");
  expect_refused(sign(statement, {&recovery, &b.ed25519, &b.sm2}), "it is not signed by the key");
  expect_refused(sign(statement, {&a.sm2, &a.ed25519, &b.ed25519, &b.sm2}), "in their order");
  expect_refused(sign(statement, {&a.ed25519, &a.sm2, &b.ed25519, &b.sm2, &recovery}), "in their order");
}

TEST_F(KeyRingTest, RecoveryAndRevocationNeedTheRecoveryKey) {
  for (const KeyAction action : {KeyAction::recover, KeyAction::revoke}) {
    const KeyStatement statement = next_statement(ring, action, b);
    expect_refused(sign(statement, {&a.ed25519, &a.sm2, &b.ed25519, &b.sm2}), "it is not signed by the key");
    KeyRing copy = ring;
    const Status added = copy.add(7, sign(statement, {&recovery, &b.ed25519, &b.sm2}));
    ASSERT_TRUE(added) << added.error().text();
    EXPECT_EQ(copy.revoked_at(7), action == KeyAction::revoke ? std::optional(statement.at) : std::nullopt);
    EXPECT_FALSE(copy.revoked_at(8)) << "the new keys are not revoked";
  }
}

TEST_F(KeyRingTest, ARevocationSaysNothingOfKeysThatHadBeenRotatedOutBefore) {
  const Keys c{3};
  ASSERT_TRUE(
      ring.add(5, sign(next_statement(ring, KeyAction::rotate, b), {&a.ed25519, &a.sm2, &b.ed25519, &b.sm2})));
  ASSERT_TRUE(ring.add(9, sign(next_statement(ring, KeyAction::revoke, c), {&recovery, &c.ed25519, &c.sm2})));
  EXPECT_FALSE(ring.revoked_at(5));
  EXPECT_TRUE(ring.revoked_at(6));
  EXPECT_TRUE(ring.revoked_at(9));
  EXPECT_FALSE(ring.revoked_at(10));
}

TEST_F(KeyRingTest, TheRecoveryKeyIsReplacedOnlyWithItsOwnSignature) {
  const SoftwareKey other = recovery_key(10);
  KeyStatement statement = next_statement(ring, KeyAction::rotate, b);
  statement.recovery = other.key();
  expect_refused(sign(statement, {&a.ed25519, &a.sm2, &b.ed25519, &b.sm2, &other}), "only be replaced");
  statement.recovery.reset();
  expect_refused(sign(statement, {&a.ed25519, &a.sm2, &b.ed25519, &b.sm2}), "only be replaced");
  statement = next_statement(ring, KeyAction::recover, b);
  statement.recovery = other.key();
  expect_refused(sign(statement, {&recovery, &b.ed25519, &b.sm2}), "it is not signed by the key");
  EXPECT_TRUE(KeyRing(ring).add(5, sign(statement, {&recovery, &b.ed25519, &b.sm2, &other})));
}

TEST_F(KeyRingTest, ASuccessionGivesTheLogAnotherOriginAndNothingElseDoes) {
  const Keys renamed(2, "log.example/2");
  KeyStatement statement = next_statement(ring, KeyAction::succeed, renamed);
  statement.origin = "log.example/2";
  const std::string note = sign(statement, {&a.ed25519, &a.sm2, &renamed.ed25519, &renamed.sm2});
  KeyRing succeeded = ring;
  const Status added = succeeded.add(5, note);
  ASSERT_TRUE(added) << added.error().text();
  EXPECT_EQ(succeeded.at_size(5).origin, "log.example");
  EXPECT_EQ(succeeded.at_size(6).origin, "log.example/2");
  statement.action = KeyAction::rotate;
  expect_refused(sign(statement, {&a.ed25519, &a.sm2, &renamed.ed25519, &renamed.sm2}), "only a succession");
  expect_refused(sign(next_statement(ring, KeyAction::succeed, b), {&a.ed25519, &a.sm2, &b.ed25519, &b.sm2}),
                 "another origin");
}

TEST_F(KeyRingTest, OrderNumberAndChainAreKept) {
  const auto signers = [&](const KeyStatement& statement) {
    return sign(statement, {&a.ed25519, &a.sm2, &b.ed25519, &b.sm2});
  };
  KeyStatement statement = next_statement(ring, KeyAction::rotate, b);
  statement.number = 2;
  expect_refused(signers(statement), "1 is due");
  statement.number = 1;
  statement.previous = sha256({});
  expect_refused(signers(statement), "the statement before");
  statement.previous.reset();
  expect_refused(signers(statement), "the statement before");
  KeyStatement again = first_statement(b, recovery);
  expect_refused(sign(again, {&b.ed25519, &b.sm2, &recovery}), "created once");
  // Two statements at one place, or going backwards.
  const std::string good = signers(next_statement(ring, KeyAction::rotate, b));
  ASSERT_TRUE(ring.add(5, good));
  const Keys c{3};
  const std::string next =
      sign(next_statement(ring, KeyAction::rotate, c), {&b.ed25519, &b.sm2, &c.ed25519, &c.sm2});
  expect_refused(next, "does not follow", 5);
  expect_refused(next, "does not follow", 4);
  expect_refused(good, "2 is due", 6);
  // Keys that were rotated out do not come back by their own word.
  expect_refused(sign(next_statement(ring, KeyAction::rotate, b), {&b.ed25519, &b.sm2}), "in force before", 6);
}

TEST_F(KeyRingTest, AFirstStatementNeedsAllItsKeysAndTheRecoveryKey) {
  const KeyStatement statement = first_statement(a, recovery);
  EXPECT_FALSE(KeyRing::begin(sign(statement, {&a.ed25519, &a.sm2})));
  EXPECT_FALSE(KeyRing::begin(sign(statement, {&a.ed25519, &recovery})));
  EXPECT_FALSE(KeyRing::begin(sign(statement, {&a.sm2, &recovery})));
  EXPECT_FALSE(KeyRing::begin(sign(statement, {&b.ed25519, &b.sm2, &recovery})));
  KeyStatement late = statement;
  late.number = 1;
  EXPECT_FALSE(KeyRing::begin(sign(late, {&a.ed25519, &a.sm2, &recovery})));
  KeyStatement alone = statement;
  alone.recovery.reset();
  EXPECT_TRUE(KeyRing::begin(sign(alone, {&a.ed25519, &a.sm2})));
}

TEST_F(KeyRingTest, StatementsInAnotherSpellingAreRefused) {
  const std::string good = first_statement(a, recovery).text();
  const auto with = [&](std::string_view from, std::string_view to) {
    std::string text = good;
    text.replace(text.find(from), from.size(), to);
    return text;
  };
  for (const std::string& text :
       {with("v1", "v2"), with("number 0", "number 00"), with("number 0", "number 0 "),
        with("number 0", "number -1"), with("previous none", "previous None"), with("create", "invent"),
        with("+08:00", "Z"), with("06:13:20+08:00", "06:13:20.000+08:00"), with("2023-11-15", "2023-13-15"),
        with("origin", "Origin"), with("by ", "by"), with("by 张三 <operator>", "by "),
        with("reason the log begins\n", ""), with("reason the log begins\n", "reason the log begins\nmore\n"),
        with("recovery ", "key "), with("origin log.example", "origin log2.example"), std::string(),
        good.substr(0, good.size() - 1)}) {
    const auto parsed = KeyStatement::parse(text);
    ASSERT_FALSE(parsed) << text;
    EXPECT_EQ(parsed.error().code(), ErrorCode::damaged);
  }
  KeyStatement swapped = first_statement(a, recovery);
  std::swap(swapped.keys[0], swapped.keys[1]);
  EXPECT_FALSE(KeyStatement::parse(swapped.text()));
  KeyStatement same = first_statement(a, recovery);
  same.recovery = same.keys[0];
  EXPECT_FALSE(KeyStatement::parse(same.text())) << "the recovery key must be another one";
}

TEST_F(KeyRingTest, EveryFlippedBitOfARingIsFound) {
  ASSERT_TRUE(
      ring.add(5, sign(next_statement(ring, KeyAction::rotate, b), {&a.ed25519, &a.sm2, &b.ed25519, &b.sm2})));
  const std::string good = ring.text();
  for (std::size_t bit = 0; bit < good.size() * 8; bit += 29) {
    std::string changed = good;
    changed[bit / 8] = static_cast<char>(changed[bit / 8] ^ (1 << (bit % 8)));
    const auto parsed = KeyRing::parse(changed);
    // The number of the entry is no part of what is signed: the log itself tells whether it is right.
    if (parsed) ASSERT_NE(parsed->members()[1].entry, 5U) << "bit " << bit;
  }
  EXPECT_FALSE(KeyRing::parse(""));
  EXPECT_FALSE(KeyRing::parse(good + "\n"));
  EXPECT_FALSE(KeyRing::parse(good.substr(0, good.size() - 1)));
  EXPECT_FALSE(KeyRing::parse(good.substr(good.find("at 5"))));
  EXPECT_FALSE(KeyRing::parse(good + good.substr(good.find("at 5"))));
  std::string padded = good;
  padded.replace(padded.find("at 5"), 4, "at 05");
  EXPECT_FALSE(KeyRing::parse(padded));
}

TEST_F(KeyRingTest, ACheckpointMustBeSignedByTheKeysInForceAtItsSize) {
  ASSERT_TRUE(
      ring.add(5, sign(next_statement(ring, KeyAction::rotate, b), {&a.ed25519, &a.sm2, &b.ed25519, &b.sm2})));
  const auto note = [&](std::uint64_t size, const Keys& keys, std::string origin = kOrigin) {
    const Checkpoint made{std::move(origin), size, sha256({}), sm3({})};
    return *sign_checkpoint(made, std::array<const Signer*, 2>{&keys.ed25519, &keys.sm2});
  };
  EXPECT_TRUE(open_checkpoint(note(5, a), ring));
  EXPECT_TRUE(open_checkpoint(note(6, b), ring));
  const auto late = open_checkpoint(note(6, a), ring);
  ASSERT_FALSE(late) << "keys that were rotated out";
  EXPECT_THAT(late.error().text(), HasSubstr("it is signed with the key"));
  EXPECT_THAT(late.error().text(), HasSubstr("of statement 0, which is not in force there"));
  EXPECT_FALSE(open_checkpoint(note(5, b), ring)) << "keys that were not yet in force";
  EXPECT_FALSE(open_checkpoint(note(5, a, "other.example"), ring));
  Checkpoint plain{kOrigin, 5, sha256({}), std::nullopt};
  const auto no_sm3 =
      open_checkpoint(*sign_checkpoint(plain, std::array<const Signer*, 2>{&a.ed25519, &a.sm2}), ring);
  ASSERT_FALSE(no_sm3);
  EXPECT_THAT(no_sm3.error().text(), HasSubstr("no SM3 root"));
}

}  // namespace
}  // namespace mj::evidence_format
