#include "mj/hj212/crc.hpp"

#include <array>
#include <cstddef>
#include <cstring>

namespace mj::hj212 {
namespace {

constexpr std::uint16_t kPolynomial = 0xA001;  // HJ 212-2017 appendix A, reflected form of 0x8005
constexpr std::size_t kStride = 8;

using WordTable = std::array<std::uint16_t, 256>;
using ByteTable = std::array<std::uint8_t, 256>;

consteval WordTable make_word_table() {
  WordTable table{};
  for (unsigned byte = 0; byte < table.size(); ++byte) {
    unsigned crc = byte;
    for (int bit = 0; bit < 8; ++bit) crc = (crc & 1U) != 0 ? (crc >> 1U) ^ kPolynomial : crc >> 1U;
    table[byte] = static_cast<std::uint16_t>(crc);
  }
  return table;
}
constexpr WordTable kWord = make_word_table();

// HJ 212 keeps only the high byte between two data bytes: high = step(high ^ byte) with step(x) = kWord[x] >> 8.
// step is linear over GF(2), and applied eight times it is the identity (asserted below). So bytes whose distance is a
// multiple of eight have the same effect: a segment can be folded by exclusive or into eight bytes, and only those need
// the table. (It also means that the CRC cannot see two equal changes at such a distance, or two such bytes swapped.)
// kStep[k] is step applied k + 1 times.
consteval std::array<ByteTable, kStride> make_step_tables() {
  std::array<ByteTable, kStride> tables{};
  for (std::size_t byte = 0; byte < 256; ++byte) {
    std::uint8_t high = static_cast<std::uint8_t>(byte);
    for (std::size_t k = 0; k < kStride; ++k) {
      high = static_cast<std::uint8_t>(kWord[high] >> 8U);
      tables[k][byte] = high;
    }
  }
  return tables;
}
constexpr std::array<ByteTable, kStride> kStep = make_step_tables();

consteval bool is_identity(const ByteTable& table) {
  for (std::size_t byte = 0; byte < table.size(); ++byte) {
    if (table[byte] != byte) return false;
  }
  return true;
}
static_assert(is_identity(kStep[kStride - 1]));

/// The words of `text` combined by exclusive or; a rest shorter than a word is left out.
std::array<std::uint8_t, kStride> fold(std::string_view text) {
  constexpr std::size_t kLanes = 4;
  std::array<std::uint64_t, kLanes> lanes{};
  std::size_t i = 0;
  for (; i + kLanes * kStride <= text.size(); i += kLanes * kStride) {
    std::array<std::uint64_t, kLanes> words;
    std::memcpy(words.data(), text.data() + i, sizeof words);
    for (std::size_t k = 0; k < kLanes; ++k) lanes[k] ^= words[k];
  }
  for (; i + kStride <= text.size(); i += kStride) {
    std::uint64_t word = 0;
    std::memcpy(&word, text.data() + i, sizeof word);
    lanes[0] ^= word;
  }
  const std::uint64_t all = lanes[0] ^ lanes[1] ^ lanes[2] ^ lanes[3];
  std::array<std::uint8_t, kStride> bytes;
  std::memcpy(bytes.data(), &all, sizeof all);
  return bytes;
}

// CRC16/Modbus, eight bytes at once: kSlice[k] is the effect of a byte that k more bytes follow.
consteval std::array<WordTable, kStride> make_slice_tables() {
  std::array<WordTable, kStride> tables{};
  tables[0] = kWord;
  for (std::size_t k = 1; k < kStride; ++k) {
    for (std::size_t byte = 0; byte < 256; ++byte) {
      const std::uint16_t before = tables[k - 1][byte];
      tables[k][byte] = static_cast<std::uint16_t>((before >> 8U) ^ kWord[before & 0xFFU]);
    }
  }
  return tables;
}
constexpr std::array<WordTable, kStride> kSlice = make_slice_tables();

std::uint8_t byte_at(std::string_view text, std::size_t i) { return static_cast<std::uint8_t>(text[i]); }

std::optional<std::uint16_t> parse_hex(std::string_view digits) {
  if (digits.empty() || digits.size() > 4) return std::nullopt;
  unsigned value = 0;
  for (const char c : digits) {
    unsigned digit = 0;
    if (c >= '0' && c <= '9') {
      digit = static_cast<unsigned>(c - '0');
    } else if (c >= 'A' && c <= 'F') {
      digit = static_cast<unsigned>(c - 'A') + 10;
    } else if (c >= 'a' && c <= 'f') {
      digit = static_cast<unsigned>(c - 'a') + 10;
    } else {
      return std::nullopt;
    }
    value = value * 16 + digit;
  }
  return static_cast<std::uint16_t>(value);
}

}  // namespace

std::uint16_t crc_hj(std::string_view segment) {
  if (segment.empty()) return 0xFFFF;
  const std::size_t last = segment.size() - 1;
  const auto folded = fold(segment.substr(0, last));
  std::uint8_t high = 0xFF;
  for (std::size_t k = 0; k < kStride; ++k) high ^= kStep[kStride - 1 - k][folded[k]];
  std::size_t i = last / kStride * kStride;
  for (; i < last; ++i) high = kStep[0][high ^ byte_at(segment, i)];
  return kWord[high ^ byte_at(segment, last)];
}

std::uint16_t crc_modbus(std::string_view segment) {
  unsigned crc = 0xFFFF;
  std::size_t i = 0;
  for (; i + kStride <= segment.size(); i += kStride) {
    unsigned next = static_cast<unsigned>(kSlice[7][(crc ^ byte_at(segment, i)) & 0xFFU]) ^
                    kSlice[6][((crc >> 8U) ^ byte_at(segment, i + 1)) & 0xFFU];
    for (std::size_t k = 2; k < kStride; ++k) next ^= kSlice[kStride - 1 - k][byte_at(segment, i + k)];
    crc = next;
  }
  for (; i < segment.size(); ++i) crc = (crc >> 8U) ^ kWord[(crc ^ byte_at(segment, i)) & 0xFFU];
  return static_cast<std::uint16_t>(crc);
}

std::string_view name(CrcMatch match) {
  switch (match) {
    case CrcMatch::hj: return "hj";
    case CrcMatch::modbus: return "modbus";
    case CrcMatch::modbus_le: return "modbus-le";
    case CrcMatch::none: return "none";
    case CrcMatch::absent: return "absent";
  }
  return "none";
}

CrcCheck check_crc(std::string_view segment, std::string_view given) {
  CrcCheck check;
  check.given = given;
  check.hj = crc_hj(segment);
  if (given.empty()) return check;
  check.match = CrcMatch::none;
  const auto value = parse_hex(given);
  if (!value) return check;
  if (*value == check.hj) {
    check.match = CrcMatch::hj;
    return check;
  }
  const std::uint16_t modbus = crc_modbus(segment);
  if (*value == modbus) {
    check.match = CrcMatch::modbus;
  } else if (*value == static_cast<std::uint16_t>((modbus >> 8U) | (modbus << 8U))) {
    check.match = CrcMatch::modbus_le;
  }
  return check;
}

bool accepts(CrcRule rule, CrcMatch match) {
  switch (rule) {
    case CrcRule::hj: return match == CrcMatch::hj;
    case CrcRule::modbus: return match == CrcMatch::modbus;
    case CrcRule::modbus_le: return match == CrcMatch::modbus_le;
    case CrcRule::off: return true;
  }
  return false;
}

bool accepts(CrcRule rule, const CrcCheck& check, std::string_view segment) {
  if (accepts(rule, check.match)) return true;
  if (rule == CrcRule::hj || (check.match != CrcMatch::hj && check.match != CrcMatch::modbus)) return false;
  const auto value = parse_hex(check.given);
  const std::uint16_t modbus = crc_modbus(segment);
  return value &&
         *value ==
             (rule == CrcRule::modbus ? modbus : static_cast<std::uint16_t>((modbus >> 8U) | (modbus << 8U)));
}

std::string_view name(CrcRule rule) {
  switch (rule) {
    case CrcRule::hj: return "hj";
    case CrcRule::modbus: return "modbus";
    case CrcRule::modbus_le: return "modbus-le";
    case CrcRule::off: return "off";
  }
  return "off";
}

std::optional<CrcRule> parse_crc_rule(std::string_view word) {
  if (word == "hj") return CrcRule::hj;
  if (word == "modbus") return CrcRule::modbus;
  if (word == "modbus-le") return CrcRule::modbus_le;
  if (word == "off") return CrcRule::off;
  return std::nullopt;
}

}  // namespace mj::hj212
