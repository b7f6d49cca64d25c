#include "note_text.hpp"

namespace mj::evidence_format {
namespace {

constexpr std::uint32_t kBroken = 0xFFFFFFFF;

/// Takes one code point off the front; kBroken when the bytes are no UTF-8.
std::uint32_t take_code(std::string_view& text) {
  const auto lead = static_cast<unsigned char>(text.front());
  if (lead < 0x80) {
    text.remove_prefix(1);
    return lead;
  }
  const std::size_t length = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
  if (lead < 0xC2 || lead > 0xF4 || length > text.size()) return kBroken;
  std::uint32_t code = lead & (0x7FU >> length);
  for (std::size_t i = 1; i < length; ++i) {
    const auto next = static_cast<unsigned char>(text[i]);
    if ((next & 0xC0U) != 0x80) return kBroken;
    code = (code << 6U) | (next & 0x3FU);
  }
  const bool overlong = (length == 3 && code < 0x800) || (length == 4 && code < 0x10000);
  if (overlong || code > 0x10FFFF || (code >= 0xD800 && code <= 0xDFFF)) return kBroken;
  text.remove_prefix(length);
  return code;
}

/// The property White_Space of Unicode.
bool is_space(std::uint32_t code) {
  return (code >= 0x09 && code <= 0x0D) || code == 0x20 || code == 0x85 || code == 0xA0 || code == 0x1680 ||
         (code >= 0x2000 && code <= 0x200A) || code == 0x2028 || code == 0x2029 || code == 0x202F ||
         code == 0x205F || code == 0x3000;
}

}  // namespace

bool valid_note_text(std::string_view text) {
  while (!text.empty()) {
    const std::uint32_t code = take_code(text);
    if (code == kBroken || (code < 0x20 && code != '\n')) return false;
  }
  return true;
}

bool valid_key_name(std::string_view name) {
  if (name.empty()) return false;
  while (!name.empty()) {
    const std::uint32_t code = take_code(name);
    if (code == kBroken || code < 0x20 || code == 0x7F || code == '+' || is_space(code)) return false;
  }
  return true;
}

std::optional<Bytes> strict_base64(std::string_view text) {
  std::optional<Bytes> bytes = from_base64(text);
  if (bytes && to_base64(*bytes) != text) return std::nullopt;
  return bytes;
}

std::optional<Digest> digest_from_base64(std::string_view text) {
  const std::optional<Bytes> bytes = strict_base64(text);
  Digest digest;
  if (!bytes || bytes->size() != digest.size()) return std::nullopt;
  std::copy(bytes->begin(), bytes->end(), digest.begin());
  return digest;
}

std::optional<std::string_view> take_line(std::string_view& text) {
  const std::size_t end = text.find('\n');
  if (end == std::string_view::npos) return std::nullopt;
  const std::string_view line = text.substr(0, end);
  text.remove_prefix(end + 1);
  return line;
}

}  // namespace mj::evidence_format
