#include "mj/http/event_hub.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace mj::http::test {
namespace {

using testing::IsEmpty;

TEST(EventHub, AClientThatDoesNotReadIsCutOffAndTheOthersAreNot) {
  EventHub hub;
  int woken = 0;
  const auto slow = hub.subscribe([&woken] { ++woken; });
  const auto quick = hub.subscribe([] {});
  const std::string megabyte(1U << 20, 'x');
  std::size_t received = 0;
  for (int i = 0; i < 6; ++i) {
    hub.publish("frame", megabyte);
    received += quick->take().size();
  }
  EXPECT_TRUE(slow->overrun());
  EXPECT_THAT(slow->take(), IsEmpty());
  EXPECT_EQ(woken, 2) << "once for the first event, once to be told that it is over";
  EXPECT_FALSE(quick->overrun());
  EXPECT_EQ(received, 6U);
  EXPECT_EQ(hub.subscribers(), 1U);
}

TEST(EventHub, ASubscriptionEndsWhenItsOwnerLetsItGo) {
  EventHub hub;
  {
    const auto one = hub.subscribe([] {});
    EXPECT_EQ(hub.subscribers(), 1U);
  }
  EXPECT_EQ(hub.subscribers(), 0U);
  std::vector<std::shared_ptr<Subscription>> all;
  for (std::size_t i = 0; i < EventHub::kMaxSubscribers; ++i) all.push_back(hub.subscribe([] {}));
  EXPECT_EQ(hub.subscribe([] {}), nullptr);
  all.pop_back();
  EXPECT_NE(hub.subscribe([] {}), nullptr);
}

}  // namespace
}  // namespace mj::http::test
