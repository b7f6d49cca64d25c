#pragma once

#include "geos.hpp"

namespace mj::geometry {

/// Mean radius of the Earth, IUGG: (2a + b) / 3 of WGS 84.
inline constexpr double kEarthRadiusKm = 6371.0088;

/// Area inside a ring whose edges are straight in degrees, whatever its direction.
[[nodiscard]] double ring_area_km2(const Path& ring);
[[nodiscard]] double path_length_km(const Path& path);
/// Distance of a place from the nearest spot of a path.
[[nodiscard]] double path_distance_km(const Path& path, Place place);

}  // namespace mj::geometry
