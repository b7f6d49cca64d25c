#include "answer_scan.hpp"

#include "mj/hj212/crc.hpp"

namespace mj::simulator {
namespace {

constexpr std::size_t kLongestSegment = 1024;  // HJ 212-2017 §6.3.1

std::string_view value_of(std::string_view segment, std::string_view key) {
  const std::size_t at = segment.find(key);
  if (at == std::string_view::npos) return {};
  const std::string_view rest = segment.substr(at + key.size());
  return rest.substr(0, rest.find(';'));
}

int hex(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  return -1;
}

/// Bytes up to the next possible head.
std::size_t skip(std::string_view bytes) {
  const std::size_t next = bytes.find("##", 1);
  return next == std::string_view::npos ? std::max<std::size_t>(1, bytes.size() - 1) : next;
}

}  // namespace

std::size_t AnswerScan::take(std::string_view bytes, ScannedAnswer& answer) {
  answer = {};
  if (bytes.size() < 6) return 0;
  std::size_t length = 0;
  bool digits = bytes[0] == '#' && bytes[1] == '#';
  for (std::size_t i = 2; i < 6; ++i) {
    digits = digits && bytes[i] >= '0' && bytes[i] <= '9';
    length = length * 10 + static_cast<std::size_t>(bytes[i] - '0');
  }
  if (!digits || length > kLongestSegment) return skip(bytes);
  const std::size_t whole = length + 12;
  if (bytes.size() < whole) return 0;
  const std::string_view segment = bytes.substr(6, length);
  int given = 0;
  for (std::size_t i = 0; i < 4; ++i) {
    const int nibble = hex(bytes[6 + length + i]);
    given = nibble < 0 || given < 0 ? -1 : given * 16 + nibble;
  }
  if (bytes.substr(whole - 2, 2) != "\r\n" || given != hj212::crc_hj(segment)) return skip(bytes);
  answer.valid = value_of(segment, ";CN=") == "9014" || segment.starts_with("CN=9014;");
  answer.qn = value_of(segment, "QN=");
  answer.mn = value_of(segment, "MN=");
  return whole;
}

}  // namespace mj::simulator
