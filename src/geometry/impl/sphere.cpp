#include "sphere.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>

namespace mj::geometry {
namespace {

constexpr double kRadians = std::numbers::pi / 180;

/// The spot between a and b nearest to `place`, in the plane that keeps distances near `place`.
Place nearest_between(Place a, Place b, Place place) {
  const double shrink = std::cos(place.lat * kRadians);
  const double dx = (b.lon - a.lon) * shrink;
  const double dy = b.lat - a.lat;
  const double square = dx * dx + dy * dy;
  if (square == 0) return a;
  const double along =
      std::clamp(((place.lon - a.lon) * shrink * dx + (place.lat - a.lat) * dy) / square, 0.0, 1.0);
  return {a.lon + (b.lon - a.lon) * along, a.lat + (b.lat - a.lat) * along};
}

}  // namespace

double distance_km(Place a, Place b) {
  const double dlat = (b.lat - a.lat) * kRadians;
  const double dlon = (b.lon - a.lon) * kRadians;
  const double half = std::pow(std::sin(dlat / 2), 2) +
                      std::cos(a.lat * kRadians) * std::cos(b.lat * kRadians) * std::pow(std::sin(dlon / 2), 2);
  return 2 * kEarthRadiusKm * std::asin(std::min(1.0, std::sqrt(half)));
}

double ring_area_km2(const Path& ring) {
  double sum = 0;
  for (std::size_t i = 0; i + 1 < ring.size(); ++i) {
    const double lat1 = ring[i].lat * kRadians;
    const double lat2 = ring[i + 1].lat * kRadians;
    const double dlat = lat2 - lat1;
    // The mean of sin(latitude) along the edge, which is (cos lat1 − cos lat2) / (lat2 − lat1).
    const double x = dlat / 2;
    const double mean = std::sin((lat1 + lat2) / 2) * (std::abs(x) < 1e-6 ? 1 - x * x / 6 : std::sin(x) / x);
    sum += (ring[i + 1].lon - ring[i].lon) * kRadians * mean;
  }
  return std::abs(sum) * kEarthRadiusKm * kEarthRadiusKm;
}

double path_length_km(const Path& path) {
  double sum = 0;
  for (std::size_t i = 0; i + 1 < path.size(); ++i) sum += distance_km(path[i], path[i + 1]);
  return sum;
}

double path_distance_km(const Path& path, Place place) {
  double best = std::numeric_limits<double>::infinity();
  for (std::size_t i = 0; i + 1 < path.size(); ++i)
    best = std::min(best, distance_km(place, nearest_between(path[i], path[i + 1], place)));
  return best;
}

}  // namespace mj::geometry
