#pragma once

#include <optional>
#include <stop_token>

#include "mj/hj212/protocol.hpp"
#include "mj/kernel/instant.hpp"
#include "mj/kernel/result.hpp"
#include "mj/runtime/clock.hpp"
#include "mj/simulator/fleet.hpp"
#include "mj/simulator/target.hpp"

namespace mj::simulator {

struct SourcesOptions {
  Target target;
  std::filesystem::path fleet_file;  ///< demo/fleet.toml
  std::uint64_t seed = 1;            ///< equal seeds and start give equal values
  double speed = 1;                  ///< simulated seconds per second
  std::optional<Instant> start;      ///< simulated time at which live data begin; default: now
  std::int64_t backfill_hours =
      48;                        ///< history before `start` that devices upload first, as after a lost line 补传
  std::optional<Instant> until;  ///< simulated time at which to end; default: until stopped
  AnswerPolicy answers;
  std::optional<hj212::Protocol>
      protocol;          ///< with these tables the devices answer host commands; none: they ignore them
  runtime::Clock clock;  ///< default: system clock
  TrafficCallback on_traffic;
};

struct SourcesReport {
  Traffic traffic;
  std::uint64_t episodes = 0;  ///< exceedance episodes begun
};

/// Plays synthetic stacks and waste-water outlets: real-time data 2011, minute 2051, hour 2061 and day 2031 aggregates
/// computed from the real-time values, boot time 2081 at the first connect, heartbeat 9015 (2025 devices).
/// Returns when `until` is reached or when `stop` is requested.
/// Errors: not_found or invalid_input for the fleet file.
[[nodiscard]] Result<SourcesReport> run_sources(const SourcesOptions& options, std::stop_token stop);

}  // namespace mj::simulator
