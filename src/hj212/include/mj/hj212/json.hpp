#pragma once

#include <string>

#include "mj/hj212/crc.hpp"
#include "mj/hj212/framer.hpp"
#include "mj/hj212/profile.hpp"

namespace mj::hj212 {

/// One line of `mingjian frame decode`: the piece as a JSON object without line end (the form stands in
/// docs/formats/frame-json.md). `ok` is true when the piece is a frame, its CRC satisfies `rule` and its header is complete.
[[nodiscard]] std::string to_json(const Piece& piece, CrcRule rule);

/// The same by the settings of a device: its CRC rule, password rule and keys; a data area in cipher is shown in clear.
[[nodiscard]] std::string to_json(const Piece& piece, const DeviceSettings& settings);

}  // namespace mj::hj212
