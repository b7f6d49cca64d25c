#pragma once

#include <array>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <string>

#include "mj/hj212/framer.hpp"
#include "mj/runtime/clock.hpp"
#include "mj/simulator/fleet.hpp"
#include "mj/simulator/target.hpp"

namespace mj::simulator {

namespace asio = boost::asio;

/// The conversation of one simulated device with the server: connects, sends one frame after the other, waits for
/// each answer, sends again, connects again. Belongs to one coroutine at a time.
class Session {
 public:
  /// `traffic` and `device` outlive the session.
  Session(asio::io_context& io, Target target, AnswerPolicy policy, runtime::Clock clock, const Device& device,
          Traffic& traffic);

  /// Delivers one upload 上传; returns when it is answered, given up, or sent if no answer is wanted.
  asio::awaitable<void> upload(std::string cn, std::string cp, Instant data_time, bool resent);

  /// Waits until the steady clock shows `steady_ms`; devices with heartbeats 心跳 send them meanwhile.
  asio::awaitable<void> wait_until(std::int64_t steady_ms);

 private:
  asio::awaitable<void> connect();
  asio::awaitable<void> deliver(const std::string& frame, const std::string& qn);
  asio::awaitable<bool> await_answer(const std::string& qn);
  asio::awaitable<void> pause(std::int64_t ms);
  [[nodiscard]] bool answered(const std::string& qn);
  /// A QN that this device has not used before: the time in milliseconds, later when that is taken.
  [[nodiscard]] std::string next_qn();
  void close();

  asio::io_context& io_;
  Target target_;
  AnswerPolicy policy_;
  runtime::Clock clock_;
  const Device& device_;
  Traffic& traffic_;
  asio::ip::tcp::socket socket_;
  asio::steady_timer timer_;
  hj212::Framer framer_;
  std::array<char, 2048> received_{};
  std::int64_t last_qn_ms_ = 0;
};

}  // namespace mj::simulator
