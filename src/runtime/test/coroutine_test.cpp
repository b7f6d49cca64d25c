#include "mj/runtime/coroutine.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <stdexcept>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace mj::runtime {
namespace {

namespace asio = boost::asio;

std::string logged_by(asio::awaitable<void> coroutine) {
  testing::internal::CaptureStderr();
  asio::io_context io;
  asio::co_spawn(io, std::move(coroutine), LogFailure{"gateway"});
  io.run();
  return testing::internal::GetCapturedStderr();
}

asio::awaitable<void> end_well() { co_return; }
asio::awaitable<void> end_badly() {
  throw std::runtime_error("peer vanished");
  co_return;
}
asio::awaitable<void> end_strangely() {
  throw 7;
  co_return;
}

TEST(LogFailure, ACoroutineThatEndsWellSaysNothing) { EXPECT_THAT(logged_by(end_well()), testing::IsEmpty()); }

TEST(LogFailure, AFailureIsLoggedUnderItsRoomAndTheLoopGoesOn) {
  EXPECT_THAT(logged_by(end_badly()),
              testing::HasSubstr("[gateway] a coroutine ended by an exception: peer vanished"));
  EXPECT_THAT(logged_by(end_strangely()), testing::HasSubstr("[gateway] a coroutine ended by something"));
}

}  // namespace
}  // namespace mj::runtime
