#include "mj/geometry/drawing.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <optional>
#include <unordered_map>

#include "geojson.hpp"

namespace mj::geometry {
namespace {

/// The longer side of the smallest rectangle around everything, degrees.
double longer_side(const std::vector<Parts>& shapes) {
  constexpr double kFar = std::numeric_limits<double>::infinity();
  double west = kFar;
  double south = kFar;
  double east = -kFar;
  double north = -kFar;
  for (const Parts& parts : shapes) {
    for (const std::vector<Path>& member : parts.members) {
      for (const Place place : member.front()) {
        west = std::min(west, place.lon);
        east = std::max(east, place.lon);
        south = std::min(south, place.lat);
        north = std::max(north, place.lat);
      }
    }
  }
  return west > east ? 0 : std::max(east - west, north - south);
}

/// In each square of a grid the corner that came first stands for all: borders that neighbours share stay shared, and lines lie where they
/// did, not on the grid.
class Grid {
 public:
  explicit Grid(double cell) : cell_(cell) {}

  Path thinned(const Path& path) {
    Path few;
    for (const Place place : path) {
      const auto column = static_cast<std::int32_t>(std::lround(place.lon / cell_));
      const auto row = static_cast<std::int32_t>(std::lround(place.lat / cell_));
      const std::uint64_t square =
          (std::uint64_t{static_cast<std::uint32_t>(column)} << 32U) | static_cast<std::uint32_t>(row);
      const Place corner = corners_.try_emplace(square, place).first->second;
      if (few.empty() || few.back() != corner) few.push_back(corner);
    }
    return few;
  }

 private:
  double cell_;
  std::unordered_map<std::uint64_t, Place> corners_;
};

Parts thinned(const Parts& parts, Grid& grid) {
  Parts few;
  few.lines = parts.lines;
  const std::size_t least = parts.lines ? 2 : 4;
  for (const std::vector<Path>& member : parts.members) {
    std::vector<Path> kept;
    for (const Path& path : member) {
      Path drawn = grid.thinned(path);
      if (drawn.size() >= least) kept.push_back(std::move(drawn));
      if (kept.empty()) break;  // holes of an outline that is too small to be seen
    }
    if (!kept.empty()) few.members.push_back(std::move(kept));
  }
  return few;
}

}  // namespace

std::vector<std::string> drawn(const std::vector<std::string_view>& geometries, unsigned across) {
  std::vector<Parts> shapes(geometries.size());
  for (std::size_t i = 0; i < geometries.size(); ++i) {
    if (auto parts = parse_geojson(geometries[i])) shapes[i] = *std::move(parts);
  }
  const double cell = longer_side(shapes) / std::max(1U, across);
  std::optional<Grid> grid;
  if (cell > 0) grid.emplace(cell);
  std::vector<std::string> texts(geometries.size());
  for (std::size_t i = 0; i < shapes.size(); ++i) {
    const Parts few = grid ? thinned(shapes[i], *grid) : shapes[i];
    if (!few.members.empty()) texts[i] = write_geojson(few);
  }
  return texts;
}

}  // namespace mj::geometry
