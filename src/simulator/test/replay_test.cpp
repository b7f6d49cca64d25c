#include "mj/simulator/replay.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <set>

#include "replay_rows.hpp"
#include "test_server.hpp"

namespace mj::simulator {
namespace {

using testing::Arrived;
using testing::TestServer;

const std::filesystem::path kData = MJ_TESTDATA;
const std::filesystem::path kDemo = std::filesystem::path(MJ_SOURCE_DIR) / "demo";

ReplayOptions fast(const TestServer& server, const std::filesystem::path& fleet) {
  ReplayOptions options;
  options.target = server.target();
  options.fleet_file = fleet;
  options.speed = 0;
  options.answers.reconnect_min_ms = 1;
  return options;
}

std::string cp_of(const std::vector<Arrived>& arrived, std::string_view mn, std::size_t number) {
  for (const Arrived& each : arrived) {
    if (each.header().mn == mn && number-- == 0) return std::string(*each.header().cp);
  }
  return "nothing arrived";
}

// Source of the hour rule: CNEMC labels the end of the hour; HJ 212-2017 table 4: DataTime is the start.
TEST(Replay, an_hour_labelled_by_its_end_is_sent_with_its_start_and_with_the_digits_published) {
  TestServer server;
  const auto report = replay(fast(server, kData / "fleet.toml"), {});
  ASSERT_TRUE(report) << report.error().text();
  EXPECT_EQ(report->rows, 6U);
  EXPECT_EQ(report->rows_empty, 1U);
  EXPECT_EQ(report->rows_unknown_station, 1U);
  EXPECT_EQ(report->frames, 5U);
  EXPECT_EQ(report->passes, 1U);
  EXPECT_EQ(report->traffic.answered, 5U);
  const auto arrived = server.arrived();
  EXPECT_EQ(
      cp_of(arrived, "50000000220000000001416A", 0),
      "DataTime=20260228220000;a34004-Avg=41,a34004-Flag=N;a34002-Avg=54,a34002-Flag=N;a21026-Avg=9,a21026-Flag=N;"
      "a21004-Avg=13,a21004-Flag=N;a21005-Avg=0.6,a21005-Flag=N;a05024-Avg=59,a05024-Flag=N");
  const std::string second = cp_of(arrived, "50000000220000000001416A", 1);
  EXPECT_TRUE(second.starts_with("DataTime=20260301000000;a34004-Avg=43,")) << second;
  EXPECT_EQ(second.find("a05024"), std::string::npos) << "a value that was not published is not sent";
}

TEST(Replay, water_keeps_its_sampling_time_and_maintenance_becomes_flag_M) {
  TestServer server;
  ASSERT_TRUE(replay(fast(server, kData / "fleet.toml"), {}));
  const auto arrived = server.arrived();
  EXPECT_TRUE(cp_of(arrived, "A500000_0001", 0)
                  .starts_with("DataTime=20251106200000;w01010-Avg=19.5,w01010-Flag=N;w01001-Avg=8,"));
  EXPECT_NE(cp_of(arrived, "A500000_0001", 1).find("w01019-Avg=2.9"), std::string::npos)
      << "the revision is sent after the value";
  EXPECT_TRUE(cp_of(arrived, "500000002100000000000002", 0)
                  .starts_with("DataTime=20251107160000;w01010-Flag=M;w01001-Flag=M;"));
  for (const Arrived& each : arrived) {
    const auto header = each.header();
    EXPECT_EQ(each.crc, hj212::CrcMatch::hj);
    EXPECT_EQ(header.cn, "2061");
    EXPECT_EQ(header.flag->raw, header.mn == "A500000_0001" ? 9 : 5);
  }
}

TEST(Replay, a_second_pass_is_moved_by_whole_weeks_and_says_so_in_every_factor) {
  TestServer server;
  ReplayOptions options = fast(server, kData / "fleet.toml");
  options.loop = true;
  options.speed = 1e7;  // a week in 60 ms
  std::stop_source stop;
  options.on_traffic = [&](const Traffic&) { stop.request_stop(); };
  const auto report = replay(options, stop.get_token());
  ASSERT_TRUE(report);
  EXPECT_GE(report->passes, 2U);
  const std::string again = cp_of(server.arrived(), "50000000220000000001416A", 2);
  EXPECT_TRUE(again.starts_with("DataTime=20260307220000;a34004-Avg=41,a34004-Flag=N,a34004-EFlag=R001;"))
      << again;
}

TEST(Replay, rows_before_the_start_are_left_out) {
  TestServer server;
  ReplayOptions options = fast(server, kData / "fleet.toml");
  options.start = parse_iso("2026-03-01 00:00");
  const auto report = replay(options, {});
  ASSERT_TRUE(report);
  EXPECT_EQ(report->rows_before_start, 2U);
  EXPECT_EQ(report->frames, 4U);
}

TEST(Replay, a_device_without_an_answer_sends_again_the_same_bytes_and_then_gives_up) {
  TestServer server([](const Arrived&, std::size_t) { return testing::Reply::ignore; });
  ReplayOptions options = fast(server, kData / "fleet.toml");
  options.answers.timeout_ms = 20;
  options.answers.resends = 2;
  const auto report = replay(options, {});
  ASSERT_TRUE(report);
  EXPECT_EQ(report->traffic.given_up, 5U);
  EXPECT_EQ(report->traffic.resent, 10U);
  std::map<std::string, int> copies;
  for (const Arrived& each : server.arrived()) ++copies[each.whole];
  EXPECT_EQ(copies.size(), 5U);
  for (const auto& [bytes, count] : copies) EXPECT_EQ(count, 3);
}

TEST(Replay, a_lost_connection_loses_no_row) {
  TestServer server([](const Arrived&, std::size_t number) {
    return number % 2 == 0 ? testing::Reply::drop_connection : testing::Reply::answer;
  });
  const auto report = replay(fast(server, kData / "fleet.toml"), {});
  ASSERT_TRUE(report);
  EXPECT_EQ(report->traffic.answered, 5U);
  EXPECT_EQ(report->traffic.given_up, 0U);
}

TEST(Replay, the_demonstration_covers_every_row_of_its_files) {
  const auto fleet = Fleet::load(kDemo / "fleet.toml");
  ASSERT_TRUE(fleet) << fleet.error().text();
  const auto air = read_air(*fleet, Instant::from_ms(0));
  ASSERT_TRUE(air) << air.error().text();
  const auto water = read_water(*fleet);
  ASSERT_TRUE(water) << water.error().text();
  EXPECT_EQ(air->count.rows, 26'591U);  // lines of the extract without its header
  EXPECT_EQ(water->count.rows, 227U);
  for (const ReplayPart* part : {&*air, &*water}) {
    EXPECT_EQ(part->count.unknown_station, 0U);
    std::uint64_t scripted = 0;
    for (const ReplayScript& script : part->scripts) {
      EXPECT_FALSE(script.rows.empty()) << script.device->key;
      scripted += script.rows.size();
    }
    EXPECT_EQ(scripted + part->count.empty, part->count.rows);
  }
  EXPECT_EQ(to_iso(air->first), "2026-02-26T20:00:00+08:00");
  EXPECT_EQ(to_iso(air->last), "2026-03-31T23:00:00+08:00");
}

TEST(Replay, a_broken_file_is_named_with_its_row) {
  const auto directory = std::filesystem::path(::testing::TempDir()) / "replay_broken";
  std::filesystem::create_directories(directory);
  std::filesystem::copy_file(kData / "fleet.toml", directory / "fleet.toml",
                             std::filesystem::copy_options::overwrite_existing);
  std::filesystem::copy_file(kData / "water.csv", directory / "water.csv",
                             std::filesystem::copy_options::overwrite_existing);
  const auto with_air = [&](std::string_view text) {
    std::ofstream(directory / "air.csv", std::ios::trunc) << text;
    ReplayOptions options;
    options.fleet_file = directory / "fleet.toml";
    return replay(options, {}).error();
  };
  EXPECT_NE(with_air("code,time,pm25,pm10,so2,no2,co,o3\n1416A,yesterday,1,2,3,4,5,6\n").text().find("row 2"),
            std::string::npos);
  EXPECT_NE(with_air("code,time\n").text().find("no column \"pm25\""), std::string::npos);
  std::filesystem::remove(directory / "air.csv");
  ReplayOptions options;
  options.fleet_file = directory / "fleet.toml";
  EXPECT_EQ(replay(options, {}).error().code(), ErrorCode::not_found);
  std::filesystem::remove_all(directory);
}

}  // namespace
}  // namespace mj::simulator
