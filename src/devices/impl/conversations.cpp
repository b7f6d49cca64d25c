#include "conversations.hpp"

namespace mj::devices {

bool may_follow(OrderState from, OrderState to) {
  if (is_final(from)) return false;
  return to >= from || (from == OrderState::sent && to == OrderState::queued);
}

std::optional<Order> Conversations::find(OrderId id) const {
  if (const auto open = open_.find(id); open != open_.end()) return open->second;
  if (const auto changed = changed_.find(id); changed != changed_.end()) return changed->second;
  return find_stored_(id);
}

void Conversations::put(const Order& order) {
  changed_.insert_or_assign(order.id, order);
  if (is_final(order.state)) {
    open_.erase(order.id);
  } else {
    open_.insert_or_assign(order.id, order);
  }
}

void Conversations::place(std::uint64_t entry, Instant at, OrderRequest request) {
  Order order;
  order.id = OrderId(entry);
  order.request = std::move(request);
  order.placed_at = order.changed_at = at;
  RecordedStep placed;
  placed.step.order = order.id;
  placed.step.what = "placed";
  placed.at = at;
  placed.entry = entry;
  steps_.push_back({order.id, std::move(placed)});
  put(order);
}

void Conversations::cancel(std::uint64_t entry, Instant at, const Cancel& cancel) {
  auto order = find(cancel.order);
  if (!order || !may_follow(order->state, OrderState::cancelled)) return;
  order->state = OrderState::cancelled;
  order->changed_at = at;
  RecordedStep cancelled;
  cancelled.step.order = order->id;
  cancelled.step.state = OrderState::cancelled;
  cancelled.step.what = "cancelled";
  cancelled.step.qn = order->qn;
  cancelled.step.note = fmt::format("{}: {}", cancel.name, cancel.reason);
  cancelled.at = at;
  cancelled.entry = entry;
  steps_.push_back({order->id, std::move(cancelled)});
  put(*order);
}

const Order* Conversations::step(std::uint64_t entry, Instant at, Step step) {
  auto order = find(step.order);
  if (!order) return nullptr;
  RecordedStep recorded;
  recorded.at = at;
  recorded.entry = entry;
  recorded.frame_entry = step.frame_before && entry > 0 ? std::optional(entry - 1) : step.entry;
  const bool counts = may_follow(order->state, step.state);
  if (!is_final(order->state)) {
    if (counts) order->state = step.state;
    if (!step.qn.empty()) order->qn = step.qn;
    order->attempts = std::max(order->attempts, step.attempt);
    if (step.code) order->code = step.code;
    if (step.what == "data") ++order->data_frames;
    order->changed_at = at;
    put(*order);
  }
  const bool success = counts && step.state == OrderState::done;
  recorded.step = std::move(step);
  steps_.push_back({order->id, std::move(recorded)});
  return success ? &changed_.at(order->id) : nullptr;
}

void Conversations::forget_changes() {
  changed_.clear();
  steps_.clear();
}

void Conversations::restore(std::vector<Order> open) {
  forget_changes();
  open_.clear();
  for (Order& order : open) open_.emplace(order.id, std::move(order));
}

}  // namespace mj::devices
