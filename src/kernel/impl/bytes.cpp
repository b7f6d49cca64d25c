#include "mj/kernel/bytes.hpp"

#include <algorithm>
#include <cstdint>

namespace mj {
namespace {

constexpr std::string_view kHex = "0123456789abcdef";
constexpr std::string_view kBase64 = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

}  // namespace

std::string to_hex(BytesView bytes) {
  std::string text;
  text.reserve(bytes.size() * 2);
  for (const std::byte b : bytes) {
    text.push_back(kHex[std::to_integer<unsigned>(b) >> 4]);
    text.push_back(kHex[std::to_integer<unsigned>(b) & 15]);
  }
  return text;
}

std::optional<Bytes> from_hex(std::string_view text) {
  if (text.size() % 2 != 0) return std::nullopt;
  Bytes bytes;
  bytes.reserve(text.size() / 2);
  for (std::size_t i = 0; i < text.size(); i += 2) {
    const int high = hex_digit(text[i]);
    const int low = hex_digit(text[i + 1]);
    if (high < 0 || low < 0) return std::nullopt;
    bytes.push_back(static_cast<std::byte>(high * 16 + low));
  }
  return bytes;
}

std::string to_base64(BytesView bytes) {
  std::string text;
  text.reserve((bytes.size() + 2) / 3 * 4);
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    std::uint32_t group = 0;
    const std::size_t count = std::min<std::size_t>(3, bytes.size() - i);
    for (std::size_t k = 0; k < 3; ++k) {
      group = group << 8 | (k < count ? std::to_integer<std::uint32_t>(bytes[i + k]) : 0U);
    }
    for (std::size_t k = 0; k < 4; ++k) {
      text.push_back(k <= count ? kBase64[group >> (18 - 6 * k) & 63] : '=');
    }
  }
  return text;
}

std::optional<Bytes> from_base64(std::string_view text) {
  if (text.size() % 4 != 0) return std::nullopt;
  Bytes bytes;
  bytes.reserve(text.size() / 4 * 3);
  for (std::size_t i = 0; i < text.size(); i += 4) {
    const bool last = i + 4 == text.size();
    const std::size_t padding = last ? (text[i + 2] == '=' ? 2U : text[i + 3] == '=' ? 1U : 0U) : 0U;
    if (padding == 2 && text[i + 3] != '=') return std::nullopt;
    std::uint32_t group = 0;
    for (std::size_t k = 0; k < 4; ++k) {
      std::size_t digit = 0;
      if (k < 4 - padding) {
        digit = kBase64.find(text[i + k]);
        if (digit == std::string_view::npos) return std::nullopt;
      }
      group = group << 6 | static_cast<std::uint32_t>(digit);
    }
    for (std::size_t k = 0; k < 3 - padding; ++k)
      bytes.push_back(static_cast<std::byte>(group >> (16 - 8 * k) & 255));
    // Non-zero bits under the padding would give one digest several spellings.
    if (padding > 0 && (group & ((1U << (8 * padding)) - 1)) != 0) return std::nullopt;
  }
  return bytes;
}

}  // namespace mj
