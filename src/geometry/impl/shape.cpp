#include "mj/geometry/shape.hpp"

#include <algorithm>
#include <limits>

#include "geojson.hpp"
#include "sphere.hpp"

namespace mj::geometry {

struct PreparedDestroyer {
  GEOSContextHandle_t context;
  void operator()(const GEOSPreparedGeometry* prepared) const { GEOSPreparedGeom_destroy_r(context, prepared); }
};

/// GEOS builds indexes as it is asked, so questions to one body go one behind the other.
struct Shape::Body {
  Geos geos;
  mutable std::mutex mutex;
  Parts parts;
  Geometry geometry{nullptr, {}};
  std::unique_ptr<const GEOSPreparedGeometry, PreparedDestroyer> prepared{nullptr, {}};

  static Result<std::shared_ptr<const Body>> make(Parts parts);
};

Result<std::shared_ptr<const Shape::Body>> Shape::Body::make(Parts parts) {
  auto body = std::make_shared<Body>();
  const GEOSContextHandle_t geos = body->geos.raw();
  body->geometry = to_geos(body->geos, parts);
  if (body->geometry && !parts.lines && GEOSisValid_r(geos, body->geometry.get()) != 1) {
    const std::unique_ptr<GEOSMakeValidParams, std::function<void(GEOSMakeValidParams*)>> how(
        GEOSMakeValidParams_create_r(geos), [geos](auto* p) { GEOSMakeValidParams_destroy_r(geos, p); });
    GEOSMakeValidParams_setMethod_r(geos, how.get(), GEOS_MAKE_VALID_STRUCTURE);
    const Geometry whole(GEOSMakeValidWithParams_r(geos, body->geometry.get(), how.get()), DestroyGeometry{geos});
    if (whole) parts = from_geos(body->geos, whole.get(), false);
    body->geometry = whole && !parts.members.empty() ? to_geos(body->geos, parts) : nullptr;
  }
  if (!body->geometry) {
    return Error(ErrorCode::invalid_input,
                 fmt::format("GeoJSON: the shape encloses nothing{}{}", body->geos.complaint().empty() ? "" : ": ",
                             body->geos.complaint()));
  }
  body->prepared = {GEOSPrepare_r(geos, body->geometry.get()), PreparedDestroyer{geos}};
  if (!body->prepared) return Error(ErrorCode::internal, "GEOS: " + body->geos.complaint());
  body->parts = std::move(parts);
  return std::shared_ptr<const Body>(std::move(body));
}

Shape::Shape(std::shared_ptr<const Body> body) : body_(std::move(body)) {}

Result<Shape> Shape::from_geojson(std::string_view geometry) {
  MJ_TRY(Parts parts, parse_geojson(geometry));
  MJ_TRY(auto body, Body::make(std::move(parts)));
  return Shape(std::move(body));
}

std::string Shape::to_geojson() const { return write_geojson(body_->parts); }

bool Shape::is_line() const { return body_->parts.lines; }

bool Shape::contains(Place place) const {
  if (body_->parts.lines) return false;
  const std::scoped_lock lock(body_->mutex);
  const GEOSContextHandle_t geos = body_->geos.raw();
  const Geometry point(GEOSGeom_createPointFromXY_r(geos, place.lon, place.lat), DestroyGeometry{geos});
  return point && GEOSPreparedIntersects_r(geos, body_->prepared.get(), point.get()) == 1;
}

double Shape::distance_km(Place place) const {
  if (contains(place)) return 0;
  double best = std::numeric_limits<double>::infinity();
  for (const auto& rings : body_->parts.members) {
    for (const Path& path : rings) best = std::min(best, path_distance_km(path, place));
  }
  return best;
}

double Shape::area_km2() const {
  double area = 0;
  if (body_->parts.lines) return area;
  for (const auto& rings : body_->parts.members) {
    for (std::size_t i = 0; i < rings.size(); ++i) area += (i == 0 ? 1 : -1) * ring_area_km2(rings[i]);
  }
  return area;
}

double Shape::length_km() const {
  double length = 0;
  for (const auto& rings : body_->parts.members) {
    for (const Path& path : rings) length += path_length_km(path);
  }
  return length;
}

Place Shape::inside() const {
  if (body_->parts.lines) {  // a corner in the middle of the longest line
    const auto& longest =
        std::ranges::max(body_->parts.members, {}, [](const auto& m) { return m.front().size(); });
    return longest.front()[longest.front().size() / 2];
  }
  const std::scoped_lock lock(body_->mutex);
  const GEOSContextHandle_t geos = body_->geos.raw();
  const Geometry point(GEOSPointOnSurface_r(geos, body_->geometry.get()), DestroyGeometry{geos});
  const Path place = point ? corners_of(body_->geos, point.get()) : Path();
  return place.empty() ? body_->parts.members.front().front().front() : place.front();
}

Bounds Shape::bounds() const {
  Bounds bounds{{180, 90}, {-180, -90}};
  for (const auto& rings : body_->parts.members) {
    for (const Place place : rings.front()) {
      bounds.south_west = {std::min(bounds.south_west.lon, place.lon), std::min(bounds.south_west.lat, place.lat)};
      bounds.north_east = {std::max(bounds.north_east.lon, place.lon), std::max(bounds.north_east.lat, place.lat)};
    }
  }
  return bounds;
}

bool Shape::touches(const Shape& other) const {
  if (body_ == other.body_) return true;
  const std::scoped_lock lock(body_->mutex, other.body_->mutex);
  return GEOSPreparedIntersects_r(body_->geos.raw(), body_->prepared.get(), other.body_->geometry.get()) == 1;
}

std::vector<Place> Shape::crossings(const Shape& region) const {
  if (!is_line() || region.is_line()) return {};
  const std::scoped_lock lock(body_->mutex, region.body_->mutex);
  const GEOSContextHandle_t geos = body_->geos.raw();
  const Geometry outline(GEOSBoundary_r(geos, region.body_->geometry.get()), DestroyGeometry{geos});
  if (!outline || GEOSPreparedIntersects_r(geos, body_->prepared.get(), outline.get()) != 1) return {};
  const Geometry shared(GEOSIntersection_r(geos, body_->geometry.get(), outline.get()), DestroyGeometry{geos});
  return shared ? corners_of(body_->geos, shared.get()) : std::vector<Place>();
}

Shape Shape::simplified(std::size_t bytes) const {
  if (to_geojson().size() <= bytes) return *this;
  constexpr double kCoarsest = 4;  // degrees
  const std::scoped_lock lock(body_->mutex);
  const GEOSContextHandle_t geos = body_->geos.raw();
  Parts parts = body_->parts;
  for (double tolerance = 1e-5; tolerance < kCoarsest && write_geojson(parts).size() > bytes; tolerance *= 1.25) {
    const Geometry simple(GEOSTopologyPreserveSimplify_r(geos, body_->geometry.get(), tolerance),
                          DestroyGeometry{geos});
    if (!simple) break;
    Parts fewer = from_geos(body_->geos, simple.get(), parts.lines);
    if (!fewer.members.empty()) parts = std::move(fewer);
  }
  if (write_geojson(parts).size() > bytes) {
    const auto extent = [&parts](const std::vector<Path>& member) {
      return parts.lines ? path_length_km(member.front()) : ring_area_km2(member.front());
    };
    std::ranges::sort(parts.members, std::greater(), extent);
    while (parts.members.size() > 1 && write_geojson(parts).size() > bytes) parts.members.pop_back();
  }
  auto body = Body::make(std::move(parts));
  return body ? Shape(*std::move(body)) : *this;
}

}  // namespace mj::geometry
