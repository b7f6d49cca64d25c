// Scenarios over real TCP against a scripted host.
#include "mj/simulator/scenario_run.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "device_desk.hpp"
#include "mj/simulator/sources.hpp"
#include "test_server.hpp"
#include "tls_listener.hpp"

namespace mj::simulator {
namespace {

using testing::Arrived;
using testing::Reply;
using testing::TestServer;

DeviceGroup group_for_tcp() {
  DeviceGroup group = testing::group_2017();
  group.sends = {};
  group.sends[static_cast<std::size_t>(Record::hour)] = true;
  return group;
}

ScenarioOptions options_for(const TestServer& server) {
  ScenarioOptions options;
  options.target = server.target();
  options.protocol = testing::tables();
  options.duration_ms = 20'000;
  return options;
}

/// A host's request as bytes.
std::string request(const DeviceGroup& group, std::string_view qn, std::string_view cn, std::string_view area) {
  hj212::Outgoing out;
  out.qn = std::string(qn);
  out.st = group.device.st;
  out.cn = cn;
  out.pw = group.device.pw;
  out.mn = group.device.mn;
  out.flag = 5;
  out.area = area;
  return hj212::frame(out, group.device.crc);
}

struct Seen {
  std::mutex mutex;
  std::vector<Arrived> frames;
  std::size_t count(std::string_view cn) {
    const std::lock_guard lock(mutex);
    return static_cast<std::size_t>(
        std::count_if(frames.begin(), frames.end(), [&](const Arrived& each) { return each.header().cn == cn; }));
  }
};

/// Plays until `done` says so (looked at after each frame that arrives) or the scenario's time is over.
ScenarioReport play(const Scenario& scenario, TestServer& server, std::stop_source stop) {
  const auto report = run_scenario(scenario, options_for(server), stop.get_token());
  EXPECT_TRUE(report) << report.error().text();
  return report ? *report : ScenarioReport();
}

TEST(ScenarioRun, a_host_asks_for_what_was_lost_and_gets_it) {
  Scenario scenario;
  DeviceGroup group = group_for_tcp();
  group.backfill_h = 6;
  const Instant hour = interval_start(runtime::system_clock()(), 3'600'000);
  group.lost.push_back(LostPeriod{hour.plus_ms(-4 * 3'600'000), hour.plus_ms(-2 * 3'600'000), {Record::hour}});
  scenario.groups.push_back(group);
  std::stop_source stop;
  TestServer* host = nullptr;
  Seen seen;
  TestServer server([&](const Arrived& frame, std::size_t) {
    const std::lock_guard lock(seen.mutex);
    seen.frames.push_back(frame);
    const auto cn = frame.header().cn.value_or("");
    const auto hours = std::count_if(seen.frames.begin(), seen.frames.end(),
                                     [](const Arrived& each) { return each.header().cn == "2061"; });
    if (cn == "2061" && hours == 4) {
      host->send(group.device.mn, request(group, "20261103101503001", "2061",
                                          fmt::format("BeginTime={};EndTime={}", to_compact(group.lost[0].from),
                                                      to_compact(group.lost[0].to.plus_ms(-1'000)))));
    }
    if (cn == "9012") stop.request_stop();
    return Reply::answer;
  });
  host = &server;
  const ScenarioReport report = play(scenario, server, stop);
  EXPECT_EQ(seen.count("2061"), 6U) << "four by itself, two when asked";
  EXPECT_EQ(seen.count("9011"), 1U);
  EXPECT_EQ(report.withheld, 2U);
  EXPECT_EQ(report.records_requested, 2U);
  EXPECT_EQ(report.requests_by_cn.at("2061"), 1U);
  EXPECT_EQ(report.given_up, 0U);
  const auto json = nlohmann::json::parse(to_json(report));
  EXPECT_EQ(json["withheld_records"].size(), 2U);
  EXPECT_EQ(json["withheld_records"][0]["cause"], "lost-period");
  EXPECT_EQ(json["requests_by_cn"]["2061"], 1);
}

TEST(ScenarioRun, a_lost_line_is_made_again_and_nothing_is_lost) {
  Scenario scenario;
  DeviceGroup group = group_for_tcp();
  group.backfill_h = 8;
  scenario.groups.push_back(group);
  std::stop_source stop;
  std::set<std::string> times;
  TestServer server([&](const Arrived& frame, std::size_t number) {
    if (number == 3) return Reply::drop_connection;
    if (frame.header().cn == "2061") times.insert(std::string(frame.header().cp->substr(0, 23)));
    if (times.size() == 8) stop.request_stop();
    return Reply::answer;
  });
  const ScenarioReport report = play(scenario, server, stop);
  EXPECT_EQ(times.size(), 8U);
  EXPECT_GE(report.connects, 2U);
  EXPECT_EQ(server.connections(), report.connects);
}

TEST(ScenarioRun, half_frames_and_glued_frames_come_as_told) {
  for (const Misdeed misdeed : {Misdeed::half_then_rest, Misdeed::glued, Misdeed::duplicate, Misdeed::junk}) {
    Scenario scenario;
    DeviceGroup group = testing::group_of(hj212::Dialect::v2005);  // waits for no answers
    group.sends = {};
    group.sends[static_cast<std::size_t>(Record::hour)] = true;
    group.backfill_h = 2;
    group.misbehaviour.set(misdeed, 1);
    scenario.groups.push_back(group);
    std::stop_source stop;
    std::atomic<std::size_t> arrived = 0;
    const std::size_t expected = misdeed == Misdeed::duplicate ? 4 : 2;
    TestServer server([&](const Arrived& frame, std::size_t) {
      EXPECT_EQ(frame.crc, hj212::CrcMatch::hj) << name(misdeed);
      if (++arrived == expected) stop.request_stop();
      return Reply::answer;
    });
    const ScenarioReport report = play(scenario, server, stop);
    EXPECT_EQ(arrived, expected) << name(misdeed);
    EXPECT_EQ(report.misbehaviour.at(std::string(name(misdeed))), 2U);
    if (misdeed == Misdeed::half_then_rest) EXPECT_GE(report.seconds, 1.0);
  }
}

TEST(ScenarioRun, a_storm_makes_and_loses_connections_until_it_ends) {
  Scenario scenario;
  scenario.groups.push_back(group_for_tcp());
  scenario.groups[0].count = 20;
  scenario.groups[0].device.mn = "010000A8900016F000169001";
  ScenarioEvent storm;
  storm.what = Happening::storm;
  storm.at_ms = 100;
  storm.for_ms = 1'500;
  scenario.events.push_back(storm);
  std::stop_source stop;
  TestServer server;
  ScenarioOptions options = options_for(server);
  options.duration_ms = 3'000;
  const auto report = run_scenario(scenario, options, stop.get_token());
  ASSERT_TRUE(report);
  EXPECT_GE(report->connects, 60U) << "each several times";
  EXPECT_EQ(report->online, 20U) << "and calm at the end";
  EXPECT_EQ(report->disconnects, report->connects - 20);
}

TEST(ScenarioRun, the_devices_of_every_generation_and_habit_speak_and_are_answered) {
  const auto scenario = Scenario::load(
      std::filesystem::path(MJ_SOURCE_DIR) / "demo" / "scenarios" / "conformance.toml", runtime::system_clock()());
  ASSERT_TRUE(scenario) << scenario.error().text();
  std::mutex mutex;
  std::set<std::string> mns;
  TestServer server([&](const Arrived& frame, std::size_t) {
    const std::lock_guard lock(mutex);
    mns.insert(std::string(frame.header().mn.value_or("")));
    return Reply::answer;
  });
  ScenarioOptions options = options_for(server);
  options.duration_ms = 3'000;
  const auto report = run_scenario(*scenario, options, {});
  ASSERT_TRUE(report) << report.error().text();
  EXPECT_EQ(report->online, scenario->devices());
  EXPECT_EQ(report->connects, scenario->devices());
  // All but the 2005 devices say 2081 at once, the one without MN says 1001 under an empty one, and a frame without line
  // end is complete for this server when the next one comes.
  EXPECT_GE(mns.size(), scenario->devices() - 3);
  EXPECT_TRUE(mns.contains(""));
  EXPECT_GE(report->frames_by_cn.at("2061"), 40U) << "hours before the start";
  EXPECT_GT(report->answered, 40U);
}

TEST(ScenarioRun, a_host_that_is_not_there_is_tried_again) {
  Scenario scenario;
  scenario.groups.push_back(group_for_tcp());
  ScenarioOptions options;
  options.protocol = testing::tables();
  options.duration_ms = 600;
  {
    TestServer gone;
    options.target = gone.target();
  }
  const auto report = run_scenario(scenario, options, {});
  ASSERT_TRUE(report);
  EXPECT_GE(report->refused_connects, 2U);
  EXPECT_EQ(report->online, 0U);
}

TEST(ScenarioRun, tls_is_spoken_when_asked_for) {
  Scenario scenario;
  scenario.groups.push_back(group_for_tcp());
  testing::TlsListener listener;
  ScenarioOptions options;
  options.target = {"127.0.0.1", listener.port()};
  options.tls = true;
  options.protocol = testing::tables();
  options.duration_ms = 10'000;
  std::stop_source stop;
  listener.on_first_bytes = [&] { stop.request_stop(); };
  const auto report = run_scenario(scenario, options, stop.get_token());
  ASSERT_TRUE(report);
  EXPECT_EQ(report->connects, 1U);
  EXPECT_TRUE(listener.first().starts_with("##")) << "2081 in clear behind the handshake";
  EXPECT_NE(listener.first().find("CN=2081"), std::string::npos);
}

// The fleet of the demonstration has the same state machine behind its uploads.
TEST(ScenarioRun, a_source_of_the_demonstration_answers_host_commands) {
  const std::string mn = "500000003100000000000001";
  std::stop_source stop;
  TestServer* host = nullptr;
  std::mutex mutex;
  std::vector<std::string> replies;
  std::vector<std::string> hours;
  const Instant hour = interval_start(runtime::system_clock()(), 3'600'000).plus_ms(-3'600'000);
  TestServer server([&](const Arrived& frame, std::size_t) {
    const auto header = frame.header();
    if (header.mn != mn) return Reply::answer;
    const std::lock_guard lock(mutex);
    const std::string cn(header.cn.value_or(""));
    const auto ask = [&](std::string_view qn, std::string_view command, std::string_view area) {
      hj212::Outgoing out;
      out.qn = std::string(qn);
      out.st = "31";
      out.cn = command;
      out.pw = "123456";
      out.mn = mn;
      out.flag = 5;
      out.area = area;
      host->send(mn, hj212::frame(out, hj212::CrcRule::hj));
    };
    const bool of_last_hour = cn == "2061" && header.cp->starts_with("DataTime=" + to_compact(hour));
    if (of_last_hour) {
      hours.emplace_back(*header.cp);
      if (hours.size() == 1) {
        ask("20261103101503001", "2061", fmt::format("BeginTime={0};EndTime={0}", to_compact(hour)));
      }
    }
    if (cn == "1061" || cn == "9011" || cn == "9012") replies.push_back(cn + " " + std::string(*header.cp));
    if (cn == "9012" && header.qn == "20261103101503001") ask("20261103101503002", "1061", "");
    if (cn == "9012" && header.qn == "20261103101503002") stop.request_stop();
    return Reply::answer;
  });
  host = &server;
  SourcesOptions options;
  options.target = server.target();
  options.fleet_file = std::filesystem::path(MJ_SOURCE_DIR) / "demo" / "fleet.toml";
  options.backfill_hours = 3;
  options.answers.timeout_ms = 500;
  options.protocol = testing::tables();
  options.until = runtime::system_clock()().plus_ms(30'000);
  const auto report = run_sources(options, stop.get_token());
  ASSERT_TRUE(report) << report.error().text();
  const std::lock_guard lock(mutex);
  EXPECT_EQ(replies, (std::vector<std::string>{"9011 QnRtn=1", "9012 ExeRtn=1", "9011 QnRtn=1",
                                               "1061 RtdInterval=5", "9012 ExeRtn=1"}));
  ASSERT_EQ(hours.size(), 2U);
  EXPECT_EQ(hours[0], hours[1]) << "what was sent is sent again";
}

}  // namespace
}  // namespace mj::simulator
