#pragma once

#include <optional>
#include <stop_token>

#include "mj/hj212/protocol.hpp"
#include "mj/kernel/instant.hpp"
#include "mj/kernel/result.hpp"
#include "mj/simulator/fleet.hpp"
#include "mj/simulator/target.hpp"

namespace mj::simulator {

struct ReplayOptions {
  Target target;
  std::filesystem::path fleet_file;  ///< demo/fleet.toml
  double speed = 3600;               ///< data seconds per second; 0: as fast as answers come
  bool loop = false;                 ///< start again at the end, DataTime shifted by whole weeks
  std::optional<Instant> start;      ///< leave out air rows whose interval starts before this
  AnswerPolicy answers;
  std::optional<hj212::Protocol>
      protocol;  ///< with these tables the devices answer host commands; none: they ignore them
  TrafficCallback on_traffic;
};

struct ReplayReport {
  Traffic traffic;
  std::uint64_t rows = 0;                  ///< rows of known stations read from the files
  std::uint64_t rows_before_start = 0;     ///< left out because of `start`
  std::uint64_t rows_empty = 0;            ///< no value and no status: nothing to send
  std::uint64_t rows_unknown_station = 0;  ///< station is not in the fleet
  std::uint64_t frames = 0;                ///< frames sent, all passes
  std::uint64_t passes = 0;                ///< complete passes through the files
};

/// Sends real observations as HJ 212 hour data (CN 2061), one connection a device. DataTime is the original one on
/// the first pass; on later passes it is shifted by whole weeks and every factor carries `EFlag=R001` (pass 1 after
/// the original), so that the frame itself says that its time is not the original one.
/// Returns when the files are played (loop: never) or when `stop` is requested.
/// Errors: not_found or invalid_input for the files. A server that is away is no error: devices try again.
[[nodiscard]] Result<ReplayReport> replay(const ReplayOptions& options, std::stop_token stop);

}  // namespace mj::simulator
