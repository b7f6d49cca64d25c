#include "mj/telemetry/scan.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>

#include "frames.hpp"

namespace mj::telemetry::test {
namespace {

constexpr std::int64_t kScanHour = 3'600'000;

class ScanTest : public testing::Test {
 protected:
  void SetUp() override {
    log = open_log(folder.path());
    store = *Store::open(folder.path() / "telemetry", network, plain_register(), {});
  }
  void hour(std::string_view mn, std::string_view time, std::string_view values) {
    append(*log, mn, upload(mn, "2061", time, values));
  }
  static ScanQuery march() {
    ScanQuery query;
    query.from = *parse_iso("2026-03-01");
    query.to = *parse_iso("2026-04-01");
    return query;
  }
  /// What a scan tells, one line a value.
  std::vector<std::string> lines(const ScanQuery& query) {
    std::vector<std::string> told;
    const auto done = store->scan(query, [&](const ScanGroup& group) -> Status {
      for (const ScanSeries& series : group.series) {
        for (std::size_t i = 0; i < series.size(); ++i) {
          told.push_back(fmt::format(
              "{} {} {} {} {} {} {} #{}", group.group, series.key->device == kMn ? "A" : "B", series.key->factor,
              to_compact(series.at(i)).substr(4, 6), series.has_number(i) ? to_text(series.decimal(i)) : "none",
              series.flag(i), series.forms[series.form[i]].revision, series.entry[i]));
        }
      }
      return {};
    });
    EXPECT_TRUE(done) << done.error().text();
    if (done) {
      EXPECT_EQ(done->values, told.size());
    }
    return told;
  }

