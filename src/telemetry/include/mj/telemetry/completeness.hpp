#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "mj/kernel/instant.hpp"

namespace mj::telemetry {

/// Completeness of a device on one day 数据齐全率: received against expected intervals over its series of one record kind.
struct DayCompleteness {
  Instant day;
  std::string cn;
  std::uint32_t series = 0;    ///< series of that kind the device sends
  std::uint64_t expected = 0;  ///< series × intervals of the day that have ended
  std::uint64_t received = 0;
  [[nodiscard]] double share() const {
    return expected == 0 ? 0 : static_cast<double>(received) / static_cast<double>(expected);
  }
};

/// Interval starts of a record kind that a device did not deliver (for at least one of its series), ascending.
struct MissingIntervals {
  std::string device;
  std::string st;
  std::string cn;
  std::int64_t interval_ms = 0;
  std::vector<Instant> starts;
};

}  // namespace mj::telemetry
