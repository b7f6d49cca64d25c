#include "crew.hpp"

#include <gtest/gtest.h>

#include <stdexcept>

namespace mj::simulator {
namespace {

asio::awaitable<void> failing() {
  throw std::runtime_error("broken on purpose");
  co_return;
}

TEST(Crew, a_device_that_throws_ends_the_run_with_its_reason) {
  Crew crew;
  crew.add(failing());
  const auto status = crew.run({}, {});
  ASSERT_FALSE(status);
  EXPECT_EQ(status.error().code(), ErrorCode::internal);
  EXPECT_NE(status.error().text().find("broken on purpose"), std::string::npos);
}

TEST(Crew, without_devices_it_is_done_at_once) {
  Crew crew;
  EXPECT_TRUE(crew.run({}, {}));
}

}  // namespace
}  // namespace mj::simulator
