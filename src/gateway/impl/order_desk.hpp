#pragma once

#include <boost/asio/awaitable.hpp>
#include <deque>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>

#include "conversation.hpp"
#include "device.hpp"
#include "mj/devices/order.hpp"

namespace mj::gateway {

struct Core;

/// Holds the orders 待发命令 until their devices can be spoken to: one conversation per device at a time, orders in the order of their
/// ids, as many conversations in all as the options allow. Gateway thread only.
class OrderDesk {
 public:
  explicit OrderDesk(Core& core) : core_(core) {}

  /// An order known already, or ended before, is left alone.
  void submit(devices::Order order);
  void cancel(devices::OrderId id);
  /// The device has a connection again / has lost its last one.
  void online(const Device& device);
  void offline(const Device& device);
  /// Ends queued orders that have expired or whose connection has closed.
  void sweep();
  /// Ends every conversation without a further step: the next start goes on from what is recorded.
  void stop();

 private:
  /// The orders of one device, or of one connection that an order names.
  struct Queue {
    std::map<std::uint64_t, devices::Order> waiting;
    std::shared_ptr<Conversation> running;
    bool in_line = false;  ///< stands in line_
  };
  using Queues = std::map<std::string, Queue, std::less<>>;

  [[nodiscard]] static std::string key_of(const devices::OrderRequest& request);
  void start_next(const std::string& key);
  void start_from_line();
  [[nodiscard]] std::shared_ptr<Conversation> begin(devices::Order order);
  [[nodiscard]] boost::asio::awaitable<void> converse(std::string key, std::shared_ptr<Conversation> conversation);
  void ended(devices::OrderId id);
  /// Records the last step of an order that was still waiting.
  void end_waiting(Queue& queue, std::uint64_t id, devices::OrderState state, std::string what, std::string note);
  void drop_if_empty(const std::string& key);

  /// Orders that ended are remembered, since their submission may come late.
  static constexpr std::size_t kRemembered = 65'536;

  Core& core_;
  Queues queues_;
  std::unordered_map<std::uint64_t, std::string> open_;  ///< order → key of its queue
  std::set<std::uint64_t> ended_;
  std::deque<std::string> line_;  ///< queues that wait because too many conversations run
  std::size_t running_ = 0;
  bool stopping_ = false;
};

}  // namespace mj::gateway
