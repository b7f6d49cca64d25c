#include "mj/witness/witness.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <thread>

#include "log_memory.hpp"
#include "mj/storage/file.hpp"
#include "tested_log.hpp"

namespace mj::witness::test {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

class WitnessTest : public testing::Test {
 protected:
  void SetUp() override {
    log.grow_to(40);
    ASSERT_TRUE(w.witness->watch(log.watched()));
  }
  Answer add(std::string_view body) { return w.witness->add_checkpoint(body); }
  Answer add(std::uint64_t old_size, std::uint64_t size) { return add(log.request(old_size, size)); }
  [[nodiscard]] Remembered remembered() const { return w.witness->remembered().front(); }
  [[nodiscard]] std::size_t proofs() const {
    std::error_code none;
    const fs::directory_iterator files(w.folder.path() / "witness/refused" / origin_hash(log.origin()), none);
    return static_cast<std::size_t>(std::distance(files, fs::directory_iterator()));
  }

  TestedLog log;
  TestedWitness w;
};

TEST_F(WitnessTest, CosignsAFirstCheckpointAndEachThatExtendsIt) {
  std::uint64_t old_size = 0;
  for (const std::uint64_t size : {1U, 2U, 3U, 7U, 8U, 9U, 31U, 32U, 33U, 40U}) {
    const Answer answer = add(old_size, size);
    ASSERT_EQ(answer.status, 200) << answer.body;
    EXPECT_EQ(cosigned_s(w.witness->key(), log.note(size), answer.body), w.now_ms / 1000);
    old_size = size;
  }
  EXPECT_EQ(remembered().size, 40U);
  EXPECT_EQ(remembered().cosigned, 10U);
}

TEST_F(WitnessTest, TheCheckpointForMonitorsHasTheLogsSignaturesAndOurs) {
  EXPECT_EQ(w.witness->checkpoint_of(origin_hash(log.origin())).status, 404) << "nothing cosigned yet";
  const Answer answer = add(0, 5);
  // SHA-256 of the origin, computed by sha256sum.
  EXPECT_EQ(origin_hash("log.example/a"), "b2d3e0cf2e483fbc179ff15f4e95ebef4f0ad5565d228215674c9ee83f0faf1d");
  const Answer newest = w.witness->checkpoint_of(origin_hash(log.origin()));
  EXPECT_EQ(newest.status, 200);
  EXPECT_EQ(newest.body, log.note(5).substr(0, log.note(5).find("\n\n") + 2) +
                             newest.body.substr(newest.body.find("\n\n") + 2));
  EXPECT_TRUE(evidence_format::open_checkpoint(newest.body, log.keys().verifiers()));
  EXPECT_TRUE(newest.body.ends_with(answer.body));
  EXPECT_EQ(w.witness->checkpoint_of("0123").status, 404);
}

TEST_F(WitnessTest, ForeignSignaturesAreNeitherNeededNorPassedOn) {
  Note note = *Note::parse(log.note(3));
  note.signatures.insert(note.signatures.begin(), {"stranger.example", 7, Bytes(64)});
  ASSERT_EQ(add(TestedLog::body(0, {}, note.str())).status, 200);
  EXPECT_THAT(remembered().note, Not(HasSubstr("stranger")));
}

TEST_F(WitnessTest, ABrokenRequestIsTold400) {
  const std::string good = log.request(0, 5);
  const std::string note = log.note(5);
  for (const std::string& body :
       {std::string(), std::string("old 0"), std::string("old 0\n"), "old 0" + note, "old 00\n\n" + note,
        "old -1\n\n" + note, "old +1\n\n" + note, "old 1 \n\n" + note, "old 18446744073709551616\n\n" + note,
        "Old 0\n\n" + note, "\n\n" + note, "old 0\nabc\n\n" + note,
        "old 0\n" + to_base64(Bytes(31)) + "\n\n" + note, "old 0\r\n\r\n" + note, good.substr(0, good.size() - 1),
        good + "x", good + "\n", "old 0\n\n" + Note::parse(note)->text,
        std::string("old 0\n\nno\nnote\n\n— a AAAA\n")}) {
    EXPECT_EQ(add(body).status, 400) << body;
  }
  EXPECT_EQ(add(good).status, 200);
}

TEST_F(WitnessTest, AnOldSizeBeyondTheCheckpointIsTold400) {
  ASSERT_EQ(add(0, 5).status, 200);
  EXPECT_EQ(add(TestedLog::body(5, {}, log.note(4))).status, 400);
  EXPECT_EQ(add(TestedLog::body(6, {}, log.note(5))).status, 400);
}

TEST_F(WitnessTest, AProofMayHave63LinesAndNotMore) {
  // Source: c2sp.org/tlog-witness "MUST NOT send more than 63 consistency proof lines".
  ASSERT_EQ(add(0, 5).status, 200);
  EXPECT_EQ(add(TestedLog::body(5, std::vector<Digest>(63), log.note(6))).status, 422);
  EXPECT_EQ(add(TestedLog::body(5, std::vector<Digest>(64), log.note(6))).status, 400);
}

TEST_F(WitnessTest, AnUnknownLogIsTold404) {
  TestedLog other("log.example/b");
  other.grow_to(3);
  EXPECT_EQ(add(other.request(0, 3)).status, 404);
}

TEST_F(WitnessTest, AMissingOrForgedSignatureOfEitherKeyIsTold403) {
  const Note good = *Note::parse(log.note(5));
  ASSERT_EQ(good.signatures.size(), 2U);
  for (const std::size_t i : {0U, 1U}) {
    Note missing = good;
    missing.signatures.erase(missing.signatures.begin() + static_cast<std::ptrdiff_t>(i));
    EXPECT_EQ(add(TestedLog::body(0, {}, missing.str())).status, 403) << i;

    Note flipped = good;
    flipped.signatures[i].bytes[20] ^= std::byte{1};
    EXPECT_EQ(add(TestedLog::body(0, {}, flipped.str())).status, 403) << i;

    Note wrong_id = good;
    wrong_id.signatures[i].id ^= 1U;
    EXPECT_EQ(add(TestedLog::body(0, {}, wrong_id.str())).status, 403) << i;

    Note of_another_size = good;
    of_another_size.signatures[i] = Note::parse(log.note(6))->signatures[i];
    EXPECT_EQ(add(TestedLog::body(0, {}, of_another_size.str())).status, 403) << i;

    // Source: c2sp.org/signed-note: a wrong signature of a known key spoils the note, whatever stands beside it.
    Note twice = good;
    twice.signatures.push_back(flipped.signatures[i]);
    EXPECT_EQ(add(TestedLog::body(0, {}, twice.str())).status, 403) << i;
  }
  EXPECT_EQ(add(TestedLog::body(0, {}, TestedLog::note(log.checkpoint(5), LogKeys(log.origin())))).status, 403);
  EXPECT_EQ(proofs(), 0U) << "anybody can forge; that convicts nobody";
  EXPECT_EQ(remembered().size, 0U);
}

TEST_F(WitnessTest, AnotherOldSizeIsTold409WithOurs) {
  const Answer first = add(TestedLog::body(3, log.proof(3, 5), log.note(5)));
  EXPECT_EQ(first.status, 409);
  EXPECT_EQ(first.body, "0\n");
  ASSERT_EQ(add(0, 5).status, 200);
  for (const std::uint64_t old_size : {0U, 4U, 6U}) {
    const Answer answer = add(old_size, 8);
    EXPECT_EQ(answer.status, 409);
    EXPECT_EQ(answer.content_type, "text/x.tlog.size");
    EXPECT_EQ(answer.body, "5\n");
  }
  EXPECT_EQ(proofs(), 0U) << "an honest log can be out of step";
}

TEST_F(WitnessTest, ATreeWithoutEntriesHasTheEmptyRoot) {
  Checkpoint lie = log.checkpoint(0);
  lie.root = log.checkpoint(1).root;
  EXPECT_EQ(add(TestedLog::body(0, {}, TestedLog::note(lie, log.keys()))).status, 422);
  EXPECT_EQ(add(0, 0).status, 200);
  EXPECT_EQ(add(0, 0).status, 200);
  EXPECT_EQ(add(TestedLog::body(0, {Digest{}}, log.note(5))).status, 422) << "from 0 the proof is empty";
  EXPECT_EQ(add(0, 5).status, 200);
}

TEST_F(WitnessTest, AWrongProofIsTold422) {
  ASSERT_EQ(add(0, 5).status, 200);
  std::vector<Digest> proof = log.proof(5, 11);
  for (std::size_t i = 0; i < proof.size(); ++i) {
    auto changed = proof;
    changed[i][0] ^= std::byte{1};
    EXPECT_EQ(add(TestedLog::body(5, changed, log.note(11))).status, 422) << i;
    auto shorter = proof;
    shorter.erase(shorter.begin() + static_cast<std::ptrdiff_t>(i));
    EXPECT_EQ(add(TestedLog::body(5, shorter, log.note(11))).status, 422) << i;
  }
  auto longer = proof;
  longer.emplace_back();
  EXPECT_EQ(add(TestedLog::body(5, longer, log.note(11))).status, 422);
  std::ranges::reverse(proof);
  EXPECT_EQ(add(TestedLog::body(5, proof, log.note(11))).status, 422);
  EXPECT_EQ(remembered().size, 5U);
  EXPECT_EQ(add(5, 11).status, 200);
}

TEST_F(WitnessTest, ASplitViewIsRefusedAndItsProofKept) {
  TestedLog other;
  {
    TestedLog shared;
    shared.grow_to(5);
    other = shared.fork();
    log = std::move(shared);
  }
  log.grow_to(9, "shown to us");
  other.grow_to(12, "shown to others");
  ASSERT_TRUE(trust(w.folder.path() / "witness", log.watched()));
  ASSERT_EQ(add(0, 9).status, 200);

  const Answer same_size = add(TestedLog::body(9, {}, other.note(9)));
  EXPECT_EQ(same_size.status, 422);
  EXPECT_THAT(same_size.body, HasSubstr("two different trees of 9 entries"));
  EXPECT_EQ(add(TestedLog::body(9, other.proof(9, 12), other.note(12))).status, 422);
  EXPECT_EQ(remembered().size, 9U);
  EXPECT_EQ(remembered().refused, 2U);
  EXPECT_EQ(proofs(), 2U);

  // Whoever gets the file can check both signatures over two roots of one size.
  const fs::path directory = w.folder.path() / "witness/refused" / origin_hash(log.origin());
  for (const auto& file : fs::directory_iterator(directory)) {
    if (!file.path().filename().string().starts_with("contradiction-")) continue;
    const std::string text = *storage::read_file(file.path());
    const std::size_t first = text.find(" ---\n") + 5, second = text.find("\n--- submitted ---\n");
    const auto ours = evidence_format::open_checkpoint(text.substr(first, second - first), log.keys().verifiers());
    const std::string body = text.substr(second + 19);
    const auto theirs =
        evidence_format::open_checkpoint(body.substr(body.find("\n\n") + 2), log.keys().verifiers());
    ASSERT_TRUE(ours) << ours.error().text();
    ASSERT_TRUE(theirs) << theirs.error().text();
    EXPECT_EQ(ours->size, theirs->size);
    EXPECT_NE(ours->root, theirs->root);
  }

  EXPECT_EQ(add(TestedLog::body(9, {}, other.note(9))).status, 422);
  EXPECT_EQ(proofs(), 2U) << "the same proof is kept once";
  w.open();
  EXPECT_EQ(remembered().refused, 2U);
  EXPECT_FALSE(remembered().last_refusal.empty());
  EXPECT_EQ(add(9, 9).status, 200) << "the history that we know goes on";
}

TEST_F(WitnessTest, AContradictionIsKeptAlsoWhenTheOldSizeIsOutOfStep) {
  TestedLog other = log.fork();
  log.grow_to(45, "one");
  other.grow_to(45, "two");
  ASSERT_EQ(add(0, 45).status, 200);
  EXPECT_EQ(add(TestedLog::body(0, {}, other.note(45))).status, 409);
  EXPECT_EQ(proofs(), 1U);
}

TEST_F(WitnessTest, TwoSm3RootsOfOneTreeAreAContradictionToo) {
  ASSERT_EQ(add(0, 5).status, 200);
  Checkpoint other = log.checkpoint(5);
  other.sm3_root = Digest{};
  EXPECT_EQ(add(TestedLog::body(5, {}, TestedLog::note(other, log.keys()))).status, 422);
}

TEST_F(WitnessTest, ARestoredOlderCopyCannotGoOn) {
  TestedLog restored = log.fork();
  log.grow_to(60);
  ASSERT_EQ(add(0, 60).status, 200);
  EXPECT_EQ(add(restored.request(40, 40)).body, "60\n") << "the rollback: what was seen is beyond the log";
  restored.grow_to(70, "after the restore");
  EXPECT_EQ(add(TestedLog::body(60, restored.proof(60, 70), restored.note(70))).status, 422) << "the fork";
  EXPECT_EQ(remembered().size, 60U);
}

TEST_F(WitnessTest, AReplayIsHarmless) {
  const std::string first = log.request(0, 5);
  ASSERT_EQ(add(first).status, 200);
  ASSERT_EQ(add(5, 9).status, 200);
  EXPECT_EQ(add(first).status, 409);
  EXPECT_EQ(add(log.request(5, 9)).status, 409);
  EXPECT_EQ(remembered().size, 9U);
  w.now_ms += 5000;
  const Answer again = add(9, 9);
  EXPECT_EQ(cosigned_s(w.witness->key(), log.note(9), again.body), w.now_ms / 1000)
      << "as of now, still the largest";
}

TEST_F(WitnessTest, AClockThatStepsBackGivesNoEarlierTime) {
  const std::int64_t begun = w.now_ms / 1000;
  ASSERT_EQ(add(0, 5).status, 200);
  w.now_ms -= 3'600'000;
  EXPECT_EQ(cosigned_s(w.witness->key(), log.note(9), add(5, 9).body), begun);
  w.open();
  EXPECT_EQ(cosigned_s(w.witness->key(), log.note(10), add(9, 10).body), begun) << "also after a restart";
}

TEST_F(WitnessTest, WhatWasAnsweredIsRememberedAfterAKill) {
  ASSERT_EQ(add(0, 5).status, 200);
  const std::string vkey = w.witness->key().text();
  // The directory as it stands, without anything that closing might write: what a killed process leaves.
  const fs::path copy = w.folder.path() / "copy";
  fs::copy(w.folder.path() / "witness", copy, fs::copy_options::recursive);
  auto again = Witness::open(copy, "", w.folder.path() / "passphrase", [] { return Instant::from_ms(1000); });
  ASSERT_TRUE(again) << again.error().text();
  EXPECT_EQ((*again)->key().text(), vkey);
  EXPECT_EQ((*again)->add_checkpoint(log.request(0, 9)).body, "5\n");
  EXPECT_EQ((*again)->add_checkpoint(log.request(5, 9)).status, 200);
}

TEST_F(WitnessTest, WhatCannotBeRememberedIsNotSigned) {
  ASSERT_EQ(add(0, 5).status, 200);
  // The replacement of the state file cannot be made: as with a full disk.
  const fs::path obstacle = w.folder.path() / "witness/state" / (origin_hash(log.origin()) + ".new");
  fs::create_directories(obstacle / "x");
  EXPECT_EQ(add(5, 9).status, 503);
  EXPECT_EQ(remembered().size, 5U);
  fs::remove_all(obstacle);
  EXPECT_EQ(add(5, 9).status, 200);
}

TEST_F(WitnessTest, OfRacingRequestsForOneSizeOneIsSigned) {
  // Two histories beyond 40, and many sizes of each: only what follows one from another may be signed.
  TestedLog other = log.fork();
  log.grow_to(60, "one");
  other.grow_to(60, "two");
  ASSERT_EQ(add(0, 40).status, 200);
  std::vector<std::string> requests;
  for (std::uint64_t size = 41; size <= 60; ++size) {
    requests.push_back(log.request(40, size));
    requests.push_back(other.request(40, size));
  }
  std::atomic<int> cosigned = 0;
  std::atomic<std::size_t> next = 0;
  std::vector<std::jthread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&] {
      for (std::size_t at = 0; (at = next++) < requests.size();) {
        const Answer answer = add(requests[at]);
        if (answer.status == 200) ++cosigned;
        EXPECT_THAT(answer.status, testing::AnyOf(200, 409));
        static_cast<void>(w.witness->remembered());
      }
    });
  }
  threads.clear();
  EXPECT_EQ(cosigned, 1);
  EXPECT_GT(remembered().size, 40U);
}

