#pragma once

#include <string>
#include <string_view>

#include "geos.hpp"

namespace mj::geometry {

/// Errors: invalid_input.
[[nodiscard]] Result<Parts> parse_geojson(std::string_view text);
[[nodiscard]] std::string write_geojson(const Parts& parts);

}  // namespace mj::geometry
