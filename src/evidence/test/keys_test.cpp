#include "mj/evidence/keys.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "filled_log.hpp"
#include "key_files.hpp"
#include "mj/evidence/verify.hpp"
#include "tree_files.hpp"

namespace mj::evidence {
namespace {

using evidence_format::KeyAction;
using evidence_format::KeyKind;
using evidence_format::KeyRing;
using testing::HasSubstr;

const std::string kOrigin = LogOptions{}.origin;

LogOptions no_checkpoints_by_itself(std::uint64_t segment_bytes = 64U << 20U) {
  LogOptions options;
  options.checkpoint_interval_ms = 3'600'000;
  options.segment_bytes = segment_bytes;
  return options;
}

void append(Log& log, std::uint64_t first, std::uint64_t count) {
  for (std::uint64_t n = first; n < first + count; ++n) {
    const TestEntry test(n);
    const auto index = log.append_and_wait(test.entry);
    ASSERT_TRUE(index) << index.error().text();
  }
}

KeyChange change_of(KeyAction action) {
  KeyChange change;
  change.action = action;
  change.by = "张三";
  change.reason = "exercise";
  return change;
}

void expect_verify_refuses(const std::filesystem::path& directory, std::string_view why) {
  const auto report = verify(directory);
  ASSERT_FALSE(report);
  EXPECT_EQ(report.error().code(), ErrorCode::damaged);
  EXPECT_THAT(report.error().text(), HasSubstr(std::string(why)));
}

/// A checkpoint over `size` entries of a closed log, signed by the keys of statement `number`, put in the place of the newest.
void put_checkpoint(const std::filesystem::path& directory, std::uint64_t size, std::uint64_t number) {
  const Layout layout{directory};
  const KeyRing ring = *read_ring(layout);
  const TreeFiles tree = *TreeFiles::open(layout, storage::File::Mode::read);
  const auto keys = load_keys(layout, ring.members()[number].statement, *read_passphrase(layout.passphrase()));
  ASSERT_TRUE(keys) << keys.error().text();
  const evidence_format::Checkpoint made{ring.at_size(size).origin, size,
                                         *tree.hashes(HashAlgorithm::sha256).root(size),
                                         *tree.hashes(HashAlgorithm::sm3).root(size)};
  spew(layout.checkpoint(), *evidence_format::sign_checkpoint(made, keys->signers()));
}

TEST(Keys, ARotationIsAnEntryAndLaterCheckpointsBearTheNewSignatures) {
  const ScratchDirectory scratch;
  auto log = filled_log(scratch.log(), 5, 64U << 20U);
  const auto before = log->checkpoint();
  ASSERT_TRUE(before);
  const auto index = log->rotate_keys("张三", "yearly change");
  ASSERT_TRUE(index) << index.error().text();
  EXPECT_EQ(index->raw(), 5U);
  append(*log, 6, 2);
  const auto after = log->checkpoint();
  ASSERT_TRUE(after);

  const KeyRing ring = log->keyring();
  ASSERT_EQ(ring.members().size(), 2U);
  EXPECT_EQ(ring.newest().action, KeyAction::rotate);
  EXPECT_EQ(ring.newest().by, "张三");
  EXPECT_TRUE(evidence_format::open_checkpoint(before->note, ring));
  EXPECT_TRUE(evidence_format::open_checkpoint(after->note, ring));
  const auto old_keys = ring.members()[0].statement.keys;
  const auto note = *evidence_format::Note::parse(after->note);
  for (const auto& key : old_keys) EXPECT_FALSE(*note.signature_of(key)) << "old keys sign no more";
  // The entry holds the note, byte for byte.
  const auto stored = log->read(*index, 1, 1U << 20U);
  ASSERT_TRUE(stored);
  EXPECT_EQ(stored->entries[0].entry.type, evidence_format::EntryType::key);
  EXPECT_EQ(as_text(stored->entries[0].entry.payload), ring.members()[1].note);

  log.reset();
  const auto report = verify(scratch.log());
  ASSERT_TRUE(report) << report.error().text();
  EXPECT_EQ(report->key_statements, 2U);
  const auto again = Log::open(scratch.log(), {});
  ASSERT_TRUE(again) << again.error().text();
  EXPECT_EQ((*again)->keyring().text(), ring.text());
}

TEST(Keys, ARotationNeedsWhoAndWhyInOneLine) {
  const ScratchDirectory scratch;
  const auto log = filled_log(scratch.log(), 2, 64U << 20U);
  for (const auto& [by, reason] : std::vector<std::pair<std::string, std::string>>{
           {"", "why"}, {"who", ""}, {"who\nkey x", "why"}, {"who", "why\n"}}) {
    const auto index = log->rotate_keys(by, reason);
    ASSERT_FALSE(index);
    EXPECT_EQ(index.error().code(), ErrorCode::invalid_input);
  }
  EXPECT_EQ(log->size(), 2U);
}

TEST(Keys, NobodyElseMayAppendAStatement) {
  Batch batch;
  evidence_format::Entry entry;
  entry.type = evidence_format::EntryType::key;
  const Status added = batch.add(entry);
  ASSERT_FALSE(added);
  EXPECT_EQ(added.error().code(), ErrorCode::invalid_input);
}

TEST(Keys, ACrashBetweenStatementAndKeyringIsMendedFromTheLog) {
  const ScratchDirectory scratch;
  {
    auto log = filled_log(scratch.log(), 4, 64U << 20U);
    const std::string ring = slurp(scratch.log() / "keyring");
    const std::string checkpoint = slurp(scratch.log() / "checkpoint");
    ASSERT_TRUE(log->rotate_keys("who", "why"));
    log.reset();
    spew(scratch.log() / "keyring", ring);
    spew(scratch.log() / "checkpoint", checkpoint);
  }
  // The verifier takes it for a change under way.
  const auto report = verify(scratch.log());
  ASSERT_TRUE(report) << report.error().text();
  const auto log = Log::open(scratch.log(), {});
  ASSERT_TRUE(log) << log.error().text();
  EXPECT_EQ((*log)->keyring().members().size(), 2U);
  EXPECT_EQ(read_keyring(scratch.log())->members().size(), 2U);
  const auto signed_now = (*log)->checkpoint();
  ASSERT_TRUE(signed_now);
  EXPECT_TRUE(evidence_format::open_checkpoint(signed_now->note, (*log)->keyring()));
}

TEST(Keys, AStatementThatTheKeyringLacksBehindACheckpointIsDamage) {
  const ScratchDirectory scratch;
  auto log = filled_log(scratch.log(), 4, 64U << 20U);
  const std::string ring = slurp(scratch.log() / "keyring");
  ASSERT_TRUE(log->rotate_keys("who", "why"));
  log.reset();
  spew(scratch.log() / "keyring", ring);
  expect_verify_refuses(scratch.log(), "checkpoint: there is no signature of the key");
  const auto opened = Log::open(scratch.log(), {});
  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().code(), ErrorCode::damaged);
}

TEST(Keys, ACheckpointOfRotatedOutKeysIsRefusedSayingSo) {
  const ScratchDirectory scratch;
  auto log = filled_log(scratch.log(), 4, 64U << 20U);
  ASSERT_TRUE(log->rotate_keys("who", "why"));
  log.reset();
  put_checkpoint(scratch.log(), 5, 0);
  expect_verify_refuses(scratch.log(), "of statement 0, which is not in force there");
  const auto opened = Log::open(scratch.log(), {});
  ASSERT_FALSE(opened);
  EXPECT_THAT(opened.error().text(), HasSubstr("of statement 0, which is not in force there"));
  // What they signed while they were in force stands.
  put_checkpoint(scratch.log(), 4, 0);
  EXPECT_TRUE(verify(scratch.log()));
  // And the new ones could not have signed it.
  put_checkpoint(scratch.log(), 4, 1);
  expect_verify_refuses(scratch.log(), "of statement 1, which is not in force there");
}

TEST(Keys, LostKeysAreReplacedWithTheRecoveryKey) {
  const ScratchDirectory scratch;
  filled_log(scratch.log(), 4, 64U << 20U).reset();
  std::filesystem::remove(scratch.log() / "keys" / "0-ed25519.pem");
  std::filesystem::remove(scratch.log() / "keys" / "0-sm2.pem");
  ASSERT_FALSE(Log::open(scratch.log(), {}));
  const auto entry = change_keys(scratch.log(), change_of(KeyAction::recover));
  ASSERT_TRUE(entry) << entry.error().text();
  EXPECT_EQ(*entry, 4U);
  const auto report = verify(scratch.log());
  ASSERT_TRUE(report) << report.error().text();
  EXPECT_EQ(report->size, 5U);
  const auto log = Log::open(scratch.log(), {});
  ASSERT_TRUE(log) << log.error().text();
  EXPECT_EQ((*log)->keyring().newest().action, KeyAction::recover);
  EXPECT_EQ((*log)->newest_checkpoint().checkpoint.size, 5U);
  EXPECT_FALSE((*log)->keyring().revoked_at(4));
}

TEST(Keys, RevokedKeysAreMarkedFromTheMomentOfTheRevocation) {
  const ScratchDirectory scratch;
  filled_log(scratch.log(), 4, 64U << 20U).reset();
  ASSERT_TRUE(change_keys(scratch.log(), change_of(KeyAction::revoke)));
  const KeyRing ring = *read_keyring(scratch.log());
  EXPECT_EQ(ring.revoked_at(4), ring.newest().at);
  EXPECT_FALSE(ring.revoked_at(5));
  EXPECT_TRUE(verify(scratch.log()));
  // The thief signs on with the keys he has.
  put_checkpoint(scratch.log(), 5, 0);
  expect_verify_refuses(scratch.log(), "which is not in force there");
}

TEST(Keys, ASuccessionGivesTheLogAnotherNameFromThereOn) {
  const ScratchDirectory scratch;
  filled_log(scratch.log(), 20, 600).reset();
  KeyChange change = change_of(KeyAction::succeed);
  change.origin = "mingjian.local/log-2";
  const auto entry = change_keys(scratch.log(), change);
  ASSERT_TRUE(entry) << entry.error().text();
  ASSERT_TRUE(verify(scratch.log()));
  {
    // The caller's settings may still name the log as it was.
    LogOptions options = no_checkpoints_by_itself(600);
    auto log = Log::open(scratch.log(), options);
    ASSERT_TRUE(log) << log.error().text();
    EXPECT_EQ((*log)->newest_checkpoint().checkpoint.origin, "mingjian.local/log-2");
    append(**log, 21, 20);
    const auto made = (*log)->checkpoint();
    ASSERT_TRUE(made);
    EXPECT_TRUE(made->note.starts_with("mingjian.local/log-2\n41\n"));
    EXPECT_EQ((*log)->checkpoint_at(20)->origin, kOrigin);
    // Entries of segments of both names are read.
    const auto all = (*log)->read(EntryIndex(0), 100, 1U << 20U);
    ASSERT_TRUE(all) << all.error().text();
    EXPECT_EQ(all->entries.size(), 41U);
  }
  EXPECT_THAT(slurp(segment_files(scratch.log(), ".seg").front()), HasSubstr(kOrigin));
  EXPECT_THAT(slurp(segment_files(scratch.log(), ".seg").back()), HasSubstr("mingjian.local/log-2"));
  ASSERT_TRUE(verify(scratch.log()));
  LogOptions options = no_checkpoints_by_itself();
  options.origin = "mingjian.local/log-2";
  EXPECT_TRUE(Log::open(scratch.log(), options));
  options.origin = "mingjian.local/log-3";
  EXPECT_EQ(Log::open(scratch.log(), options).error().code(), ErrorCode::conflict);
}

TEST(Keys, AChangeWithTheWrongMeansIsRefusedAndLeavesTheLogAlone) {
  const ScratchDirectory scratch;
  filled_log(scratch.log(), 4, 64U << 20U).reset();
  const auto refuse = [&](const KeyChange& change, std::string_view why) {
    const auto entry = change_keys(scratch.log(), change);
    ASSERT_FALSE(entry);
    EXPECT_EQ(entry.error().code(), ErrorCode::invalid_input) << entry.error().text();
    EXPECT_THAT(entry.error().text(), HasSubstr(std::string(why)));
  };
  refuse(change_of(KeyAction::create), "opening it");
  KeyChange change = change_of(KeyAction::recover);
  change.by.clear();
  refuse(change, "one line of who");
  change = change_of(KeyAction::succeed);
  change.origin = kOrigin;
  refuse(change, "another origin");
  change.origin = "two words";
  refuse(change, "cannot name a key");
  // Another log's recovery key.
  filled_log(scratch.path() / "other", 1, 64U << 20U).reset();
  change = change_of(KeyAction::recover);
  change.recovery_key = scratch.path() / "other" / "keys" / "recovery.pem";
  change.recovery_passphrase = scratch.path() / "other" / "keys" / "passphrase";
  refuse(change, "is not the key");
  change.recovery_passphrase.clear();
  refuse(change, "wrong passphrase");
  change.recovery_key = scratch.path() / "nothing.pem";
  refuse(change, "recovery key cannot be used");
  EXPECT_EQ(verify(scratch.log())->size, 4U);
  const auto open = Log::open(scratch.log(), {});
  EXPECT_EQ(change_keys(scratch.log(), change_of(KeyAction::recover)).error().code(), ErrorCode::conflict);
}

TEST(Keys, TheRecoveryKeyIsTakenOutOfTheMachineAndStillRecovers) {
  const ScratchDirectory scratch;
  filled_log(scratch.log(), 4, 64U << 20U).reset();
  const auto safe = scratch.path() / "safe" / "recovery.pem";
  const auto words = scratch.path() / "envelope" / "words";
  std::filesystem::create_directories(words.parent_path());
  spew(words, "nine short words in an envelope\n");
  const Status taken = take_out_recovery_key(scratch.log(), {}, safe, words);
  ASSERT_TRUE(taken) << taken.error().text();
  EXPECT_FALSE(std::filesystem::exists(scratch.log() / "keys" / "recovery.pem"));
  EXPECT_EQ(take_out_recovery_key(scratch.log(), {}, safe, words).error().code(), ErrorCode::not_found);
  KeyChange change = change_of(KeyAction::recover);
  EXPECT_FALSE(change_keys(scratch.log(), change)) << "it is not in the machine any more";
  change.recovery_key = safe;
  change.recovery_passphrase = words;
  const auto entry = change_keys(scratch.log(), change);
  ASSERT_TRUE(entry) << entry.error().text();
  EXPECT_TRUE(Log::open(scratch.log(), {}));
}

TEST(Keys, APassphraseOutsideTheDirectoryIsUsed) {
  const ScratchDirectory scratch;
  LogOptions options = no_checkpoints_by_itself();
  options.passphrase_file = scratch.path() / "elsewhere" / "words";
  ASSERT_TRUE(Log::open(scratch.log(), options));
  EXPECT_FALSE(std::filesystem::exists(scratch.log() / "keys" / "passphrase"));
  ASSERT_TRUE(Log::open(scratch.log(), options));
  const auto without = Log::open(scratch.log(), {});
  ASSERT_FALSE(without);
  EXPECT_EQ(without.error().code(), ErrorCode::invalid_input);
  EXPECT_THAT(without.error().text(), HasSubstr("passphrase file"));
}

/// A log with every kind of statement in it.
void make_eventful_log(const std::filesystem::path& directory) {
  auto log = filled_log(directory, 300, 20'000);
  ASSERT_TRUE(log->rotate_keys("who", "why"));
  append(*log, 301, 2);
  log.reset();
  ASSERT_TRUE(change_keys(directory, change_of(KeyAction::recover)));
  ASSERT_TRUE(change_keys(directory, change_of(KeyAction::revoke)));
  KeyChange change = change_of(KeyAction::succeed);
  change.origin = "mingjian.local/log-2";
  ASSERT_TRUE(change_keys(directory, change));
  log = *Log::open(directory, no_checkpoints_by_itself(20'000));
  append(*log, 307, 30);
  ASSERT_TRUE(log->rotate_keys("who", "again"));
}

TEST(Keys, AnEventfulLogVerifiesAndEveryFlippedBitOfItsKeyringIsFound) {
  const ScratchDirectory scratch;
  make_eventful_log(scratch.log());
  const auto report = verify(scratch.log());
  ASSERT_TRUE(report) << report.error().text();
  EXPECT_EQ(report->key_statements, 6U);
  const auto file = scratch.log() / "keyring";
  const std::string whole = slurp(file);
  for (std::size_t bit = 3; bit < whole.size() * 8; bit += 397) {
    std::string changed = whole;
    changed[bit / 8] = static_cast<char>(changed[bit / 8] ^ (1 << (bit % 8)));
    spew(file, changed);
    ASSERT_FALSE(verify(scratch.log())) << "bit " << bit;
  }
  // The place of a statement is signed by nobody: the log itself tells it.
  for (const auto& [from, to] : std::vector<std::pair<std::string, std::string>>{
           {"at 300\n", "at 299\n"}, {"at 300\n", "at 301\n"}, {"at 303\n", "at 302\n"}}) {
    std::string changed = whole;
    ASSERT_NE(changed.find(from), std::string::npos) << from;
    changed.replace(changed.find(from), from.size(), to);
    spew(file, changed);
    ASSERT_FALSE(verify(scratch.log())) << from << " -> " << to;
  }
  // Cut by its last statements, it lacks what the log holds.
  for (std::size_t at = whole.find("\n\nat "); at != std::string::npos; at = whole.find("\n\nat ", at + 1)) {
    spew(file, whole.substr(0, at + 2));
    ASSERT_FALSE(verify(scratch.log())) << at;
  }
  spew(file, whole);
  EXPECT_TRUE(verify(scratch.log()));
}

TEST(Keys, TreeFilesOfAnEventfulLogAreMadeAnew) {
  const ScratchDirectory scratch;
  make_eventful_log(scratch.log());
  std::filesystem::remove_all(scratch.log() / "tree");
  LogOptions options = no_checkpoints_by_itself(20'000);
  const auto log = Log::open(scratch.log(), options);
  ASSERT_TRUE(log) << log.error().text();
  EXPECT_EQ((*log)->keyring().members().size(), 6U);
}

}  // namespace
}  // namespace mj::evidence
