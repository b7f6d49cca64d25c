#pragma once

#include <optional>
#include <string_view>

#include "mj/hj212/message.hpp"

namespace mj::hj212 {

/// The header when it is written exactly as the standard prints it: QN, ST, CN, PW, MN, Flag[, PNUM, PNO][, RF], CP, each
/// followed by `;`, no blanks, an area between `&&` and `&&` that ends the segment. Says the same as read_header() for
/// those, and nothing (false) for all others. QN and Flag may be absent, as HJ/T 212-2005 has it.
[[nodiscard]] bool read_standard_header(std::string_view segment, Header& header);

/// The header with all tolerances of the field: read_header() without the quick way.
[[nodiscard]] HeaderReading read_any_header(std::string_view segment);

/// A number 0…255. Errors: none for anything else.
[[nodiscard]] std::optional<Flag> read_flag(std::string_view text);

}  // namespace mj::hj212
