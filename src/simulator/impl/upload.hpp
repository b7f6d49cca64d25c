#pragma once

#include <string>
#include <string_view>

#include "mj/simulator/fleet.hpp"

namespace mj::simulator {

/// Does the device number its frames and want answers? HJ/T 212-2005 uploads do neither.
[[nodiscard]] bool wants_answers(const Device& device);
/// Does it send heartbeats 9015 (HJ 212-2025, surface-water profile)?
[[nodiscard]] bool sends_heartbeats(const Device& device);

/// A whole upload frame as `device` writes it: field order, Flag, RF and CRC of its dialect.
/// `resent` marks history sent late 补传 (RF=1, HJ 212-2025 only).
[[nodiscard]] std::string upload_frame(const Device& device, std::string_view qn, std::string_view cn,
                                       std::string_view cp, bool resent);

}  // namespace mj::simulator
