#pragma once

#include <array>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <string>

#include "field_device.hpp"
#include "mj/hj212/framer.hpp"
#include "mj/runtime/clock.hpp"
#include "mj/simulator/fleet.hpp"
#include "mj/simulator/target.hpp"

namespace mj::simulator {

namespace asio = boost::asio;

/// The side of a played device that answers the host's commands 现场机应答. Its records come from what was sent.
struct HostSide {
  /// `spoken` is how it speaks; instruments are those of `signals`, any when there are none.
  HostSide(const Device& spoken, std::vector<Signal> signals, hj212::Protocol tables, std::int64_t realtime_s,
           std::int64_t minute_min, FieldDevice::RecordsOf records, Instant now);
  HostSide(const HostSide&) = delete;
  HostSide& operator=(const HostSide&) = delete;

  hj212::Protocol protocol;
  DeviceGroup group;
  FieldDevice device;
  hj212::FrameReader reader;
  ScenarioReport report;
};

/// The conversation of one simulated device with the server: connects, sends one frame after the other, waits for
/// each answer, sends again, connects again. Belongs to one coroutine at a time.
class Session {
 public:
  /// `traffic` outlives the session, and so does `host`, which is null when commands are not answered.
  Session(asio::io_context& io, Target target, AnswerPolicy policy, runtime::Clock clock, const Device& device,
          Traffic& traffic, HostSide* host = nullptr);

  /// Delivers one upload 上传; returns when it is answered, given up, or sent if no answer is wanted.
  asio::awaitable<void> upload(std::string cn, std::string cp, Instant data_time, bool resent);

  /// Waits until the steady clock shows `steady_ms`; devices with heartbeats 心跳 send them meanwhile, and host commands
  /// are answered.
  asio::awaitable<void> wait_until(std::int64_t steady_ms);

 private:
  asio::awaitable<void> connect();
  asio::awaitable<void> deliver(const std::string& frame, const std::string& qn);
  /// Serves the line until the answer to `qn` comes (true), the time is over or the line is lost.
  asio::awaitable<bool> listen(std::int64_t until_steady_ms, std::string qn);
  asio::awaitable<void> pause(std::int64_t ms);
  /// Takes what was received; whether the answer to `qn` is among it.
  [[nodiscard]] bool take_pieces(const std::string& qn, Turn* turn);
  asio::awaitable<void> speak(std::vector<Emission> emissions);
  [[nodiscard]] Turn turn();
  [[nodiscard]] std::string frame(std::string_view qn, std::string_view cn, std::string_view cp, bool resent);
  /// A QN that this device has not used before: the time in milliseconds, later when that is taken.
  [[nodiscard]] std::string next_qn();
  void close();

  asio::io_context& io_;
  Target target_;
  AnswerPolicy policy_;
  runtime::Clock clock_;
  Device device_;
  Traffic& traffic_;
  HostSide* host_;
  asio::ip::tcp::socket socket_;
  asio::steady_timer timer_;
  hj212::Framer framer_;
  std::array<char, 2048> received_{};
  std::int64_t last_qn_ms_ = 0;
};

}  // namespace mj::simulator
