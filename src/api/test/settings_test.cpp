#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "contract_check.hpp"
#include "mj/hj212/compose.hpp"
#include "station.hpp"

namespace mj::api::test {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

constexpr const char* kAuthor = R"("name":"值班员","reason":"例行检查")";

/// What persons decide about a registered device.
class SettingsTest : public testing::Test {
 protected:
  Reply get(std::string_view target) { return test::get(station.port(), target); }
  Reply post(std::string_view target, std::string_view body) { return test::post(station.port(), target, body); }
  void expect_error(const Reply& reply, int status, std::string_view text) {
    EXPECT_EQ(reply.status, status) << reply.body;
    EXPECT_THAT(contract.faults(reply.json(), "ErrorAnswer"), IsEmpty());
    EXPECT_THAT(reply.body, HasSubstr(std::string(text)));
  }

  Contract contract;
  Station station;
};

TEST_F(SettingsTest, AProfileIsChangedMemberByMemberAndItsHistoryKept) {
  const Reply reply = post(
      device_path(kSourceMn, "/profile"),
      fmt::format(R"({{"crc":"modbus-le","dialect":"2005","password":"geheim","over_time_s":30,{}}})", kAuthor));
  ASSERT_EQ(reply.status, 200) << reply.body;
  const Json detail = reply.json();
  EXPECT_THAT(contract.faults(detail, "DeviceDetail"), IsEmpty());
  EXPECT_EQ(detail["device"]["profile"]["crc"], "modbus-le");
  EXPECT_EQ(detail["device"]["profile"]["over_time_s"], 30);
  EXPECT_EQ(detail["device"]["profile"]["recount"], 3) << "not named, so unchanged";
  EXPECT_EQ(detail["device"]["profile"]["password_set"], true);
  EXPECT_EQ(detail["device"]["dialect"]["source"], "profile");
  EXPECT_THAT(reply.body, Not(HasSubstr("geheim")));
  const Json back =
      post(device_path(kSourceMn, "/profile"), fmt::format(R"({{"dialect":null,"password":"",{}}})", kAuthor))
          .json();
  EXPECT_EQ(back["device"]["profile"]["dialect"], nullptr);
  EXPECT_EQ(back["device"]["profile"]["password_set"], false);
  EXPECT_EQ(back["device"]["profile"]["crc"], "modbus-le");
  ASSERT_EQ(back["settings"].size(), 2U);
  EXPECT_EQ(back["settings"][0]["name"], "值班员");
  EXPECT_EQ(back["settings"][1]["profile"]["dialect"], "2005");
  EXPECT_GT(back["settings"][0]["entry"], back["settings"][1]["entry"]);
}

TEST_F(SettingsTest, AWrongMemberOfAProfileIsNamed) {
  const std::vector<std::pair<std::string, std::string>> wrong = {
      {R"({"crc":"md5",)", "crc"},
      {R"({"dialect":"2030",)", "dialect"},
      {R"({"surface_water":"yes",)", "surface_water"},
      {R"({"over_time_s":0,)", "over_time_s"},
      {R"({"recount":-1,)", "recount"},
      {R"({"recount":18446744073709551615,)", "recount"},
      {R"({"password_rule":"maybe",)", "password_rule"},
      {R"({"encryption":7,)", "encryption"},
      {R"({"passwort":"123456",)", "passwort"},
  };
  for (const auto& [begin, member] : wrong)
    expect_error(post(device_path(kSourceMn, "/profile"), begin + kAuthor + "}"), 400, member);
  expect_error(post(device_path(kSourceMn, "/profile"), R"({"crc":"hj","name":" ","reason":"x"})"), 400, "name");
  expect_error(post(device_path(kSourceMn, "/profile"), R"({"crc":"hj","name":"x"})"), 400, "reason");
  expect_error(post(device_path(kSourceMn, "/profile"), "[]"), 400, "JSON object");
  EXPECT_THAT(get(device_path(kSourceMn)).json()["settings"], IsEmpty()) << "none of them changed anything";
}

TEST_F(SettingsTest, AKeyOpensFramesAndIsNeverAnswered) {
  constexpr std::string_view kKey = "0123456789abcdef";
  const Reply reply = post(device_path(kSourceMn, "/key"), fmt::format(R"({{"key":"{}",{}}})", kKey, kAuthor));
  ASSERT_EQ(reply.status, 200) << reply.body;
  EXPECT_THAT(contract.faults(reply.json(), "DeviceDetail"), IsEmpty());
  EXPECT_THAT(reply.body, Not(HasSubstr(std::string(kKey))));
  EXPECT_EQ(reply.json()["key"]["created"], "2026-03-01T12:00:30+08:00");
  EXPECT_EQ(reply.json()["key"]["due"], false);
  EXPECT_EQ(reply.json()["settings"][0]["kind"], "key");

  hj212::Outgoing message;
  message.qn = "20260301120100000";
  message.st = "32";
  message.cn = "2011";
  message.pw = "123456";
  message.mn = kSourceMn;
  message.flag = 9;
  message.area = "DataTime=20260301120100;w01018-Rtd=17.25,w01018-Flag=N";
  const auto key = hj212::parse_sm4_key(kKey);
  ASSERT_TRUE(key);
  const std::string cipher = hj212::frame(message, hj212::CrcRule::hj, &*key);
  const std::uint64_t entry = station.feed(kSourceMn, cipher);
  const Json detail = get(fmt::format("/api/frames/{}", entry)).json();
  EXPECT_THAT(contract.faults(detail, "FrameDetail"), IsEmpty());
  EXPECT_EQ(detail["encrypted"], true);
  EXPECT_EQ(as_text(*from_base64(detail["payload_base64"].get<std::string>())), cipher) << "as received";
  EXPECT_EQ(detail["decoded"]["ok"], true);
  EXPECT_EQ(detail["decoded"]["cp"][1]["value"], "17.25");
  EXPECT_EQ(detail["observations"][0]["value"]["text"], "17.25");
}

TEST_F(SettingsTest, AKeyThatTravelledInCipherStaysHiddenInTheFrameThatCarriedIt) {
  constexpr std::string_view kOld = "0123456789abcdef";
  ASSERT_EQ(post(device_path(kSourceMn, "/key"), fmt::format(R"({{"key":"{}",{}}})", kOld, kAuthor)).status, 200);
  hj212::Outgoing message;
  message.qn = "20260301120100000";
  message.st = "32";
  message.cn = "1014";
  message.pw = "123456";
  message.mn = kSourceMn;
  message.flag = 9;
  message.area = "SKCreateTime=20260301120100000;NewSK=fedcba9876543210";
  const auto key = hj212::parse_sm4_key(kOld);
  ASSERT_TRUE(key);
  const std::uint64_t entry =
      station.feed(kSourceMn, hj212::frame(message, hj212::CrcRule::hj, &*key), evidence_format::EntryType::sent);
  const Reply reply = get(fmt::format("/api/frames/{}", entry));
  EXPECT_THAT(contract.faults(reply.json(), "FrameDetail"), IsEmpty());
  EXPECT_EQ(reply.json()["decoded"]["cp"][0]["value"], "20260301120100000");
  EXPECT_EQ(reply.json()["decoded"]["cp"][1]["value"], "****************");
  EXPECT_THAT(reply.body, Not(HasSubstr("fedcba9876543210")));
}

TEST_F(SettingsTest, AKeyMustHaveSixteenCharacters) {
  for (const char* key : {"", "short", "0123456789abcdef0"})
    expect_error(post(device_path(kSourceMn, "/key"), fmt::format(R"({{"key":"{}",{}}})", key, kAuthor)), 400,
                 "key");
  expect_error(post(device_path(kSourceMn, "/key"),
                    fmt::format(R"({{"key":"0123456789abcdef","created":"soon",{}}})", kAuthor)),
               400, "created");
}

TEST_F(SettingsTest, OnlyARegisteredDeviceHasSettings) {
  station.feed(kStrangerMn, upload(kStrangerMn, "32", "2011", "20260301120000", "w01018-Rtd=1,w01018-Flag=N"));
  expect_error(post(device_path(kStrangerMn, "/profile"), fmt::format(R"({{"crc":"modbus",{}}})", kAuthor)), 404,
               "not_found");
  expect_error(post(device_path(kStrangerMn, "/key"), fmt::format(R"({{"key":"0123456789abcdef",{}}})", kAuthor)),
               404, "not_found");
}

}  // namespace
}  // namespace mj::api::test
