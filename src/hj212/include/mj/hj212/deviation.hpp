#pragma once

#include <bitset>
#include <cstdint>
#include <optional>
#include <string_view>

namespace mj::hj212 {

/// Departures from the standard that a frame shows 规约偏离. What each is called in both languages and which clause it
/// departs from stands in standards/hj/212-2017/deviations.csv under the same name.
enum class Deviation : std::uint8_t {
  crc_modbus,     ///< CRC16/Modbus, high byte first
  crc_modbus_le,  ///< CRC16/Modbus, low byte first
  crc_wrong,      ///< no known algorithm
  crc_absent,
  crc_lower_case,
  crc_short,        ///< fewer than four characters
  length_wrong,     ///< declared and actual length differ
  sequence_number,  ///< four digits before the length
  line_end_missing,
  line_end_lf,         ///< LF or CR alone
  line_end_decorated,  ///< bytes between CRC and line end
  segment_too_long,    ///< above 1024 bytes
  area_too_long,       ///< above 950 bytes (2005: 960)
  area_not_closed,
  field_after_area,  ///< header field behind the data area
  header_order,
  separator_missing,  ///< missing or foreign separator in the header
  blank,              ///< blanks around names or values
  name_case,          ///< name in another case
  trailing_separator,
  flag_missing,
  qn_missing,
  qn_shape,               ///< not 17 digits of a time (13-digit epoch, for example)
  qn_in_area,             ///< 2005 form of a reply
  mn_shape,               ///< not 24 hexadecimal digits (2005: 14 characters)
  password_shape,         ///< not six characters
  split_without_numbers,  ///< Flag announces packet numbers that are absent
  numbers_in_area,        ///< PNUM/PNO inside the data area
  data_time_missing,
  data_time_shape,  ///< not 14 digits
  empty_value,
  repeated_key,     ///< the same key twice for one factor
  flag_in_area,     ///< `Flag` without factor in the data area
  foreign_text,     ///< text that is not UTF-8 (GBK)
  command_unknown,  ///< command code in no table of its dialect
  command_removed,  ///< command of another generation
  system_unknown,   ///< ST in no table
  factor_unknown,   ///< factor code in no table
  factor_old,       ///< 2005 code in a 2017/2025 frame
  data_flag_unknown,
  value_shape,         ///< a field's value does not have the type of the table
  field_missing,       ///< a required field is absent
  field_unknown,       ///< a field that the command does not have
  reply_system,        ///< a reply with ST other than 91
  reply_wants_answer,  ///< a reply whose answer bit is set
  not_encrypted,       ///< plain text where HJ 212-2025 demands cipher
  clock_off,           ///< QN and time of receipt differ by more than the rule allows
  count_               // NOLINT(readability-identifier-naming): ends the list, is none of it
};
inline constexpr std::size_t kDeviationCount = static_cast<std::size_t>(Deviation::count_);

/// "crc-modbus", "length-wrong" …
[[nodiscard]] std::string_view name(Deviation deviation);
[[nodiscard]] std::optional<Deviation> parse_deviation(std::string_view word);

using Deviations = std::bitset<kDeviationCount>;
inline void note(Deviations& set, Deviation deviation) { set.set(static_cast<std::size_t>(deviation)); }
[[nodiscard]] inline bool has(const Deviations& set, Deviation deviation) {
  return set.test(static_cast<std::size_t>(deviation));
}

}  // namespace mj::hj212
