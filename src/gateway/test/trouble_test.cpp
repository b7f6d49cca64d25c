#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/resource.h>

#include <csignal>

#include "talk.hpp"

namespace mj::gateway {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

using TroubleTest = ConversationTest;

TEST_F(TroubleTest, ALineLostBeforeAcceptanceKeepsTheOrderAndItsQn) {
  auto peer = begin();
  server->submit(order(7, "1062", kThirtySeconds));
  EXPECT_EQ(peer->receive_frame(), kSetInterval);
  peer.reset();
  EXPECT_TRUE(wait_for([&] { return logged_steps(7).size() == 2; }));
  now_ms += 60'000;
  peer = connect();
  EXPECT_EQ(peer->receive_frame(), kSetInterval);
  reply(*peer, "20160801085857223", "9011", "QnRtn=1");
  reply(*peer, "20160801085857223", "9012", "ExeRtn=1");
  EXPECT_THAT(steps(7),
              ElementsAre("sent→sent", "line-lost→queued", "resent→sent", "reply→accepted 1", "result→done 1"));
}

TEST_F(TroubleTest, ALineLostAfterAcceptanceInterruptsAndNothingIsSentAgain) {
  auto peer = begin();
  server->submit(order(7, "1062", kThirtySeconds));
  reply(*peer, header_value(peer->receive_frame(), "QN"), "9011", "QnRtn=1");
  EXPECT_TRUE(wait_for([&] { return logged_steps(7).size() == 2; }));
  peer.reset();
  EXPECT_THAT(steps(7), ElementsAre("sent→sent", "reply→accepted 1", "interrupted→interrupted"));
  peer = connect();
  EXPECT_EQ(peer->receive(1, 100), "");
}

TEST_F(TroubleTest, AResultRightBeforeTheLineEndsCounts) {
  auto peer = begin();
  server->submit(order(7, "1062", kThirtySeconds));
  const std::string qn = header_value(peer->receive_frame(), "QN");
  reply(*peer, qn, "9011", "QnRtn=1");
  reply(*peer, qn, "9012", "ExeRtn=1");
  peer.reset();
  EXPECT_THAT(steps(7), ElementsAre("sent→sent", "reply→accepted 1", "result→done 1"));
}

TEST_F(TroubleTest, ASecondConnectionCarriesTheConversationOn) {
  auto first = begin();
  server->submit(order(7, "1062", kThirtySeconds));
  const std::string qn = header_value(first->receive_frame(), "QN");
  const auto second = connect();
  first.reset();
  EXPECT_EQ(second->receive_frame(), kSetInterval);  // the resend goes where the device is now
  reply(*second, qn, "9011", "QnRtn=1");
  reply(*second, qn, "9012", "ExeRtn=1");
  EXPECT_EQ(steps(7).back(), "result→done 1");
}

TEST_F(TroubleTest, AfterARestartASentOrderGoesOnWithItsQnAndAnAcceptedOneIsInterrupted) {
  devices::Order sent = order(7, "1062", kThirtySeconds);
  sent.state = devices::OrderState::sent;
  sent.qn = "20160801085857223";
  sent.attempts = 1;
  devices::Order accepted = order(8, "1061");
  accepted.state = devices::OrderState::accepted;
  accepted.qn = "20160801085857224";
  now_ms += 5'000;
  const auto peer = begin();
  server->submit(sent);
  server->submit(accepted);
  EXPECT_EQ(peer->receive_frame(), kSetInterval);
  reply(*peer, "20160801085857223", "9012", "ExeRtn=1");
  EXPECT_THAT(steps(7), ElementsAre("resent→sent", "result→done 1"));
  EXPECT_THAT(steps(8), ElementsAre("interrupted→interrupted"));
  EXPECT_EQ(peer->receive(1, 50), "");
}

/// A disk that takes nothing while this lives: the system refuses every write to a file.
class FullDisk {
 public:
  FullDisk() {
    std::signal(SIGXFSZ, SIG_IGN);
    ::getrlimit(RLIMIT_FSIZE, &before_);
    const rlimit none{0, before_.rlim_max};
    ::setrlimit(RLIMIT_FSIZE, &none);
  }
  ~FullDisk() { ::setrlimit(RLIMIT_FSIZE, &before_); }
  FullDisk(const FullDisk&) = delete;
  FullDisk& operator=(const FullDisk&) = delete;

