#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "talk.hpp"

namespace mj::gateway {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

const std::vector<std::pair<std::string, std::string>> kTwoHours{{"BeginTime", "20160801060000"},
                                                                 {"EndTime", "20160801070000"}};

std::string hour(std::string_view qn, std::string_view data_time, int flag = 4) {
  return segment(qn, "32", "2061", fmt::format("DataTime={};w01018-Avg=1.1,w01018-Flag=N", data_time), flag);
}

TEST_F(ConversationTest, ACommandIsSentAsTheStandardPrintsItAndEndsWithItsResult) {
  const auto peer = begin();
  server->submit(order(7, "1062", kThirtySeconds));
  EXPECT_EQ(peer->receive_frame(), kSetInterval);
  reply(*peer, "20160801085857223", "9011", "QnRtn=1");
  reply(*peer, "20160801085857223", "9012", "ExeRtn=1");
  EXPECT_THAT(steps(7), ElementsAre("sent→sent", "reply→accepted 1", "result→done 1"));
  const auto logged = logged_steps(7);
  EXPECT_TRUE(logged[0].step.frame_before);
  EXPECT_EQ(entry_payload(logged[0].entry - 1), kSetInterval);
  EXPECT_THAT(entry_payload(*logged[1].step.entry), HasSubstr("CN=9011"));
  EXPECT_THAT(entry_payload(*logged[2].step.entry), HasSubstr("CN=9012"));
  EXPECT_EQ(server->figures().requests, 1U);
  EXPECT_TRUE(wait_for([&] { return server->figures().conversations == 0; }));
}

TEST_F(ConversationTest, TheRequestIsInTheLogBeforeItLeaves) {
  const auto peer = begin();
  server->submit(order(7, "1062", kThirtySeconds));
  ASSERT_EQ(peer->receive_frame(), kSetInterval);
  const auto batch = log->read(evidence::EntryIndex(0), 10, 1 << 20);
  ASSERT_EQ(batch->entries.size(), 3U);
  EXPECT_EQ(batch->entries[1].entry.type, evidence_format::EntryType::sent);
  EXPECT_EQ(as_text(batch->entries[1].entry.payload), kSetInterval);
  EXPECT_EQ(batch->entries[1].entry.device, kMn);
  EXPECT_EQ(batch->entries[1].entry.connection, batch->entries[0].entry.connection);
  EXPECT_EQ(batch->entries[2].entry.type, evidence_format::EntryType::event);
}

TEST_F(ConversationTest, AResponseComesBetweenReplyAndResult) {
  const auto peer = begin();
  server->submit(order(7, "1061"));
  const std::string qn = header_value(peer->receive_frame(), "QN");
  reply(*peer, qn, "9011", "QnRtn=1");
  reply(*peer, qn, "1061", "RtdInterval=30", "32");
  reply(*peer, qn, "9012", "ExeRtn=1");
  EXPECT_THAT(steps(7), ElementsAre("sent→sent", "reply→accepted 1", "data→accepted", "result→done 1"));
}

TEST_F(ConversationTest, HistoryUploadsWithTheirOwnQnAreCountedAndEachIsAnswered) {
  const auto peer = begin();
  server->submit(order(7, "2061", kTwoHours));
  const std::string qn = header_value(peer->receive_frame(), "QN");
  reply(*peer, qn, "9011", "QnRtn=1");
  peer->send_segment(hour("20160801085857534", "20160801060000", 5));
  EXPECT_THAT(peer->receive_frame(), HasSubstr("QN=20160801085857534;ST=91;CN=9014"));
  // An hour that nobody asked for is not part of the answer.
  peer->send_segment(hour("20160801085857535", "20160801080000", 5));
  EXPECT_THAT(peer->receive_frame(), HasSubstr("QN=20160801085857535;ST=91;CN=9014"));
  peer->send_segment(hour("20160801085857536", "20160801070000"));
  reply(*peer, qn, "9012", "ExeRtn=1");
  EXPECT_THAT(steps(7),
              ElementsAre("sent→sent", "reply→accepted 1", "data→accepted", "data→accepted", "result→done 1"));
}

TEST_F(ConversationTest, AResultGluedBeforeTheLastUploadLosesNoUpload) {
  const auto peer = begin();
  server->submit(order(7, "2061", kTwoHours));
  const std::string qn = header_value(peer->receive_frame(), "QN");
  peer->send(hj212::frame(segment(qn, "91", "9011", "QnRtn=1")) +
             hj212::frame(segment(qn, "91", "9012", "ExeRtn=1")) +
             hj212::frame(hour("20160801085857534", "20160801070000")));
  EXPECT_THAT(steps(7), ElementsAre("sent→sent", "reply→accepted 1", "data→accepted", "result→done 1"));
}

TEST_F(ConversationTest, ANoticeIsDoneByIts9013) {
  const auto peer = begin();
  server->submit(order(7, "2012"));
  const std::string request = peer->receive_frame();
  EXPECT_THAT(request, HasSubstr("ST=32;CN=2012"));
  reply(*peer, header_value(request, "QN"), "9013", "");
  EXPECT_THAT(steps(7), ElementsAre("sent→sent", "reply→done"));
}

TEST_F(ConversationTest, ARefusalEndsItAndNothingIsWaitedFor) {
  const auto peer = begin();
  server->submit(order(7, "1062", kThirtySeconds));
  reply(*peer, header_value(peer->receive_frame(), "QN"), "9011", "QnRtn=3");
  EXPECT_THAT(steps(7, 900), ElementsAre("sent→sent", "reply→refused 3"));
}

TEST_F(ConversationTest, ExecutionResultsBecomeDoneNoDataOrFailed) {
  const auto peer = begin();
  const std::vector<std::pair<int, std::string>> ends{{1, "done"}, {100, "no_data"}, {5, "failed"}};
  std::uint64_t id = 7;
  for (const auto& [code, state] : ends) {
    server->submit(order(id, "2061", kTwoHours));
    const std::string qn = header_value(peer->receive_frame(), "QN");
    reply(*peer, qn, "9011", "QnRtn=1");
    reply(*peer, qn, "9012", fmt::format("ExeRtn={}", code));
    EXPECT_EQ(steps(id).back(), fmt::format("result→{} {}", state, code));
    ++id;
  }
}

TEST_F(ConversationTest, AnUnansweredRequestIsResentWithItsQnAndThenTimesOut) {
  const auto peer = begin();
  server->submit(order(7, "1062", kThirtySeconds));
  for (int attempt = 0; attempt < 3; ++attempt) EXPECT_EQ(peer->receive_frame(), kSetInterval);
  EXPECT_THAT(steps(7), ElementsAre("sent→sent", "resent→sent", "resent→sent", "time-out→timed_out"));
  const auto logged = logged_steps(7);
  EXPECT_EQ(logged[2].step.attempt, 3);
  EXPECT_EQ(logged[2].step.qn, "20160801085857223");
  EXPECT_EQ(entry_payload(logged[2].entry - 1), kSetInterval);
}

TEST_F(ConversationTest, WithoutAResultItTimesOutAndIsNotSentAgain) {
  const auto peer = begin();
  server->submit(order(7, "1062", kThirtySeconds));
  reply(*peer, header_value(peer->receive_frame(), "QN"), "9011", "QnRtn=1");
  EXPECT_THAT(steps(7), ElementsAre("sent→sent", "reply→accepted 1", "time-out→timed_out"));
  EXPECT_EQ(peer->receive(1, 50), "");
}

TEST_F(ConversationTest, EachDataFrameRenewsTheTimeOut) {
  const auto peer = begin();
  server->submit(order(7, "2061", kTwoHours));
  const std::string qn = header_value(peer->receive_frame(), "QN");
  reply(*peer, qn, "9011", "QnRtn=1");
  // The time-out is one second; the pauses of a slow device are the point of this test.
  for (int frame = 0; frame < 3; ++frame) {
    EXPECT_EQ(peer->receive(1, 700), "");
    peer->send_segment(hour(fmt::format("2016080108585753{}", frame), "20160801060000"));
  }
  EXPECT_EQ(peer->receive(1, 700), "");
  reply(*peer, qn, "9012", "ExeRtn=1");
  EXPECT_EQ(steps(7).back(), "result→done 1");
}

TEST_F(ConversationTest, OrdersOfADeviceFollowOneAnotherByTheirIds) {
  const auto peer = begin();
  server->submit(order(9, "1061"));
  const std::string first = peer->receive_frame();
  server->submit(order(12, "1063"));
  server->submit(order(11, "1011"));
  EXPECT_EQ(peer->receive(1, 100), "");  // one conversation at a time
  EXPECT_EQ(server->figures().queued, 2U);
  reply(*peer, header_value(first, "QN"), "9012", "ExeRtn=1");
  const std::string second = peer->receive_frame();
  EXPECT_EQ(header_value(second, "CN"), "1011");
  EXPECT_NE(header_value(second, "QN"), header_value(first, "QN"));
  EXPECT_EQ(header_value(second, "QN"), "20160801085857224");  // the clock stands still, the numbers do not
  reply(*peer, header_value(second, "QN"), "9012", "ExeRtn=1");
  EXPECT_EQ(header_value(peer->receive_frame(), "CN"), "1063");
}

TEST_F(ConversationTest, AnOrderWaitsForItsDevice) {
  start();
  server->submit(order(7, "1062", kThirtySeconds));
  EXPECT_TRUE(wait_for([&] { return server->figures().queued == 1; }));
  const auto peer = connect();
  EXPECT_EQ(peer->receive_frame(), kSetInterval);
}

TEST_F(ConversationTest, AnOrderThatStillWaitsAtItsEndExpires) {
  start();
  server->submit(order(7, "1062", kThirtySeconds));
  now_ms += 3'600'000;
  EXPECT_THAT(steps(7), ElementsAre("expired→expired"));
  EXPECT_EQ(server->figures().queued, 0U);
  const auto peer = connect();
  EXPECT_EQ(peer->receive(1, 100), "");
}

TEST_F(ConversationTest, AnOrderSubmittedTwiceIsServedOnce) {
  const auto peer = begin();
  server->submit(order(7, "1062", kThirtySeconds));
  server->submit(order(7, "1062", kThirtySeconds));
  reply(*peer, header_value(peer->receive_frame(), "QN"), "9012", "ExeRtn=1");
  ASSERT_EQ(steps(7).back(), "result→done 1");
  server->submit(order(7, "1062", kThirtySeconds));
  EXPECT_EQ(peer->receive(1, 100), "");
}

TEST_F(ConversationTest, AWaitingOrderIsCancelledUnsentAndARunningOneIsWaitedForNoLonger) {
  const auto peer = begin();
  server->submit(order(7, "1061"));
  peer->receive_frame();
  server->submit(order(8, "1063"));
  server->cancel(devices::OrderId(8));
  EXPECT_THAT(steps(8), ElementsAre("cancelled→cancelled"));
  server->cancel(devices::OrderId(7));
  EXPECT_THAT(steps(7), ElementsAre("sent→sent", "cancelled→cancelled"));
  server->submit(order(9, "1011"));
  EXPECT_EQ(header_value(peer->receive_frame(), "CN"), "1011");
}

}  // namespace
}  // namespace mj::gateway
