#include "reason.hpp"

namespace mj::telemetry {

std::string_view name(Reason reason) {
  switch (reason) {
    case Reason::none: return "";
    case Reason::device_unknown: return "device_unknown";
    case Reason::not_a_frame: return "not_a_frame";
    case Reason::header_incomplete: return "header_incomplete";
    case Reason::crc_hj_not_allowed: return "crc_hj_not_allowed";
    case Reason::crc_modbus: return "crc_modbus";
    case Reason::crc_modbus_le: return "crc_modbus_le";
    case Reason::crc_wrong: return "crc_wrong";
    case Reason::crc_absent: return "crc_absent";
    case Reason::data_time_missing: return "data_time_missing";
    case Reason::data_time_unreadable: return "data_time_unreadable";
    case Reason::password_wrong: return "password_wrong";
    case Reason::not_decrypted: return "not_decrypted";
    case Reason::import_unreadable: return "import_unreadable";
    case Reason::import_file_unknown: return "import_file_unknown";
  }
  return "";
}

Reason crc_reason(hj212::CrcMatch match) {
  switch (match) {
    case hj212::CrcMatch::hj: return Reason::crc_hj_not_allowed;
    case hj212::CrcMatch::modbus: return Reason::crc_modbus;
    case hj212::CrcMatch::modbus_le: return Reason::crc_modbus_le;
    case hj212::CrcMatch::none: return Reason::crc_wrong;
    case hj212::CrcMatch::absent: return Reason::crc_absent;
  }
  return Reason::crc_wrong;
}

}  // namespace mj::telemetry
