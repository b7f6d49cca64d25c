#pragma once

#include <condition_variable>
#include <deque>
#include <map>
#include <memory>
#include <mutex>
#include <thread>

#include "context.hpp"
#include "mj/http/event_hub.hpp"

namespace mj::api {

/// Turns what happens into the events of the contract at rates a browser can take: frames are sampled, ledger, points and pulse
/// go by the clock, alarms at once.
class EventFeed {
 public:
  EventFeed(Context& context, http::EventHub& hub) : context_(context), hub_(hub) {}
  void start();
  /// Ends the thread. Called before the transport goes.
  void stop();

  void stored(const telemetry::Stored& stored);
  void alarm_changed(const alarm::Alarm& alarm, alarm::Change change);
  void order_changed(const devices::Order& order);
  void device_event(const devices::DeviceEvent& event);
  void evidence_changed() { evidence_changed_ = true; }

 private:
  /// How many events of a kind may be sent now: a steady rate with a small burst.
  struct Allowance {
    double left = 0;
    std::int64_t since_ms = 0;
    void refill(std::int64_t now_ms);
    bool take();
  };
  void run(const std::stop_token& stop);
  void send_frames(std::int64_t now_ms);
  void send_updates(std::int64_t now_ms);
  void send_orders();
  void send_device_events(std::int64_t now_ms);
  void send_ledger();
  void send_evidence();
  void send_points();
  void send_pulse(std::int64_t now_ms);

  Context& context_;
  http::EventHub& hub_;

  std::mutex mutex_;                                   ///< guards what the followers' threads leave for ours
  std::deque<telemetry::FrameLine> frames_;            ///< waiting, oldest first; the newest are kept
  std::map<alarm::AlarmId, alarm::Alarm> updates_;     ///< repeated updates, waiting
  std::map<alarm::AlarmId, std::int64_t> updated_ms_;  ///< when an update of an open alarm was last sent
  std::map<devices::OrderId, devices::Order> orders_;  ///< changed since the last tick, the newest ids
  std::deque<devices::DeviceEvent> device_events_;     ///< waiting, oldest first; the newest are kept

  std::atomic<bool> evidence_changed_ = false;

  // Only the thread of the feed.
  Allowance frame_allowance_;
  Allowance device_event_allowance_;
  std::string last_ledger_;
  std::shared_ptr<const PointsSnapshot> announced_;
  std::uint64_t measured_values_ = 0;
  std::int64_t measured_ms_ = 0;

  std::jthread thread_;
};

}  // namespace mj::api
