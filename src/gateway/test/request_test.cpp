#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "composer.hpp"
#include "mj/hj212/compose.hpp"
#include "qn_source.hpp"
#include "scene.hpp"

namespace mj::gateway {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

constexpr const char* kKeyed = "010000A8900016F000169DC1";

class RequestTest : public Scene {
 protected:
  RequestTest() {
    registry::Point keyed;
    keyed.id = "k";
    keyed.device = kKeyed;
    keyed.profile.over_time_s = 1;
    keyed.profile.recount = 0;
    further_points = {keyed};
  }

  std::string composed(const devices::OrderRequest& request, const Speech& speech,
                       const hj212::DeviceSettings& settings = {}) {
    const auto made = compose_request(Knowledge{network, *devices, tables()}, request, speech, settings,
                                      "20160801085857223", Instant::from_ms(now_ms));
    return made ? made->bytes : made.error().text();
  }
  static hj212::Sm4Key key(std::string_view text) { return *hj212::parse_sm4_key(text); }
};

Speech speaks(hj212::Dialect dialect, std::string pw = "123456") {
  Speech speech;
  speech.dialect = dialect;
  speech.st = "32";
  speech.pw = std::move(pw);
  return speech;
}

TEST_F(RequestTest, TheDialectOfTheNewestFrameOrOfTheProfileDecidesTheVersionBits) {
  const auto request = order(1, "1011").request;
  // V002 of the vectors, HJ 212-2025 appendix A.1, but for its QN.
  const std::string in_2025 =
      "QN=20160801085857223;ST=32;CN=1011;PW=123456;MN=010000A8900016F000169DC0;Flag=9;CP=&&&&";
  EXPECT_EQ(composed(request, speaks(hj212::Dialect::v2025)), hj212::frame(in_2025));
  EXPECT_THAT(composed(request, speaks(hj212::Dialect::v2017)), HasSubstr("Flag=5;"));
  EXPECT_THAT(composed(request, speaks(hj212::Dialect::v2005)), HasSubstr("Flag=1;"));
  EXPECT_THAT(composed(request, speaks(hj212::Dialect::unknown)), HasSubstr("Flag=5;"));
  hj212::DeviceSettings settings;
  settings.profile.dialect = hj212::Dialect::v2025;
  EXPECT_EQ(composed(request, speaks(hj212::Dialect::v2005), settings), hj212::frame(in_2025));
}

TEST_F(RequestTest, CrcPasswordAndSystemCodeAreThoseOfTheProfileAndTheOrder) {
  auto request = order(1, "1062", {{"RtdInterval", "30"}}).request;
  hj212::DeviceSettings settings;
  settings.profile.crc = hj212::CrcRule::modbus;
  // V164: the example of the standard with CRC16/Modbus.
  EXPECT_THAT(composed(request, speaks(hj212::Dialect::v2017, "100000"), settings), HasSubstr("&&0759\r\n"));
  settings.profile.password = "654321";
  request.st = "31";
  EXPECT_THAT(composed(request, speaks(hj212::Dialect::v2017), settings), HasSubstr("ST=31;CN=1062;PW=654321;"));
}

TEST_F(RequestTest, NowIsTheMomentOfSending) {
  EXPECT_THAT(composed(order(1, "1012", {{"SystemTime", "@now"}}).request, speaks(hj212::Dialect::v2017)),
              HasSubstr("CP=&&SystemTime=20160801085857&&"));
}

TEST_F(RequestTest, ACommandOfAnotherGenerationIsRefusedByName) {
  EXPECT_THAT(composed(order(1, "3022", {{"PolId", "w01018"}}).request, speaks(hj212::Dialect::v2017)),
              testing::AllOf(HasSubstr("2017"), HasSubstr("3022")));
}

TEST_F(RequestTest, ANewKeyTravelsUnderTheKeyThatTheDeviceLastUsed) {
  const hj212::Sm4Key old_key = key("0123456789abcdef");
  const hj212::Sm4Key new_key = key("FEDCBA9876543210");
  const registry::Author author{"a person", "a test"};
  ASSERT_TRUE(devices->add_key(*log, kKeyed, old_key, "20160601000000000", author, Instant::from_ms(now_ms)));
  const auto entry =
      devices->add_key(*log, kKeyed, new_key, "20160801085857000", author, Instant::from_ms(now_ms));
  ASSERT_TRUE(entry);
  const auto request =
      order(1, "1014",
            {{"SKCreateTime", fmt::format("@key:{}", *entry)}, {"NewSK", fmt::format("@key:{}", *entry)}}, kKeyed)
          .request;
  const hj212::DeviceSettings settings = devices->settings().now(kKeyed);
  const std::string frame = composed(request, speaks(hj212::Dialect::v2025), settings);
  EXPECT_THAT(frame, HasSubstr("CN=1014"));
  EXPECT_THAT(frame, testing::Not(HasSubstr("FEDCBA9876543210")));
  const std::size_t begin = frame.find("CP=&&") + 5;
  const std::string area = frame.substr(begin, frame.rfind("&&") - begin);
  EXPECT_EQ(hj212::decrypt_area(old_key, area), "SKCreateTime=20160801085857000,NewSK=FEDCBA9876543210");

  hj212::DeviceSettings only_new;
  only_new.keys = {new_key};
  EXPECT_THAT(composed(request, speaks(hj212::Dialect::v2025), only_new), HasSubstr("no older key"));
  // The decision of one device gives nothing to another.
  auto foreign = request;
  foreign.device = kMn;
  EXPECT_THAT(composed(foreign, speaks(hj212::Dialect::v2025), settings), HasSubstr("records no key"));
}

TEST_F(RequestTest, WithoutAnOlderKeyTheOrderForANewOneFailsAndNothingLeaves) {
  start();
  const Peer peer(server->port());
  peer.send_segment(segment("20160801085800000", "32", "9015", "", 9, "123456", kKeyed));
  ASSERT_THAT(peer.receive_frame(), HasSubstr("CN=9013"));
  const auto entry = devices->add_key(*log, kKeyed, key("FEDCBA9876543210"), "20160801085857000",
                                      {"a person", "a test"}, Instant::from_ms(now_ms));
  ASSERT_TRUE(entry);
  server->submit(order(
      7, "1014", {{"SKCreateTime", fmt::format("@key:{}", *entry)}, {"NewSK", fmt::format("@key:{}", *entry)}},
      kKeyed));
  EXPECT_THAT(steps(7), ElementsAre("result→failed"));
  EXPECT_THAT(logged_steps(7)[0].step.note, HasSubstr("no older key"));
  EXPECT_EQ(peer.receive(1, 50), "");
}

TEST_F(RequestTest, FramesInCipherAreReadAndTheirRepliesCount) {
  start();
  const hj212::Sm4Key secret = key("0123456789abcdef");
  ASSERT_TRUE(devices->add_key(*log, kKeyed, secret, "20160601000000000", {"a person", "a test"},
                               Instant::from_ms(now_ms)));
  hj212::Outgoing upload;
  upload.qn = "20160801085857001";
  upload.st = "32";
  upload.cn = "2011";
  upload.pw = "123456";
  upload.mn = kKeyed;
  upload.flag = 9;
  upload.area = "DataTime=20160801085857;w01018-Rtd=1.1,w01018-Flag=N";
  const Peer peer(server->port());
  peer.send(hj212::frame(upload, hj212::CrcRule::hj, &secret));
  EXPECT_THAT(peer.receive_frame(), HasSubstr("QN=20160801085857001;ST=91;CN=9014"));
  server->submit(order(7, "2061", {{"BeginTime", "20160801060000"}, {"EndTime", "20160801060000"}}, kKeyed));
  const std::string qn = header_value(peer.receive_frame(), "QN");
  upload.qn = "20160801085857002";
  upload.cn = "2061";
  upload.flag = 8;
  upload.area = "DataTime=20160801060000;w01018-Avg=1.1,w01018-Flag=N";
  peer.send(hj212::frame(upload, hj212::CrcRule::hj, &secret));
  peer.send_segment(segment(qn, "91", "9012", "ExeRtn=1", 8, "123456", kKeyed));
  // The device skips 9011 and sends its data at once.
  EXPECT_THAT(steps(7), ElementsAre("sent→sent", "data→accepted", "result→done 1"));
}

TEST_F(RequestTest, AnOrderForAConnectionIsHeardThereWhateverTheMnOfTheReply) {
  start();
  const Peer peer(server->port());
  // 1001 with an empty MN, as V143 has it.
  peer.send_segment(
      "QN=20160801085857001;ST=32;CN=1001;PW=123456;MN=;Flag=9;CP=&&i23005-Info=6970000000001;i23006-Info=1;"
      "i23007-Info=2;i23008-Info=3&&");
  ASSERT_THAT(peer.receive_frame(), HasSubstr("CN=9013"));
  auto assign = order(7, "1002", {{"i23005-Info", "6970000000001"}}, kKeyed);
  assign.request.connection = server->links().at(0).connection;
  server->submit(assign);
  const std::string request = peer.receive_frame();
  EXPECT_THAT(request, HasSubstr(fmt::format("CN=1002;PW=123456;MN={};Flag=9", kKeyed)));
  peer.send_segment(
      fmt::format("QN={};ST=91;CN=9011;PW=123456;MN=;Flag=8;CP=&&QnRtn=1&&", header_value(request, "QN")));
  peer.send_segment(segment(header_value(request, "QN"), "91", "9012", "ExeRtn=1", 8, "123456", kKeyed));
  EXPECT_THAT(steps(7), ElementsAre("sent→sent", "reply→accepted 1", "result→done 1"));
}

TEST_F(RequestTest, AnOrderForAConnectionThatHasClosedFails) {
  start();
  auto assign = order(7, "1002", {{"i23005-Info", "6970000000001"}}, kKeyed);
  assign.request.connection = 1;
  server->submit(assign);
  EXPECT_THAT(steps(7), ElementsAre("line-lost→failed"));
}

TEST(QnSource, GivesEachMomentOnceAlsoWhenTheClockStepsBack) {
  QnSource numbers;
  const Instant now = *parse_compact("20160801085857223");
  numbers.reserve("20160801085857224");
  EXPECT_EQ(numbers.take(now), "20160801085857223");
  EXPECT_EQ(numbers.take(now), "20160801085857225");
  EXPECT_EQ(numbers.take(now.plus_ms(-1)), "20160801085857222");
  EXPECT_EQ(numbers.take(now.plus_ms(-1)), "20160801085857226");
}

}  // namespace
}  // namespace mj::gateway
