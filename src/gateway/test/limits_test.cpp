#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "allow_list.hpp"
#include "scene.hpp"

namespace mj::gateway {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

boost::asio::ip::address address(const char* text) { return boost::asio::ip::make_address(text); }

TEST(AllowList, HoldsNetworksOfBothVersionsAndSingleAddresses) {
  const auto list = *AllowList::parse({"203.0.113.0/24", "2001:db8::/32", "198.51.100.7"});
  EXPECT_TRUE(list.allows(address("203.0.113.0")));
  EXPECT_TRUE(list.allows(address("203.0.113.255")));
  EXPECT_FALSE(list.allows(address("203.0.114.0")));
  EXPECT_TRUE(list.allows(address("198.51.100.7")));
  EXPECT_FALSE(list.allows(address("198.51.100.8")));
  EXPECT_TRUE(list.allows(address("2001:db8:1::1")));
  EXPECT_FALSE(list.allows(address("2001:db9::1")));
  EXPECT_TRUE(list.allows(address("::ffff:203.0.113.9")));  // IPv4 through an IPv6 socket
}

TEST(AllowList, AnEmptyListAllowsEverybodyAndAWrongWordIsNamed) {
  EXPECT_TRUE(AllowList::parse({})->allows(address("192.0.2.1")));
  for (const char* wrong : {"203.0.113.0/33", "203.0.113", "2001:db8::/200", "anybody"}) {
    const auto list = AllowList::parse({wrong});
    ASSERT_FALSE(list) << wrong;
    EXPECT_THAT(list.error().text(), HasSubstr(wrong));
  }
}

class LimitsTest : public Scene {
 protected:
  static void upload(const Peer& peer, int number = 0, std::string_view pw = "123456", std::string_view mn = kMn) {
    peer.send_segment(segment(fmt::format("20160801085857{:03}", number), "32", "2011",
                              "DataTime=20160801085857;w01018-Rtd=1.1", 5, pw, mn));
  }
  static bool refused(const Peer& peer) {
    peer.receive(1);
    return peer.closed_by_peer;
  }
};

TEST_F(LimitsTest, AnAddressOutsideTheAllowListIsClosedAtOnce) {
  ServerOptions options;
  options.allow = {"203.0.113.0/24"};
  start(options);
  EXPECT_TRUE(refused(Peer(server->port())));
  EXPECT_EQ(server->figures().not_allowed, 1U);
  EXPECT_EQ(server->figures().accepted, 0U);
}

TEST_F(LimitsTest, ConnectionsOfOneAddressAreLimited) {
  ServerOptions options;
  options.max_connections_per_ip = 2;
  start(options);
  const Peer first(server->port());
  auto second = std::make_unique<Peer>(server->port());
  EXPECT_TRUE(refused(Peer(server->port())));
  EXPECT_EQ(server->figures().not_allowed, 1U);
  second.reset();
  EXPECT_TRUE(wait_for([&] { return server->figures().connections == 1; }));
  const Peer third(server->port());
  upload(third);
  EXPECT_THAT(third.receive_frame(), HasSubstr("CN=9014"));
}

TEST_F(LimitsTest, BeyondTheLimitTheOldestConnectionOfADeviceIsClosed) {
  ServerOptions options;
  options.max_connections_per_mn = 2;
  start(options);
  const Peer first(server->port());
  const Peer second(server->port());
  const Peer third(server->port());
  for (const Peer* peer : {&first, &second, &third}) {
    upload(*peer);
    EXPECT_THAT(peer->receive_frame(), HasSubstr("CN=9014"));
  }
  EXPECT_TRUE(refused(first));
  EXPECT_EQ(second.receive(1, 50), "");
  EXPECT_FALSE(second.closed_by_peer);
}

TEST_F(LimitsTest, ADeviceFasterThanAllowedIsReadSlowlyAndLosesNothing) {
  ServerOptions options;
  options.max_frames_per_s_per_mn = 20;
  start(options);
  const Peer peer(server->port());
  const std::int64_t begin = runtime::steady_ms();
  // 30 frames, one after another: the first 20 may come at once, the rest takes half a second.
  for (int number = 0; number < 30; ++number) {
    upload(peer, number);
    EXPECT_THAT(peer.receive_frame(), HasSubstr(fmt::format("QN=20160801085857{:03}", number)));
  }
  EXPECT_GE(runtime::steady_ms() - begin, 400);
}

TEST_F(LimitsTest, AWrongPasswordIsRecordedCountedAndNotAnswered) {
  start();
  const Peer peer(server->port());
  upload(peer, 1, "111111", "SECRET");
  upload(peer, 2, "654321", "SECRET");
  const std::string answer = peer.receive_frame();
  EXPECT_THAT(answer, HasSubstr("QN=20160801085857002"));
  EXPECT_EQ(peer.receive(1, 50), "");
  EXPECT_EQ(server->figures().wrong_passwords, 1U);
  EXPECT_EQ(recorded(2).size(), 2U);
}

TEST_F(LimitsTest, AWrongPasswordThatIsOnlyReportedIsAnswered) {
  start();
  hj212::Profile profile;
  profile.password = "654321";
  profile.password_rule = hj212::PasswordRule::report;
  // A decision while the connection is open: its settings are read anew.
  const Peer peer(server->port());
  upload(peer, 1, "111111");
  EXPECT_THAT(peer.receive_frame(), HasSubstr("CN=9014"));
  EXPECT_EQ(server->figures().wrong_passwords, 0U);
  ASSERT_TRUE(devices->change_profile(*log, kMn, profile, {"a person", "a test"}, Instant::from_ms(now_ms)));
  upload(peer, 2, "111111");
  EXPECT_THAT(peer.receive_frame(), HasSubstr("CN=9014"));
  EXPECT_EQ(server->figures().wrong_passwords, 1U);
  profile.password_rule = hj212::PasswordRule::reject;
  ASSERT_TRUE(devices->change_profile(*log, kMn, profile, {"a person", "a test"}, Instant::from_ms(now_ms)));
  upload(peer, 3, "111111");
  EXPECT_EQ(peer.receive(1, 100), "");
}

TEST_F(LimitsTest, TheConnectionTableNamesDevicesNewestFirst) {
  start();
  const Peer first(server->port());
  upload(first, 1);
  first.receive_frame();
  upload(first, 2, "654321", "SECRET");
  first.receive_frame();
  first.send("+++++++");
  const Peer second(server->port());
  upload(second, 3, "1", "STRANGER");
  second.receive_frame();
  const auto links = server->links();
  ASSERT_EQ(links.size(), 2U);
  EXPECT_THAT(links[0].devices, ElementsAre("STRANGER"));
  EXPECT_THAT(links[1].devices, ElementsAre("SECRET", kMn));
  EXPECT_EQ(links[1].frames, 2U);
  EXPECT_FALSE(links[1].tls);
  EXPECT_THAT(links[1].peer, HasSubstr("127.0.0.1:"));
  EXPECT_THAT(server->online(), ElementsAre(kMn, "SECRET", "STRANGER"));
}

TEST_F(LimitsTest, AConnectionThatNamesEndlessDevicesIsServedAndHoldsFewOfThem) {
  start();
  const Peer peer(server->port());
  for (int number = 0; number < 100; ++number) {
    upload(peer, number, "1", fmt::format("STRANGER{}", number));
    EXPECT_THAT(peer.receive_frame(), HasSubstr(fmt::format("MN=STRANGER{}", number)));
  }
  EXPECT_EQ(server->online().size(), 16U);
}

TEST_F(LimitsTest, FramesOfManyDevicesOnOneConnectionAreEachReadByTheirOwnSettings) {
  start();
  const Peer peer(server->port());
  const std::string modbus =
      segment("20160801085857001", "32", "2011", "DataTime=20160801085857;w01018-Rtd=1", 5, "1", "MODBUS0000001");
  std::string foreign = hj212::frame(modbus);
  foreign.replace(foreign.size() - 6, 4, fmt::format("{:04X}", hj212::crc_modbus(modbus)));
  for (int turn = 0; turn < 3; ++turn) {
    upload(peer, 2);
    EXPECT_THAT(peer.receive_frame(), HasSubstr(fmt::format("MN={}", kMn)));
    peer.send(foreign);
    EXPECT_THAT(peer.receive_frame(), HasSubstr("MN=MODBUS0000001"));
    upload(peer, 3, "111111", "SECRET");
    upload(peer, 4, "654321", "SECRET");
    EXPECT_THAT(peer.receive_frame(), HasSubstr("QN=20160801085857004"));
  }
  EXPECT_EQ(server->figures().wrong_passwords, 3U);
}

}  // namespace
}  // namespace mj::gateway
