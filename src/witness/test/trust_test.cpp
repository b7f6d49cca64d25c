#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "log_memory.hpp"
#include "mj/storage/file.hpp"
#include "tested_log.hpp"

namespace mj::witness::test {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

KeyStatement statement(KeyAction action, const LogKeys& keys, const std::string& origin) {
  KeyStatement made;
  made.action = action;
  made.origin = origin;
  made.at = Instant::from_ms(1'790'000'000'000);
  made.keys = keys.verifiers();
  made.by = "operator";
  made.reason = "test";
  return made;
}

std::string signed_note(const KeyStatement& made, const std::vector<const Signer*>& signers) {
  Note note{made.text(), {}};
  for (const Signer* signer : signers) static_cast<void>(note.add(*signer).has_value());
  return note.str();
}

KeyRing genesis(const LogKeys& keys, const std::string& origin) {
  return *KeyRing::begin(signed_note(statement(KeyAction::create, keys, origin), {&keys.ed25519, &keys.sm2}));
}

/// The ring with one more statement, as entry `entry`.
KeyRing next(KeyRing ring, std::uint64_t entry, KeyAction action, const LogKeys& before, const LogKeys& after,
             const std::string& origin) {
  KeyStatement made = statement(action, after, origin);
  made.number = ring.members().size();
  made.previous = evidence_format::sha256(as_bytes(ring.members().back().note));
  const Status added =
      ring.add(entry, signed_note(made, {&before.ed25519, &before.sm2, &after.ed25519, &after.sm2}));
  EXPECT_TRUE(added) << added.error().text();
  return ring;
}

class TrustTest : public testing::Test {
 protected:
  TrustTest() : second("log.example/a"), ring(genesis(log.keys(), log.origin())) { log.grow_to(30); }
  Status trusted(const KeyRing& given) { return w.witness->watch(WatchedLog::of(given)); }
  int add(std::uint64_t old_size, std::uint64_t size, const LogKeys& keys) {
    return w.witness
        ->add_checkpoint(
            TestedLog::body(old_size, log.proof(old_size, size), TestedLog::note(log.checkpoint(size), keys)))
        .status;
  }
  TestedLog log;
  LogKeys second;
  KeyRing ring;
  TestedWitness w;
};

TEST_F(TrustTest, ARotationIsFollowedWhenTheNewRingIsTrusted) {
  ASSERT_TRUE(trusted(ring));
  ASSERT_EQ(add(0, 10, log.keys()), 200);
  EXPECT_EQ(add(10, 16, second), 403) << "keys that nobody told us of";
  ASSERT_TRUE(trusted(next(ring, 15, KeyAction::rotate, log.keys(), second, log.origin())));
  EXPECT_EQ(add(10, 14, second), 403) << "entry 15 is not covered: the first keys are due";
  EXPECT_EQ(add(10, 15, log.keys()), 200);
  EXPECT_EQ(add(15, 20, log.keys()), 403) << "rotated out";
  EXPECT_EQ(add(15, 20, second), 200);
}

TEST_F(TrustTest, AnOlderOrAnotherRingIsRefused) {
  const KeyRing longer = next(ring, 15, KeyAction::rotate, log.keys(), second, log.origin());
  ASSERT_TRUE(trusted(longer));
  const Status older = trusted(ring);
  ASSERT_FALSE(older);
  EXPECT_EQ(older.error().code(), ErrorCode::conflict);
  EXPECT_THAT(older.error().text(), HasSubstr("older"));
  EXPECT_TRUE(trusted(longer)) << "the same again";

  const LogKeys thief(log.origin());
  const Status forked = trusted(next(ring, 15, KeyAction::rotate, log.keys(), thief, log.origin()));
  ASSERT_FALSE(forked);
  EXPECT_THAT(forked.error().text(), HasSubstr("another history of the keys"));
  EXPECT_FALSE(trusted(next(ring, 16, KeyAction::rotate, log.keys(), second, log.origin())))
      << "the same statement at another place";
  EXPECT_FALSE(trusted(genesis(thief, log.origin()))) << "another beginning";
  EXPECT_FALSE(w.witness->watch({log.origin(), thief.verifiers(), std::nullopt}))
      << "plain keys instead of a ring";
}

TEST_F(TrustTest, ALogThatGoesOnUnderAnotherOriginBeginsAnew) {
  ASSERT_TRUE(trusted(ring));
  ASSERT_EQ(add(0, 20, log.keys()), 200);
  // Restored at 12 entries, and the statement of the succession is entry 12.
  const LogKeys heir("log.example/a2");
  ASSERT_TRUE(trusted(next(ring, 12, KeyAction::succeed, log.keys(), heir, "log.example/a2")));
  EXPECT_EQ(add(20, 25, log.keys()), 403) << "the old log has ended";
  const auto remembered = w.witness->remembered();
  ASSERT_EQ(remembered.size(), 2U);
  EXPECT_EQ(remembered[0].size, 20U) << "what was seen of it stays";
  EXPECT_EQ(remembered[1].origin, "log.example/a2");
  EXPECT_EQ(remembered[1].size, 0U);
  Checkpoint checkpoint = log.checkpoint(13);
  checkpoint.origin = "log.example/a2";
  EXPECT_EQ(w.witness->add_checkpoint(TestedLog::body(0, {}, TestedLog::note(checkpoint, heir))).status, 200);
}

TEST_F(TrustTest, ARingReplacesItsOwnFirstKeysOnly) {
  ASSERT_TRUE(w.witness->watch(log.watched()));
  EXPECT_FALSE(trusted(genesis(second, log.origin())));
  EXPECT_TRUE(trusted(ring));
}

TEST_F(TrustTest, ARunningWitnessFollowsWhatTheCommandWrote) {
  ASSERT_EQ(add(0, 5, log.keys()), 404);
  ASSERT_TRUE(trust(w.folder.path() / "witness", WatchedLog::of(ring)));
  EXPECT_EQ(add(0, 5, log.keys()), 200);
  std::ofstream(w.folder.path() / "witness/logs.toml") << "[[log]]\norigin = 5\n";
  EXPECT_EQ(add(5, 6, log.keys()), 200) << "a broken list does not take the place of a good one";
  std::ofstream(w.folder.path() / "witness/logs.toml") << "# none any more\n";
  EXPECT_EQ(add(6, 7, log.keys()), 404);
  EXPECT_FALSE(w.witness->remembered().front().watched);
  ASSERT_TRUE(trust(w.folder.path() / "witness", WatchedLog::of(ring)));
  EXPECT_EQ(add(0, 7, log.keys()), 409) << "what was remembered stays remembered";
}

TEST_F(TrustTest, ALogOfForeignMakeIsWatchedByItsOneKey) {
  const WatchedLog foreign{"foreign.example", {log.keys().ed25519.key()}, std::nullopt};
  ASSERT_TRUE(w.witness->watch(foreign));
  EXPECT_FALSE(w.witness->watch({"foreign.example", {}, std::nullopt}));
  EXPECT_FALSE(w.witness->watch({"", {log.keys().ed25519.key()}, std::nullopt}));
  EXPECT_FALSE(w.witness->watch({"two words", {log.keys().ed25519.key()}, std::nullopt}));
  EXPECT_FALSE(w.witness->watch({"w.example", {w.witness->key()}, std::nullopt})) << "the key of a witness";
  ASSERT_TRUE(w.witness->watch({"foreign.example", {second.ed25519.key()}, std::nullopt})) << "its people told us";
  EXPECT_EQ(watched_logs(w.folder.path() / "witness")->front().keys.front(), second.ed25519.key());
}

TEST_F(TrustTest, ABrokenListNamesFileAndLine) {
  const fs::path directory = w.folder.path() / "other";
  fs::create_directories(directory);
  for (const char* text :
       {"[[log]]\n\nkeys = []\n", "[[log]]\norigin = \"a\"\n", "x = 1\n", "[[log]\n",
        "[[log]]\norigin = \"a\"\nkeys = [\"no key\"]\n", "[[log]]\norigin = \"a\"\nkeyring = \"missing\"\n",
        "[[log]]\norigin = \"a\"\nkey = \"misspelt\"\n"}) {
    std::ofstream(directory / "logs.toml", std::ios::trunc) << text;
    const auto logs = watched_logs(directory);
    ASSERT_FALSE(logs) << text;
    EXPECT_THAT(logs.error().text(), testing::AnyOf(HasSubstr("logs.toml:"), HasSubstr("missing"))) << text;
  }
}

}  // namespace
}  // namespace mj::witness::test
