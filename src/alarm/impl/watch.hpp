#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "mj/alarm/alarm.hpp"
#include "mj/alarm/engine.hpp"
#include "mj/alarm/limit.hpp"
#include "mj/kernel/result.hpp"
#include "mj/registry/network.hpp"
#include "mj/standards/standard_set.hpp"

namespace mj::alarm {

/// One side of one limit on one series: what is judged, and where it stands.
struct Check {
  const Limit* limit = nullptr;
  Direction direction = Direction::above;
  std::string kind;
  telemetry::Period period = telemetry::Period::instant;
  CheckState state;
  std::optional<Alarm> alarm;  ///< the open one
  bool dirty = false;          ///< judged since the last commit
};

/// What is judged of one device.
struct DeviceWatch {
  std::string point;
  std::string device;
  struct Factor {
    std::string code;  ///< canonical
    std::string unit;  ///< in which the device sends it; empty = as the limit
    std::vector<std::size_t> checks;
  };
  std::vector<Check> checks;
  std::vector<Factor> factors;
  bool dirty = false;                                           ///< one of the checks is
  std::unordered_map<std::string, std::size_t> factor_by_code;  ///< codes as received, both generations

  [[nodiscard]] const Factor* find(std::string_view code) const;
};

/// Limits that cover at least one device, by device number. Everything else is passed over without being read.
class WatchList {
 public:
  /// `limits` must outlive the list. Errors: invalid_input when the unit of a limit cannot be compared with that of a
  /// point it covers.
  [[nodiscard]] static Result<WatchList> make(const registry::Network& network, const LimitSet& limits,
                                              const standards::StandardSet& standards);

  /// Null when no limit covers the device.
  [[nodiscard]] DeviceWatch* find(std::string_view device);
  /// Null when there is no such check (a rule that is gone).
  [[nodiscard]] Check* find(std::string_view device, std::string_view rule, Direction direction,
                            std::string_view factor, std::string_view kind, telemetry::Period period);
  /// Forgets all states.
  void reset();
  [[nodiscard]] std::vector<DeviceWatch>& devices() { return devices_; }
  [[nodiscard]] const std::vector<DeviceWatch>& devices() const { return devices_; }
  /// SHA-256 (hex) over everything an alarm depends on besides the log.
  [[nodiscard]] const std::string& basis() const { return basis_; }

 private:
  struct TextHash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>{}(text); }
  };
  std::vector<DeviceWatch> devices_;
  std::unordered_map<std::string, std::size_t, TextHash, std::equal_to<>> by_device_;
  std::string basis_;
};

}  // namespace mj::alarm
