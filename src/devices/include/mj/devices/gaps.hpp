#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "mj/devices/order.hpp"
#include "mj/devices/rules.hpp"
#include "mj/kernel/instant.hpp"
#include "mj/telemetry/completeness.hpp"

namespace mj::devices {

/// Missing intervals of one record kind of a device 缺数时段: starts from `first` to `last`, both missing.
struct Gap {
  std::string device;
  std::string st;
  std::string cn;  ///< 2051, 2061, 2031
  Instant first;
  Instant last;
  std::uint64_t missing = 0;  ///< intervals
  std::int64_t interval_ms = 0;
  bool operator==(const Gap&) const = default;
};

/// A pull that was ordered before, to bound repetition.
struct PastPull {
  std::string device;
  std::string cn;
  Instant first, last;  ///< BeginTime and EndTime
  Instant placed_at;
  bool open = false;  ///< not ended yet
};

/// Joins missing intervals to gaps of at most rules.max_range_ms; newest first. Pure.
[[nodiscard]] std::vector<Gap> find_gaps(const telemetry::MissingIntervals& missing, const Rules::Pull& rules);

/// Which gaps to ask for now: newest first, bounded per device and per round. An interval is asked for only when it ended
/// long enough ago and is not too old, not again before its time, and never more often than allowed, however the gap around
/// it grows or shrinks. `online`: devices that can be asked, in any order. Pure.
/// Source of the request: HJ 212-2017 appendix C.20–C.22 (BeginTime and EndTime are starts of intervals, both included).
[[nodiscard]] std::vector<OrderRequest> plan_pulls(const std::vector<Gap>& gaps, const std::vector<PastPull>& past,
                                                   const std::vector<std::string>& online,
                                                   const Rules::Pull& rules, Instant now);

}  // namespace mj::devices
