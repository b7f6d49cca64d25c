#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "anchor_event.hpp"
#include "station.hpp"

namespace mj::anchoring::test {
namespace {

class IndexTest : public testing::Test {
 protected:
  void record(const std::string& payload, evidence_format::EntryType type = evidence_format::EntryType::event) {
    evidence_format::Entry entry;
    entry.type = type;
    entry.received_at = Instant::from_ms(desk.now_ms);
    entry.payload = as_bytes(payload);
    ASSERT_TRUE(desk.log->append_and_wait(entry));
  }
  [[nodiscard]] std::string digest() const {
    std::string text;
    const std::vector<Anchor> newest = *desk.anchoring->newest(100);
    for (const Anchor& anchor : newest) {
      text += fmt::format("{} {} {}\n{}", anchor.entry, anchor.size, anchor.at.ms(), anchor.note);
    }
    for (std::uint64_t i = 0; i < desk.log->size(); ++i) {
      const auto covering = desk.anchoring->first_covering(i);
      text += covering && *covering ? fmt::format("{} ", (*covering)->entry) : "- ";
    }
    return text;
  }
  Desk3 desk;
};

TEST_F(IndexTest, TheOldestAnchorThatCoversAnEntryIsFound) {
  desk.open(desk.options());
  std::vector<Anchor> made;
  for (int i = 0; i < 4; ++i) {
    made.push_back(*desk.anchoring->anchor_now());
    append(*desk.log, 3);
  }
  desk.consume_all();
  for (std::uint64_t entry = 0; entry < desk.log->size(); ++entry) {
    const auto covering = desk.anchoring->first_covering(entry);
    ASSERT_TRUE(covering);
    const auto expected = std::ranges::find_if(made, [&](const Anchor& each) { return each.size > entry; });
    ASSERT_EQ(covering->has_value(), expected != made.end()) << entry;
    if (*covering) EXPECT_EQ((*covering)->entry, expected->entry) << entry;
  }
  EXPECT_EQ(desk.anchoring->newest(2)->size(), 2U);
  EXPECT_EQ(desk.anchoring->newest(2)->front().entry, made.back().entry);
}

TEST_F(IndexTest, TheIndexIsDerivedAgainFromTheLog) {
  desk.open(desk.options());
  for (int i = 0; i < 3; ++i) {
    ASSERT_TRUE(desk.anchoring->anchor_now());
    append(*desk.log, 2);
    desk.consume_all();
  }
  ASSERT_TRUE(
      desk.anchoring->raise({Alert::Kind::damage, "segments/000001.seg", "a text", Instant::from_ms(7), 0}));
  desk.consume_all();
  const std::string before = digest();
  const State state = desk.anchoring->state();
  ASSERT_EQ(state.alerts.size(), 1U);
  EXPECT_EQ(state.alerts[0].subject, "segments/000001.seg");
  EXPECT_EQ(state.alerts[0].at.ms(), 7);

  desk.open(desk.options());  // from the file
  EXPECT_EQ(desk.anchoring->state().alerts.size(), 1U);
  EXPECT_EQ(desk.anchoring->state().witnessed_note, state.witnessed_note);
  EXPECT_EQ(desk.anchoring->state().witnessed_at, state.witnessed_at);
  EXPECT_EQ(desk.anchoring->state().witnesses[1].cosigned_at, state.witnesses[1].cosigned_at);
  desk.consume_all();
  EXPECT_EQ(digest(), before);

  desk.anchoring.reset();
  fs::remove_all(desk.folder / "records");
  desk.open(desk.options());
  desk.consume_all();
  EXPECT_EQ(digest(), before);
  EXPECT_EQ(desk.anchoring->state().alerts.size(), 1U);
}

TEST_F(IndexTest, AnIndexThatIsAheadOfTheLogIsDerivedAgain) {
  desk.back_up();
  desk.open(desk.options());
  append(*desk.log, 5);
  ASSERT_TRUE(desk.anchoring->anchor_now());
  desk.consume_all();
  desk.anchoring.reset();
  fs::copy(desk.folder / "records", desk.folder / "kept", fs::copy_options::recursive);
  desk.restore_backup();
  fs::copy(desk.folder / "kept", desk.folder / "records", fs::copy_options::recursive);
  desk.open(desk.options());
  desk.consume_all();
  EXPECT_EQ(desk.anchoring->position(), 5U);
  EXPECT_TRUE(desk.anchoring->newest(10)->empty());
}

TEST_F(IndexTest, AnchorsAreJudgedAnewWhenTheWitnessesChange) {
  desk.open(desk.options(2));
  ASSERT_TRUE(desk.anchoring->anchor_now());
  desk.consume_all();
  ASSERT_TRUE(*desk.anchoring->first_covering(0));
  Options fewer = desk.options(2);
  fewer.witnesses.resize(2);
  desk.open(fewer);
  EXPECT_TRUE(*desk.anchoring->first_covering(0));
  Options others = desk.options(3);
  others.witnesses[0].key = RunningWitness("w.example/new").witness->key();
  desk.open(others);
  EXPECT_FALSE(*desk.anchoring->first_covering(0)) << "one of the three has never signed";
  EXPECT_EQ(desk.anchoring->newest(10)->size(), 1U) << "the log holds it all the same";
}

TEST_F(IndexTest, WhatIsNoAnchorOfThisLogIsPassedOver) {
  desk.open(desk.options(2));
  const Anchor good = *desk.anchoring->anchor_now();
  // The same checkpoint with another root, another size, no signatures of witnesses; and not an event at all.
  evidence_format::Note note = *evidence_format::Note::parse(good.note);
  evidence_format::Checkpoint other = *evidence_format::Checkpoint::parse(note.text);
  other.root = Digest{};
  record(encode(Anchor{5, evidence_format::Note{other.text(), note.signatures}.str(), {}, {}, 0}));
  record(encode(Anchor{4, good.note, {}, {}, 0}));
  record(encode(Anchor{1000, good.note, {}, {}, 0}));
  record(encode(good), evidence_format::EntryType::decision);
  record(R"({"kind":"log.anchor","version":2,"size":5,"note":"","timestamp":null})");
  record(R"({"kind":"log.anchor","version":1,"size":-5,"note":"","timestamp":null})");
  record(R"({"kind":"log.anchor","version":1,"size":5})");
  record(R"({"kind":"log.anchor",)");
  record(R"({"kind":"log.alert","version":1,"alert":"unknown","subject":"","text":""})");
  note.signatures.resize(2);
  record(encode(Anchor{5, note.str(), {}, {}, 0}));  // right, but seen by nobody
  desk.consume_all();
  const auto all = *desk.anchoring->newest(100);
  EXPECT_EQ(all.size(), 2U);
  EXPECT_EQ((*desk.anchoring->first_covering(0))->entry, good.entry);
  EXPECT_TRUE(desk.anchoring->state().alerts.empty());
}

TEST(AnchorEvent, WhatIsWrittenIsReadBack) {
  Anchor anchor{7, "log\n7\n—\n", {std::byte{0}, std::byte{255}}, Instant::from_ms(5), 9};
  std::string payload = encode(anchor);
  EXPECT_EQ(payload, R"({"kind":"log.anchor","version":1,"size":7,"note":"log\n7\n—\n","timestamp":"AP8="})");
  evidence_format::Entry entry;
  entry.type = evidence_format::EntryType::event;
  entry.received_at = anchor.at;
  entry.payload = as_bytes(payload);
  const auto read = decode_anchor(9, entry);
  ASSERT_TRUE(read);
  EXPECT_EQ(read->note, anchor.note);
  EXPECT_EQ(read->timestamp, anchor.timestamp);
  EXPECT_EQ(read->at, anchor.at);
  EXPECT_FALSE(decode_alert(9, entry));
  for (const Alert::Kind kind : {Alert::Kind::rollback, Alert::Kind::fork, Alert::Kind::damage}) {
    payload = encode(Alert{kind, "w \"x\"", "line\nline 明", Instant(), 0});
    entry.payload = as_bytes(payload);
    const auto alert = decode_alert(3, entry);
    ASSERT_TRUE(alert);
    EXPECT_EQ(alert->kind, kind);
    EXPECT_EQ(alert->subject, "w \"x\"");
    EXPECT_EQ(alert->text, "line\nline 明");
    EXPECT_EQ(alert->entry, 3U);
  }
}

}  // namespace
}  // namespace mj::anchoring::test
