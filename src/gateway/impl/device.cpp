#include "device.hpp"

namespace mj::gateway {

void Speech::note(const hj212::FrameReading& reading, const hj212::DeviceSettings& settings) {
  const hj212::Header& header = reading.header;
  // Replies carry the system code of interaction (91) and say little about the dialect: HJ 212-2017 §6.6.1, appendix C.
  if (header.cn && *header.cn >= "9011" && *header.cn <= "9014") return;
  if (header.pw && pw != *header.pw) pw = *header.pw;
  const std::optional<std::uint8_t> now_flag = header.flag ? std::optional(header.flag->raw) : std::nullopt;
  const bool has_version = header.flag && header.flag->version() != 0;
  const bool other_system = header.st && st != *header.st;
  if (other_system) st = *header.st;
  // Without version bits the codes in the area decide: every such frame may say more than the last one.
  if (!has_version || now_flag != flag || other_system) {
    flag = now_flag;
    const hj212::Dialect seen = hj212::dialect_of(header);
    if (seen != hj212::Dialect::unknown) dialect = seen;
  }
  if (reading.encrypted && reading.key < settings.keys.size() && key != settings.keys[reading.key])
    key = settings.keys[reading.key];
}

}  // namespace mj::gateway
