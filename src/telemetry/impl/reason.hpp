#pragma once

#include <cstdint>
#include <string_view>

#include "mj/hj212/crc.hpp"

namespace mj::telemetry {

/// Why an entry gave no values. Numbers are stored and never change.
enum class Reason : std::uint8_t {
  none = 0,
  device_unknown = 1,  ///< the MN is not registered: kept in quarantine
  not_a_frame = 2,
  header_incomplete = 3,
  crc_hj_not_allowed = 4,  ///< the device's profile demands another CRC
  crc_modbus = 5,
  crc_modbus_le = 6,
  crc_wrong = 7,
  crc_absent = 8,
  data_time_missing = 9,
  data_time_unreadable = 10,
  password_wrong = 11,       ///< the profile rejects another password than the registered one
  not_decrypted = 12,        ///< data area in cipher, and no key of the device opens it
  import_unreadable = 13,    ///< an import entry that is neither a manifest nor a part
  import_file_unknown = 14,  ///< a part whose manifest is not there, or ends before it
};

/// The word shown and counted in the ledger; empty for none.
[[nodiscard]] std::string_view name(Reason reason);

/// The reason for refusing a frame whose CRC fits `match`.
[[nodiscard]] Reason crc_reason(hj212::CrcMatch match);

}  // namespace mj::telemetry
