#include "mj/simulator/slow.hpp"

#include <gtest/gtest.h>

#include "test_server.hpp"

namespace mj::simulator {
namespace {

TEST(Slow, idle_and_slow_peers_are_held_while_a_healthy_device_is_measured) {
  testing::TestServer server;
  SlowOptions options;
  options.target = server.target();
  options.connections = 200;
  options.byte_every_ms = 20;
  options.healthy_every_ms = 10;
  options.duration_ms = 400;
  const auto report = hold_slow(options, {});
  ASSERT_TRUE(report) << report.error().text();
  EXPECT_EQ(report->open_at_start, 200U);
  EXPECT_EQ(report->open_at_end, 200U);
  EXPECT_EQ(report->refused, 0U);
  EXPECT_GE(report->bytes_sent, 1'000U);  // 100 slow peers, 20 turns of 20 ms
  EXPECT_GE(report->healthy_sent, 35U);
  EXPECT_EQ(report->healthy_acked, report->healthy_sent);
  EXPECT_EQ(report->healthy_latency.count(), report->healthy_acked);
  EXPECT_EQ(server.connections(), 201U);
}

TEST(Slow, without_a_server_it_says_that_the_healthy_device_cannot_connect) {
  SlowOptions options;
  {
    testing::TestServer gone;
    options.target = gone.target();
  }
  options.connections = 2;
  options.opening_limit_ms = 50;
  options.duration_ms = 50;
  const auto report = hold_slow(options, {});
  ASSERT_FALSE(report);
  EXPECT_EQ(report.error().code(), ErrorCode::unavailable);
}

}  // namespace
}  // namespace mj::simulator
