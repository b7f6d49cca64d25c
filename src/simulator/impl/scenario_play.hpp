#pragma once

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <deque>
#include <queue>
#include <stop_token>

#include "field_device.hpp"
#include "field_model.hpp"
#include "line.hpp"
#include "mj/simulator/scenario_run.hpp"

namespace mj::simulator {

/// A scenario while it plays: all devices on one thread, woken by one timer.
class ScenarioPlay {
 public:
  /// `scenario` and `options` outlive the play.
  ScenarioPlay(const Scenario& scenario, const ScenarioOptions& options, Instant start);

  /// Errors: unavailable when the target cannot be resolved or too few files may be open.
  [[nodiscard]] Status run(std::stop_token stop);
  [[nodiscard]] const ScenarioReport& report();

 private:
  /// A device and its line.
  struct Seat {
    Seat(FieldDevice player, asio::io_context& io, std::uint32_t number, const LineListener& listener,
         std::vector<char>& common, asio::ssl::context* tls)
        : device(std::move(player)), line(io, number, listener, common, tls) {}
    FieldDevice device;
    Line line;
    Instant wake_at = Instant::from_ms(INT64_MAX);     ///< the entry of the queue that counts
    Instant connect_at = Instant::from_ms(INT64_MAX);  ///< while the line is down
    Instant drop_at = Instant::from_ms(INT64_MAX);     ///< in a storm
    Instant storm_until;
    std::int64_t backoff_ms = 0;
  };
  struct Alarm {
    Instant at;
    std::uint32_t seat = 0;
    bool operator>(const Alarm& other) const { return at > other.at; }
  };

  [[nodiscard]] Instant now() const;
  [[nodiscard]] Turn turn() { return Turn{now(), options_.protocol, report_, {}, false}; }
  void seat_all();
  void end_turn(std::uint32_t number, Turn& turn);
  void arm(std::uint32_t number);
  void set_timer();
  void ring();
  void wake(std::uint32_t number);
  void drop(std::uint32_t number, std::int64_t again_ms);
  void came_up(std::uint32_t number);
  void went_down(std::uint32_t number, bool was_up);
  void received(std::uint32_t number, BytesView bytes);
  void schedule_event(std::size_t event, std::int64_t at_ms);
  void happen(const ScenarioEvent& event);
  void tick();

  const Scenario& scenario_;
  const ScenarioOptions& options_;
  const Instant start_;
  const std::int64_t steady_start_;
  ScenarioReport report_;
  asio::io_context io_{1};
  asio::ssl::context tls_{asio::ssl::context::tls_client};
  asio::ip::tcp::endpoint endpoint_;
  LineListener listener_;
  std::vector<char> common_;
  std::vector<std::unique_ptr<FieldModel>> models_;
  std::deque<Seat> seats_;
  std::vector<std::pair<std::uint32_t, std::uint32_t>> seats_of_group_;  ///< first and count
  hj212::FrameReader reader_;
  std::priority_queue<Alarm, std::vector<Alarm>, std::greater<>> alarms_;
  asio::steady_timer timer_{io_};
  Instant timer_at_ = Instant::from_ms(INT64_MAX);
  asio::steady_timer ticker_{io_};
  std::vector<std::unique_ptr<asio::steady_timer>> events_;
};

}  // namespace mj::simulator