 private:
  rlimit before_{};
};

TEST_F(TroubleTest, ARequestThatCannotBeRecordedDoesNotLeaveUntilItCan) {
  const auto peer = begin();
  {
    const FullDisk full;
    server->submit(order(7, "1062", kThirtySeconds));
    EXPECT_EQ(peer->receive(1, 400), "");
    EXPECT_FALSE(log->failure().empty());
  }
  EXPECT_EQ(peer->receive_frame(), kSetInterval);
  reply(*peer, "20160801085857223", "9012", "ExeRtn=1");
  EXPECT_THAT(steps(7), ElementsAre("sent→sent", "result→done 1"));
  EXPECT_EQ(logged_steps(7)[0].step.attempt, 1);
}

TEST_F(TroubleTest, AReplyThatCannotBeRecordedIsNoReply) {
  const auto peer = begin();
  server->submit(order(7, "1062", kThirtySeconds));
  EXPECT_EQ(peer->receive_frame(), kSetInterval);
  {
    const FullDisk full;
    reply(*peer, "20160801085857223", "9011", "QnRtn=1");
    EXPECT_TRUE(wait_for([&] { return server->figures().not_committed == 1; }));
  }
  EXPECT_EQ(peer->receive_frame(), kSetInterval);  // the device is asked again
  reply(*peer, "20160801085857223", "9011", "QnRtn=1");
  reply(*peer, "20160801085857223", "9012", "ExeRtn=1");
  EXPECT_THAT(steps(7), ElementsAre("sent→sent", "resent→sent", "reply→accepted 1", "result→done 1"));
}

TEST_F(TroubleTest, AStoppedServerLeavesTheOrderAsItIsRecorded) {
  const auto peer = begin();
  server->submit(order(7, "1062", kThirtySeconds));
  EXPECT_EQ(peer->receive_frame(), kSetInterval);
  server.reset();
  EXPECT_THAT(steps(7, 0), ElementsAre("sent→sent"));
  const auto again = begin();
  devices::Order open = order(7, "1062", kThirtySeconds);
  open.state = devices::OrderState::sent;
  open.qn = "20160801085857223";
  open.attempts = 1;
  server->submit(open);
  EXPECT_EQ(again->receive_frame(), kSetInterval);
}

TEST_F(TroubleTest, MoreConversationsThanAllowedWaitInLine) {
  ServerOptions options;
  options.max_conversations = 1;
  start(options);
  const auto peer = connect();
  const Peer other(server->port());
  other.send_segment(
      segment("20160801085800001", "32", "2011", "DataTime=20160801085800;w01018-Rtd=1.1", 5, "654321", "SECRET"));
  ASSERT_THAT(other.receive_frame(), HasSubstr("CN=9014"));
  server->submit(order(7, "1061"));
  const std::string qn = header_value(peer->receive_frame(), "QN");
  server->submit(order(8, "1061", {}, "SECRET"));
  EXPECT_EQ(other.receive(1, 100), "");
  reply(*peer, qn, "9012", "ExeRtn=1");
  EXPECT_THAT(other.receive_frame(), HasSubstr("CN=1061;PW=654321;MN=SECRET"));
}

TEST_F(TroubleTest, AStormOfRepliesAndReconnectionsServesEachOrderOnce) {
  start();
  for (std::uint64_t id = 1; id <= 20; ++id) server->submit(order(id, "1062", kThirtySeconds));
  int served = 0;
  for (int round = 0; round < 10; ++round) {
    const auto peer = connect();
    for (int turn = 0; turn < 2; ++turn) {
      const std::string request = peer->receive_frame();
      ASSERT_THAT(request, HasSubstr("CN=1062"));
      const std::string qn = header_value(request, "QN");
      std::string storm;
      for (int copy = 0; copy < 5; ++copy) storm += hj212::frame(segment(qn, "91", "9011", "QnRtn=1"));
      for (int copy = 0; copy < 5; ++copy) storm += hj212::frame(segment(qn, "91", "9012", "ExeRtn=1"));
      peer->send(storm);
      ++served;
      ASSERT_EQ(steps(static_cast<std::uint64_t>(served)).back(), "result→done 1");
    }
  }
  EXPECT_TRUE(wait_for([&] { return server->figures().queued == 0 && server->figures().conversations == 0; }));
  for (std::uint64_t id = 1; id <= 20; ++id) {
    const auto served_once = steps(id);
    EXPECT_EQ(std::ranges::count(served_once, "result→done 1"), 1);
    EXPECT_EQ(std::ranges::count(served_once, "reply→accepted 1"), 1);
  }
}

}  // namespace
}  // namespace mj::gateway
