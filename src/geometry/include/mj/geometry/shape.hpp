#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

#include "mj/kernel/result.hpp"

namespace mj::geometry {

/// A place on the ground: degrees, WGS84-like.
struct Place {
  double lon = 0;
  double lat = 0;
  bool operator==(const Place&) const = default;
};

/// Great-circle distance in km on the sphere of the mean radius 6,371.0088 km.
[[nodiscard]] double distance_km(Place a, Place b);

/// The shape of a region or a river 几何: (multi)polygon or (multi)line of a GeoJSON geometry. Immutable, cheap to copy; any thread.
class Shape {
 public:
  /// A GeoJSON geometry object (RFC 7946). Errors: invalid_input.
  [[nodiscard]] static Result<Shape> from_geojson(std::string_view geometry);
  /// Coordinates with at most 5 decimals (about 1 m).
  [[nodiscard]] std::string to_geojson() const;
  [[nodiscard]] bool contains(Place place) const;  ///< the border counts as inside; false for lines
  [[nodiscard]] double distance_km(Place place) const;  ///< 0 inside a polygon
  [[nodiscard]] double area_km2() const;    ///< on the sphere; 0 for lines
  [[nodiscard]] double length_km() const;   ///< of lines; the outline of polygons
  [[nodiscard]] Place inside() const;       ///< a place that surely lies on it
  [[nodiscard]] bool touches(const Shape& other) const;  ///< they share a place: neighbours, a river through a region
  /// Fewer corners, topology kept, so that to_geojson() has at most `bytes`; the same shape when it fits already.
  [[nodiscard]] Shape simplified(std::size_t bytes) const;

 private:
  struct Body;
  explicit Shape(std::shared_ptr<const Body> body);
  std::shared_ptr<const Body> body_;
};

}  // namespace mj::geometry
