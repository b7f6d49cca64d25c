// The device's side of the handshakes: HJ 212-2017 §6.5 and appendix C; HJ 212-2025 as reported; HJ/T 212-2005 forms.
#include "field_device.hpp"

#include <gtest/gtest.h>

#include "device_desk.hpp"

namespace mj::simulator {
namespace {

using testing::commands_of;
using testing::Desk;
using testing::group_2017;
using testing::group_of;
using testing::Heard;
using Words = std::vector<std::string>;

/// A value for a rule of the tables that the device's instruments know.
std::string example_area(const hj212::Command& command, const Desk& desk, Instant now) {
  const bool old = desk.group().device.dialect == hj212::Dialect::v2005;
  std::string area;
  for (const hj212::FieldRule& rule : command.fields) {
    if (!rule.required) continue;
    std::string key = rule.key;
    std::string value = "1";
    if (key == "PolId") value = old ? "101" : "w01018";
    if (key == "InfoId") value = "i13004";
    if (key == "i*-Info") key = "i13004-Info";
    if (key == "i23005-Info") value = desk.group().logger(0);
    if (const std::size_t star = key.find('*'); star != std::string::npos)
      key.replace(star, 1, old ? "101" : "w01018");
    if (key == "BeginTime" || key == "EndTime") value = to_compact(now.plus_ms(-24LL * 3'600'000));
    if (key == "SystemTime") value = to_compact(now);
    if (key == "SKCreateTime") value = to_compact_ms(now);
    if (key == "NewSK") value = "fedcba9876543210";
    if (key == "NewPW" || key == "PW") value = "654321";
    if (!rule.one_of.empty()) value = rule.one_of.front();
    if (rule.min) value = fmt::format("{}", *rule.min);
    area += fmt::format("{}{}={}", area.empty() ? "" : ";", key, value);
  }
  return area;
}

struct Generation {
  hj212::Dialect dialect;
  bool surface_water;
};

TEST(FieldDevice, every_command_of_the_tables_is_served_by_its_course) {
  std::size_t served = 0;
  for (const Generation generation :
       {Generation{hj212::Dialect::v2005, false}, Generation{hj212::Dialect::v2017, false},
        Generation{hj212::Dialect::v2025, false}, Generation{hj212::Dialect::v2017, true}}) {
    for (const hj212::Command& command : testing::tables().commands()) {
      if (command.sender != hj212::Sender::host || command.course == hj212::Course::none) continue;
      const bool of_profile = command.surface_water;
      if (generation.surface_water ? !of_profile : (of_profile || command.dialect != generation.dialect)) continue;
      DeviceGroup group = group_of(generation.dialect, generation.surface_water);
      if (!command.systems.empty()) group.device.st = command.systems.front();
      Desk desk(group);
      (void)desk.connect();
      auto heard =
          desk.converse(desk.tell(desk.request(command.cn, example_area(command, desk, desk.now))), 2'000);
      // Equipment status begins as soon as it was asked for.
      if (command.cn == "2021") std::erase_if(heard, [](const Heard& each) { return each.cn == "2021"; });
      const std::string what =
          fmt::format("{} of {}{}: {}", command.cn, hj212::name(generation.dialect),
                      generation.surface_water ? " (surface water)" : "", example_area(command, desk, desk.now));
      ++served;
      ASSERT_FALSE(heard.empty()) << what;
      if (command.course == hj212::Course::notice) {
        EXPECT_EQ(commands_of(heard), Words{"9013"}) << what;
        continue;
      }
      EXPECT_EQ(heard.front().cn, "9011") << what;
      EXPECT_NE(heard.front().area.find("QnRtn=1"), std::string::npos) << what << heard.front().area;
      EXPECT_EQ(heard.back().cn, "9012") << what;
      const bool empty = heard.back().area.find("ExeRtn=100") != std::string::npos;
      EXPECT_TRUE(empty || heard.back().area.ends_with("ExeRtn=1")) << what << " " << heard.back().area;
      for (const Heard& each : heard) {
        if (each.cn == "9011" || each.cn == "9012") EXPECT_EQ(each.st, "91") << what;
        EXPECT_EQ(each.mn, group.device.mn) << what;
      }
      if (command.course == hj212::Course::execute) EXPECT_EQ(heard.size(), 2U) << what;
      if (command.course == hj212::Course::response) {
        ASSERT_EQ(heard.size(), 3U) << what;
        EXPECT_EQ(heard[1].cn, command.cn) << what;
        if (generation.dialect != hj212::Dialect::v2005) EXPECT_EQ(heard[1].qn, desk.last_qn) << what;
      }
    }
  }
  EXPECT_GT(served, 70U);
}

// C.3, C.2: SystemTime is the clock of the device.
TEST(FieldDevice, a_clock_that_was_set_is_shown_and_used) {
  DeviceGroup group = group_2017();
  group.clock_offset_ms = 400'000;
  Desk desk(group);
  (void)desk.connect();
  auto heard = desk.converse(desk.tell(desk.request("1011", "")), 10);
  EXPECT_EQ(heard[1].area, "SystemTime=" + to_compact(desk.now.plus_ms(400'000 - 10)));
  const std::string wanted = to_compact(desk.now);
  heard = desk.converse(desk.tell(desk.request("1012", "SystemTime=" + wanted)), 10);
  EXPECT_EQ(commands_of(heard), (Words{"9011", "9012"}));
  heard = desk.converse(desk.tell(desk.request("1011", "")), 10);
  EXPECT_EQ(heard[1].area, "SystemTime=" + wanted);
  EXPECT_LE(std::abs(desk.device().clock(desk.now).ms_since(desk.now)), 1'000);
}

TEST(FieldDevice, an_instrument_has_a_clock_of_its_own) {
  Desk desk(group_2017());
  (void)desk.connect();
  (void)desk.converse(desk.tell(desk.request("1012", "PolId=w01018;SystemTime=20261103090000")), 10);
  const auto heard = desk.converse(desk.tell(desk.request("1011", "PolId=w01018")), 10);
  EXPECT_EQ(heard[1].area, "PolId=w01018;SystemTime=20261103090000");
  EXPECT_EQ(desk.device().clock(desk.now), desk.now);
}

TEST(FieldDevice, a_drifting_clock_is_off_by_its_drift) {
  DeviceGroup group = group_2017();
  group.clock_drift_ppm = 100;
  Desk desk(group);
  const Instant later = desk.now.plus_ms(10'000'000);
  EXPECT_EQ(desk.device().clock(later).ms_since(later), 1'000);  // 100 ppm of 10,000 s
}

TEST(FieldDevice, intervals_set_are_intervals_got_and_kept) {
  DeviceGroup group = group_2017();
  group.sends[static_cast<std::size_t>(Record::realtime)] = true;
  group.sends[static_cast<std::size_t>(Record::minute)] = true;
  group.sends[static_cast<std::size_t>(Record::hour)] = false;
  Desk desk(group);
  (void)desk.connect();
  (void)desk.converse(desk.tell(desk.request("1062", "RtdInterval=120")), 10);
  (void)desk.converse(desk.tell(desk.request("1064", "MinInterval=5")), 10);
  EXPECT_EQ(desk.converse(desk.tell(desk.request("1061", "")), 10)[1].area, "RtdInterval=120");
  EXPECT_EQ(desk.converse(desk.tell(desk.request("1063", "")), 10)[1].area, "MinInterval=5");
  const auto heard = desk.converse(desk.pass(0), 600'000);
  EXPECT_EQ(std::count_if(heard.begin(), heard.end(), [](const Heard& each) { return each.cn == "2011"; }), 5);
  EXPECT_EQ(std::count_if(heard.begin(), heard.end(), [](const Heard& each) { return each.cn == "2051"; }), 2);
}

// Table 4: RtdInterval 30…3600 s, MinInterval one of the divisors. ExeRtn 3: condition of the request wrong (table 6).
TEST(FieldDevice, a_value_outside_its_range_is_refused_by_ExeRtn_3) {
  Desk desk(group_2017());
  (void)desk.connect();
  for (const auto& [cn, area] : std::vector<std::pair<std::string, std::string>>{
           {"1062", "RtdInterval=29"},
           {"1064", "MinInterval=7"},
           {"1000", "OverTime=0;ReCount=3"},
           {"3011", "PolId=w99999"},
           {"1012", "SystemTime=yesterday"},
           {"2061", "BeginTime=20261102000000;EndTime=20261101000000"}}) {
    const auto heard = desk.converse(desk.tell(desk.request(cn, area)), 10);
    ASSERT_EQ(commands_of(heard), (Words{"9011", "9012"})) << cn;
    EXPECT_EQ(heard[1].area, "ExeRtn=3") << cn << " " << area;
  }
}

TEST(FieldDevice, a_new_password_is_in_force_after_its_9012) {
  Desk desk(group_2017());
  (void)desk.connect();
  const auto heard = desk.converse(desk.tell(desk.request("1072", "NewPW=654321")), 10);
  ASSERT_EQ(heard.size(), 2U);
  EXPECT_EQ(heard[0].pw, "123456");
  EXPECT_EQ(heard[1].pw, "123456");
  EXPECT_EQ(desk.device().password(), "654321");
  EXPECT_EQ(desk.converse(desk.tell(desk.request("1061", "")), 10)[1].pw, "654321");
}

// QnRtn: HJ 212-2017 table 7.
TEST(FieldDevice, a_request_that_is_not_for_it_is_refused_by_its_QnRtn) {
  Desk desk(group_2017());
  (void)desk.connect();
  const std::string& mn = desk.device().mn();
  const auto code = [&](const std::string& bytes) {
    const auto heard = desk.tell(bytes);
    return heard.size() == 1 && heard[0].cn == "9011" ? heard[0].area : std::string("something else");
  };
  EXPECT_EQ(code(desk.bytes("20261103101503001", "32", "1061", "", 5, "010000A8900016F000169DC1")), "QnRtn=4");
  EXPECT_EQ(code(desk.bytes("20261103101503002", "31", "1061", "", 5, mn)), "QnRtn=5");
  EXPECT_EQ(code(desk.bytes("20261103101503003", "32", "1099", "", 5, mn)), "QnRtn=8");
  EXPECT_EQ(code(desk.bytes("20261103101503004", "32", "1021", "PolId=w01018", 5, mn)), "QnRtn=8") << "2005 only";
  const std::string wrong = hj212::segment(hj212::Outgoing{.qn = "20261103101503005",
                                                           .st = "32",
                                                           .cn = "1061",
                                                           .pw = "000000",
                                                           .mn = mn,
                                                           .flag = 5,
                                                           .pnum = {},
                                                           .pno = {},
                                                           .rf = false,
                                                           .area = ""});
  EXPECT_EQ(code(hj212::frame(wrong, hj212::CrcRule::hj)), "QnRtn=3");
  EXPECT_EQ(desk.report.request_returns["3"], 1U);
}

// HJ 212-2017 table 2: on a CRC error, end.
TEST(FieldDevice, a_wrong_crc_ends_it_without_a_word) {
  Desk desk(group_2017());
  (void)desk.connect();
  std::string bytes = desk.request("1061", "");
  bytes[bytes.size() - 3] = bytes[bytes.size() - 3] == '0' ? '1' : '0';
  EXPECT_TRUE(desk.tell(bytes).empty());
  EXPECT_EQ(desk.report.strange, 1U);
}

TEST(FieldDevice, a_request_sent_again_is_served_once) {
  DeviceGroup group = group_2017();
  group.execution_ms = 5'000;
  Desk desk(group);
  (void)desk.connect();
  const std::string request = desk.request("3012", "PolId=w01018");
  EXPECT_EQ(commands_of(desk.tell(request)), Words{"9011"});
  EXPECT_EQ(commands_of(desk.tell(request)), Words{"9011"});
  EXPECT_EQ(commands_of(desk.pass(5'000)), Words{"9012"});
  EXPECT_EQ(commands_of(desk.tell(request)), (Words{"9011", "9012"}));
  EXPECT_EQ(desk.report.requests_by_cn["3012"], 1U);
}

TEST(FieldDevice, a_second_request_meanwhile_finds_it_busy) {
  DeviceGroup group = group_2017();
  group.execution_ms = 5'000;
  Desk desk(group);
  (void)desk.connect();
  (void)desk.tell(desk.request("3012", "PolId=w01018"));
  const auto heard = desk.tell(desk.request("1061", ""));
  ASSERT_EQ(commands_of(heard), (Words{"9011", "9012"}));
  EXPECT_EQ(heard[1].area, "ExeRtn=5");
  EXPECT_EQ(commands_of(desk.pass(5'000)), Words{"9012"}) << "the first one goes on";
}

// C.20 to C.23: both ends are starts of intervals; uploads have QN of their own and wait for 9014; 9012 has the request's.
TEST(FieldDevice, history_is_one_upload_a_record_each_acknowledged_and_then_9012) {
  Desk desk(group_2017());
  (void)desk.connect();
  const std::string request = desk.request("2061", "BeginTime=20261103070000;EndTime=20261103090000");
  const std::string qn = desk.last_qn;
  auto heard = desk.tell(request);
  ASSERT_EQ(commands_of(heard), (Words{"9011", "2061"})) << "the next one waits for 9014";
  EXPECT_EQ(heard[1].flag, 5U);
  heard = desk.converse(heard, 100);
  ASSERT_EQ(commands_of(heard), (Words{"9011", "2061", "2061", "2061", "9012"}));
  EXPECT_TRUE(heard[1].area.starts_with("DataTime=20261103070000;w00000-Cou="));
  EXPECT_TRUE(heard[3].area.starts_with("DataTime=20261103090000;"));
  EXPECT_NE(heard[1].qn, heard[2].qn);
  EXPECT_NE(heard[1].qn, qn);
  EXPECT_EQ(heard[4].qn, qn);
  EXPECT_EQ(heard[4].area, "ExeRtn=1");
  EXPECT_EQ(desk.report.records_requested, 3U);
}

TEST(FieldDevice, history_is_the_same_record_that_was_sent_at_its_time) {
  Desk desk(group_2017());
  (void)desk.connect();
  const auto live = desk.converse(desk.pass(0), 3'600'000);
  const auto sent = std::find_if(live.begin(), live.end(), [](const Heard& each) { return each.cn == "2061"; });
  ASSERT_NE(sent, live.end());
  EXPECT_TRUE(sent->area.starts_with("DataTime=20261103100000;"));
  const auto asked =
      desk.converse(desk.tell(desk.request("2061", "BeginTime=20261103100000;EndTime=20261103100000")), 10);
  ASSERT_EQ(asked.size(), 3U);
  EXPECT_EQ(asked[1].area, sent->area);
}

TEST(FieldDevice, what_is_not_there_yet_ends_with_no_data) {
  Desk desk(group_2017());
  (void)desk.connect();
  const auto heard =
      desk.converse(desk.tell(desk.request("2061", "BeginTime=20261103110000;EndTime=20261103120000")), 10);
  ASSERT_EQ(commands_of(heard), (Words{"9011", "9012"}));
  EXPECT_EQ(heard[1].area, "ExeRtn=100");
}

TEST(FieldDevice, a_lost_period_is_not_sent_and_is_there_when_asked_for) {
  DeviceGroup group = group_2017();
  group.backfill_h = 10;
  group.lost.push_back(
      LostPeriod{*parse_compact("20261103040000"), *parse_compact("20261103070000"), {Record::hour}});
  Desk desk(group);
  (void)desk.connect();
  (void)desk.converse({}, 1'000);
  EXPECT_EQ(desk.report.withheld, 3U);
  ASSERT_EQ(desk.report.withheld_records.size(), 3U);
  EXPECT_EQ(desk.report.withheld_records[0].cause, "lost-period");
  EXPECT_EQ(desk.report.frames_by_cn["2061"], 7U);
  const auto heard =
      desk.converse(desk.tell(desk.request("2061", "BeginTime=20261103040000;EndTime=20261103060000")), 10);
  EXPECT_EQ(commands_of(heard), (Words{"9011", "2061", "2061", "2061", "9012"}));
}

// C.50: PNUM/PNO, own QN, DataTime repeated, Flag 7.
TEST(FieldDevice, a_long_record_is_split_and_each_part_acknowledged) {
  DeviceGroup group = group_2017();
  group.max_area = 120;
  Desk desk(group);
  (void)desk.connect();
  const auto heard =
      desk.converse(desk.tell(desk.request("2061", "BeginTime=20261103090000;EndTime=20261103090000")), 10);
  ASSERT_EQ(commands_of(heard), (Words{"9011", "2061", "2061", "9012"}));
  EXPECT_EQ(heard[1].flag, 7U);
  EXPECT_EQ(heard[1].pnum + heard[1].pno, "21");
  EXPECT_EQ(heard[2].pnum + heard[2].pno, "22");
  EXPECT_NE(heard[1].qn, heard[2].qn);
  EXPECT_TRUE(heard[2].area.starts_with("DataTime=20261103090000;w01018-Cou="));
}

// HJ 212-2017 §6.2: 10 s, 3 resends; the bytes stay the same.
TEST(FieldDevice, an_upload_without_answer_is_sent_again_and_then_given_up) {
  Desk desk(group_2017());
  (void)desk.connect();
  const auto sent = desk.pass(46 * 60'000);
  ASSERT_EQ(commands_of(sent), (Words{"2061", "2061", "2061", "2061"}));
  EXPECT_EQ(sent[0].qn, sent[3].qn);
  EXPECT_EQ(desk.report.resent, 3U);
  EXPECT_EQ(desk.report.given_up, 1U);
  EXPECT_TRUE(desk.disconnected);
  desk.device().lost(desk.now);
  const auto again = desk.connect();
  EXPECT_EQ(commands_of(again), Words{"2061"}) << "it was kept";
  EXPECT_EQ(again[0].area, sent[0].area);
}

TEST(FieldDevice, real_time_data_start_and_stop) {
  DeviceGroup group = group_2017();
  group.sends = {};
  Desk desk(group);
  (void)desk.connect();
  EXPECT_TRUE(desk.pass(120'000).empty());
  EXPECT_EQ(commands_of(desk.converse(desk.tell(desk.request("2011", "")), 10)), (Words{"9011", "9012"}));
  EXPECT_EQ(desk.converse(desk.pass(0), 60'000).size(), 2U);
  EXPECT_EQ(commands_of(desk.tell(desk.request("2012", ""))), Words{"9013"});
  EXPECT_TRUE(desk.pass(120'000).empty());
  const auto status = desk.converse(desk.tell(desk.request("2021", "")), 10);
  EXPECT_EQ(commands_of(status), (Words{"9011", "9012", "2021"}));
  EXPECT_NE(status[2].area.find("SB1-RS=1;SB2-RS=1"), std::string::npos);
}

TEST(FieldDevice, parameters_states_and_logs_are_those_of_its_instruments) {
  Desk desk(group_2017());
  (void)desk.connect();
  (void)desk.converse(desk.tell(desk.request("3021", "PolId=w01018;InfoId=i13004;i13004-Info=168.0")), 10);
  auto heard = desk.converse(desk.tell(desk.request("3020", "PolId=w01018;InfoId=i13004")), 10);
  EXPECT_TRUE(heard[1].area.ends_with(";PolId=w01018;i13004-Info=168.0")) << heard[1].area;
  (void)desk.converse(desk.tell(desk.request("3011", "PolId=w01018")), 10);
  heard = desk.converse(desk.tell(desk.request("3020", "PolId=w01018;InfoId=i12001")), 10);
  EXPECT_TRUE(heard[1].area.ends_with("i12001-Info=3")) << "calibrating (table B.9): " << heard[1].area;
  (void)desk.pass(60'000);
  heard = desk.converse(desk.tell(desk.request("3020", "PolId=w01018;InfoId=i12001")), 10);
  EXPECT_TRUE(heard[1].area.ends_with("i12001-Info=0")) << heard[1].area;
  heard = desk.converse(desk.tell(desk.request(
                            "3020", "PolId=w01018;InfoId=i11001;BeginTime=20261103000000,EndTime=20261103235959")),
                        10);
  ASSERT_EQ(commands_of(heard), (Words{"9011", "3020", "3020", "9012"}));
  EXPECT_EQ(heard[1].area, "DataTime=20261103020000;PolId=w01018;i11001-Info=//清洗管路//");
  (void)desk.converse(desk.tell(desk.request("3016", "PolId=w01018;CstartTime=010000;CTime=4")), 10);
  heard = desk.converse(desk.tell(desk.request("3017", "PolId=w01018")), 10);
  EXPECT_EQ(heard[1].area, "PolId=w01018;CstartTime=010000;CTime=4");
}

// 2005: QN in the data area, limits of alarms (V097, V098).
TEST(FieldDevice, a_2005_device_replies_with_the_QN_in_the_area) {
  Desk desk(group_of(hj212::Dialect::v2005));
  EXPECT_TRUE(desk.connect().empty()) << "2081 is of 2017";
  (void)desk.tell(desk.request("1022", "101-LowValue=1.1,101-UpValue=9.9"));
  const auto heard = desk.tell(desk.request("1021", "PolId=101"));
  ASSERT_EQ(commands_of(heard), (Words{"9011", "1021", "9012"}));
  EXPECT_EQ(heard[0].qn, "");
  EXPECT_EQ(heard[0].area, "QN=" + desk.last_qn + ";QnRtn=1");
  EXPECT_EQ(heard[1].area, "QN=" + desk.last_qn + ";101-LowValue=1.1,101-UpValue=9.9");
  EXPECT_EQ(heard[2].area, "QN=" + desk.last_qn + ";ExeRtn=1");
  (void)desk.tell(desk.request("1072", "PW=654321"));
  EXPECT_EQ(desk.device().password(), "654321");
}

TEST(FieldDevice, a_2005_upload_has_neither_QN_nor_flag_and_waits_for_nothing) {
  DeviceGroup group = group_of(hj212::Dialect::v2005);
  group.backfill_h = 5;
  Desk desk(group);
  const auto heard = desk.connect();
  EXPECT_EQ(heard.size(), 5U);
  for (const Heard& each : heard) {
    EXPECT_EQ(each.qn, "");
    EXPECT_FALSE(each.flag);
    EXPECT_NE(each.area.find(";101-"), std::string::npos) << "old codes";
  }
}

// 1001 → 9013 → 1002 (HJ 212-2025 as reported, C.2 and C.3).
TEST(FieldDevice, a_2025_device_without_MN_asks_for_one_and_speaks_when_it_has_it) {
  DeviceGroup group = group_of(hj212::Dialect::v2025);
  group.assign_mn = true;
  group.backfill_h = 2;
  Desk desk(group);
  const auto first = desk.connect();
  ASSERT_EQ(commands_of(first), Words{"1001"});
  EXPECT_EQ(first[0].mn, "");
  EXPECT_TRUE(first[0].area.starts_with("i23005-Info=" + group.logger(0) + ";i23006-Info="));
  EXPECT_EQ(commands_of(desk.converse(desk.pass(31'000), 10)), Words{"1001"}) << "asks again until 1002 comes";
  const std::string mn = "010000A8900016F000169DFF";
  const auto wrong = desk.tell(desk.bytes("20261103101503001", "32", "1002", "i23005-Info=OTHER", 9, mn));
  ASSERT_EQ(wrong.size(), 2U);
  EXPECT_EQ(wrong[1].area, "ExeRtn=3");
  const auto heard = desk.converse(
      desk.tell(desk.bytes("20261103101503002", "32", "1002", "i23005-Info=" + group.logger(0), 9, mn)), 1'000);
  EXPECT_EQ(commands_of(heard), (Words{"9011", "9012", "2081", "2061", "2061"}));
  for (const Heard& each : heard) EXPECT_EQ(each.mn, mn);
  EXPECT_EQ(heard[3].rf, "1") << "hours before the start are re-sent data";
  EXPECT_EQ(desk.report.mns_assigned, 1U);
}

// 1014 both ways; uploads, 1014 and 3020 in cipher (§6.4 as reported); the key before is honoured.
TEST(FieldDevice, an_old_key_is_replaced_on_request_and_still_opens) {
  DeviceGroup group = group_of(hj212::Dialect::v2025);
  group.key = hj212::parse_sm4_key("0123456789abcdef");
  group.key_age_days = 91;
  Desk desk(group);
  const auto first = desk.connect();
  const auto more = desk.converse(first, 10);
  const auto ask = std::find_if(more.begin(), more.end(), [](const Heard& each) { return each.cn == "1014"; });
  const auto boot = std::find_if(more.begin(), more.end(), [](const Heard& each) { return each.cn == "2081"; });
  ASSERT_TRUE(ask != more.end() || desk.report.frames_by_cn["1014"] == 1);
  ASSERT_NE(boot, more.end());
  EXPECT_TRUE(boot->encrypted);
  if (ask != more.end()) {
    EXPECT_TRUE(ask->encrypted);
    EXPECT_TRUE(ask->area.starts_with("SKCreateTime=2026"));
  }
  hj212::Outgoing request;
  request.qn = "20261103101504001";
  request.st = "32";
  request.cn = "1014";
  request.pw = "123456";
  request.mn = desk.device().mn();
  request.flag = 9;
  request.area = "SKCreateTime=20261103101504000,NewSK=fedcba9876543210";
  const auto heard = desk.tell(hj212::frame(request, hj212::CrcRule::hj, &*group.key));
  ASSERT_EQ(commands_of(heard), (Words{"9011", "9012"}));
  EXPECT_EQ(heard[1].area, "ExeRtn=1");
  ASSERT_EQ(desk.device().settings().keys.size(), 2U);
  EXPECT_EQ(desk.device().settings().keys[0], *hj212::parse_sm4_key("fedcba9876543210"));
  EXPECT_EQ(desk.device().settings().keys[1], *group.key);
  EXPECT_EQ(desk.report.keys_changed, 1U);
}

TEST(FieldDevice, electricity_history_is_2011_with_ST_44) {
  DeviceGroup group = group_of(hj212::Dialect::v2025);
  group.more_systems = {"44"};
  Desk desk(group);
  (void)desk.connect();
  const auto heard = desk.converse(
      desk.tell(desk.bytes("20261103101504001", "44", "2011", "BeginTime=20261103090000;EndTime=20261103093000", 9,
                           desk.device().mn())),
      10);
  ASSERT_EQ(commands_of(heard), (Words{"9011", "2011", "2011", "2011", "9012"}));
  EXPECT_EQ(heard[1].st, "44");
  EXPECT_NE(heard[1].area.find(";d20105-Rtd="), std::string::npos);
}

TEST(FieldDevice, the_surface_water_profile_has_its_time_under_1014_and_1015) {
  DeviceGroup group = group_of(hj212::Dialect::v2017, true);
  group.heartbeat_s = 30;
  Desk desk(group);
  (void)desk.connect();
  auto heard = desk.converse(desk.tell(desk.request("1014", "")), 10);
  ASSERT_EQ(heard.size(), 3U);
  EXPECT_TRUE(heard[1].area.starts_with("SystemTime=2026"));
  heard = desk.converse(desk.tell(desk.request("1015", "SystemTime=20261103090000")), 10);
  EXPECT_EQ(commands_of(heard), (Words{"9011", "9012"}));
  EXPECT_EQ(desk.device().clock(desk.now).ms_since(*parse_compact("20261103090000")), 10);
  heard = desk.converse(desk.pass(0), 31'000);
  ASSERT_FALSE(heard.empty());
  EXPECT_EQ(heard[0].cn, "9015");
  EXPECT_EQ(heard[0].flag, 9U);
}

TEST(FieldDevice, misdeeds_of_a_conversation_happen_as_told) {
  const auto with = [](Misdeed misdeed) {
    DeviceGroup group = group_2017();
    group.misbehaviour.set(misdeed, 1);
    return group;
  };
  Desk silent(with(Misdeed::no_request_reply));
  (void)silent.connect();
  EXPECT_EQ(commands_of(silent.converse(silent.tell(silent.request("1061", "")), 10)), (Words{"1061", "9012"}));
  Desk refusing(with(Misdeed::refused));
  (void)refusing.connect();
  EXPECT_EQ(refusing.tell(refusing.request("1061", ""))[0].area, "QnRtn=2");
  Desk busy(with(Misdeed::busy));
  (void)busy.connect();
  EXPECT_EQ(busy.converse(busy.tell(busy.request("1061", "")), 10)[1].area, "ExeRtn=5");
  Desk late(with(Misdeed::late_result));
  (void)late.connect();
  EXPECT_EQ(commands_of(late.tell(late.request("3012", "PolId=w01018"))), Words{"9011"});
  EXPECT_TRUE(late.pass(12'000).empty()) << "beyond the ten seconds of table 1";
  EXPECT_EQ(commands_of(late.pass(5'000)), Words{"9012"});
  Desk losing(with(Misdeed::reply_lost));
  (void)losing.connect();
  EXPECT_TRUE(losing.tell(losing.request("1061", "")).empty());
  EXPECT_EQ(losing.report.misbehaviour["reply-lost"], 3U);
  EXPECT_EQ(losing.report.execution_returns["1"], 1U) << "it did what it was asked";
}

TEST(FieldDevice, an_upload_lost_silently_is_taken_for_sent_and_named_in_the_report) {
  DeviceGroup group = group_2017();
  group.backfill_h = 3;
  group.misbehaviour.set(Misdeed::frame_lost, 1);
  Desk desk(group);
  (void)desk.connect();
  (void)desk.converse({}, 1'000);
  EXPECT_EQ(desk.report.withheld, 3U);
  EXPECT_EQ(desk.report.withheld_records[0].cause, "frame-lost");
  EXPECT_EQ(desk.report.withheld_records[0].data_time, *parse_compact("20261103090000"));
  EXPECT_TRUE(desk.device().idle());
}

TEST(FieldDevice, events_happen_to_it) {
  DeviceGroup group = group_of(hj212::Dialect::v2005);
  Desk desk(group);
  (void)desk.connect();
  Turn turn{desk.now, testing::tables(), desk.report, {}, false};
  ScenarioEvent event;
  event.what = Happening::alarm;
  desk.device().happen(event, turn);
  EXPECT_EQ(commands_of(desk.pass(10)), Words{"2072"});
  EXPECT_EQ(commands_of(desk.tell(desk.request("2071", "BeginTime=20261103000000;EndTime=20261103235959"))),
            (Words{"9011", "2071", "9012"}));
  event.what = Happening::silence;
  event.for_ms = 60'000;
  desk.device().happen(event, turn);
  EXPECT_TRUE(desk.tell(desk.request("1061", "")).empty());
  desk.now = desk.now.plus_ms(60'000);
  EXPECT_FALSE(desk.tell(desk.request("1061", "")).empty());
  event.what = Happening::clock_step;
  event.value = -5;
  turn.now = desk.now;
  desk.device().happen(event, turn);
  EXPECT_EQ(desk.device().clock(desk.now), desk.now.plus_ms(-5'000));
}

TEST(FieldDevice, its_state_is_small) { EXPECT_LE(sizeof(FieldDevice), 2048U); }

}  // namespace
}  // namespace mj::simulator
