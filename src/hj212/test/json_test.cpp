#include "mj/hj212/json.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "mj/hj212/compose.hpp"
#include "mj/hj212/message.hpp"

namespace mj::hj212 {
namespace {

using Json = nlohmann::json;

std::string decode(std::string_view bytes, CrcRule rule = CrcRule::hj) {
  Framer framer;
  framer.push(as_bytes(bytes));
  framer.finish();
  const auto piece = framer.next();
  return piece ? to_json(*piece, rule) : "";
}

TEST(FrameJson, HasTheFormOfTheContract) {
  // Frame of HJ 212-2017 C.50 (first packet, shortened); the expected line is written by hand.
  const std::string segment =
      "QN=20160801085857534;ST=32;CN=2061;PW=123456;MN=010000A8900016F000169DC0;Flag=7;PNUM=2;PNO=1;"
      "CP=&&DataTime=20160801080000;w00000-Cou=63.0,w00000-Flag=N&&";
  const std::string crc = fmt::format("{:04X}", crc_hj(segment));
  EXPECT_EQ(
      decode(frame(segment)),
      R"({"at":0,"len":)" + std::to_string(segment.size() + 12) +
          R"(,"ok":true,"dialect":"2017","crc":{"given":")" + crc + R"(","hj":")" + crc +
          R"(","match":"hj"},"qn":"20160801085857534","st":"32","cn":"2061","pw":"123456",)"
          R"("mn":"010000A8900016F000169DC0","flag":{"version":1,"split":true,"ack":true},"pnum":"2","pno":"1",)"
          R"("cp":[{"key":"DataTime","value":"20160801080000"},{"factor":"w00000","key":"Cou","value":"63.0"},)"
          R"({"factor":"w00000","key":"Flag","value":"N"}]})");
}

TEST(FrameJson, JunkHasPlaceLengthAndReason) {
  const Json line = Json::parse(decode("SIZE++AT\r\n"));
  EXPECT_EQ(line.size(), 4U);
  EXPECT_EQ(line.at("at"), 0);
  EXPECT_EQ(line.at("len"), 10);
  EXPECT_EQ(line.at("ok"), false);
  EXPECT_NE(line.at("error"), "");
}

TEST(FrameJson, AnIncompleteHeaderIsNotOk) {
  const Json line = Json::parse(decode(frame("QN=1;ST=32;CN=20;PW=1;MN=A;CP=&&&&")));
  EXPECT_EQ(line.at("ok"), false);
  EXPECT_THAT(line.at("error").get<std::string>(), testing::HasSubstr("CN"));
  EXPECT_EQ(line.at("crc").at("match"), "hj");
}

TEST(FrameJson, GbkTextIsRecodedAndSaidSo) {
  const Json line = Json::parse(decode(
      frame("QN=1;ST=32;CN=3020;PW=1;MN=A;Flag=4;CP=&&i11001-Info=//\xC7\xE5\xCF\xB4\xB9\xDC\xC2\xB7//&&")));
  EXPECT_EQ(line.at("ok"), true);
  EXPECT_EQ(line.at("cp").at(0).at("value"), "//清洗管路//");
  EXPECT_THAT(line.at("deviations").get<std::vector<std::string>>(), testing::Contains(testing::HasSubstr("GBK")));
}

TEST(FrameJson, CiphertextIsNotShownAsFields) {
  const Json line =
      Json::parse(decode(frame("QN=1;ST=31;CN=2051;PW=1;MN=A;Flag=9;CP=&&"
                               "\xE4\x3E\x15\x9A\xCF\xAB\x24\x2C\xB5\x31\x55\xFB\x8B\x92\x81\xA1\x0D&&"),
                         CrcRule::off));
  EXPECT_FALSE(line.contains("cp"));
  EXPECT_THAT(line.at("deviations").get<std::vector<std::string>>(), testing::Contains(testing::HasSubstr("SM4")));
}

TEST(FrameJson, TheRuleOffAcceptsAnyCrc) {
  const std::string bytes = "##0036QN=1;ST=32;CN=2011;PW=1;MN=A;CP=&&&&\r\n";
  EXPECT_EQ(Json::parse(decode(bytes, CrcRule::hj)).at("ok"), false);
  EXPECT_EQ(Json::parse(decode(bytes, CrcRule::off)).at("ok"), true);
}

TEST(FrameJson, BySettingsOfADeviceCipherIsShownInClearAndThePasswordJudged) {
  const std::string segment =
      "QN=20240520210700000;ST=31;CN=2051;PW=123456;MN=010000A8900016F000169DC0;Flag=9;"
      "CP=&&DataTime=20240520210600;a01011-Min=1.35&&";
  DeviceSettings settings;
  settings.keys = {*parse_sm4_key("ABCDEFGH12345678"), *parse_sm4_key("0000000000000000")};
  settings.profile.password = "654321";
  const Outgoing message{.qn = "20240520210700000",
                         .st = "31",
                         .cn = "2051",
                         .pw = "123456",
                         .mn = "010000A8900016F000169DC0",
                         .flag = 9,
                         .pnum = {},
                         .pno = {},
                         .rf = false,
                         .area = "DataTime=20240520210600;a01011-Min=1.35"};
  const std::string bytes = frame(message, CrcRule::hj, &settings.keys[1]);
  Framer framer;
  framer.push(as_bytes(bytes));
  const auto piece = framer.next();
  ASSERT_TRUE(piece.has_value());
  Json line = Json::parse(to_json(*piece, settings));
  EXPECT_EQ(line.at("ok"), true);
  EXPECT_EQ(line.at("encrypted"), true);
  EXPECT_EQ(line.at("key"), 1);
  EXPECT_EQ(line.at("crc").at("hj"), fmt::format("{:04X}", crc_hj(segment)));
  EXPECT_EQ(line.at("cp").at(1), Json::parse(R"({"factor":"a01011","key":"Min","value":"1.35"})"));
  EXPECT_THAT(line.at("deviations").get<std::vector<std::string>>(),
              testing::Contains(testing::HasSubstr("password")));
  settings.profile.password_rule = PasswordRule::reject;
  line = Json::parse(to_json(*piece, settings));
  EXPECT_EQ(line.at("ok"), false);
  EXPECT_THAT(line.at("error").get<std::string>(), testing::HasSubstr("password"));
  settings.keys.clear();
  line = Json::parse(to_json(*piece, settings));
  EXPECT_EQ(line.at("ok"), false);
  EXPECT_EQ(line.at("encrypted"), true);
  EXPECT_FALSE(line.contains("cp"));
  EXPECT_FALSE(line.contains("key"));
}

}  // namespace
}  // namespace mj::hj212
