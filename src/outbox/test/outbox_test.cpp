#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "mj/evidence_format/merkle.hpp"
#include "relay.hpp"
#include "row.hpp"
#include "scene.hpp"

namespace mj::outbox {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

class Outbox : public testing::Test {
 protected:
  ScratchDirectory directory;
  std::unique_ptr<evidence::Log> log = open_log(directory.path());
  std::unique_ptr<soci::session> session = open_table(directory.path());
};

TEST_F(Outbox, WhatWasPutReachesTheLogOnceAndInOrder) {
  for (const char* name : {"one", "two", "three"}) make_thing(*session, *log, name);
  const Relayed first = relay(*session, *log).value();
  EXPECT_EQ(first.appended, 3U);
  EXPECT_EQ(first.found, 0U);
  EXPECT_THAT(payloads(*log), ElementsAre("one", "two", "three"));
  const Relayed again = relay(*session, *log).value();
  EXPECT_EQ(again.appended + again.found, 0U);
  EXPECT_EQ(log->size(), 3U);
  EXPECT_TRUE(check(*session, *log).has_value());
}

TEST_F(Outbox, TheEntryIsTheOneThatWasPutByteForByte) {
  const auto entry = event("payload", "500000003100000000000007");
  Bytes expected;
  ASSERT_TRUE(evidence_format::encode(entry, expected).has_value());
  {
    soci::transaction transaction(*session);
    ASSERT_TRUE(put(*session, entry, 0).has_value());
    transaction.commit();
  }
  ASSERT_TRUE(relay(*session, *log).has_value());
  Bytes stored;
  const auto batch = log->read(evidence::EntryIndex(0), 1, 1).value();
  ASSERT_TRUE(evidence_format::encode(batch.entries.front().entry, stored).has_value());
  EXPECT_EQ(stored, expected);
}

TEST_F(Outbox, WhatTheRoomRollsBackNeverReachesTheLog) {
  make_thing(*session, *log, "kept");
  {
    soci::transaction transaction(*session);
    *session << "INSERT INTO thing(name) VALUES('lost')";
    ASSERT_TRUE(put(*session, event("lost"), log->size()).has_value());
    transaction.rollback();
  }
  make_thing(*session, *log, "next");
  ASSERT_TRUE(relay(*session, *log).has_value());
  EXPECT_THAT(payloads(*log), ElementsAre("kept", "next"));
  EXPECT_THAT(things(*session), ElementsAre("kept", "next"));
}

TEST_F(Outbox, AnEntryThatCannotBeEncodedIsRefused) {
  const std::string long_text(evidence_format::kMaxEntryBytes, 'x');
  soci::transaction transaction(*session);
  const Status refused = put(*session, event(long_text), 0);
  ASSERT_FALSE(refused.has_value());
  EXPECT_EQ(refused.error().code(), ErrorCode::invalid_input);
  transaction.rollback();
  EXPECT_EQ(relay(*session, *log).value().appended, 0U);
}

TEST_F(Outbox, EntriesOfTheSameBytesAreEachAppended) {
  for (int i = 0; i < 3; ++i) make_thing(*session, *log, "same");
  ASSERT_EQ(relay(*session, *log).value().appended, 3U);
  make_thing(*session, *log, "same");
  const Relayed fourth = relay(*session, *log).value();
  EXPECT_EQ(fourth.appended, 1U);
  EXPECT_EQ(log->size(), 4U);
  EXPECT_TRUE(check(*session, *log).has_value());
}

TEST_F(Outbox, AnOlderEntryOfTheSameBytesIsNotMistakenForTheRow) {
  ASSERT_TRUE(log->append_and_wait(event("same")).has_value());
  make_thing(*session, *log, "same");
  EXPECT_EQ(relay(*session, *log).value().appended, 1U);
  EXPECT_EQ(log->size(), 2U);
}

TEST_F(Outbox, ThousandsOfRowsNeedFewAppends) {
  std::vector<std::string> texts;
  std::vector<evidence_format::Entry> entries;
  for (int i = 0; i < 5000; ++i) texts.push_back(fmt::format("statement {:04} {}", i, std::string(200, 'x')));
  for (const std::string& text : texts) entries.push_back(event(text));
  {
    soci::transaction transaction(*session);
    ASSERT_TRUE(put(*session, entries, log->size()).has_value());
    transaction.commit();
  }
  int batches = 0;
  RelaySteps steps;
  steps.appended = [&] { ++batches; };
  EXPECT_EQ(relay_with(*session, *log, steps).value().appended, 5000U);
  EXPECT_EQ(batches, 1) << "5000 entries of about 240 bytes fit into 2 MiB";
  EXPECT_EQ(payloads(*log), texts);
  EXPECT_TRUE(check(*session, *log).has_value());
}

TEST_F(Outbox, OtherEntriesBetweenDoNotDisturb) {
  make_thing(*session, *log, "one");
  ASSERT_TRUE(log->append_and_wait(event("somebody else")).has_value());
  make_thing(*session, *log, "two");
  ASSERT_TRUE(relay(*session, *log).has_value());
  make_thing(*session, *log, "three");
  ASSERT_TRUE(relay(*session, *log).has_value());
  EXPECT_THAT(payloads(*log), ElementsAre("somebody else", "one", "two", "three"));
  EXPECT_TRUE(check(*session, *log).has_value());
}

TEST_F(Outbox, TheChainIsTheOneOfTheDocument) {
  make_thing(*session, *log, "one");
  make_thing(*session, *log, "two");
  const std::vector<Row> rows = read_rows(*session, 0, 10);
  ASSERT_EQ(rows.size(), 2U);
  // By hand: SHA-256 over tag, hexadecimal link before, two big-endian numbers, leaf.
  std::string before = to_hex(evidence_format::sha256(as_bytes("mingjian outbox v1\n")));
  std::int64_t id = 0;
  for (const char* name : {"one", "two"}) {
    Bytes encoded;
    ASSERT_TRUE(evidence_format::encode(event(name), encoded).has_value());
    std::string plain("\0", 1);
    plain += as_text(encoded);
    const Digest leaf = evidence_format::sha256(as_bytes(plain));
    std::string text = "mingjian outbox row v1\n" + before;
    text += std::string(7, '\0') + static_cast<char>(++id) + std::string(8, '\0');
    text += as_text(leaf);
    before = to_hex(evidence_format::sha256(as_bytes(text)));
    EXPECT_EQ(rows[static_cast<std::size_t>(id) - 1].link, before);
  }
}

TEST_F(Outbox, ALogThatLostEntriesIsFound) {
  for (const char* name : {"one", "two"}) make_thing(*session, *log, name);
  ASSERT_TRUE(relay(*session, *log).has_value());
  log.reset();
  std::filesystem::remove_all(directory.path() / "evidence");
  log = open_log(directory.path());
  ASSERT_TRUE(log->append_and_wait(event("one")).has_value());
  const Status found = check(*session, *log);
  ASSERT_FALSE(found.has_value());
  EXPECT_EQ(found.error().code(), ErrorCode::damaged);
  EXPECT_THAT(found.error().text(), HasSubstr("outbox row 2 names entry 1, beyond the log"));
  ASSERT_TRUE(log->append_and_wait(event("another")).has_value());
  EXPECT_THAT(check(*session, *log).error().text(),
              HasSubstr("outbox row 2 is not what entry 1 of the log holds"));
}

}  // namespace
}  // namespace mj::outbox
