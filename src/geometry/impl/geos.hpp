#pragma once

#include <geos_c.h>

#include <memory>
#include <string>
#include <vector>

#include "mj/geometry/shape.hpp"

namespace mj::geometry {

/// A context of GEOS: it collects what the library has to say. One thread at a time.
class Geos {
 public:
  Geos();
  ~Geos();
  Geos(const Geos&) = delete;
  Geos& operator=(const Geos&) = delete;
  [[nodiscard]] GEOSContextHandle_t raw() const { return raw_; }
  [[nodiscard]] const std::string& complaint() const { return complaint_; }

 private:
  GEOSContextHandle_t raw_ = nullptr;
  std::string complaint_;
};

/// An owned geometry; its context lives longer.
struct DestroyGeometry {
  GEOSContextHandle_t context;
  void operator()(GEOSGeometry* geometry) const { GEOSGeom_destroy_r(context, geometry); }
};
using Geometry = std::unique_ptr<GEOSGeometry, DestroyGeometry>;

/// Corners one behind the other; a ring repeats its first corner at the end.
using Path = std::vector<Place>;

/// Polygons as rings (the first is the outline, the others are holes), or lines: a polygon with one open path.
struct Parts {
  bool lines = false;
  std::vector<std::vector<Path>> members;
};

[[nodiscard]] Geometry to_geos(const Geos& geos, const Parts& parts);
/// Members of the wanted dimension; what a repair or a cut left of other dimensions is passed over.
[[nodiscard]] Parts from_geos(const Geos& geos, const GEOSGeometry* geometry, bool lines);
/// Every corner of a geometry of any kind.
[[nodiscard]] Path corners_of(const Geos& geos, const GEOSGeometry* geometry);

}  // namespace mj::geometry
