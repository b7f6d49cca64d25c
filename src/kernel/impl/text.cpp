#include "mj/kernel/text.hpp"

#include <fmt/format.h>

namespace mj {
namespace {

std::string_view trimmed(std::string_view text) {
  static constexpr std::array<std::string_view, 6> kBlanks{" ", "\t", "\r", "\n", "\u3000", "\u00a0"};
  for (bool again = true; again;) {
    again = false;
    for (const std::string_view blank : kBlanks) {
      if (text.starts_with(blank)) {
        text.remove_prefix(blank.size());
        again = true;
      } else if (text.ends_with(blank)) {
        text.remove_suffix(blank.size());
        again = true;
      }
    }
  }
  return text;
}

}  // namespace

std::size_t utf8_sequence(std::string_view text) {
  const auto at = [text](std::size_t i) { return i < text.size() ? static_cast<std::uint8_t>(text[i]) : 0U; };
  const auto follows = [&at](std::size_t i, unsigned low, unsigned high) { return at(i) >= low && at(i) <= high; };
  const unsigned lead = at(0);
  if (text.empty()) return 0;
  if (lead < 0x80) return 1;
  if (lead >= 0xC2 && lead <= 0xDF) return follows(1, 0x80, 0xBF) ? 2 : 0;
  if (lead >= 0xE0 && lead <= 0xEF) {
    const unsigned low = lead == 0xE0 ? 0xA0 : 0x80;
    const unsigned high = lead == 0xED ? 0x9F : 0xBF;
    return follows(1, low, high) && follows(2, 0x80, 0xBF) ? 3 : 0;
  }
  if (lead >= 0xF0 && lead <= 0xF4) {
    const unsigned low = lead == 0xF0 ? 0x90 : 0x80;
    const unsigned high = lead == 0xF4 ? 0x8F : 0xBF;
    return follows(1, low, high) && follows(2, 0x80, 0xBF) && follows(3, 0x80, 0xBF) ? 4 : 0;
  }
  return 0;
}

bool is_utf8(std::string_view text) {
  while (!text.empty()) {
    const std::size_t size = utf8_sequence(text);
    if (size == 0) return false;
    text.remove_prefix(size);
  }
  return true;
}

Result<std::string> clean_text(std::string_view text, std::size_t most, std::string_view what) {
  const std::string_view clean = trimmed(text);
  if (clean.empty()) return Error(ErrorCode::invalid_input, fmt::format("{}: must not be empty", what));
  if (!is_utf8(clean)) return Error(ErrorCode::invalid_input, fmt::format("{}: is not UTF-8", what));
  const auto characters = static_cast<std::size_t>(std::count_if(
      clean.begin(), clean.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; }));
  if (characters > most) {
    return Error(ErrorCode::invalid_input,
                 fmt::format("{}: has {} characters, at most {} are allowed", what, characters, most));
  }
  return std::string(clean);
}

}  // namespace mj
