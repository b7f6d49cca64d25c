#include "guard.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "station.hpp"

namespace mj::api::test {
namespace {

TEST(Guard, ARequestThroughAForeignNameIsRefused) {
  Station station;
  const Reply rebound =
      converse(station.port(), "GET /api/points HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n");
  EXPECT_EQ(rebound.status, 403);
  EXPECT_EQ(rebound.json()["error"]["code"], "forbidden");
  EXPECT_EQ(converse(station.port(), "GET / HTTP/1.1\r\nConnection: close\r\n\r\n").status, 403);
  EXPECT_EQ(converse(station.port(), "GET /api/events HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n")
                .status,
            403);
}

TEST(Guard, AForeignPageOrAFormCannotChangeAnything) {
  Station station;
  const std::string body = R"({"name":"x","reason":"y"})";
  const char* address = "/api/alarms/1/acknowledge";
  const std::string json = "Content-Type: application/json\r\n";
  EXPECT_EQ(post(station.port(), address, body, json + "Origin: http://evil.example\r\n").status, 403);
  EXPECT_EQ(post(station.port(), address, body, json + "Origin: null\r\n").status, 403);
  EXPECT_EQ(post(station.port(), address, body, json + "Origin: http://127.0.0.1:1\r\n").status, 403);
  EXPECT_EQ(post(station.port(), address, body, "Content-Type: text/plain\r\n").status, 415);
  EXPECT_EQ(post(station.port(), address, body, "").status, 415);
  // Let through: there is no such alarm.
  EXPECT_EQ(
      post(station.port(), address, body, json + fmt::format("Origin: http://127.0.0.1:{}\r\n", station.port()))
          .status,
      404);
  EXPECT_EQ(post(station.port(), address, body, "Content-Type: application/json; charset=utf-8\r\n").status, 404);
}

TEST(Guard, OnlyALoopbackAddressIsBound) {
  Station station;
  for (const char* address : {"0.0.0.0", "::", "192.168.1.5", "example.org", ""}) {
    const auto started = Server::start(ServerOptions{address, 0, {}}, station.services());
    ASSERT_FALSE(started) << address;
    EXPECT_EQ(started.error().code(), ErrorCode::invalid_input) << address;
  }
  const auto taken = Server::start(ServerOptions{"127.0.0.1", station.port(), {}}, station.services());
  ASSERT_FALSE(taken);
  EXPECT_EQ(taken.error().code(), ErrorCode::unavailable);
  EXPECT_THAT(taken.error().text(), testing::HasSubstr(std::to_string(station.port())));
}

TEST(Guard, OversizeAndBrokenRequestsAreAnsweredAndCut) {
  Station station;
  EXPECT_EQ(post(station.port(), "/api/alarms/1/acknowledge", std::string(70'000, ' ')).status, 413);
  EXPECT_EQ(get(station.port(), "/api/points", "X-Long: " + std::string(20'000, 'x') + "\r\n").status, 431);
  EXPECT_EQ(converse(station.port(), "\x16\x03\x01 what is this\r\n\r\n").status, 400);
  EXPECT_EQ(get(station.port(), "/api/points/%zz").status, 404);
  EXPECT_EQ(get(station.port(), "/api/frames?limit=%zz").status, 400);
  EXPECT_EQ(get(station.port(), "/api/points").status, 200);
}

TEST(Guard, EveryAnswerSaysWhatThePageMayLoad) {
  Station station;
  for (const char* target : {"/", "/api/points", "/api/nothing", "/assets/none.js"}) {
    const Reply reply = get(station.port(), target);
    EXPECT_THAT(reply.header("Content-Security-Policy"), testing::HasSubstr("default-src 'self'")) << target;
    EXPECT_EQ(reply.header("X-Content-Type-Options"), "nosniff") << target;
    EXPECT_TRUE(reply.header("Access-Control-Allow-Origin").empty()) << target;
  }
}

}  // namespace
}  // namespace mj::api::test
