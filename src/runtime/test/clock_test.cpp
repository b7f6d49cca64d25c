#include "mj/runtime/clock.hpp"

#include <sys/time.h>

#include <gtest/gtest.h>

namespace mj::runtime {
namespace {

TEST(Clock, TheSystemClockIsTheMachinesClock) {
  const auto of_posix = [] {
    timeval now{};
    gettimeofday(&now, nullptr);
    return static_cast<std::int64_t>(now.tv_sec) * 1000 + now.tv_usec / 1000;
  };
  const Clock clock = system_clock();
  const std::int64_t before = of_posix();
  const Instant read = clock();
  const std::int64_t after = of_posix();
  EXPECT_GE(read.ms(), before);
  EXPECT_LE(read.ms(), after);
}

TEST(Clock, TheSteadyClockNeverStepsBack) {
  std::int64_t last = steady_ms();
  for (int i = 0; i < 10'000; ++i) {
    const std::int64_t now = steady_ms();
    ASSERT_GE(now, last);
    last = now;
  }
}

TEST(Clock, ATestMayBringItsOwn) {
  Instant now = Instant::from_ms(5);
  const Clock clock = [&] { return now; };
  EXPECT_EQ(clock().ms(), 5);
  now = Instant::from_ms(3);
  EXPECT_EQ(clock().ms(), 3);
}

}  // namespace
}  // namespace mj::runtime
