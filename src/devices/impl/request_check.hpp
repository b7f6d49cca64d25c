#pragma once

#include <string>
#include <string_view>

#include "mj/devices/order.hpp"
#include "mj/hj212/compose.hpp"
#include "mj/hj212/profile.hpp"
#include "mj/hj212/protocol.hpp"
#include "mj/kernel/instant.hpp"

namespace mj::devices {

/// How a device is spoken to now: its profile, and where that is silent its newest frame.
struct Manner {
  hj212::Dialect dialect = hj212::Dialect::v2017;
  bool surface_water = false;
  std::string st;  ///< empty when no frame was seen and none is named
  std::string pw;
  hj212::CrcRule crc = hj212::CrcRule::hj;
};

/// A request that the tables allow.
struct CheckedRequest {
  const hj212::Command* command = nullptr;
  std::string area;  ///< with samples where values are filled in later
};

/// Errors: invalid_input (unknown command, one of another edition, an answer instead of a request, a parameter that the
/// table does not allow, a key in clear).
[[nodiscard]] Result<CheckedRequest> check_request(const OrderRequest& request, const hj212::Protocol& protocol,
                                                   const Manner& manner, Instant now);

/// The entry of `@key:ENTRY`; none for other values.
[[nodiscard]] std::optional<std::uint64_t> key_entry(std::string_view value);

}  // namespace mj::devices
