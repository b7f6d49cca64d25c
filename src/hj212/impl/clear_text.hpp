#pragma once

#include <string_view>

namespace mj::hj212 {

/// Whether an area begins as a field does: a short name of letters, digits, `-`, `_`, `.` and an equals sign.
[[nodiscard]] bool begins_like_field(std::string_view area);

/// Whether there are bytes that no text has: control characters other than tabs and line ends.
[[nodiscard]] bool has_control(std::string_view area);

/// Whether an area can be a text of fields: begins like one and has no control characters.
[[nodiscard]] bool is_plausible(std::string_view area);

/// Whether an area can only be ciphertext of HJ 212-2025 §6.4: at least one block, no UTF-8, and either control characters
/// or no name at its beginning. GBK text is not UTF-8 either, but begins with a name and has no control characters.
[[nodiscard]] bool looks_enciphered(std::string_view area);

}  // namespace mj::hj212
