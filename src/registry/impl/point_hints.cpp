#include "point_hints.hpp"

#include <algorithm>
#include <cmath>
#include <unordered_map>

#include "mj/geometry/shape.hpp"

namespace mj::registry {
namespace {

constexpr double kMetresPerKm = 1000;
/// Metres of one degree of latitude, a little low so that a cell of the grid is never too small.
constexpr double kMetresPerDegree = 110'000;
constexpr double kLeastCosine = 0.05;

geometry::Place place_of(const PointView& point) { return {*point.lon, *point.lat}; }

/// A place that distances can be measured from: known and exact.
bool has_exact_place(const PointView& point) { return point.lon && point.lat && !point.approximate; }

std::vector<std::string> sorted(std::vector<std::string> words) {
  std::sort(words.begin(), words.end());
  return words;
}

bool same_owner_and_factors(const PointView& a, const PointView& b) {
  return !a.owner.empty() && a.owner == b.owner && !a.factors.empty() && sorted(a.factors) == sorted(b.factors);
}

/// Points by cells of a grid, so that only neighbours are compared.
class Grid {
 public:
  Grid(const std::vector<const PointView*>& points, double reach_m)
      : cell_(std::max(reach_m, 1.0) / kMetresPerDegree) {
    double most_lat = 0;
    for (const PointView* point : points) most_lat = std::max(most_lat, std::abs(*point->lat));
    // Degrees of longitude are shorter: the cells are as wide as the farthest from the equator need.
    lon_cell_ = cell_ / std::max(kLeastCosine, std::cos(most_lat * M_PI / 180));
    for (std::size_t i = 0; i < points.size(); ++i) cells_[key(column(*points[i]), row(*points[i]))].push_back(i);
  }
  /// Indices of points near one, itself among them.
  template <typename Visit>
  void near(const PointView& point, const Visit& visit) const {
    for (std::int64_t dx = -1; dx <= 1; ++dx) {
      for (std::int64_t dy = -1; dy <= 1; ++dy) {
        const auto found = cells_.find(key(column(point) + dx, row(point) + dy));
        if (found == cells_.end()) continue;
        for (const std::size_t index : found->second) visit(index);
      }
    }
  }

