#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace mj::hj212 {

/// CRC of the data segment as HJ 212 prescribes it: the high byte takes the data byte, the low byte is discarded.
/// It is not Modbus CRC16, and only 256 values can occur. Source: HJ 212-2017 appendix A.
[[nodiscard]] std::uint16_t crc_hj(std::string_view segment);

/// CRC16/Modbus, which many vendors send instead.
[[nodiscard]] std::uint16_t crc_modbus(std::string_view segment);

/// Which algorithm a received CRC fits.
enum class CrcMatch { hj, modbus, modbus_le, none, absent };

/// "hj", "modbus", "modbus-le", "none", "absent".
[[nodiscard]] std::string_view name(CrcMatch match);

struct CrcCheck {
  std::string_view given;  ///< the characters received, where they were received; empty when absent
  std::uint16_t hj = 0;    ///< what HJ 212 prescribes for this segment
  CrcMatch match = CrcMatch::absent;
};

/// Compares the characters received (either case) with the algorithms known.
[[nodiscard]] CrcCheck check_crc(std::string_view segment, std::string_view given);

/// Which CRC a device is allowed to send 校验方式, part of its profile.
enum class CrcRule { hj, modbus, modbus_le, off };

[[nodiscard]] bool accepts(CrcRule rule, CrcMatch match);
/// The same for a CRC that may fit several algorithms: one with two equal bytes reads alike in both orders (once in 256),
/// and `match` names the first only.
[[nodiscard]] bool accepts(CrcRule rule, const CrcCheck& check, std::string_view segment);
/// "hj", "modbus", "modbus-le", "off".
[[nodiscard]] std::string_view name(CrcRule rule);
/// "hj", "modbus", "modbus-le", "off". Errors: none for another word.
[[nodiscard]] std::optional<CrcRule> parse_crc_rule(std::string_view word);

}  // namespace mj::hj212
