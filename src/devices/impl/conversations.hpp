#pragma once

#include <functional>
#include <map>
#include <optional>
#include <vector>

#include "mj/devices/order.hpp"

namespace mj::devices {

/// Whether a conversation in state `from` may come to state `to`: forward, or from sent back to the queue when the line
/// was lost before the device accepted. An end stays.
[[nodiscard]] bool may_follow(OrderState from, OrderState to);

/// Orders and their conversations as the log tells them. What is stored when is the book's matter.
/// Thread: the consuming one.
class Conversations {
 public:
  /// Finds an order that is not open.
  using FindStored = std::function<std::optional<Order>(OrderId)>;
  explicit Conversations(FindStored find_stored) : find_stored_(std::move(find_stored)) {}

  void place(std::uint64_t entry, Instant at, OrderRequest request);
  void cancel(std::uint64_t entry, Instant at, const Cancel& cancel);
  /// Returns the order when this step ended it with success.
  [[nodiscard]] const Order* step(std::uint64_t entry, Instant at, Step step);

  struct NewStep {
    OrderId order;
    RecordedStep recorded;
  };
  /// Since forget_changes().
  [[nodiscard]] const std::map<OrderId, Order>& changed() const { return changed_; }
  [[nodiscard]] const std::vector<NewStep>& steps() const { return steps_; }
  void forget_changes();
  /// Begins with these open orders.
  void restore(std::vector<Order> open);
  /// Open ones, by id.
  [[nodiscard]] const std::map<OrderId, Order>& open() const { return open_; }

 private:
  [[nodiscard]] std::optional<Order> find(OrderId id) const;
  void put(const Order& order);

  FindStored find_stored_;
  std::map<OrderId, Order> open_;
  std::map<OrderId, Order> changed_;
  std::vector<NewStep> steps_;
};

}  // namespace mj::devices
