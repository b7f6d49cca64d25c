#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace mj {

using Bytes = std::vector<std::byte>;
using BytesView = std::span<const std::byte>;

/// A SHA-256 or SM3 digest.
using Digest = std::array<std::byte, 32>;

[[nodiscard]] inline BytesView as_bytes(std::string_view text) {
  return std::as_bytes(std::span<const char>(text.data(), text.size()));
}
[[nodiscard]] inline std::string_view as_text(BytesView bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

/// Lower-case hexadecimal.
[[nodiscard]] std::string to_hex(BytesView bytes);
/// Errors: none for an odd length or a character that is no hexadecimal digit.
[[nodiscard]] std::optional<Bytes> from_hex(std::string_view text);

/// RFC 4648 §4 with padding.
[[nodiscard]] std::string to_base64(BytesView bytes);
/// Errors: none for wrong length, padding or characters.
[[nodiscard]] std::optional<Bytes> from_base64(std::string_view text);

}  // namespace mj
