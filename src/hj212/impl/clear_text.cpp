#include "clear_text.hpp"

#include <algorithm>
#include <cstdint>
#include <cstring>

#include "blocks.hpp"
#include "fields.hpp"
#include "mj/kernel/text.hpp"
#include "scan.hpp"

namespace mj::hj212 {
namespace {

constexpr std::size_t kLongestName = 32;

constexpr bool is_name(char c) {
  return is_digit(c) || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '-' || c == '_' || c == '.';
}

}  // namespace

bool begins_like_field(std::string_view area) {
  std::size_t begin = 0;
  while (begin < area.size() && is_blank(area[begin])) ++begin;
  std::size_t end = begin;
  while (end < area.size() && end - begin <= kLongestName && is_name(area[end])) ++end;
  if (end == begin) return false;
  while (end < area.size() && area[end] == ' ') ++end;
  return end < area.size() && area[end] == '=';
}

bool has_control(std::string_view area) {
  const auto is_control = [](char c) {
    const auto byte = static_cast<std::uint8_t>(c);
    return byte == 0x7F || (byte < 0x20 && c != '\t' && c != '\r' && c != '\n');
  };
  // Eight bytes at once: whether a word holds a byte below 0x20 or 0x7F; only then it is looked at more closely.
  constexpr std::uint64_t kOnes = 0x0101010101010101U;
  constexpr std::uint64_t kHighs = 0x8080808080808080U;
  std::size_t i = 0;
  for (; i + sizeof(std::uint64_t) <= area.size(); i += sizeof(std::uint64_t)) {
    std::uint64_t word = 0;
    std::memcpy(&word, area.data() + i, sizeof word);
    const std::uint64_t low = (word - kOnes * 0x20) & ~word & kHighs;
    const std::uint64_t deleted = ((word ^ (kOnes * 0x7F)) - kOnes) & ~(word ^ (kOnes * 0x7F)) & kHighs;
    if ((low | deleted) == 0) continue;
    for (std::size_t k = 0; k < sizeof word; ++k) {
      if (is_control(area[i + k])) return true;
    }
  }
  return std::any_of(area.begin() + static_cast<std::ptrdiff_t>(i), area.end(), is_control);
}

bool is_plausible(std::string_view area) { return begins_like_field(area) && !has_control(area); }

bool looks_enciphered(std::string_view area) {
  return area.size() >= kSm4Block && (has_control(area) || !begins_like_field(area)) && !is_utf8(area);
}

}  // namespace mj::hj212