TEST_F(WitnessTest, OneProcessHoldsAWitness) {
  const auto second =
      Witness::open(w.folder.path() / "witness", "", w.folder.path() / "passphrase", [] { return Instant(); });
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().code(), ErrorCode::conflict);
}

TEST_F(WitnessTest, TheKeyIsEncryptedAndKeepsItsName) {
  const fs::path directory = w.folder.path() / "witness";
  EXPECT_THAT(*storage::read_file(directory / "key.pem"), HasSubstr("BEGIN ENCRYPTED PRIVATE KEY"));
  for (const fs::path& secret : {directory / "key.pem", w.folder.path() / "passphrase"}) {
    EXPECT_EQ(fs::status(secret).permissions(), fs::perms::owner_read | fs::perms::owner_write) << secret;
  }
  EXPECT_EQ(*read_key(directory), w.witness->key());
  w.witness.reset();
  const auto clock = [] { return Instant(); };
  const auto renamed = Witness::open(directory, "other.example", w.folder.path() / "passphrase", clock);
  ASSERT_FALSE(renamed);
  EXPECT_EQ(renamed.error().code(), ErrorCode::conflict);
  std::ofstream(w.folder.path() / "wrong") << "wrong\n";
  EXPECT_FALSE(Witness::open(directory, "", w.folder.path() / "wrong", clock));
  EXPECT_FALSE(Witness::open(directory, "", w.folder.path() / "none", clock));
  EXPECT_FALSE(Witness::open(w.folder.path() / "new", "", w.folder.path() / "passphrase", clock)) << "no name";
  EXPECT_TRUE(Witness::open(directory, "", w.folder.path() / "passphrase", clock));
}

