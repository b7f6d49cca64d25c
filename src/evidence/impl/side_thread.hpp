#pragma once

#include <condition_variable>
#include <functional>
#include <mutex>
#include <stop_token>
#include <thread>

#include "mj/runtime/thread.hpp"

namespace mj::evidence {

/// A second thread for one piece of work at a time: begin() hands it over, finish() waits until it is done.
/// Thread: begin() and finish() by turns, from one thread.
class SideThread {
 public:
  explicit SideThread(const std::string& name)
      : thread_(runtime::start_thread(name, [this](const std::stop_token& stop) { run(stop); })) {}

  void begin(std::function<void()> work) {
    {
      const std::lock_guard lock(mutex_);
      work_ = std::move(work);
    }
    changed_.notify_all();
  }
  void finish() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return !work_; });
  }

 private:
  void run(const std::stop_token& stop) {
    std::unique_lock lock(mutex_);
    while (changed_.wait(lock, stop, [this] { return static_cast<bool>(work_); })) {
      lock.unlock();
      work_();
      lock.lock();
      work_ = nullptr;
      changed_.notify_all();
    }
  }

  std::mutex mutex_;
  std::condition_variable_any changed_;
  std::function<void()> work_;  ///< empty = idle; guarded by mutex_, run without it
  std::jthread thread_;         ///< last: stopped and joined first
};

}  // namespace mj::evidence
