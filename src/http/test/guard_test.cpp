#include "mj/http/guard.hpp"

#include <gtest/gtest.h>

namespace mj::http::test {
namespace {

TEST(Guard, OnlyTheNamesOfThisMachineAreLocal) {
  for (const char* host : {"127.0.0.1", "127.0.0.1:8080", "localhost", "LocalHost:1", "[::1]", "[::1]:8080"}) {
    EXPECT_TRUE(is_local_host(host)) << host;
  }
  for (const char* host : {"", "evil.example", "evil.example:8080", "localhost.evil.example",
                           "127.0.0.1.evil.example", "127.0.0.1:", "127.0.0.1:x", "localhost:8080:1", "::1",
                           "[::1", "192.168.0.5:8080", "127.0.0.1:8080, evil.example", "localhost:123456"}) {
    EXPECT_FALSE(is_local_host(host)) << host;
  }
}

TEST(Guard, OnlyOwnPagesMayChangeAnything) {
  Request request;
  request.method = Method::post;
  request.host = "127.0.0.1:8080";
  EXPECT_EQ(foreign(request), std::nullopt) << "a program sends no Origin";
  request.origin = "http://127.0.0.1:8080";
  EXPECT_EQ(foreign(request), std::nullopt);
  for (const char* origin : {"null", "http://evil.example", "http://127.0.0.1:1", "https://127.0.0.1:8080"}) {
    request.origin = origin;
    EXPECT_NE(foreign(request), std::nullopt) << origin;
  }
  request.method = Method::get;
  EXPECT_EQ(foreign(request), std::nullopt)
      << "reading is harmless: the browser keeps the answer from the foreign page";
  request.host = "evil.example";
  EXPECT_NE(foreign(request), std::nullopt);
}

}  // namespace
}  // namespace mj::http::test
