#pragma once

#include <optional>
#include <string_view>

#include "mj/standards/air.hpp"
#include "mj/standards/factor.hpp"
#include "mj/standards/water.hpp"

namespace mj::standards {

// Words of the closed lists in the tables. Errors: none for another word.
[[nodiscard]] std::optional<Condition> parse_condition(std::string_view word);
[[nodiscard]] std::optional<FlagScheme> parse_flag_scheme(std::string_view word);
[[nodiscard]] std::optional<WaterBody> parse_water_body(std::string_view word);
[[nodiscard]] std::optional<WaterRule> parse_water_rule(std::string_view word);
[[nodiscard]] std::optional<AboveTop> parse_above_top(std::string_view word);

}  // namespace mj::standards
