#pragma once

#include <string>

#include "device.hpp"
#include "mj/devices/order.hpp"
#include "mj/gateway/server.hpp"
#include "mj/hj212/profile.hpp"
#include "reply.hpp"

namespace mj::gateway {

/// A request ready to be written, and how its replies are known.
struct RequestFrame {
  std::string bytes;
  Question question;
};

/// Writes the request of an order in the dialect of its device: `@now` and `@key:ENTRY` are filled in, version bits, CRC,
/// password and system code are those of the profile or else of the device's newest frames.
///
/// A command whose table says so goes in cipher when the device has a key. A new key (NewSK of 1014) never goes in clear: it goes
/// under the key that the device's frames last used (HJ 212-2025 §9 as reported; UNVERIFIED against the text), and a
/// device without an older key is refused.
/// Errors: invalid_input (no such command in the dialect, unusable parameters, no older key); not_found, damaged (the key
/// decision).
[[nodiscard]] Result<RequestFrame> compose_request(const Knowledge& knowledge, const devices::OrderRequest& order,
                                                   const Speech& speech, const hj212::DeviceSettings& settings,
                                                   std::string qn, Instant now);

}  // namespace mj::gateway
