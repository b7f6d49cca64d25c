#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "mj/kernel/result.hpp"

namespace mj::geometry {

/// A place on the ground: degrees, WGS84-like.
struct Place {
  double lon = 0;
  double lat = 0;
  bool operator==(const Place&) const = default;
};

/// The smallest rectangle in degrees around something.
struct Bounds {
  Place south_west;
  Place north_east;
};

/// Great-circle distance in km on the sphere of the mean radius 6,371.0088 km.
[[nodiscard]] double distance_km(Place a, Place b);

/// The shape of a region or a river 几何: (multi)polygon or (multi)line of a GeoJSON geometry. Immutable, cheap to copy; any thread.
class Shape {
 public:
  /// A GeoJSON geometry object (RFC 7946); heights and rings that enclose nothing are left out, a polygon
  /// that crosses itself is made whole, an inner ring that lies outside of the outline is a part of its own.
  /// Errors: invalid_input for what is no geometry, no line or polygon, or lies beyond ±180° and ±90°.
  [[nodiscard]] static Result<Shape> from_geojson(std::string_view geometry);
  /// Coordinates with at most 5 decimals (about 1 m).
  [[nodiscard]] std::string to_geojson() const;
  [[nodiscard]] bool is_line() const;
  [[nodiscard]] bool contains(Place place) const;       ///< the border counts as inside; false for lines
  [[nodiscard]] double distance_km(Place place) const;  ///< 0 inside a polygon
  [[nodiscard]] double area_km2() const;                ///< on the sphere; 0 for lines
  [[nodiscard]] double length_km() const;               ///< of lines; the outline of polygons
  [[nodiscard]] Place inside() const;                   ///< a place that surely lies on it
  [[nodiscard]] Bounds bounds() const;
  [[nodiscard]] bool touches(
      const Shape& other) const;  ///< they share a place: neighbours, a river through a region
  /// Places where this line passes the outline of `region`, in no order; where it runs along the outline, the ends of that
  /// stretch. Empty for two polygons.
  [[nodiscard]] std::vector<Place> crossings(const Shape& region) const;
  /// Fewer corners, topology kept, so that to_geojson() has at most `bytes`; the same shape when it fits already. Small
  /// parts are left out only where nothing else helps; the largest part stays, whatever `bytes` is.
  [[nodiscard]] Shape simplified(std::size_t bytes) const;

 private:
  struct Body;
  explicit Shape(std::shared_ptr<const Body> body);
  std::shared_ptr<const Body> body_;
};

}  // namespace mj::geometry
