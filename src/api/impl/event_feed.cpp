#include "event_feed.hpp"

#include "alarms_json.hpp"
#include "devices_json.hpp"
#include "evidence_json.hpp"
#include "frames_json.hpp"
#include "mj/runtime/thread.hpp"
#include "orders_json.hpp"
#include "system_json.hpp"

namespace mj::api {
namespace {

constexpr std::int64_t kTickMs = 100;
constexpr std::int64_t kLedgerMs = 500;
constexpr std::int64_t kUpdateMs = 500;
constexpr std::int64_t kPulseMs = 1000;
constexpr std::int64_t kHeartbeatMs = 5000;
/// Burst and steady rate together stay within the 20 frames, or events of devices, of any second that the contract promises.
constexpr double kBurst = 5;
constexpr double kPerSecond = 15;
constexpr std::size_t kFramesKept = 20;
constexpr std::size_t kOrdersKept = 50;
constexpr std::size_t kDeviceEventsKept = 20;

}  // namespace

void EventFeed::Allowance::refill(std::int64_t now_ms) {
  left = std::min(kBurst, left + kPerSecond * static_cast<double>(now_ms - since_ms) / 1000);
  since_ms = now_ms;
}

bool EventFeed::Allowance::take() {
  if (left < 1) return false;
  left -= 1;
  return true;
}

void EventFeed::start() {
  const std::int64_t now_ms = runtime::steady_ms();
  frame_allowance_ = device_event_allowance_ = Allowance{kBurst, now_ms};
  measured_ms_ = now_ms;
  measured_values_ = context_.services.store.ledger(context_.services.log.size()).stored_values;
  thread_ = runtime::start_thread("api-events", [this](const std::stop_token& stop) { run(stop); });
}

void EventFeed::stop() { thread_ = std::jthread(); }

void EventFeed::stored(const telemetry::Stored& stored) {
  if (hub_.subscribers() == 0) return;
  const std::scoped_lock lock(mutex_);
  const auto kept = static_cast<std::ptrdiff_t>(std::min(stored.frames.size(), kFramesKept));
  std::vector<const telemetry::FrameLine*> newest(stored.frames.size());
  std::transform(stored.frames.begin(), stored.frames.end(), newest.begin(),
                 [](const auto& line) { return &line; });
  std::partial_sort(newest.begin(), newest.begin() + kept, newest.end(),
                    [](const auto* a, const auto* b) { return a->entry > b->entry; });
  for (std::ptrdiff_t i = kept; i-- > 0;) frames_.push_back(*newest[static_cast<std::size_t>(i)]);
  while (frames_.size() > kFramesKept) frames_.pop_front();
}

void EventFeed::alarm_changed(const alarm::Alarm& alarm, alarm::Change change) {
  if (hub_.subscribers() == 0) return;
  const std::int64_t now_ms = runtime::steady_ms();
  const std::scoped_lock lock(mutex_);
  updates_.erase(alarm.id);
  if (change == alarm::Change::updated) {
    const auto [last, first_time] = updated_ms_.try_emplace(alarm.id, now_ms);
    if (!first_time && now_ms - last->second < kUpdateMs) {
      updates_.emplace(alarm.id, alarm);
      return;
    }
    last->second = now_ms;
  } else if (!alarm.open()) {
    updated_ms_.erase(alarm.id);
  }
  hub_.publish("alarm", to_text(alarm_json(context_.services, alarm)));
}

void EventFeed::order_changed(const devices::Order& order) {
  if (hub_.subscribers() == 0) return;
  const std::scoped_lock lock(mutex_);
  devices::Order& kept = orders_[order.id];
  kept = order;
  kept.steps.clear();  // a browser that shows them fetches the order
  if (orders_.size() > kOrdersKept) orders_.erase(orders_.begin());
}

void EventFeed::device_event(const devices::DeviceEvent& event) {
  if (hub_.subscribers() == 0) return;
  const std::scoped_lock lock(mutex_);
  device_events_.push_back(event);
  if (device_events_.size() > kDeviceEventsKept) device_events_.pop_front();
}

void EventFeed::run(const std::stop_token& stop) {
  std::mutex idle;
  std::condition_variable_any wake;
  std::int64_t ledger_ms = 0;
  std::int64_t pulse_ms = 0;
  std::int64_t heartbeat_ms = runtime::steady_ms();
  while (!stop.stop_requested()) {
    {
      std::unique_lock lock(idle);
      wake.wait_for(lock, stop, std::chrono::milliseconds(kTickMs), [] { return false; });
    }
    if (stop.stop_requested()) return;
    const std::int64_t now_ms = runtime::steady_ms();
    send_frames(now_ms);
    send_orders();
    send_device_events(now_ms);
    if (now_ms - ledger_ms >= kLedgerMs) {
      ledger_ms = now_ms;
      send_updates(now_ms);
      send_ledger();
    }
    if (now_ms - pulse_ms >= kPulseMs) {
      pulse_ms = now_ms;
      send_pulse(now_ms);
      send_points();
      send_evidence();
    }
    if (now_ms - heartbeat_ms >= kHeartbeatMs) {
      heartbeat_ms = now_ms;
      hub_.heartbeat();
    }
  }
}

void EventFeed::send_frames(std::int64_t now_ms) {
  frame_allowance_.refill(now_ms);
  std::vector<telemetry::FrameLine> lines;
  {
    const std::scoped_lock lock(mutex_);
    while (!frames_.empty() && frame_allowance_.take()) {
      lines.push_back(std::move(frames_.front()));
      frames_.pop_front();
    }
  }
  for (const telemetry::FrameLine& line : lines)
    hub_.publish("frame", to_text(frame_line_json(context_.services, line)));
}

void EventFeed::send_updates(std::int64_t now_ms) {
  // Under the lock, so that a clearing that arrives now is sent after the update it follows.
  const std::scoped_lock lock(mutex_);
  for (const auto& [id, alarm] : updates_) {
    updated_ms_[id] = now_ms;
    hub_.publish("alarm", to_text(alarm_json(context_.services, alarm)));
  }
  updates_.clear();
}

void EventFeed::send_orders() {
  std::map<devices::OrderId, devices::Order> orders;
  {
    const std::scoped_lock lock(mutex_);
    orders.swap(orders_);
  }
  for (const auto& [id, order] : orders) hub_.publish("order", to_text(order_json(context_.services, order)));
}

void EventFeed::send_device_events(std::int64_t now_ms) {
  device_event_allowance_.refill(now_ms);
  std::vector<devices::DeviceEvent> events;
  {
    const std::scoped_lock lock(mutex_);
    while (!device_events_.empty() && device_event_allowance_.take()) {
      events.push_back(std::move(device_events_.front()));
      device_events_.pop_front();
    }
  }
  for (const devices::DeviceEvent& event : events)
    hub_.publish("device", to_text(device_event_json(context_.services, event)));
}

void EventFeed::send_evidence() {
  if (!evidence_changed_.exchange(false) || hub_.subscribers() == 0) return;
  hub_.publish("evidence", to_text(evidence_json(context_.services)));
}

void EventFeed::send_ledger() {
  if (hub_.subscribers() == 0) return;
  std::string ledger = to_text(ledger_json(context_.services.store.ledger(context_.services.log.size())));
  if (ledger == last_ledger_) return;
  hub_.publish("ledger", ledger);
  last_ledger_ = std::move(ledger);
}

void EventFeed::send_points() {
  if (hub_.subscribers() == 0) {
    // The next browser begins with this state or a newer one.
    announced_ = context_.points.last();
    return;
  }
  const auto now = context_.points.read();
  if (now == announced_) return;
  for (std::size_t i = 0; announced_ && i < now->summaries.size(); ++i) {
    if (now->summaries[i] != announced_->summaries[i]) hub_.publish("point", now->summaries[i]);
  }
  announced_ = now;
}

void EventFeed::send_pulse(std::int64_t now_ms) {
  const Services& services = context_.services;
  const std::uint64_t values = services.store.ledger(services.log.size()).stored_values;
  const std::uint64_t added = values - std::min(values, measured_values_);
  if (now_ms > measured_ms_)
    context_.values_per_s = static_cast<double>(added) * 1000 / static_cast<double>(now_ms - measured_ms_);
  measured_ms_ = now_ms;
  measured_values_ = values;
  if (hub_.subscribers() > 0) hub_.publish("system", to_text(pulse_json(context_)));
}

}  // namespace mj::api
