#include "mj/telemetry/device_days.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "frames.hpp"

namespace mj::telemetry::test {
namespace {

using testing::ElementsAre;

constexpr std::int64_t kMinuteMs = 60'000;
constexpr std::int64_t kHourMs = 60 * kMinuteMs;
constexpr std::int64_t kDayMs = 24 * kHourMs;

Instant moment(std::string_view text) { return parse_iso(text).value(); }

class DeviceDaysTest : public testing::Test {
 protected:
  void SetUp() override {
    log = open_log(folder.path());
    store = *Store::open(folder.path() / "telemetry", network, plain_register(), StoreOptions{});
  }
  void send(std::string_view cn, Instant start, std::string_view values = "w01018-Avg=1.0,w01018-Flag=N",
            std::string_view mn = kMn) {
    append(*log, mn, upload(mn, cn, to_compact(start), values));
  }
  void send_hours(std::string_view day, int from, int to, std::string_view mn = kMn) {
    for (int hour = from; hour < to; ++hour)
      send("2061", moment(day).plus_ms(hour * kHourMs), "w01018-Avg=1.0,w01018-Flag=N", mn);
  }
  std::vector<DeviceDays> read(std::string_view from, std::string_view to,
                               const std::vector<std::string>& devices = {}) {
    consume_all(*store, *log);
    std::vector<DeviceDays> result;
    const Status done =
        store->device_days(devices, moment(from), moment(to), [&](const DeviceDays& days) -> Status {
          result.push_back(days);
          return {};
        });
    EXPECT_TRUE(done.has_value());
    return result;
  }
  /// "expected/received" of each series on each day of the only device.
  std::vector<std::string> counts(std::string_view from, std::string_view to) {
    std::vector<std::string> lines;
    for (const DeviceDays& device : read(from, to)) {
      for (const DeviceDay& day : device.days) {
        for (const SeriesCount& series : day.series) {
          lines.push_back(fmt::format("{} {} {} {}/{}", to_iso(day.day).substr(5, 5), series.key.cn,
                                      series.key.factor, series.received, series.expected));
        }
      }
    }
    return lines;
  }