  TemporaryFolder folder;
  registry::Network network = network_of({kMn, kMn2});
  std::unique_ptr<evidence::Log> log;
  std::unique_ptr<Store> store;
};

TEST_F(ScanTest, EachSeriesComesInTheOrderOfTimeWithItsDigitsAndItsNewestRevision) {
  hour(kMn, "20260301020000", "w01018-Avg=7.0,w01018-Flag=N");
  hour(kMn, "20260301000000", "w01018-Avg=12.30,w01018-Flag=N;w01019-Avg=1e5,w01019-Flag=N");
  consume_all(*store, *log);
  ASSERT_TRUE(store->settle(true));
  hour(kMn, "20260301010000", "w01018-Avg=-0.125,w01018-Flag=D");
  hour(kMn, "20260301000000", "w01018-Avg=12.40,w01018-Flag=N");
  consume_all(*store, *log);
  EXPECT_THAT(lines(march()),
              testing::ElementsAre("0 A w01018 030100 12.40 N 1 #3", "0 A w01018 030101 -0.125 D 0 #2",
                                   "0 A w01018 030102 7.0 N 0 #0", "0 A w01019 030100 none N 0 #1"));
}

TEST_F(ScanTest, WhatWasNotDetectedComesWithItsDetectionLimitAndItsMark) {
  const std::vector<std::pair<std::string, std::string>> texts = {
      {"0.004L", "0.004 below"}, {"<0.05", "0.05 below"}, {"＜0.10", "0.10 below"},
      {"ND", "0 below"},         {"ND0.2", "0.2 below"},  {"0.3l", "0.3 below"},
      {"0.004", "0.004"},        {"-0.004L", "none"},     {"L", "none"},
      {"ND-1", "none"}};
  for (std::size_t i = 0; i < texts.size(); ++i)
    hour(kMn, fmt::format("202603010{}0000", i), fmt::format("w01018-Avg={},w01018-Flag=N", texts[i].first));
  consume_all(*store, *log);
  const auto told = [&] {
    std::vector<std::string> lines;
    EXPECT_TRUE(store->scan(march(), [&](const ScanGroup& group) -> Status {
      for (const ScanSeries& series : group.series) {
        for (std::size_t i = 0; i < series.size(); ++i)
          lines.push_back((series.has_number(i) ? to_text(series.decimal(i)) : "none") +
                          (series.below_detection(i) ? " below" : ""));
      }
      return {};
    }));
    return lines;
  };
  std::vector<std::string> expected;
  for (const auto& [text, line] : texts) expected.push_back(line);
  EXPECT_EQ(told(), expected);
  // Elsewhere such a value keeps its text and has no number, and drawing leaves it out.
  const auto rows = store->read(query_of(kMn, "w01018", "Avg"));
  ASSERT_TRUE(rows);
  EXPECT_EQ(rows->observations[0].text, "0.004L");
  EXPECT_FALSE(rows->observations[0].number);
  EXPECT_EQ(rows->observations[6].number, 0.004);
  MeansQuery means;
  means.factor = "w01018";
  means.kind = "Avg";
  means.from = march().from;
  means.to = march().to;
  means.bucket_ms = 31LL * 24 * kScanHour;
  const auto mean = store->means(means);
  ASSERT_TRUE(mean) << mean.error().text();
  EXPECT_EQ(mean->count, (std::vector<std::uint32_t>{1}));
  // A correction from "0.004L" to "0.004" is another value, and the mark survives sorting and reopening.
  hour(kMn, "20260301000000", "w01018-Avg=0.004,w01018-Flag=N");
  consume_all(*store, *log);
  expected[0] = "0.004";
  EXPECT_EQ(told(), expected);
  ASSERT_TRUE(store->settle(true));
  store = *Store::open(folder.path() / "telemetry", network, plain_register(), {});
  EXPECT_EQ(told(), expected);
}

TEST_F(ScanTest, DevicesOfAGroupAreVisitedTogetherAndOnlyWhatWasAskedFor) {
  hour(kMn, "20260301000000", "w01018-Avg=1,w01018-Flag=N,w01018-Min=0.5;w01019-Avg=2,w01019-Flag=N");
  append(*log, kMn, upload(kMn, "2011", "20260301000000", "w01018-Rtd=5,w01018-Flag=N"));
  hour(kMn2, "20260301000000", "w01018-Avg=3,w01018-Flag=N");
  hour(kMn2, "20260401000000", "w01018-Avg=9,w01018-Flag=N");
  consume_all(*store, *log);
  ScanQuery query = march();
  query.groups = {{"nobody"}, {kMn2, kMn}};
  query.factors = {"w01018"};
  query.kinds = {"Avg"};
  query.periods = {Period::hour};
  EXPECT_THAT(lines(query), testing::ElementsAre("1 A w01018 030100 1 N 0 #0", "1 B w01018 030100 3 N 0 #2"));
  query.groups = {{kMn}, {kMn2, kMn}};
  EXPECT_EQ(store->scan(query, [](const ScanGroup&) { return Status(); }).error().code(),
            ErrorCode::invalid_input);
}

TEST_F(ScanTest, AnErrorOfTheVisitorEndsTheScanAndTheStoreGoesOn) {
  hour(kMn, "20260301000000", "w01018-Avg=1,w01018-Flag=N");
  consume_all(*store, *log);
  const auto failed =
      store->scan(march(), [](const ScanGroup&) -> Status { return Error(ErrorCode::conflict, "cancelled"); });
  EXPECT_EQ(failed.error().text(), "cancelled");
  hour(kMn, "20260301010000", "w01018-Avg=2,w01018-Flag=N");
  consume_all(*store, *log);
  EXPECT_EQ(lines(march()).size(), 2U);
}

TEST_F(ScanTest, ChangesNameTheDevicesAndTheTimesOfWhatCameSince) {
  hour(kMn, "20260301000000", "w01018-Avg=1,w01018-Flag=N");
  hour(kMn2, "20260301000000", "w01018-Avg=1,w01018-Flag=N");
  consume_all(*store, *log);
  const auto first = store->changes_since(0);
  ASSERT_TRUE(first);
  EXPECT_EQ(first->position, 2U);
  EXPECT_EQ(first->ranges.size(), 2U);
  hour(kMn, "20260301050000", "w01018-Avg=1,w01018-Flag=N");
  hour(kMn, "20260301000000", "w01018-Avg=1.5,w01018-Flag=N");  // a correction
  hour(kMn2, "20260301000000", "w01018-Avg=1,w01018-Flag=N");   // sent again: nothing changes
  consume_all(*store, *log);
  const auto second = store->changes_since(first->position);
  ASSERT_EQ(second->ranges.size(), 1U);
  EXPECT_EQ(second->ranges[0].device, kMn);
  EXPECT_EQ(to_compact(second->ranges[0].from), "20260301000000");
  EXPECT_EQ(second->ranges[0].to, parse_iso("2026-03-01 05:00")->plus_ms(1));
  EXPECT_TRUE(store->changes_since(second->position)->ranges.empty());
}

TEST_F(ScanTest, HoweverValuesArriveAndAreSettledAScanTellsWhatQueriesTell) {
  const auto property = [&](std::vector<std::uint16_t> times) {
    const TemporaryFolder own;
    const auto own_log = open_log(own.path());
    registry::Network both = network_of({kMn, kMn2});
    const auto own_device_register = *registry::DeviceRegister::open(own.path(), both);
    const auto own_store = *Store::open(own.path() / "telemetry", both, *own_device_register, {});
    const Instant begin = *parse_iso("2026-03-01");
    for (std::size_t i = 0; i < times.size(); ++i) {
      const std::string_view mn = times[i] % 2 == 0 ? kMn : kMn2;
      const Instant at = begin.plus_ms((times[i] / 2 % 200) * kScanHour);
      append(*own_log, mn, upload(mn, "2061", to_compact(at), fmt::format("w01018-Avg={}.5,w01018-Flag=N", i)));
      if (i % 7 == 3 || i + 1 == times.size()) {
        pass(*own_device_register, *own_log);
        while (own_store->consume(*own_log).value() > 0) {
        }
        RC_ASSERT(own_store->settle(true).has_value());
      }
    }
    std::map<std::string, std::vector<std::string>> scanned;
    const auto done = own_store->scan(march(), [&](const ScanGroup& group) -> Status {
      for (const ScanSeries& series : group.series) {
        for (std::size_t i = 0; i < series.size(); ++i)
          scanned[series.key->device].push_back(
              fmt::format("{} {} {}", series.at_ms[i], to_text(series.decimal(i)), series.entry[i]));
      }
      return {};
    });
    RC_ASSERT(done.has_value());
    for (const char* mn : {kMn, kMn2}) {
      std::vector<std::string> read;
      const auto rows = own_store->read(query_of(mn, "w01018", "Avg"));
      for (const Observation& value : rows->observations)
        read.push_back(fmt::format("{} {} {}", value.at.ms(), value.text, value.entry));
      RC_ASSERT(scanned[mn] == read);
    }
  };
  EXPECT_TRUE(rc::check("scan equals read", property));
}

}  // namespace
}  // namespace mj::telemetry::test
