#pragma once

#include <stop_token>

#include "mj/kernel/result.hpp"
#include "mj/simulator/latency.hpp"
#include "mj/simulator/load.hpp"
#include "mj/simulator/target.hpp"

namespace mj::simulator {

struct SlowOptions {
  Target target;
  std::uint32_t connections = 10'000;  ///< peers that hold a connection and give little
  double idle_share = 0.5;             ///< this share sends nothing, the others one byte per `byte_every_ms`
  std::int64_t byte_every_ms = 1'000;
  std::uint32_t opening_at_once = 256;     ///< connects under way at the same time
  bool reopen = true;                      ///< open again what the server closes
  std::int64_t healthy_every_ms = 100;     ///< one good device (LoadPlan device 0) sends a frame so often
  std::uint32_t first_sequence = 0;        ///< of the good device
  std::int64_t duration_ms = 30'000;       ///< measured from the moment all connections stand
  std::int64_t opening_limit_ms = 60'000;  ///< give up opening after this
  std::function<void(std::uint32_t open, std::uint64_t healthy_acked)> on_progress;  ///< about once a second
};

struct SlowReport {
  std::uint32_t open_at_start = 0;  ///< connections standing when the measurement began
  std::uint32_t open_at_end = 0;
  std::uint64_t closed_by_server = 0;
  std::uint64_t refused = 0;
  std::uint64_t bytes_sent = 0;
  std::uint64_t healthy_sent = 0;
  std::uint64_t healthy_acked = 0;
  LatencyHistogram healthy_latency;
};

/// Slow-loris test: holds idle and one-byte-a-second connections while a healthy device measures how fast it is
/// acknowledged. Raises the process's limit of open files as far as it may.
/// Errors: invalid_input; unavailable when the limit of open files is too low or the healthy device cannot connect.
[[nodiscard]] Result<SlowReport> hold_slow(const SlowOptions& options, std::stop_token stop);

}  // namespace mj::simulator