  TemporaryFolder folder;
  registry::Network network = network_of({kMn, kMn2});
  std::unique_ptr<evidence::Log> log;
  std::unique_ptr<Store> store;
};

TEST_F(DeviceDaysTest, EverySeriesIsCountedForItself) {
  for (int hour = 0; hour < 24; ++hour) {
    if (hour == 5) continue;
    send("2061", moment("2026-03-01").plus_ms(hour * kHourMs),
         hour == 7 ? "w01018-Avg=1.0" : "w01018-Avg=1.0;w21003-Avg=0.5");
  }
  EXPECT_THAT(counts("2026-03-01", "2026-03-02"),
              ElementsAre("03-01 2061 w01018 23/24", "03-01 2061 w21003 22/24"));
  const auto days = read("2026-03-01", "2026-03-02");
  ASSERT_EQ(days.size(), 1U);
  ASSERT_EQ(days[0].days[0].missing.size(), 1U);
  EXPECT_THAT(days[0].days[0].missing[0].starts,
              ElementsAre(moment("2026-03-01 05:00"), moment("2026-03-01 07:00")));
}

TEST_F(DeviceDaysTest, TheSumsAreThoseOfCompleteness) {
  send_hours("2026-03-01", 3, 20);
  for (std::int64_t ms = 0; ms < kDayMs; ms += 5 * kMinuteMs) {
    if (ms % (35 * kMinuteMs) != 0) send("2051", moment("2026-03-01").plus_ms(ms), "w01018-Avg=1;w01019-Avg=2");
  }
  send("2031", moment("2026-03-01"));
  const auto days = read("2026-03-01", "2026-03-02");
  ASSERT_EQ(days.size(), 1U);
  const auto sums =
      store->completeness(kMn, moment("2026-03-01"), moment("2026-03-02"), moment("2026-03-09")).value();
  ASSERT_EQ(sums.size(), 3U);
  for (const DayCompleteness& sum : sums) {
    std::uint64_t expected = 0;
    std::uint64_t received = 0;
    for (const SeriesCount& series : days[0].days[0].series) {
      if (series.key.cn != sum.cn) continue;
      expected += series.expected;
      received += series.received;
    }
    EXPECT_EQ(expected, sum.expected) << sum.cn;
    EXPECT_EQ(received, sum.received) << sum.cn;
  }
}

TEST_F(DeviceDaysTest, TheFirstDayBeginsWithTheFirstValueAndASilentDayLacksEverything) {
  send_hours("2026-03-01", 18, 24);
  EXPECT_THAT(counts("2026-02-28", "2026-03-03"), ElementsAre("03-01 2061 w01018 6/6", "03-02 2061 w01018 0/24"));
}

TEST_F(DeviceDaysTest, ASeriesIsForgottenAfterThirtyDaysAndExpectedAgainFromItsReturn) {
  send_hours("2026-03-01", 0, 24);
  send_hours("2026-04-20", 12, 24);
  EXPECT_THAT(counts("2026-03-30", "2026-04-02"), ElementsAre("03-30 2061 w01018 0/24", "03-31 2061 w01018 0/24"));
  EXPECT_THAT(counts("2026-04-19", "2026-04-22"),
              ElementsAre("04-20 2061 w01018 12/12", "04-21 2061 w01018 0/24"));
}

TEST_F(DeviceDaysTest, WhatComesLaterDoesNotChangeTheFiguresOfADay) {
  for (std::int64_t ms = 0; ms < kDayMs; ms += 10 * kMinuteMs) send("2051", moment("2026-03-01").plus_ms(ms));
  send_hours("2026-03-01", 0, 20);
  const auto before = counts("2026-03-01", "2026-03-02");
  EXPECT_THAT(before, ElementsAre("03-01 2051 w01018 144/144", "03-01 2061 w01018 20/24"));
  // From the next day on the device records every minute, and a series more.
  for (std::int64_t ms = 0; ms < kDayMs; ms += kMinuteMs)
    send("2051", moment("2026-03-02").plus_ms(ms), "w01018-Avg=1;w01019-Avg=2");
  EXPECT_EQ(counts("2026-03-01", "2026-03-02"), before);
  EXPECT_THAT(counts("2026-03-02", "2026-03-03"),
              ElementsAre("03-02 2051 w01018 1440/1440", "03-02 2051 w01019 1440/1440", "03-02 2061 w01018 0/24"));
}

TEST_F(DeviceDaysTest, ADeviceThatIsSilentForDaysKeepsItsInterval) {
  for (std::int64_t ms = 0; ms < kDayMs; ms += 5 * kMinuteMs) send("2051", moment("2026-03-01").plus_ms(ms));
  EXPECT_THAT(counts("2026-03-05", "2026-03-06"), ElementsAre("03-05 2051 w01018 0/288"));
}

TEST_F(DeviceDaysTest, DevicesAreKeptApartAndCanBeNamed) {
  send_hours("2026-03-01", 0, 24);
  send_hours("2026-03-01", 0, 12, kMn2);
  EXPECT_EQ(read("2026-03-01", "2026-03-02").size(), 2U);
  const auto one = read("2026-03-01", "2026-03-02", {kMn2});
  ASSERT_EQ(one.size(), 1U);
  EXPECT_EQ(one[0].device, kMn2);
  EXPECT_EQ(one[0].days[0].series[0].received, 12U);
  EXPECT_TRUE(read("2026-03-01", "2026-03-02", {"nobody"}).empty());
}

TEST_F(DeviceDaysTest, DaysThatAreNoDaysAreRefused) {
  const Status refused = store->device_days({}, moment("2026-03-01 01:00"), moment("2026-03-02"),
                                            [](const DeviceDays&) -> Status { return {}; });
  ASSERT_FALSE(refused.has_value());
  EXPECT_EQ(refused.error().code(), ErrorCode::invalid_input);
}

}  // namespace
}  // namespace mj::telemetry::test
