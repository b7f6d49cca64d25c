#include "mj/hj212/protocol.hpp"

#include <gtest/gtest.h>

#include "shipped_protocol.hpp"

namespace mj::hj212 {
namespace {

std::string label_of(const Command& command) {
  return fmt::format("{} {} {}{}", command.cn, command.sender == Sender::host ? "host" : "device",
                     name(command.dialect), command.surface_water ? " surface water" : "");
}

Answer answer(std::string_view cn, int flag, std::string_view area) {
  const std::string segment =
      fmt::format("QN=20160801085857223;ST=32;CN={};PW=1;MN=A;Flag={};CP=&&{}&&", cn, flag, area);
  return shipped_protocol().answer_for(read_header(segment).header, area);
}

TEST(ProtocolAnswer, IsGivenToUploadsAndNoticesThatWantOne) {
  const std::string_view time = "DataTime=20160801085857";
  for (const Command& command : shipped_protocol().commands()) {
    if (command.sender != Sender::device) continue;
    // 1001, 1014, 9015 are notices in one edition: a notice wins, as HJ 212-2025 asks for 9013.
    const Answer wanted = answer(command.cn, 5, time);
    if (command.kind == CommandKind::upload && command.cn != "1014") {
      EXPECT_EQ(wanted, Answer::data_reply_9014) << label_of(command);
    } else if (command.kind == CommandKind::notice) {
      EXPECT_EQ(wanted, Answer::notice_reply_9013) << label_of(command);
    } else if (command.kind == CommandKind::reply) {
      EXPECT_EQ(wanted, Answer::none) << label_of(command);
    }
    EXPECT_EQ(answer(command.cn, 4, time), Answer::none) << label_of(command);
  }
  EXPECT_EQ(answer("2011", 5, ""), Answer::data_reply_9014);  // an empty upload used as heartbeat
  EXPECT_EQ(answer("2051", 5, "BeginTime=20160801084000;EndTime=20160801084000"), Answer::none);  // a request
  EXPECT_EQ(answer("2051", 5, " begintime=20160801084000"), Answer::none);
  for (const char* cn : {"1062", "3011", "3021", "1002"}) EXPECT_EQ(answer(cn, 5, "PolId=w01018"), Answer::none);
}

TEST(ProtocolAnswer, OfCodesInNoTableFollowsTheirClass) {
  const std::string_view time = "DataTime=20160801085857";
  EXPECT_EQ(answer("2083", 5, ""), Answer::data_reply_9014);
  EXPECT_EQ(answer("2999", 9, time), Answer::data_reply_9014);
  EXPECT_EQ(answer("3041", 9, time), Answer::data_reply_9014);
  EXPECT_EQ(answer("3041", 9, "PolId=w01018"), Answer::none);
  for (const char* cn : {"9021", "8011", "1099", "0000", "4000", "9999", "205", "20510", "2O51", ""})
    EXPECT_EQ(answer(cn, 5, time), Answer::none) << cn;
}

TEST(ProtocolAnswer, IsNeverGivenToAnAnswer) {
  for (const char* cn : {"9011", "9012", "9013", "9014"}) {
    for (int flag = 0; flag < 256; ++flag)
      EXPECT_EQ(answer(cn, flag, "QnRtn=1"), Answer::none) << cn << ' ' << flag;
  }
}

TEST(ProtocolAnswer, NeedsARequestNumberAndTheAnswerBit) {
  const auto of = [](std::string_view segment) {
    const Header header = read_header(segment).header;
    return shipped_protocol().answer_for(header, header.cp.value_or(""));
  };
  EXPECT_EQ(of("ST=32;CN=2011;PW=1;MN=A;Flag=1;CP=&&DataTime=20160801085857&&"), Answer::none);
  EXPECT_EQ(of("QN=1;ST=32;CN=2011;PW=1;MN=A;CP=&&DataTime=20160801085857&&"), Answer::none);
  EXPECT_EQ(of("QN=1;ST=32;PW=1;MN=A;Flag=1;CP=&&DataTime=20160801085857&&"), Answer::none);
}

}  // namespace
}  // namespace mj::hj212
