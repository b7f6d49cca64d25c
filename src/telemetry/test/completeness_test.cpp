#include "mj/telemetry/completeness.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "frames.hpp"

namespace mj::telemetry::test {
namespace {

constexpr std::int64_t kMinute = 60'000;
constexpr std::int64_t kHour = 60 * kMinute;
constexpr std::int64_t kDay = 24 * kHour;

Instant at(std::string_view text) { return parse_iso(text).value(); }

class Completeness : public testing::Test {
 protected:
  void SetUp() override {
    log = open_log(folder.path());
    store = *Store::open(folder.path() / "telemetry", network, plain_register(), StoreOptions{});
  }
  void send(std::string_view cn, Instant start, std::string_view values = "w01018-Avg=1.0,w01018-Flag=N") {
    append(*log, kMn, upload(kMn, cn, to_compact(start), values));
  }
  std::vector<DayCompleteness> days(std::string_view from, std::string_view to, std::string_view now) {
    consume_all(*store, *log);
    return store->completeness(kMn, at(from), at(to), at(now)).value();
  }
  std::vector<MissingIntervals> missing(std::string_view from, std::string_view to) {
    consume_all(*store, *log);
    return store->missing({kMn}, at(from), at(to)).value();
  }

  TemporaryFolder folder;
  registry::Network network = network_of({kMn});
  std::unique_ptr<evidence::Log> log;
  std::unique_ptr<Store> store;
};

TEST_F(Completeness, AWholeDayOfHoursIsComplete) {
  for (int hour = 0; hour < 24; ++hour) send("2061", at("2026-03-01").plus_ms(hour * kHour));
  const auto rows = days("2026-03-01", "2026-03-02", "2026-03-05");
  ASSERT_EQ(rows.size(), 1U);
  EXPECT_EQ(rows[0].day, at("2026-03-01"));
  EXPECT_EQ(rows[0].cn, "2061");
  EXPECT_EQ(rows[0].series, 1U);
  EXPECT_EQ(rows[0].expected, 24U);
  EXPECT_EQ(rows[0].received, 24U);
  EXPECT_EQ(rows[0].share(), 1.0);
}

TEST_F(Completeness, AMissingHourAndAMissingFactorAreBothSeen) {
  for (int hour = 0; hour < 24; ++hour) {
    if (hour == 5) continue;
    send("2061", at("2026-03-01").plus_ms(hour * kHour),
         hour == 7 ? "w01018-Avg=1.0" : "w01018-Avg=1.0;w21003-Avg=0.5");
  }
  const auto rows = days("2026-03-01", "2026-03-02", "2026-03-05");
  ASSERT_EQ(rows.size(), 1U);
  EXPECT_EQ(rows[0].series, 2U);
  EXPECT_EQ(rows[0].expected, 48U);
  EXPECT_EQ(rows[0].received, 45U);
  const auto gaps = missing("2026-03-01", "2026-03-02");
  ASSERT_EQ(gaps.size(), 1U);
  EXPECT_EQ(gaps[0].device, kMn);
  EXPECT_EQ(gaps[0].st, "32");
  EXPECT_EQ(gaps[0].cn, "2061");
  EXPECT_EQ(gaps[0].interval_ms, kHour);
  EXPECT_THAT(gaps[0].starts, testing::ElementsAre(at("2026-03-01 05:00"), at("2026-03-01 07:00")));
}

TEST_F(Completeness, ALateArrivalFillsTheGap) {
  for (int hour = 0; hour < 24; ++hour) {
    if (hour != 5) send("2061", at("2026-03-01").plus_ms(hour * kHour));
  }
  EXPECT_EQ(days("2026-03-01", "2026-03-02", "2026-03-05")[0].received, 23U);
  send("2061", at("2026-03-01 05:00"));
  EXPECT_EQ(days("2026-03-01", "2026-03-02", "2026-03-05")[0].received, 24U);
  EXPECT_TRUE(missing("2026-03-01", "2026-03-02").empty());
}

TEST_F(Completeness, OnlyIntervalsThatHaveEndedAreExpected) {
  for (int hour = 0; hour < 24; ++hour) send("2061", at("2026-03-01").plus_ms(hour * kHour));
  for (int hour = 0; hour < 10; ++hour) send("2061", at("2026-03-02").plus_ms(hour * kHour));
  const auto rows = days("2026-03-02", "2026-03-03", "2026-03-02 10:30");
  ASSERT_EQ(rows.size(), 1U);
  EXPECT_EQ(rows[0].expected, 10U);
  EXPECT_EQ(rows[0].received, 10U);
}

TEST_F(Completeness, TheFirstDayBeginsWithTheFirstValueAndSilentDaysCount) {
  for (int hour = 18; hour < 24; ++hour) send("2061", at("2026-03-01").plus_ms(hour * kHour));
  const auto rows = days("2026-02-28", "2026-03-03", "2026-03-05");
  ASSERT_EQ(rows.size(), 2U) << "nothing is expected before the device spoke";
  EXPECT_EQ(rows[0].expected, 6U);
  EXPECT_EQ(rows[0].received, 6U);
  EXPECT_EQ(rows[1].day, at("2026-03-02"));
  EXPECT_EQ(rows[1].expected, 24U);
  EXPECT_EQ(rows[1].received, 0U);
}

TEST_F(Completeness, TheIntervalOfMinuteRecordsIsTheDevicesOwn) {
  for (const std::int64_t step : {kMinute, 5 * kMinute, 10 * kMinute}) {
    TemporaryFolder other;
    log = open_log(other.path());
    store = *Store::open(other.path() / "telemetry", network, plain_register(), StoreOptions{});
    for (std::int64_t ms = 0; ms < kDay; ms += step) {
      if (ms != 30 * step) send("2051", at("2026-03-01").plus_ms(ms));
    }
    const auto rows = days("2026-03-01", "2026-03-02", "2026-03-05");
    ASSERT_EQ(rows.size(), 1U);
    EXPECT_EQ(rows[0].expected, static_cast<std::uint64_t>(kDay / step));
    EXPECT_EQ(rows[0].received, static_cast<std::uint64_t>(kDay / step) - 1);
    const auto gaps = missing("2026-03-01", "2026-03-02");
    ASSERT_EQ(gaps.size(), 1U);
    EXPECT_EQ(gaps[0].interval_ms, step);
    EXPECT_THAT(gaps[0].starts, testing::ElementsAre(at("2026-03-01").plus_ms(30 * step)));
  }
}

TEST_F(Completeness, DayRecordsAndRealTimeValuesAreKeptApart) {
  for (int day = 0; day < 3; ++day) {
    send("2031", at("2026-03-01").plus_ms(day * kDay));
    send("2011", at("2026-03-01 00:00:07").plus_ms(day * kDay), "w01018-Rtd=1");
  }
  const auto rows = days("2026-03-01", "2026-03-04", "2026-03-06");
  ASSERT_EQ(rows.size(), 3U);
  for (const DayCompleteness& row : rows) {
    EXPECT_EQ(row.cn, "2031");
    EXPECT_EQ(row.expected, 1U);
    EXPECT_EQ(row.received, 1U);
  }
}

TEST_F(Completeness, ADeviceThatWasSilentAllTheTimeLacksEverythingUntilItIsForgotten) {
  for (int hour = 0; hour < 24; ++hour) send("2061", at("2026-03-01").plus_ms(hour * kHour));
  const auto gaps = missing("2026-03-05", "2026-03-06");
  ASSERT_EQ(gaps.size(), 1U);
  EXPECT_EQ(gaps[0].starts.size(), 24U);
  EXPECT_TRUE(missing("2026-05-05", "2026-05-06").empty());
  EXPECT_TRUE(store->missing({"nobody"}, at("2026-03-05"), at("2026-03-06")).value().empty());
}

TEST_F(Completeness, RecordsThatStartASecondLateFallIntoTheirInterval) {
  for (int hour = 0; hour < 24; ++hour) send("2061", at("2026-03-01 00:00:01").plus_ms(hour * kHour));
  const auto rows = days("2026-03-01", "2026-03-02", "2026-03-05");
  ASSERT_EQ(rows.size(), 1U);
  EXPECT_EQ(rows[0].received, 24U);
  EXPECT_EQ(rows[0].expected, 24U);
}

}  // namespace
}  // namespace mj::telemetry::test
