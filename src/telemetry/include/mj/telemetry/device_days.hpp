#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "mj/kernel/instant.hpp"
#include "mj/kernel/result.hpp"
#include "mj/telemetry/completeness.hpp"
#include "mj/telemetry/observation.hpp"

namespace mj::telemetry {

/// One series on one day: received against expected intervals.
struct SeriesCount {
  SeriesKey key;
  std::uint64_t expected = 0;
  std::uint64_t received = 0;
};

/// A Beijing day of a device, all of whose intervals have ended 日齐全情况.
struct DeviceDay {
  Instant day;
  std::vector<SeriesCount> series;        ///< by ST, CN, factor, kind
  std::vector<MissingIntervals> missing;  ///< by ST, CN; of one day
};

/// The days of one device, ascending; days on which nothing was expected hold nothing.
struct DeviceDays {
  std::string device;
  std::vector<DeviceDay> days;
};

/// Told of one device after the other. An error ends the reading.
using DeviceDaysVisitor = std::function<Status(const DeviceDays&)>;

}  // namespace mj::telemetry
