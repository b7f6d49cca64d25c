#pragma once

#include <optional>
#include <string>

#include "mj/custody/custody_book.hpp"

namespace mj::custody {

/// The JSON of the decision `gap.explain`.
[[nodiscard]] std::string to_json(const Explanation& explanation);
/// None when the payload is another decision. `entry` is left 0.
[[nodiscard]] std::optional<Explanation> parse_explanation(std::string_view json);

}  // namespace mj::custody
