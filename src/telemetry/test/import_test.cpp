// Values of imported files: docs/formats/import.md.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <map>

#include "import_files.hpp"

namespace mj::telemetry::test {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

struct Scene {
  TemporaryFolder folder;
  registry::Network network = network_of({kMn});
  std::unique_ptr<evidence::Log> log = open_log(folder.path());
  std::unique_ptr<Store> store = *Store::open(folder.path() / "a", network, plain_register(), StoreOptions{});

  void consume() { consume_all(*store, *log); }
  [[nodiscard]] std::vector<std::string> texts(const SeriesKey& key, const char* at) const {
    std::vector<std::string> all;
    const auto revisions = store->revisions(key, *parse_iso(at));
    for (const Observation& each : revisions.value()) all.push_back(each.text + each.flag);
    return all;
  }
  [[nodiscard]] ImportedFile only() const { return store->imports({}).value().at(0); }
};

TEST(Import, ValuesStandAtTheBeginningOfTheirHourInTheStoredUnit) {
  Scene scene;
  const auto entry = append_file(*scene.log, std::string(kAirHeader) + "1416A,2026-03-01 00:00,50,1350\n");
  scene.consume();
  EXPECT_THAT(scene.texts(air_key("1416A", "a34004"), "2026-02-28 23:00"), ElementsAre("50"));
  EXPECT_THAT(scene.texts(air_key("1416A", "a21005"), "2026-02-28 23:00"), ElementsAre("1.350"));
  const auto latest = scene.store->latest("office/1416A");
  ASSERT_THAT(latest, SizeIs(2));
  EXPECT_EQ(latest[0].observation.entry, entry + 1) << "the part, not the manifest";
}

TEST(Import, TheLedgerCountsEveryEntryAndTheReceiptEveryRow) {
  Scene scene;
  append(*scene.log, kMn, upload(kMn, "2051", "20260301120000", "w01018-Avg=1.0"));
  const std::string file = std::string(kAirHeader) +
                           "A,2026-03-01 01:00,1,100\n"
                           "A,2026-03-01 02:00,x,\n"
                           "A,never,3,300\n"
                           "A,2026-03-01 03:00,3,300\n";
  const auto entry = append_file(*scene.log, file, 2);
  append_file(*scene.log, file, 2);
  append(*scene.log, "office", "{}", evidence_format::EntryType::import);
  append(*scene.log, "office", dataset::encode(dataset::FilePart{99'999, 0, 0, 1, "x"}),
         evidence_format::EntryType::import);
  append(*scene.log, "office", dataset::encode(dataset::FilePart{0, 0, 0, 1, "x"}),
         evidence_format::EntryType::import);
  scene.consume();
  const Ledger ledger = scene.store->ledger(scene.log->size());
  EXPECT_TRUE(ledger.balanced());
  EXPECT_EQ(ledger.received, scene.log->size());
  // The frame; twice the manifest and its part of the header, which carries a row; the part in the middle that has none to
  // give is stored the first time, as is the last one.
  EXPECT_EQ(ledger.rejected, 3U);
  EXPECT_THAT(ledger.rejected_reasons,
              ElementsAre(testing::Pair("import_file_unknown", 2), testing::Pair("import_unreadable", 1)));
  EXPECT_EQ(ledger.stored_values, 1U + 4U);
  EXPECT_EQ(ledger.duplicate, 2U) << "the parts with values, the second time";

  const auto files = scene.store->imports({}).value();
  ASSERT_THAT(files, SizeIs(2));
  const ImportedFile& first = files[1];
  EXPECT_EQ(first.entry, entry);
  EXPECT_TRUE(first.complete());
  EXPECT_EQ(first.parts, 3U);
  EXPECT_EQ(first.rows, 4U);
  EXPECT_EQ(first.unreadable, 2U);
  EXPECT_EQ(first.values, 4U);
  EXPECT_EQ(first.stored_values, 4U);
  EXPECT_EQ(files[0].stored_values, 0U);
  EXPECT_THAT(scene.store->imports({entry, {}, {}, 1}).value().at(0).part_entries,
              ElementsAre(entry + 1, entry + 2, entry + 3));
}

TEST(Import, AFileThatBrokeOffSaysWhereItGoesOn) {
  Scene scene;
  const std::string file = std::string(kAirHeader) + "A,2026-03-01 01:00,1,1\nA,2026-03-01 02:00,2,2\n";
  const dataset::FileManifest manifest{"a", file.size() + 100, std::string(64, '0'), "office", air_layout(), "n",
                                       "r"};
  const auto entry = append(*scene.log, "office", dataset::encode(manifest), evidence_format::EntryType::import);
  for (int twice = 0; twice < 2; ++twice) {
    append(*scene.log, "office", dataset::encode(dataset::FilePart{entry, 0, 0, 1, file}),
           evidence_format::EntryType::import);
  }
  scene.consume();
  const ImportedFile known = scene.only();
  EXPECT_FALSE(known.complete());
  EXPECT_EQ(known.parts, 1U) << "a part that stands twice in the log is one part";
  EXPECT_EQ(known.durable, file.size());
  EXPECT_EQ(known.next_part, 1U);
  EXPECT_EQ(known.next_line, 4U);
}

TEST(Import, AChangedFileBringsRevisions) {
  Scene scene;
  append_file(*scene.log, std::string(kAirHeader) + "A,2026-03-01 01:00,1,100\nA,2026-03-01 02:00,2,200\n");
  append_file(*scene.log, std::string(kAirHeader) + "A,2026-03-01 01:00,9,100\nA,2026-03-01 02:00,2,200\n");
  scene.consume();
  EXPECT_THAT(scene.texts(air_key("A", "a34004"), "2026-03-01 00:00"), ElementsAre("1", "9"));
  EXPECT_THAT(scene.texts(air_key("A", "a21005"), "2026-03-01 00:00"), ElementsAre("0.100"));
  EXPECT_EQ(scene.only().stored_values, 1U);
}

TEST(Import, NothingIsExpectedOfASourceSoNothingIsMissing) {
  Scene scene;
  append(*scene.log, kMn, upload(kMn, "2061", "20260301120000", "w01018-Avg=1.0"));
  append_file(*scene.log, std::string(kAirHeader) + "A,2026-03-01 01:00,1,100\nA,2026-03-01 20:00,2,200\n");
  scene.consume();
  std::vector<std::string> asked;
  ASSERT_TRUE(scene.store->device_days({}, *parse_iso("2026-03-01"), *parse_iso("2026-03-02"),
                                       [&asked](const DeviceDays& days) {
                                         asked.push_back(days.device);
                                         return Status();
                                       }));
  EXPECT_THAT(asked, ElementsAre(kMn));
}

TEST(Import, FramesAreListedWithoutImports) {
  Scene scene;
  std::size_t told = 0;
  scene.store->on_stored([&told](const Stored& stored) { told += stored.frames.size(); });
  append_file(*scene.log, std::string(kAirHeader) + "A,2026-03-01 01:00,1,100\n");
  append(*scene.log, kMn, upload(kMn, "2051", "20260301120000", "w01018-Avg=1.0"));
  scene.consume();
  EXPECT_THAT(scene.store->frames({}).value(), SizeIs(1));
  EXPECT_EQ(told, 1U);
}

TEST(Import, WhatWasReceivedWhenIsKnownAgainAfterARestart) {
  Scene scene;
  append_file(*scene.log, std::string(kAirHeader) + "A,2026-03-01 01:00,1,100\n");
  scene.consume();
  const auto before = scene.store->latest("office/A");
  scene.store.reset();
  scene.store = *Store::open(scene.folder.path() / "a", scene.network, plain_register(), StoreOptions{});
  const auto after = scene.store->latest("office/A");
  ASSERT_THAT(after, SizeIs(2));
  EXPECT_EQ(after[0].received_at, before[0].received_at);
  EXPECT_EQ(after[0].observation.text, before[0].observation.text);
}

/// Rows of three stations in any order, hours repeated and corrected, cut into parts anywhere: what is stored is what a map
/// holds, however the entries are batched, and the digest is that of one big batch.
RC_GTEST_PROP(Import, HoldsWhatAMapWouldHoldWhateverTheBatches, ()) {
  const auto rows = *rc::gen::container<std::vector<std::tuple<int, int, int>>>(
      rc::gen::tuple(rc::gen::inRange(0, 3), rc::gen::inRange(1, 6), rc::gen::inRange(0, 3)));
  const auto rows_in_part = *rc::gen::inRange<std::size_t>(1, 8);
  std::map<std::pair<int, int>, std::vector<std::string>> model;
  std::vector<std::string> files(2, kAirHeader);
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const auto& [station, hour, value] = rows[i];
    files[i * 2 / rows.size()] += fmt::format("s{},2026-03-01 {:02}:00,{}.5,\n", station, hour, value);
    auto& versions = model[{station, hour}];
    const std::string text = fmt::format("{}.5", value);
    if (versions.empty() || versions.back() != text) versions.push_back(text);
  }
  TemporaryFolder folder;
  const registry::Network network = network_of({kMn});
  const auto log = open_log(folder.path());
  for (const std::string& file : files) append_file(*log, file, rows_in_part);
  StoreOptions small;
  small.max_batch_entries = *rc::gen::inRange<std::size_t>(1, 6);
  small.settle_rows = *rc::gen::inRange<std::size_t>(1, 20);
  const auto store = *Store::open(folder.path() / "a", network, plain_register(), small);
  consume_all(*store, *log);
  RC_ASSERT(store->ledger(log->size()).balanced());
  for (const auto& [key, texts] : model) {
    const auto at = *parse_iso(fmt::format("2026-03-01 {:02}:00", key.second - 1));
    const auto stored = *store->revisions(air_key(fmt::format("s{}", key.first), "a34004"), at);
    RC_ASSERT(stored.size() == texts.size());
    for (std::size_t i = 0; i < texts.size(); ++i) RC_ASSERT(stored[i].text == texts[i]);
  }
  const auto other = *Store::open(folder.path() / "b", network, plain_register(), StoreOptions{});
  consume_all(*other, *log);
  RC_ASSERT(*other->digest() == *store->digest());
}

}  // namespace
}  // namespace mj::telemetry::test
