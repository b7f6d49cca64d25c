#pragma once

#include <string>

#include "mj/hj212/crc.hpp"
#include "mj/hj212/framer.hpp"

namespace mj::hj212 {

/// One line of `mingjian frame decode`: the piece as a JSON object without line end (the form stands in
/// docs/formats/frame-json.md). `ok` is true when the piece is a frame, its CRC satisfies `rule` and its header is complete.
[[nodiscard]] std::string to_json(const Piece& piece, CrcRule rule);

}  // namespace mj::hj212
