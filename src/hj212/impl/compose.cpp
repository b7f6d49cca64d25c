#include "mj/hj212/compose.hpp"

#include <fmt/format.h>
#include <array>
#include <iterator>

#include "blocks.hpp"
#include "mj/kernel/instant.hpp"

namespace mj::hj212 {
namespace {

constexpr std::size_t kAroundSegment = 12;  // `##`, length, CRC, CR LF: HJ 212-2017 §6.3.1 table 2

/// The CRC as the rule writes it; `off` stands for that of the standard, since something has to be sent.
std::uint16_t crc_by(CrcRule rule, std::string_view segment) {
  if (rule == CrcRule::hj || rule == CrcRule::off) return crc_hj(segment);
  const std::uint16_t crc = crc_modbus(segment);
  return rule == CrcRule::modbus ? crc : static_cast<std::uint16_t>((crc << 8U) | (crc >> 8U));
}

void put_hex(std::string& bytes, std::uint16_t value) {
  constexpr std::string_view kDigits = "0123456789ABCDEF";
  for (int shift = 12; shift >= 0; shift -= 4) bytes += kDigits[(value >> static_cast<unsigned>(shift)) & 0xFU];
}

/// Head and data segment; `crc` follows, then the line end.
std::string framed(std::string_view segment, std::uint16_t crc) {
  std::string bytes;
  bytes.reserve(segment.size() + kAroundSegment);
  bytes += "##";
  if (segment.size() > 9999) {
    fmt::format_to(std::back_inserter(bytes), "{}", segment.size());  // no receiver takes it, and it says why
  } else {
    for (std::size_t unit = 1000; unit > 0; unit /= 10)
      bytes += static_cast<char>('0' + segment.size() / unit % 10);
  }
  bytes += segment;
  put_hex(bytes, crc);
  bytes += "\r\n";
  return bytes;
}

void put(std::string& text, std::string_view name, std::string_view value) {
  text.append(name).append("=").append(value).append(";");
}

/// Version bits 2…7 of Flag, HJ 212-2017 table 3; the surface-water profile took 2 before the standard did.
std::uint8_t version_bits(const Command& command) {
  if (command.surface_water || command.dialect == Dialect::v2025) return 2U << 2U;
  return command.dialect == Dialect::v2005 ? 0U : 1U << 2U;
}

}  // namespace

std::string segment(const Outgoing& message) {
  std::string text;
  text.reserve(128 + message.area.size());
  if (message.qn) put(text, "QN", *message.qn);
  put(text, "ST", message.st);
  put(text, "CN", message.cn);
  if (message.pw) put(text, "PW", *message.pw);
  put(text, "MN", message.mn);
  if (message.flag) put(text, "Flag", std::to_string(*message.flag));
  if (message.pnum) put(text, "PNUM", std::to_string(*message.pnum));
  if (message.pno) put(text, "PNO", std::to_string(*message.pno));
  if (message.rf) put(text, "RF", "1");
  text.append("CP=&&").append(message.area).append("&&");
  return text;
}

std::string frame(std::string_view segment) { return framed(segment, crc_hj(segment)); }

std::string frame(std::string_view segment, CrcRule crc) { return framed(segment, crc_by(crc, segment)); }

std::string frame(const Outgoing& message, CrcRule crc, const Sm4Key* key) {
  std::string text = segment(message);
  const std::uint16_t value = crc_by(crc, text);
  if (key != nullptr) {
    char* area = text.data() + text.size() - 2 - message.area.size();
    sm4_blocks(*key, Direction::encrypt, std::string_view(area, message.area.size()), area);
  }
  return framed(text, value);
}

Outgoing request(const Command& command, std::string qn, std::string st, std::string pw, std::string mn,
                 std::string area) {
  Outgoing message;
  message.qn = std::move(qn);
  message.st = std::move(st);
  message.cn = command.cn;
  message.pw = std::move(pw);
  message.mn = std::move(mn);
  message.flag = static_cast<std::uint8_t>(version_bits(command) | 1U);
  message.area = std::move(area);
  return message;
}

}  // namespace mj::hj212
