#pragma once

#include <string>
#include <vector>

#include "mj/devices/device_book.hpp"
#include "mj/evidence/log.hpp"
#include "mj/registry/device_register.hpp"
#include "mj/telemetry/store.hpp"

namespace mj::app {

/// Orders that nobody has to think of 自动命令: answers to what devices ask for (1013, 1014, 1001), rotation of old keys, and
/// missing data asked for again 缺数补采. Every one is a decision of "system" in the evidence log, with its cause as reason.
class Automation {
 public:
  /// All references must outlive it.
  Automation(evidence::Log& log, registry::DeviceRegister& devices, devices::DeviceBook& book,
             const telemetry::Store& store);

  /// Places what is due now; returns how many orders. Errors: unavailable when the log cannot commit.
  Result<std::size_t> answer_devices(Instant now);
  /// Looks for gaps of the next devices of `online` (a bounded number per call, in turn) and asks for them.
  Result<std::size_t> pull_missing(const std::vector<std::string>& online, Instant now);

 private:
  evidence::Log& log_;
  registry::DeviceRegister& register_;
  devices::DeviceBook& book_;
  const telemetry::Store& store_;
  std::size_t turn_ = 0;  ///< which of the online devices is next
};

}  // namespace mj::app
