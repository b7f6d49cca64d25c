#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <exception>
#include <stop_token>

#include "mj/kernel/result.hpp"
#include "mj/simulator/target.hpp"

namespace mj::simulator {

namespace asio = boost::asio;

/// The devices that play together on the calling thread.
class Crew {
 public:
  [[nodiscard]] asio::io_context& io() { return io_; }
  /// Starts one device; what it refers to outlives the crew.
  void add(asio::awaitable<void> device);
  /// Runs until every device is done or `stop` is requested; `tick` is called about once a second.
  /// Errors: internal when a device's coroutine threw.
  [[nodiscard]] Status run(std::stop_token stop, std::function<void()> tick);

 private:
  void fail(const std::exception_ptr& failure);
  asio::awaitable<void> ticking(std::function<void()> tick);

  asio::io_context io_{1};
  asio::steady_timer timer_{io_};
  std::size_t playing_ = 0;
  std::exception_ptr failure_;
};

/// The sum of two fleets' traffic.
[[nodiscard]] Traffic sum(const Traffic& a, const Traffic& b);

}  // namespace mj::simulator
