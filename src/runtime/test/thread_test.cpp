#include "mj/runtime/thread.hpp"

#include <pthread.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <atomic>
#include <condition_variable>
#include <future>
#include <stdexcept>

#include <gtest/gtest.h>

namespace mj::runtime {
namespace {

TEST(Thread, CarriesItsNameForOperators) {
  std::promise<std::string> name;
  {
    const std::jthread thread = start_thread("evidence-commit-thread", [&](std::stop_token) {
      char text[32] = {};
      pthread_getname_np(pthread_self(), text, sizeof text);
      name.set_value(text);
    });
  }
  EXPECT_EQ(name.get_future().get(), "evidence-commit");  // Linux keeps 15 characters
}

TEST(Thread, IsAskedToStopAndJoinedByItsDestructor) {
  std::mutex mutex;
  std::condition_variable_any woken;
  std::atomic<bool> ended = false;
  {
    const std::jthread thread = start_thread("waiter", [&](std::stop_token stop) {
      std::unique_lock lock(mutex);
      woken.wait(lock, stop, [] { return false; });
      ended = true;
    });
  }
  EXPECT_TRUE(ended);
}

TEST(Thread, GivesWayWithoutSlowingTheOthers) {
  const auto nice_of_caller = [] { return getpriority(PRIO_PROCESS, static_cast<id_t>(syscall(SYS_gettid))); };
  const int before = nice_of_caller();
  std::promise<int> inside;
  {
    const std::jthread thread = start_thread("follower", [&](std::stop_token) {
      lower_thread_priority();
      inside.set_value(nice_of_caller());
    });
  }
  EXPECT_EQ(inside.get_future().get(), 5);
  EXPECT_EQ(nice_of_caller(), before);
}

TEST(ThreadDeathTest, AnExceptionAtItsRootEndsTheProcessLoudly) {
  testing::GTEST_FLAG(death_test_style) = "threadsafe";
  EXPECT_DEATH(start_thread("follower", [](std::stop_token) { throw std::runtime_error("disk on fire"); }).join(),
               "thread ended by an exception: disk on fire");
}

}  // namespace
}  // namespace mj::runtime