TEST_F(WitnessTest, EveryFlippedBitOfTheStateIsFoundOrChangesOnlyTheCount) {
  ASSERT_EQ(add(0, 5).status, 200);
  const fs::path file = w.folder.path() / "witness/state" / origin_hash(log.origin());
  const Cosigned good = *read_state(file, w.witness->key());
  const std::string text = *storage::read_file(file);
  for (std::size_t bit = 0; bit < text.size() * 8; bit += 3) {
    std::string changed = text;
    changed[bit / 8] = static_cast<char>(changed[bit / 8] ^ (1 << (bit % 8)));
    std::ofstream(file, std::ios::binary | std::ios::trunc) << changed;
    const auto read = read_state(file, w.witness->key());
    if (!read) {
      EXPECT_EQ(read.error().code(), ErrorCode::damaged);
      continue;
    }
    // The count is for people; the signatures of the log were checked before ours was made over the text they sign.
    EXPECT_EQ(read->checkpoint, good.checkpoint) << bit;
    EXPECT_EQ(read->unix_seconds, good.unix_seconds) << bit;
  }
  std::ofstream(file, std::ios::binary | std::ios::trunc) << text.substr(0, text.size() / 2);
  w.witness.reset();
  const auto opened =
      Witness::open(w.folder.path() / "witness", "", w.folder.path() / "passphrase", [] { return Instant(); });
  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().code(), ErrorCode::damaged);
}

}  // namespace
}  // namespace mj::witness::test
