#pragma once

#include <condition_variable>
#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <stop_token>
#include <thread>
#include <vector>

#include "mj/runtime/thread.hpp"

namespace mj::evidence {

/// Runs work(0) … work(count-1) on some threads and hands the results out in order, holding only a few at a time.
/// Thread: next() belongs to one thread.
template <typename Output>
class OrderedWork {
 public:
  OrderedWork(std::uint32_t count, unsigned threads, std::function<Output(std::uint32_t)> work)
      : count_(count), ahead_(2 * threads), work_(std::move(work)) {
    for (unsigned i = 0; i < threads; ++i) {
      threads_.push_back(
          runtime::start_thread(fmt::format("verify-{}", i), [this](const std::stop_token& stop) { run(stop); }));
    }
  }

  /// The next result, or nothing when it is not there after `patience`.
  std::optional<Output> next(std::chrono::milliseconds patience) {
    std::unique_lock lock(mutex_);
    changed_.wait_for(lock, patience, [this] { return ready_.contains(handed_out_); });
    const auto found = ready_.find(handed_out_);
    if (found == ready_.end()) return std::nullopt;
    Output output = std::move(found->second);
    ready_.erase(found);
    ++handed_out_;
    lock.unlock();
    changed_.notify_all();
    return output;
  }

 private:
  void run(const std::stop_token& stop) {
    for (;;) {
      std::uint32_t number = 0;
      {
        std::unique_lock lock(mutex_);
        if (!changed_.wait(lock, stop, [this] { return begun_ == count_ || begun_ < handed_out_ + ahead_; }))
          return;
        if (begun_ == count_) return;
        number = begun_++;
      }
      Output output = work_(number);
      {
        const std::lock_guard lock(mutex_);
        ready_.emplace(number, std::move(output));
      }
      changed_.notify_all();
    }
  }

  const std::uint32_t count_;
  const std::uint32_t ahead_;
  const std::function<Output(std::uint32_t)> work_;
  std::mutex mutex_;  ///< guards what follows
  std::condition_variable_any changed_;
  std::uint32_t begun_ = 0;
  std::uint32_t handed_out_ = 0;
  std::map<std::uint32_t, Output> ready_;
  std::vector<std::jthread> threads_;  ///< last: stopped and joined first
};

}  // namespace mj::evidence
