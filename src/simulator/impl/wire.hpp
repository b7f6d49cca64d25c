#pragma once

#include <bitset>
#include <cstdint>
#include <string>
#include <vector>

#include "mj/hj212/compose.hpp"
#include "mj/simulator/misbehaviour.hpp"

namespace mj::simulator {

using Misdeeds = std::bitset<kMisdeedCount>;
[[nodiscard]] inline bool has(const Misdeeds& set, Misdeed misdeed) {
  return set.test(static_cast<std::size_t>(misdeed));
}

/// Bytes for the line, in order.
struct Emission {
  std::string bytes;
  std::int64_t pause_ms = 0;  ///< after what went before
  bool with_next = false;     ///< kept back until the next one and written together with it
};

/// Draws which misdeeds happen to one frame.
[[nodiscard]] Misdeeds draw(const Misbehaviour& behaviour, std::uint64_t& random);

/// Writes a frame with the misdeeds `wanted`; those that change nothing here (no letter in the CRC, no log in the area)
/// are taken out of it, so that what is left was done.
void write_frame(const hj212::Outgoing& message, hj212::CrcRule crc, const hj212::Sm4Key* key, Misdeeds& wanted,
                 std::vector<Emission>& line);

}  // namespace mj::simulator
