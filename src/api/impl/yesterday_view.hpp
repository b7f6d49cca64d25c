#pragma once

#include <condition_variable>
#include <deque>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "mj/api/server.hpp"

namespace mj::api {

/// Received against expected intervals; expected 0: nothing was to come.
struct Share {
  std::uint64_t expected = 0;
  std::uint64_t received = 0;
};

/// Completeness of yesterday (Beijing) of many devices, over all record kinds. Counting takes milliseconds for each device, so it is
/// done by a thread of low priority, only for devices that somebody looks at, and kept for some minutes.
/// Thread: any.
class YesterdayView {
 public:
  explicit YesterdayView(const Services& services);
  ~YesterdayView();
  YesterdayView(const YesterdayView&) = delete;
  YesterdayView& operator=(const YesterdayView&) = delete;

  /// Counted now.
  [[nodiscard]] Result<Share> of(const std::string& mn);
  /// What is known of each after waiting for a moment; devices that are not counted yet are absent, and counted by and by.
  [[nodiscard]] std::unordered_map<std::string, Share> of_each(const std::vector<std::string>& mns);

 private:
  struct Kept {
    Share share;
    Instant day;
    std::int64_t counted_ms = 0;  ///< steady clock
  };
  [[nodiscard]] Instant yesterday() const;
  [[nodiscard]] Result<Share> count(const std::string& mn, Instant day) const;
  [[nodiscard]] bool is_fresh(const std::string& mn, Instant day) const;
  void keep(const std::string& mn, const Share& share, Instant day);
  void run(const std::stop_token& stop);

  const Services& services_;
  std::mutex mutex_;  ///< guards all below
  std::condition_variable_any changed_;
  std::unordered_map<std::string, Kept> kept_;
  std::deque<std::string> waiting_;
  std::unordered_set<std::string> asked_;  ///< waiting or being counted
  std::string failure_;                    ///< last told; only the thread
  std::jthread thread_;
};

}  // namespace mj::api
