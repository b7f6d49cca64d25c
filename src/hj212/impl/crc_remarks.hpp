#pragma once

#include <algorithm>

#include "mj/hj212/framer.hpp"

namespace mj::hj212 {

/// Notes which algorithm a CRC fits, if not that of the standard, and its spelling.
inline void note_crc(Deviations& deviations, const CrcCheck& crc) {
  switch (crc.match) {
    case CrcMatch::hj: break;
    case CrcMatch::modbus: note(deviations, Deviation::crc_modbus); break;
    case CrcMatch::modbus_le: note(deviations, Deviation::crc_modbus_le); break;
    case CrcMatch::none: note(deviations, Deviation::crc_wrong); break;
    case CrcMatch::absent: note(deviations, Deviation::crc_absent); break;
  }
  for (const char c : crc.given) {
    if (c >= 'a' && c <= 'f') note(deviations, Deviation::crc_lower_case);
  }
}

/// Keeps what was received and what HJ 212 prescribes.
inline void set_crc(Fault& fault, const CrcCheck& crc) {
  fault.hj = crc.hj;
  fault.given_size = static_cast<std::uint8_t>(std::min(crc.given.size(), fault.given.size()));
  std::copy_n(crc.given.begin(), fault.given_size, fault.given.begin());
}

}  // namespace mj::hj212
