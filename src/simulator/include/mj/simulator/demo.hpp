#pragma once

#include <optional>
#include <stop_token>

#include "mj/hj212/protocol.hpp"
#include "mj/simulator/replay.hpp"
#include "mj/simulator/sources.hpp"

namespace mj::simulator {

struct DemoOptions {
  Target target;
  std::filesystem::path fleet_file;  ///< demo/fleet.toml
  double replay_speed = 3600;        ///< one hour of real data a second
  std::uint64_t seed = 1;
  std::int64_t backfill_hours = 48;
  AnswerPolicy answers;
  std::optional<hj212::Protocol>
      protocol;                ///< with these tables the devices answer host commands; none: they ignore them
  TrafficCallback on_traffic;  ///< both parts together
};

struct DemoReport {
  ReplayReport replay;
  SourcesReport sources;
};

/// The fleet of `mingjian demo`: looped replay of the real data and the synthetic sources in real time, on one thread,
/// until `stop` is requested. Errors: as replay() and run_sources().
[[nodiscard]] Result<DemoReport> run_demo_fleet(const DemoOptions& options, std::stop_token stop);

}  // namespace mj::simulator
