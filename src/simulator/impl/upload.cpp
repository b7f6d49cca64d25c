#include "upload.hpp"

namespace mj::simulator {
namespace {

std::string crc_text(hj212::CrcRule rule, std::string_view segment) {
  switch (rule) {
    case hj212::CrcRule::modbus: return fmt::format("{:04X}", hj212::crc_modbus(segment));
    case hj212::CrcRule::modbus_le: {
      const unsigned crc = hj212::crc_modbus(segment);
      return fmt::format("{:02X}{:02X}", crc & 0xFFU, crc >> 8U);
    }
    case hj212::CrcRule::hj:
    case hj212::CrcRule::off: break;
  }
  return fmt::format("{:04X}", hj212::crc_hj(segment));
}

}  // namespace

bool wants_answers(const Device& device) { return device.dialect != hj212::Dialect::v2005; }

bool sends_heartbeats(const Device& device) {
  return device.surface_water_profile || device.dialect == hj212::Dialect::v2025;
}

std::string upload_frame(const Device& device, std::string_view qn, std::string_view cn, std::string_view cp,
                         bool resent) {
  std::string segment;
  if (device.dialect == hj212::Dialect::v2005) {
    segment = fmt::format("ST={};CN={};PW={};MN={};CP=&&{}&&", device.st, cn, device.pw, device.mn, cp);
  } else {
    const bool version2 = device.surface_water_profile || device.dialect == hj212::Dialect::v2025;
    const bool mark = resent && device.dialect == hj212::Dialect::v2025;
    segment = fmt::format("QN={};ST={};CN={};PW={};MN={};Flag={};{}CP=&&{}&&", qn, device.st, cn, device.pw,
                          device.mn, version2 ? 9 : 5, mark ? "RF=1;" : "", cp);
  }
  return fmt::format("##{:04}{}{}\r\n", segment.size(), segment, crc_text(device.crc, segment));
}

}  // namespace mj::simulator
