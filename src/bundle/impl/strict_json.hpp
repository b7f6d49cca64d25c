#pragma once

#include <string_view>

#include <nlohmann/json.hpp>

#include "mj/kernel/result.hpp"

namespace mj::bundle {

/// What a hostile file may cost: docs/formats/bundle.md §1.
struct JsonBounds {
  std::size_t bytes = 128U << 20U;
  std::size_t values = 1U << 23U;
  std::size_t depth = 6;
  bool negative = false;  ///< integers may have a sign
};

/// Reads JSON as §1 wants it: UTF-8 without byte order mark, no member name twice in an object, numbers only as digits below 2^53 (and above −2^53
/// where negative ones are allowed),
/// bounded in size, count and depth. Errors: invalid_input with what and where.
[[nodiscard]] Result<nlohmann::json> parse_strict(std::string_view text, const JsonBounds& bounds = {});

}  // namespace mj::bundle