 private:
  static std::int64_t key(std::int64_t column, std::int64_t row) { return column * 100'000'000 + row; }
  [[nodiscard]] std::int64_t column(const PointView& point) const {
    return static_cast<std::int64_t>(std::floor(*point.lon / lon_cell_));
  }
  [[nodiscard]] std::int64_t row(const PointView& point) const {
    return static_cast<std::int64_t>(std::floor(*point.lat / cell_));
  }
  double cell_;
  double lon_cell_ = 1;
  std::unordered_map<std::int64_t, std::vector<std::size_t>> cells_;
};

void add_pairs(const DuplicateRule& rule, const std::vector<const PointView*>& points,
               const std::set<std::string, std::less<>>* only, std::vector<Hint>& hints) {
  const double reach = std::max(rule.distance_m, rule.owner_distance_m);
  const Grid grid(points, reach);
  for (std::size_t i = 0; i < points.size(); ++i) {
    const PointView& a = *points[i];
    grid.near(a, [&](std::size_t j) {
      if (j <= i) return;
      const PointView& b = *points[j];
      if (only != nullptr && !only->contains(a.id) && !only->contains(b.id)) return;
      const double metres = geometry::distance_km(place_of(a), place_of(b)) * kMetresPerKm;
      if (metres > reach) return;
      // Points of one station stand at one place on purpose.
      const std::string& site = a.attributes.contains("site") ? a.attributes.find("site")->second : a.id;
      const auto other_site = b.attributes.find("site");
      if (other_site != b.attributes.end() && other_site->second == site && a.sort != b.sort) return;
      if (*a.lon == *b.lon && *a.lat == *b.lat) {
        hints.push_back({a.id, b.id, 0, Hint::Why::same_place});
      } else if (metres <= rule.owner_distance_m && same_owner_and_factors(a, b)) {
        hints.push_back({a.id, b.id, metres, Hint::Why::same_owner});
      } else if (metres <= rule.distance_m) {
        hints.push_back({a.id, b.id, metres, Hint::Why::near});
      }
    });
  }
}

bool within(const std::array<double, 4>& bounds, double lon, double lat) {
  return lon >= bounds[0] && lon <= bounds[2] && lat >= bounds[1] && lat <= bounds[3];
}

}  // namespace

std::string_view name(Hint::Why why) {
  switch (why) {
    case Hint::Why::near: return "near";
    case Hint::Why::same_owner: return "same_owner";
    case Hint::Why::same_place: return "same_place";
    case Hint::Why::outside_region: return "outside_region";
    case Hint::Why::swapped: return "swapped";
  }
  return "near";
}

LocalName title(Hint::Why why) {
  switch (why) {
    case Hint::Why::near:
      return {"同要素点位相距过近，可能重复建设", "two points of one element very near each other"};
    case Hint::Why::same_owner:
      return {"同一单位、相同项目的点位相近，可能重复建设", "the same owner measures the same factors nearby"};
    case Hint::Why::same_place: return {"坐标完全相同", "exactly the same coordinates"};
    case Hint::Why::outside_region: return {"坐标不在所属行政区内", "lies outside its region"};
    case Hint::Why::swapped: return {"经纬度疑似颠倒", "longitude and latitude seem to be exchanged"};
  }
  return {};
}

std::vector<Hint> duplicate_hints(const RegisterSchema& schema, const std::vector<PointView>& points,
                                  std::string_view element, std::optional<double> distance_m,
                                  const std::set<std::string, std::less<>>* only) {
  std::vector<Hint> hints;
  for (DuplicateRule rule : schema.duplicate_rules()) {
    if (!element.empty() && rule.element != element) continue;
    if (distance_m) rule.distance_m = rule.owner_distance_m = *distance_m;
    std::vector<const PointView*> placed;
    for (const PointView& point : points) {
      if (point.element == rule.element && point.state != RecordState::stopped && has_exact_place(point)) {
        placed.push_back(&point);
      }
    }
    add_pairs(rule, placed, only, hints);
  }
  std::sort(hints.begin(), hints.end(), [](const Hint& a, const Hint& b) {
    return std::tie(a.distance_m, a.a, a.b) < std::tie(b.distance_m, b.a, b.b);
  });
  return hints;
}

std::vector<Hint> place_hints(const RegisterSchema& schema, const std::vector<PointView>& points,
                              const OutlineOf& outline, const std::set<std::string, std::less<>>* only) {
  std::vector<Hint> hints;
  std::unordered_map<std::string, std::optional<geometry::Shape>> shapes;
  const auto shape_of = [&](const std::string& region) -> const std::optional<geometry::Shape>& {
    const auto found = shapes.find(region);
    if (found != shapes.end()) return found->second;
    std::optional<geometry::Shape> shape;
    if (const std::string json = outline(region); !json.empty()) {
      if (auto read = geometry::Shape::from_geojson(json)) shape = *std::move(read);
    }
    return shapes.emplace(region, std::move(shape)).first->second;
  };
  for (const PointView& point : points) {
    if (!point.lon || !point.lat || (only != nullptr && !only->contains(point.id))) continue;
    const geometry::Place place = place_of(point);
    const geometry::Place exchanged{place.lat, place.lon};
    if (!point.region.empty()) {
      if (const auto& shape = shape_of(point.region)) {
        const double outside_km = shape->distance_km(place);
        if (outside_km <= schema.border_tolerance_km()) continue;
        const bool swapped = shape->distance_km(exchanged) <= schema.border_tolerance_km();
        hints.push_back({point.id, point.region, outside_km * kMetresPerKm,
                         swapped ? Hint::Why::swapped : Hint::Why::outside_region});
        continue;
      }
    }
    if (within(schema.bounds(), place.lon, place.lat)) continue;
    const bool swapped = within(schema.bounds(), exchanged.lon, exchanged.lat);
    hints.push_back({point.id, point.region, 0, swapped ? Hint::Why::swapped : Hint::Why::outside_region});
  }
  return hints;
}

}  // namespace mj::registry
