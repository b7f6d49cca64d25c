#pragma once

#include <atomic>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <cstdint>
#include <string>
#include <vector>

#include "mj/devices/order.hpp"
#include "mj/evidence/log.hpp"
#include "mj/runtime/clock.hpp"

namespace mj::gateway {

/// Where a step of a conversation happened; goes into its entry.
struct Place {
  std::string mn;
  std::uint64_t connection = 0;
  std::string peer;
};

/// Writes the steps of conversations to the evidence log and waits, without blocking the gateway thread, until they are durable.
class Journal {
 public:
  /// `in_flight` counts commits whose callback has not run.
  Journal(boost::asio::io_context& io, evidence::Log& log, runtime::Clock clock,
          std::atomic<std::uint64_t>& in_flight)
      : io_(io), log_(log), clock_(std::move(clock)), in_flight_(in_flight) {}

  /// A request frame and the step that it makes, in one batch: either both are durable or neither.
  /// Errors: unavailable when the log cannot take it now.
  [[nodiscard]] boost::asio::awaitable<Status> record_sent(const std::string& frame, const devices::Step& step,
                                                           const Place& place);

  /// Tries again until the steps are durable; false only when the gateway stops before.
  [[nodiscard]] boost::asio::awaitable<bool> record(std::vector<devices::Step> steps, Place place);

  /// No further attempts.
  void stop() { stopping_ = true; }
  [[nodiscard]] bool stopping() const { return stopping_; }
  /// Waits before an attempt is worth repeating.
  [[nodiscard]] boost::asio::awaitable<void> pause();

 private:
  [[nodiscard]] boost::asio::awaitable<Status> append(evidence::Batch batch);

  boost::asio::io_context& io_;
  evidence::Log& log_;
  runtime::Clock clock_;
  std::atomic<std::uint64_t>& in_flight_;
  bool stopping_ = false;
};

}  // namespace mj::gateway
