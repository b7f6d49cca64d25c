#include "reply.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace mj::gateway {
namespace {

using hj212::Course;

constexpr const char* kQn = "20160801085857223";

std::optional<Reply> read(std::string_view segment, Course course, bool accepted = false,
                          std::string cn = "2061") {
  Question question;
  question.qn = kQn;
  question.cn = std::move(cn);
  question.course = course;
  question.begin = parse_compact("20160801060000");
  question.end = parse_compact("20160801070000");
  const hj212::Header header = hj212::read_header(segment).header;
  std::vector<hj212::Field> fields;
  hj212::read_fields(header.cp.value_or(""), fields);
  return read_reply(question, accepted, header, fields);
}

TEST(Reply, ADeviceOf2005PutsTheQnIntoTheArea) {
  // The 2005 form of hj212.md §4.1.
  const auto reply =
      read("ST=91;CN=9011;PW=123456;MN=88888880000001;CP=&&QN=20160801085857223;QnRtn=1&&", Course::execute);
  ASSERT_TRUE(reply);
  EXPECT_EQ(reply->request_return, 1);
  EXPECT_FALSE(
      read("ST=91;CN=9011;PW=123456;MN=88888880000001;CP=&&QN=20160801085857999;QnRtn=1&&", Course::execute));
}

TEST(Reply, TheSystemCodeOfTheBusinessIsTolerated) {
  // V061 with our QN: 9011 with ST=22.
  const auto reply =
      read("QN=20160801085857223;ST=22;CN=9011;PW=123456;MN=010000A8900016F000169DC0;Flag=4;CP=&&QnRtn=1&&",
           Course::execute);
  ASSERT_TRUE(reply);
  EXPECT_EQ(reply->request_return, 1);
}

TEST(Reply, KeysInAnyCaseAndBothReturnsInOneFrameAreRead) {
  const auto reply = read("QN=20160801085857223;ST=91;CN=9012;MN=1;CP=&&QNRTN=1;exertn=100&&", Course::history);
  ASSERT_TRUE(reply);
  EXPECT_EQ(reply->request_return, 1);
  EXPECT_EQ(reply->execution_return, 100);
}

TEST(Reply, AReplyWithoutFlagOrQnIsTaken) {
  EXPECT_EQ(read("ST=91;CN=9012;PW=123456;MN=1;CP=&&ExeRtn=1&&", Course::execute)->execution_return, 1);
}

TEST(Reply, TheNumberMayComeBackAsMillisecondsSince1970) {
  // hj212.md §11 row 8; 2016-08-01 08:58:57.223 Beijing by `date -u -d '2016-08-01 00:58:57' +%s`.
  EXPECT_TRUE(read("QN=1470013137223;ST=91;CN=9012;MN=1;CP=&&ExeRtn=1&&", Course::execute));
  EXPECT_FALSE(read("QN=1470013137224;ST=91;CN=9012;MN=1;CP=&&ExeRtn=1&&", Course::execute));
}

TEST(Reply, ALateReplyToAnotherRequestIsNone) {
  EXPECT_FALSE(read("QN=20160801085857222;ST=91;CN=9012;MN=1;CP=&&ExeRtn=1&&", Course::execute));
  EXPECT_FALSE(read("QN=20160801085857222;ST=91;CN=9013;MN=1;CP=&&&&", Course::notice));
}

TEST(Reply, HistoryIsKnownByCommandAndPeriodNotByQn) {
  const auto hour = [](std::string_view time) {
    return fmt::format("QN=20160801085857534;ST=32;CN=2061;MN=1;Flag=5;CP=&&DataTime={};w01018-Avg=1&&", time);
  };
  EXPECT_TRUE(read(hour("20160801060000"), Course::history)->data);
  EXPECT_TRUE(read(hour("20160801070000"), Course::history)->data);  // bounds are inclusive: C.20
  EXPECT_FALSE(read(hour("20160801080000"), Course::history));
  EXPECT_FALSE(read(hour("20160801070000"), Course::execute));
  EXPECT_FALSE(read("QN=20160801085857534;ST=32;CN=2051;MN=1;CP=&&DataTime=20160801060000&&", Course::history));
}

TEST(Reply, AResponseHasTheQnOfTheRequestOrFollowsItsAcceptance) {
  constexpr const char* kOwnQn = "QN=20160801085857534;ST=32;CN=1011;MN=1;CP=&&SystemTime=20160801085857&&";
  EXPECT_TRUE(read("QN=20160801085857223;ST=32;CN=1011;MN=1;CP=&&SystemTime=20160801085857&&", Course::response,
                   false, "1011")
                  ->data);
  EXPECT_FALSE(read(kOwnQn, Course::response, false, "1011"));
  EXPECT_TRUE(read(kOwnQn, Course::response, true, "1011")->data);
}

TEST(Reply, ReturnsThatAreNoNumbersSayNothing) {
  EXPECT_FALSE(read("QN=20160801085857223;ST=91;CN=9011;MN=1;CP=&&QnRtn=ok&&", Course::execute));
}

}  // namespace
}  // namespace mj::gateway
