#include "mj/telemetry/store.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "frames.hpp"

namespace mj::telemetry::test {
namespace {

using evidence_format::EntryType;

class StoreTest : public testing::Test {
 protected:
  void open(StoreOptions options = {}) {
    store.reset();
    auto opened = Store::open(folder.path() / "telemetry", network, plain_register(), options);
    ASSERT_TRUE(opened) << opened.error().text();
    store = *std::move(opened);
  }
  void SetUp() override {
    log = open_log(folder.path());
    open();
  }
  std::vector<Observation> values(std::string_view factor, std::string_view kind = "Rtd") {
    return store->read(query_of(kMn, factor, kind))->observations;
  }

  TemporaryFolder folder;
  registry::Network network = network_of({kMn});
  std::unique_ptr<evidence::Log> log;
  std::unique_ptr<Store> store;
};

TEST_F(StoreTest, AValueKeepsTheDigitsTheDeviceSent) {
  append(*log, kMn,
         upload(kMn, "2011", "20260301120000",
                "w01018-Rtd=12.30,w01018-Flag=N;w01001-Rtd=7,w01001-Flag=D;x-Rtd=+05.0;y-Rtd=1e5"));
  consume_all(*store, *log);
  ASSERT_EQ(values("w01018").size(), 1U);
  EXPECT_EQ(values("w01018")[0].text, "12.30");
  EXPECT_EQ(values("w01018")[0].number, 12.3);
  EXPECT_EQ(values("w01018")[0].flag, "N");
  EXPECT_EQ(values("w01018")[0].at, *parse_iso("2026-03-01 12:00"));
  EXPECT_EQ(values("w01001")[0].text, "7");
  EXPECT_EQ(values("w01001")[0].flag, "D");
  EXPECT_EQ(values("x")[0].text, "+05.0");
  EXPECT_EQ(values("x")[0].number, 5.0);
  EXPECT_EQ(values("y")[0].text, "1e5");
  EXPECT_FALSE(values("y")[0].number);
}

TEST_F(StoreTest, AFrameSentAgainIsADuplicateAndStoresNothing) {
  const std::string frame = upload(kMn, "2061", "20260301110000", "w01018-Avg=12.3,w01018-Flag=N");
  append(*log, kMn, frame);
  append(*log, kMn, frame);
  consume_all(*store, *log);
  append(*log, kMn, frame);
  consume_all(*store, *log);
  EXPECT_EQ(values("w01018", "Avg").size(), 1U);
  const Ledger ledger = store->ledger(log->size());
  EXPECT_EQ(ledger.stored, 1U);
  EXPECT_EQ(ledger.duplicate, 2U);
  EXPECT_TRUE(ledger.balanced());
}

TEST_F(StoreTest, ACorrectedValueIsARevisionAndTheOldOneStaysQueryable) {
  append(*log, kMn, upload(kMn, "2061", "20260301110000", "w01018-Avg=12.3,w01018-Flag=N"));
  append(*log, kMn, upload(kMn, "2061", "20260301120000", "w01018-Avg=13.0,w01018-Flag=N"));
  consume_all(*store, *log);
  append(*log, kMn, upload(kMn, "2061", "20260301110000", "w01018-Avg=12.5,w01018-Flag=N"));
  append(*log, kMn, upload(kMn, "2061", "20260301110000", "w01018-Avg=12.5,w01018-Flag=D"));
  consume_all(*store, *log);
  const auto current = values("w01018", "Avg");
  ASSERT_EQ(current.size(), 2U);
  EXPECT_EQ(current[0].text, "12.5");
  EXPECT_EQ(current[0].flag, "D");
  EXPECT_EQ(current[0].revision, 2U);
  const auto history =
      store->revisions(SeriesKey{kMn, "32", "2061", "w01018", "Avg"}, *parse_iso("2026-03-01 11:00"));
  ASSERT_TRUE(history);
  ASSERT_EQ(history->size(), 3U);
  EXPECT_EQ((*history)[0].text, "12.3");
  EXPECT_EQ((*history)[0].entry, 0U);
  EXPECT_EQ((*history)[2].entry, 3U);
  const auto of_first = store->observations_of(0);
  ASSERT_EQ(of_first->size(), 1U);
  EXPECT_FALSE((*of_first)[0].current);
}

TEST_F(StoreTest, TheSameKeyTwiceInOneFrameLosesNeitherValue) {
  // HJ 212-2017 C.29 prints e01001-Rtd twice.
  append(*log, kMn, upload(kMn, "2011", "20260301120000", "e01001-Rtd=1.1;e01001-Rtd=2.2"));
  consume_all(*store, *log);
  const auto history =
      store->revisions(SeriesKey{kMn, "32", "2011", "e01001", "Rtd"}, *parse_iso("2026-03-01 12:00"));
  ASSERT_EQ(history->size(), 2U);
  EXPECT_EQ((*history)[1].text, "2.2");
  EXPECT_EQ(values("e01001").size(), 1U);
}

TEST_F(StoreTest, LateDataAreStoredInTheirPlace) {
  append(*log, kMn, upload(kMn, "2061", "20260301150000", "w01018-Avg=3"));
  append(*log, kMn, upload(kMn, "2061", "20260301110000", "w01018-Avg=1"));
  append(*log, kMn, upload(kMn, "2061", "20260301130000", "w01018-Avg=2"));
  consume_all(*store, *log);
  const auto stored = values("w01018", "Avg");
  ASSERT_EQ(stored.size(), 3U);
  EXPECT_EQ(stored[0].text, "1");
  EXPECT_EQ(stored[2].text, "3");
  EXPECT_EQ(store->latest(kMn)[0].observation.text, "3");
}

TEST_F(StoreTest, EveryEntryIsInExactlyOneClassOfTheLedger) {
  append(*log, kMn, upload(kMn, "2011", "20260301120000", "w01018-Rtd=1"));
  append(*log, kMn,
         hj212::frame("QN=20260301120000000;ST=32;CN=9015;PW=123456;MN=" + std::string(kMn) + ";Flag=9;CP=&&&&"));
  append(*log, kMn2, upload(kMn2, "2011", "20260301120000", "w01018-Rtd=1"));
  append(*log, "", "GET / HTTP/1.1\r\n\r\n", EntryType::junk);
  append(*log, kMn, upload(kMn, "2011", "20261301120000", "w01018-Rtd=1"));
  std::string wrong = upload(kMn, "2011", "20260301130000", "w01018-Rtd=1");
  wrong[wrong.size() - 3] = wrong[wrong.size() - 3] == '0' ? '1' : '0';
  append(*log, kMn, wrong);
  append(*log, "", R"({"act":"test"})", EntryType::decision);
  const Ledger before = store->ledger(log->size());
  EXPECT_EQ(before.pending, 7U);
  EXPECT_TRUE(before.balanced());
  consume_all(*store, *log);
  const Ledger ledger = store->ledger(log->size());
  EXPECT_EQ(ledger.received, 6U);
  EXPECT_EQ(ledger.stored, 2U);
  EXPECT_EQ(ledger.stored_values, 1U);
  EXPECT_EQ(ledger.quarantined, 1U);
  EXPECT_EQ(ledger.rejected, 3U);
  EXPECT_THAT(ledger.rejected_reasons, testing::UnorderedElementsAre(testing::Pair("not_a_frame", 1),
                                                                     testing::Pair("data_time_unreadable", 1),
                                                                     testing::Pair("crc_wrong", 1)));
  EXPECT_TRUE(ledger.balanced());
}

TEST_F(StoreTest, TheLedgerBalancesWhenTheLogGrewBetweenTheTwoCounts) {
  append(*log, kMn, upload(kMn, "2011", "20260301120000", "w01018-Rtd=12.30,w01018-Flag=N"));
  const std::uint64_t asked = log->size();
  append(*log, "", "{}", EntryType::decision);
  append(*log, kMn, "junk");
  consume_all(*store, *log);
  const Ledger ledger = store->ledger(asked);
  EXPECT_TRUE(ledger.balanced());
  EXPECT_EQ(ledger.received, 2U);
  EXPECT_EQ(ledger.pending, 0U);
}

TEST_F(StoreTest, QuarantinedFramesAreReleasedWhenTheirDeviceIsRegistered) {
  append(*log, kMn2, upload(kMn2, "2011", "20260301120000", "w01018-Rtd=1.5"));
  append(*log, kMn2, upload(kMn2, "2011", "20260301120000", "w01018-Rtd=1.6"));
  append(*log, kMn, upload(kMn, "2011", "20260301120000", "w01018-Rtd=1"));
  consume_all(*store, *log);
  EXPECT_EQ(store->ledger(log->size()).quarantined, 2U);
  EXPECT_TRUE(store->latest(kMn2).empty());

  store.reset();
  network = network_of({kMn, kMn2});
  open();
  consume_all(*store, *log);
  const Ledger ledger = store->ledger(log->size());
  EXPECT_EQ(ledger.quarantined, 0U);
  EXPECT_EQ(ledger.stored, 3U);
  EXPECT_TRUE(ledger.balanced());
  ASSERT_EQ(store->latest(kMn2).size(), 1U);
  EXPECT_EQ(store->latest(kMn2)[0].observation.text, "1.6");
  EXPECT_EQ(store->frame(0)->value().disposition, Disposition::stored);

  // Derived from nothing with the same registry, the values are the same.
  const std::string released = *store->digest();
  store.reset();
  ASSERT_TRUE(remove_store(folder.path() / "telemetry"));
  open();
  consume_all(*store, *log);
  EXPECT_EQ(*store->digest(), released);
}

TEST_F(StoreTest, PositionAndNewestValuesSurviveAReopening) {
  append(*log, kMn, upload(kMn, "2011", "20260301120000", "w01018-Rtd=12.30,w01018-Flag=N"));
  consume_all(*store, *log);
  open();
  EXPECT_EQ(store->position(), 1U);
  ASSERT_EQ(store->latest(kMn).size(), 1U);
  EXPECT_EQ(store->latest(kMn)[0].observation.text, "12.30");
  EXPECT_EQ(store->latest(kMn)[0].received_at, Instant::from_ms(1'772'000'000'000));
  EXPECT_EQ(*store->consume(*log), 0U);
}

TEST_F(StoreTest, AnUnusableDatabaseIsSetAsideAndDerivedAgain) {
  append(*log, kMn, upload(kMn, "2011", "20260301120000", "w01018-Rtd=12.30"));
  consume_all(*store, *log);
  const std::string before = *store->digest();
  store.reset();
  const auto file = folder.path() / "telemetry" / "telemetry.duckdb";
  std::ofstream(file, std::ios::trunc) << std::string(20000, 'x');
  open();
  EXPECT_EQ(store->position(), 0U);
  consume_all(*store, *log);
  EXPECT_EQ(*store->digest(), before);
  EXPECT_TRUE(std::filesystem::exists(file.string() + ".unusable-1"));
}

TEST_F(StoreTest, ATextThatIsNotUtf8IsStoredReadably) {
  // 清洗 in GBK, as the surface-water profile sends logs.
  append(*log, kMn, upload(kMn, "2011", "20260301120000", "w01018-Rtd=\xC7\xE5\xCF\xB4,w01018-Flag=N"));
  consume_all(*store, *log);
  ASSERT_EQ(values("w01018").size(), 1U);
  EXPECT_EQ(values("w01018")[0].text, "清洗");
}

TEST_F(StoreTest, SortingRecentValuesChangesNoAnswer) {
  for (int minute = 0; minute < 50; ++minute) {
    append(*log, kMn,
           upload(kMn, "2011", fmt::format("202603011200{:02}", minute),
                  fmt::format("w01018-Rtd={}.5;w01001-Rtd=7.{}", minute, minute)));
  }
  consume_all(*store, *log);
  const std::string digest = *store->digest();
  ASSERT_TRUE(store->settle(true));
  EXPECT_EQ(store->size().recent_rows, 0U);
  EXPECT_EQ(store->size().settled_rows, 100U);
  EXPECT_EQ(*store->digest(), digest);
  append(*log, kMn, upload(kMn, "2011", "20260301120010", "w01018-Rtd=99.0"));
  consume_all(*store, *log);
  EXPECT_EQ(values("w01018").size(), 50U);
  EXPECT_EQ(values("w01018")[10].text, "99.0");
  EXPECT_EQ(values("w01018")[10].revision, 1U);
  open();
  EXPECT_EQ(store->size().values, 100U);
}

TEST_F(StoreTest, ALongRangeIsAnsweredInBuckets) {
  for (int i = 0; i < 60; ++i)
    append(*log, kMn, upload(kMn, "2011", fmt::format("2026030112{:02}00", i), fmt::format("w01018-Rtd={}", i)));
  consume_all(*store, *log);
  SeriesQuery query = query_of(kMn, "w01018", "Rtd");
  query.from = *parse_iso("2026-03-01 12:00");
  query.to = *parse_iso("2026-03-01 13:00");
  query.max_points = 12;
  const auto rows = store->read(query);
  ASSERT_TRUE(rows);
  EXPECT_EQ(rows->bucket_ms, 600'000);
  ASSERT_EQ(rows->buckets.size(), 6U);
  EXPECT_EQ(rows->buckets[1].min, 10);
  EXPECT_EQ(rows->buckets[1].mean, 14.5);
  EXPECT_EQ(rows->buckets[1].max, 19);
  EXPECT_EQ(rows->buckets[1].count, 10U);
}

TEST_F(StoreTest, MeansOfManySeriesStandInOneTable) {
  for (int i = 0; i < 60; ++i) {
    append(
        *log, kMn,
        upload(kMn, "2011", fmt::format("2026030112{:02}00", i), fmt::format("w01018-Rtd={};w01001-Rtd=7.0", i)));
  }
  append(*log, kMn, upload(kMn, "2011", "20260301143000", "w01018-Rtd=5"));
  consume_all(*store, *log);
  MeansQuery query;
  query.kind = "Rtd";
  query.from = *parse_iso("2026-03-01 12:00");
  query.to = *parse_iso("2026-03-01 15:00");
  const auto means = store->means(query);
  ASSERT_TRUE(means);
  ASSERT_EQ(means->series.size(), 2U);
  ASSERT_EQ(means->buckets, 3U);
  const std::size_t cod = means->series[0].factor == "w01018" ? 0 : 3;
  EXPECT_EQ(means->mean[cod], 29.5);
  EXPECT_EQ(means->count[cod], 60U);
  EXPECT_EQ(means->count[cod + 1], 0U);
  EXPECT_EQ(means->mean[cod + 2], 5);
  query.to = query.from;
  EXPECT_EQ(store->means(query).error().code(), ErrorCode::invalid_input);
}

TEST_F(StoreTest, ExportWritesTheDigitsTheUnitAndTheEvidence) {
  append(*log, kMn, upload(kMn, "2011", "20260301120000", "w01018-Rtd=12.30,w01018-Flag=N"));
  consume_all(*store, *log);
  const auto csv = folder.path() / "it's.csv";
  const auto rows =
      store->export_series(query_of(kMn, "w01018", "Rtd"), "p1", "mg/L", Store::ExportFormat::csv, csv);
  ASSERT_TRUE(rows) << rows.error().text();
  EXPECT_EQ(*rows, 1U);
  std::ifstream in(csv);
  std::string header;
  std::string row;
  std::getline(in, header);
  std::getline(in, row);
  EXPECT_EQ(header, "point,device,factor,kind,period,at,at_ms,value,text,unit,flag,revision,entry");
  EXPECT_EQ(
      row,
      fmt::format("p1,{},w01018,Rtd,instant,2026-03-01T12:00:00+08:00,1772337600000,12.3,12.30,mg/L,N,0,0", kMn));
  const auto parquet = folder.path() / "out.parquet";
  ASSERT_EQ(
      store->export_series(query_of(kMn, "w01018", "Rtd"), "p1", "mg/L", Store::ExportFormat::parquet, parquet)
          .value(),
      1U);
  std::ifstream binary(parquet, std::ios::binary);
  std::string magic(4, '\0');
  binary.read(magic.data(), 4);
  EXPECT_EQ(magic, "PAR1");
}

TEST_F(StoreTest, ListenersHearOfWhatWasStored) {
  std::vector<Stored> heard;
  store->on_stored([&](const Stored& stored) { heard.push_back(stored); });
  append(*log, kMn, upload(kMn, "2011", "20260301120000", "w01018-Rtd=12.30"));
  consume_all(*store, *log);
  ASSERT_EQ(heard.size(), 1U);
  EXPECT_THAT(heard[0].devices, testing::ElementsAre(kMn));
  ASSERT_EQ(heard[0].frames.size(), 1U);
  EXPECT_EQ(heard[0].frames[0].observations, 1U);
}

TEST_F(StoreTest, AShorterLogThanTheStoreKnowsIsReportedAsDamage) {
  append(*log, kMn, upload(kMn, "2011", "20260301120000", "w01018-Rtd=12.30"));
  consume_all(*store, *log);
  TemporaryFolder other;
  const auto empty = open_log(other.path());
  const auto consumed = store->consume(*empty);
  ASSERT_FALSE(consumed);
  EXPECT_EQ(consumed.error().code(), ErrorCode::damaged);
}

}  // namespace
}  // namespace mj::telemetry::test
