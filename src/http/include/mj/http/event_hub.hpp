#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

namespace mj::http {

/// What of the event stream one browser has not been sent yet. Bounded: a client that does not read is cut off, comes back
/// by itself and fetches what it shows again.
class Subscription {
 public:
  /// Everything that waits, as the bytes to send. Afterwards it is empty.
  [[nodiscard]] std::vector<std::shared_ptr<const std::string>> take();
  /// True once the client fell too far behind: nothing more will come.
  [[nodiscard]] bool overrun() const;

 private:
  friend class EventHub;
  mutable std::mutex mutex_;
  std::function<void()> wake_;
  std::vector<std::shared_ptr<const std::string>> waiting_;
  std::size_t bytes_ = 0;
  bool overrun_ = false;
};

/// Hands each event to every subscriber. Thread: every member may be called from any thread and returns without waiting for a
/// client.
class EventHub {
 public:
  static constexpr std::size_t kMaxWaitingBytes = 4U << 20;  ///< a subscriber further behind is cut off
  static constexpr std::size_t kMaxSubscribers = 64;

  /// `wake` is called, on the publisher's thread, whenever something was added to an empty subscription. None when there are
  /// too many subscribers. The subscription ends when the last owner lets it go.
  [[nodiscard]] std::shared_ptr<Subscription> subscribe(std::function<void()> wake);

  /// Sends an event of this name; `data` is one line. Ids grow by one.
  void publish(std::string_view event, std::string_view data);
  /// Sends a comment: keeps the connection open and finds the ones that are dead.
  void heartbeat();
  [[nodiscard]] std::size_t subscribers() const;

 private:
  void send_locked(const std::shared_ptr<const std::string>& text);

  mutable std::mutex mutex_;
  std::uint64_t last_id_ = 0;
  std::vector<std::weak_ptr<Subscription>> subscriptions_;
};

}  // namespace mj::http
