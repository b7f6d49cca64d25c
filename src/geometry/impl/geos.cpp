#include "geos.hpp"

#include <new>

namespace mj::geometry {
namespace {

void keep_complaint(const char* text, void* complaint) { *static_cast<std::string*>(complaint) = text; }

GEOSCoordSequence* sequence_of(const Geos& geos, const Path& path) {
  static_assert(sizeof(Place) == 2 * sizeof(double));
  return GEOSCoordSeq_copyFromBuffer_r(geos.raw(), &path.front().lon, static_cast<unsigned>(path.size()), 0, 0);
}

Path path_of(const Geos& geos, const GEOSGeometry* line) {
  const GEOSCoordSequence* sequence = GEOSGeom_getCoordSeq_r(geos.raw(), line);
  unsigned size = 0;
  GEOSCoordSeq_getSize_r(geos.raw(), sequence, &size);
  Path path(size);
  if (size > 0) GEOSCoordSeq_copyToBuffer_r(geos.raw(), sequence, &path.front().lon, 0, 0);
  return path;
}

void collect(const Geos& geos, const GEOSGeometry* geometry, Parts& into) {
  const int type = GEOSGeomTypeId_r(geos.raw(), geometry);
  if (type >= GEOS_MULTIPOINT) {
    const int count = GEOSGetNumGeometries_r(geos.raw(), geometry);
    for (int i = 0; i < count; ++i) collect(geos, GEOSGetGeometryN_r(geos.raw(), geometry, i), into);
    return;
  }
  if (GEOSisEmpty_r(geos.raw(), geometry) != 0) return;
  if (into.lines) {
    if (type == GEOS_LINESTRING || type == GEOS_LINEARRING) into.members.push_back({path_of(geos, geometry)});
    return;
  }
  if (type != GEOS_POLYGON) return;
  std::vector<Path> rings{path_of(geos, GEOSGetExteriorRing_r(geos.raw(), geometry))};
  const int holes = GEOSGetNumInteriorRings_r(geos.raw(), geometry);
  for (int i = 0; i < holes; ++i) rings.push_back(path_of(geos, GEOSGetInteriorRingN_r(geos.raw(), geometry, i)));
  into.members.push_back(std::move(rings));
}

}  // namespace

Geos::Geos() : raw_(GEOS_init_r()) {
  if (raw_ == nullptr) throw std::bad_alloc();
  GEOSContext_setErrorMessageHandler_r(raw_, keep_complaint, &complaint_);
}

Geos::~Geos() { GEOS_finish_r(raw_); }

Geometry to_geos(const Geos& geos, const Parts& parts) {
  std::vector<GEOSGeometry*> members;
  for (const auto& rings : parts.members) {
    if (parts.lines) {
      members.push_back(GEOSGeom_createLineString_r(geos.raw(), sequence_of(geos, rings.front())));
      continue;
    }
    std::vector<GEOSGeometry*> shells;
    for (const Path& ring : rings)
      shells.push_back(GEOSGeom_createLinearRing_r(geos.raw(), sequence_of(geos, ring)));
    members.push_back(GEOSGeom_createPolygon_r(geos.raw(), shells.front(), shells.data() + 1,
                                               static_cast<unsigned>(shells.size() - 1)));
  }
  GEOSGeometry* whole =
      GEOSGeom_createCollection_r(geos.raw(), parts.lines ? GEOS_MULTILINESTRING : GEOS_MULTIPOLYGON,
                                  members.data(), static_cast<unsigned>(members.size()));
  return Geometry(whole, DestroyGeometry{geos.raw()});
}

Parts from_geos(const Geos& geos, const GEOSGeometry* geometry, bool lines) {
  Parts parts;
  parts.lines = lines;
  collect(geos, geometry, parts);
  return parts;
}

Path corners_of(const Geos& geos, const GEOSGeometry* geometry) {
  const int type = GEOSGeomTypeId_r(geos.raw(), geometry);
  if (type == GEOS_POINT || type == GEOS_LINESTRING || type == GEOS_LINEARRING)
    return GEOSisEmpty_r(geos.raw(), geometry) != 0 ? Path() : path_of(geos, geometry);
  Path corners;
  const int count = GEOSGetNumGeometries_r(geos.raw(), geometry);
  for (int i = 0; type != GEOS_POLYGON && i < count; ++i) {
    const GEOSGeometry* member = GEOSGetGeometryN_r(geos.raw(), geometry, i);
    const Path path = corners_of(geos, member);
    const bool line = GEOSGeomTypeId_r(geos.raw(), member) == GEOS_LINESTRING;
    if (line && path.size() > 2) {
      corners.push_back(path.front());
      corners.push_back(path.back());
    } else {
      corners.insert(corners.end(), path.begin(), path.end());
    }
  }
  return corners;
}

}  // namespace mj::geometry
