#include "mj/hj212/compose.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck.h>

#include "mj/hj212/frame_reader.hpp"

namespace mj::hj212 {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

FieldRule rule(std::string key, std::string_view type, bool required = false) {
  FieldRule rule;
  rule.key = std::move(key);
  rule.type = *ValueType::parse(type);
  rule.required = required;
  return rule;
}

Command command(std::string cn, std::vector<FieldRule> fields, std::string example = {}) {
  Command command;
  command.cn = std::move(cn);
  command.fields = std::move(fields);
  command.example = std::move(example);
  return command;
}

/// The area, or what is wrong with the parameters.
std::string area_or_error(const Command& asked, const std::vector<Parameter>& parameters) {
  const auto area = request_area(asked, parameters);
  return area ? *area : area.error().text();
}

Outgoing record(std::string area, std::uint8_t flag = 5) {
  return {.qn = "20160801085857534",
          .st = "32",
          .cn = "2061",
          .pw = "123456",
          .mn = "010000A8900016F000169DC0",
          .flag = flag,
          .pnum = {},
          .pno = {},
          .rf = false,
          .area = std::move(area)};
}

TEST(Compose, AFrameHasTheFieldsInTheOrderOfTheStandard) {
  // HJ 212-2017 C.50 prints the first packet's header; RF stands before CP in HJ 212-2025 as reported.
  Outgoing message = record("DataTime=20160801080000", 7);
  message.pnum = 2;
  message.pno = 1;
  EXPECT_EQ(segment(message),
            "QN=20160801085857534;ST=32;CN=2061;PW=123456;MN=010000A8900016F000169DC0;Flag=7;PNUM=2;PNO=1;"
            "CP=&&DataTime=20160801080000&&");
  message.rf = true;
  EXPECT_THAT(segment(message), HasSubstr(";PNO=1;RF=1;CP="));
  message = {.qn = {},
             .st = "32",
             .cn = "2011",
             .pw = {},
             .mn = "",
             .flag = {},
             .pnum = {},
             .pno = {},
             .rf = false,
             .area = ""};
  EXPECT_EQ(segment(message), "ST=32;CN=2011;MN=;CP=&&&&");
}

TEST(Compose, TheCrcFollowsTheRule) {
  // HJ 212-2017 appendix A; the Modbus value of the same segment is that of an independent implementation (V164).
  const std::string text =
      "QN=20160801085857223;ST=32;CN=1062;PW=100000;MN=010000A8900016F000169DC0;Flag=5;CP=&&RtdInterval=30&&";
  EXPECT_EQ(frame(text, CrcRule::hj), "##0101" + text + "1C80\r\n");
  EXPECT_EQ(frame(text, CrcRule::modbus), "##0101" + text + "0759\r\n");
  EXPECT_EQ(frame(text, CrcRule::modbus_le), "##0101" + text + "5907\r\n");
  EXPECT_EQ(frame(text, CrcRule::off), "##0101" + text + "1C80\r\n");
}

TEST(Compose, ARequestAsksForAnAnswerInTheVersionOfItsTable) {
  Command asked = command("1062", {rule("RtdInterval", "N4", true)});
  const auto flag = [&asked] { return request(asked, "1", "32", "123456", "A", "").flag; };
  EXPECT_EQ(flag(), 5);
  asked.dialect = Dialect::v2025;
  EXPECT_EQ(flag(), 9);
  asked.dialect = Dialect::v2005;
  EXPECT_EQ(flag(), 1);
  asked.dialect = Dialect::v2017;
  asked.surface_water = true;
  EXPECT_EQ(flag(), 9);
  // The official frame of HJ 212-2017 appendix A.
  asked.surface_water = false;
  const auto area = request_area(asked, {{"RtdInterval", "30"}});
  ASSERT_TRUE(area.has_value());
  EXPECT_EQ(
      frame(request(asked, "20160801085857223", "32", "100000", "010000A8900016F000169DC0", *area), CrcRule::hj),
      "##0101QN=20160801085857223;ST=32;CN=1062;PW=100000;MN=010000A8900016F000169DC0;Flag=5;"
      "CP=&&RtdInterval=30&&1C80\r\n");
}

TEST(RequestArea, SeparatesAsTheExampleOfTheCommandDoes) {
  const Command semicolon = command("2051", {rule("BeginTime", "N14", true), rule("EndTime", "N14", true)},
                                    "BeginTime=20160801084000;EndTime=20160801084000");
  const Command comma = command("2041", {rule("BeginTime", "N14", true), rule("EndTime", "N14", true)},
                                "BeginTime=20160801000000,EndTime=20160801000000");
  const std::vector<Parameter> times{{"BeginTime", "20260301000000"}, {"EndTime", "20260302000000"}};
  EXPECT_EQ(area_or_error(semicolon, times), "BeginTime=20260301000000;EndTime=20260302000000");
  EXPECT_EQ(area_or_error(comma, times), "BeginTime=20260301000000,EndTime=20260302000000");
}

TEST(RequestArea, KeysOfOneFactorAreJoinedByCommas) {
  Command limits = command("1022", {rule("*-LowValue", "N14.2"), rule("*-UpValue", "N14.2")});
  EXPECT_EQ(
      area_or_error(
          limits,
          {{"101-LowValue", "1.1"}, {"101-UpValue", "9.9"}, {"102-LowValue", "1.1"}, {"102-UpValue", "9.9"}}),
      "101-LowValue=1.1,101-UpValue=9.9;102-LowValue=1.1,102-UpValue=9.9");
  // V161: the example prints `;` between the keys of one factor.
  limits.example = "101-LowValue=1.1;101-UpValue=9.9";
  EXPECT_EQ(area_or_error(limits, {{"102-LowValue", "1"}, {"102-UpValue", "2"}}), "102-LowValue=1;102-UpValue=2");
}

TEST(RequestArea, RefusesWhatTheTableDoesNotAllowAndNamesIt) {
  FieldRule interval = rule("RtdInterval", "N4", true);
  interval.min = 30;
  interval.max = 3600;
  FieldRule times = rule("CTime", "C2");
  times.repeatable = true;
  const Command command_1062 = command("1062", {interval, times, rule("PolId", "C6"), rule("i11001-Info", "any")});
  const auto error = [&](const std::vector<Parameter>& parameters) {
    const auto area = request_area(command_1062, parameters);
    return area ? "" : area.error().text();
  };
  EXPECT_EQ(error({{"RtdInterval", "30"}}), "");
  EXPECT_EQ(error({{"RtdInterval", "30"}, {"CTime", "04"}, {"CTime", "10"}}), "");
  EXPECT_EQ(error({{"RtdInterval", "30"}, {"i11001-Info", "//a;b=c//"}}), "");
  EXPECT_THAT(error({}), HasSubstr("RtdInterval is missing"));
  EXPECT_THAT(error({{"RtdInterval", "29"}}), HasSubstr("RtdInterval"));
  EXPECT_THAT(error({{"RtdInterval", "3601"}}), HasSubstr("3600"));
  EXPECT_THAT(error({{"RtdInterval", "soon"}}), HasSubstr("soon"));
  EXPECT_THAT(error({{"RtdInterval", "30"}, {"RtdInterval", "30"}}), HasSubstr("twice"));
  EXPECT_THAT(error({{"RtdInterval", "30"}, {"Speed", "1"}}), HasSubstr("Speed"));
  EXPECT_THAT(error({{"RtdInterval", "30"}, {"PolId", "a;b"}}), HasSubstr("PolId"));
  EXPECT_THAT(error({{"RtdInterval", "30"}, {"PolId", "a&&b"}}), HasSubstr("PolId"));
  EXPECT_THAT(error({{"RtdInterval", "30"}, {"PolId", "a\r\n"}}), HasSubstr("PolId"));
  EXPECT_THAT(error({{"RtdInterval", "30"}, {"i11001-Info", "//a//;b=c//"}}), HasSubstr("i11001-Info"));
  EXPECT_THAT(error({{"RtdInterval", "30"}, {"i11001-Info", "//a&&b//"}}), HasSubstr("i11001-Info"));
}

TEST(Split, AnUploadThatFitsStaysOneFrame) {
  const Outgoing message = record("DataTime=20160801080000;w01018-Avg=40.1");
  const auto packets = split(message);
  ASSERT_TRUE(packets.has_value());
  ASSERT_EQ(packets->size(), 1U);
  EXPECT_EQ(segment(packets->front()), segment(message));
}

TEST(Split, PacketsAreThoseOfAppendixC50) {
  const std::string first =
      "w00000-Cou=63.0,w00000-Min=16.4,w00000-Avg=17.5,w00000-Max=20.1,w00000-Flag=N;"
      "w01001-Min=7.1,w01001-Avg=7.5,w01001-Max=7.8,w01001-Flag=N";
  const std::string second = "w01018-Cou=63.0,w01018-Min=40.1,w01018-Avg=40.1,w01018-Max=40.1,w01018-Flag=N";
  const auto packets = split(record("DataTime=20160801080000;" + first + ";" + second), 170);
  ASSERT_TRUE(packets.has_value());
  std::vector<std::string> frames;
  for (const auto& packet : *packets) frames.push_back(frame(packet, CrcRule::hj));
  // V043 and V044: the segments are printed in C.50, head and CRC computed by the collection.
  EXPECT_THAT(frames, ElementsAre("##0260QN=20160801085857534;ST=32;CN=2061;PW=123456;MN=010000A8900016F000169DC0;"
                                  "Flag=7;PNUM=2;PNO=1;CP=&&DataTime=20160801080000;" +
                                      first + "&&D941\r\n",
                                  "##0201QN=20160801085857535;ST=32;CN=2061;PW=123456;MN=010000A8900016F000169DC0;"
                                  "Flag=7;PNUM=2;PNO=2;CP=&&DataTime=20160801080000;" +
                                      second + "&&E2C1\r\n"));
}

TEST(Split, HoldsEveryItemOnceInLegalFrames) {
  EXPECT_TRUE(rc::check("the packets together are the upload; none is too long", [] {
    const auto count = *rc::gen::inRange(1, 60);
    const auto width = *rc::gen::inRange(0, 60);
    std::string area = "DataTime=20160801080000";
    std::vector<std::string> expected;
    for (int i = 0; i < count; ++i) {
      expected.push_back(fmt::format("a{:05}-Avg={}{}", i, std::string(static_cast<std::size_t>(width), '1'), i));
      expected.push_back(fmt::format("a{:05}-Flag=N", i));
      area += fmt::format(";{},{}", expected[expected.size() - 2], expected.back());
    }
    const auto packets = split(record(area));
    RC_ASSERT(packets.has_value());
    std::vector<std::string> found;
    for (std::size_t i = 0; i < packets->size(); ++i) {
      const Outgoing& packet = (*packets)[i];
      RC_ASSERT(segment(packet).size() <= 1024U);
      RC_ASSERT(packet.area.size() <= 950U);
      if (packets->size() > 1) {
        RC_ASSERT(packet.pnum == packets->size());
        RC_ASSERT(packet.pno == i + 1);
        RC_ASSERT((*packet.flag & 2U) != 0);
      }
      const std::string bytes = frame(packet, CrcRule::hj);
      FrameReader reader;
      RC_ASSERT(reader.read(as_bytes(bytes), {}).verdict == Verdict::good);
      for (const Field& field : reader.fields()) {
        if (field.factor.empty()) {
          RC_ASSERT(field.key == "DataTime");
          RC_ASSERT(field.value == "20160801080000");
        } else {
          found.push_back(fmt::format("{}-{}={}", field.factor, field.key, field.value));
        }
      }
    }
    RC_ASSERT(found == expected);
  }));
}

TEST(Split, KeysOfOneFactorStayTogetherWhateverSeparatesThem) {
  // V161 prints `;` between the keys of one factor.
  const auto packets = split(record("DataTime=20240601080000;w01018-SampleRd=49.1;w01018-StandardValue=50.0;"
                                    "w21003-SampleRd=1.0;w21003-StandardValue=1.1"),
                             80);
  ASSERT_TRUE(packets.has_value());
  ASSERT_EQ(packets->size(), 2U);
  EXPECT_EQ((*packets)[0].area, "DataTime=20240601080000;w01018-SampleRd=49.1;w01018-StandardValue=50.0");
  EXPECT_EQ((*packets)[1].area, "DataTime=20240601080000;w21003-SampleRd=1.0;w21003-StandardValue=1.1");
}

TEST(Split, WhatCannotBeDividedIsRefused) {
  EXPECT_FALSE(
      split(record("DataTime=20160801080000;i11001-Info=//" + std::string(1000, 'x') + "//")).has_value());
  std::string area = "DataTime=20240601080000";
  for (int i = 0; i < 400; ++i) area += fmt::format(";a{:05}-Rtd=1234567.89", i);
  EXPECT_TRUE(split(record(area, 5)).has_value());
  EXPECT_FALSE(split(record(area, 9)).has_value());  // more than nine packets, HJ 212-2025 as reported
}

}  // namespace
}  // namespace mj::hj212
