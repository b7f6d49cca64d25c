#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "mj/kernel/result.hpp"

namespace mj {

/// Length of the well-formed UTF-8 sequence at the start of `text`, 0 when there is none. Source: Unicode 15, table 3-7.
[[nodiscard]] std::size_t utf8_sequence(std::string_view text);
[[nodiscard]] bool is_utf8(std::string_view text);

/// What a person wrote, without blanks around it (ideographic and non-breaking ones too). Errors: invalid_input, beginning
/// with `what`, when it is empty, no UTF-8, or longer than `most` characters.
[[nodiscard]] Result<std::string> clean_text(std::string_view text, std::size_t most, std::string_view what);

/// Longest name and reason of a recorded act 处置人、理由, in characters.
inline constexpr std::size_t kMaxNameCharacters = 64;
inline constexpr std::size_t kMaxReasonCharacters = 500;

}  // namespace mj
