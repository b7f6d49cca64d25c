#include "cells.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace mj::coverage {
namespace {

using geometry::Place;

constexpr double kKmPerDegree = 111.195;  ///< of latitude, on the mean sphere
constexpr std::size_t kMostCells = 6000;
constexpr double kFinestKm = 0.1;

std::vector<const registry::Record*> districts_of(const Inventory& inventory, const std::string& region) {
  std::vector<const registry::Record*> districts;
  for (const registry::Record& each : inventory.records("region")) {
    if (each.get("level") != "district" || inventory.shape("region", each.id) == nullptr) continue;
    if (region.empty() || inventory.lies_in(each.id, region)) districts.push_back(&each);
  }
  if (districts.empty() && !region.empty() && inventory.shape("region", region) != nullptr)
    districts.push_back(inventory.find("region", region));
  return districts;
}

/// Visits the places of a square grid over the bounds of a shape, row by row from the south-west.
template <typename Visit>
void walk(const geometry::Shape& shape, double step_km, Place origin, Visit visit) {
  const geometry::Bounds bounds = shape.bounds();
  const double step_lat = step_km / kKmPerDegree;
  const auto first_row = static_cast<std::int64_t>(std::floor((bounds.south_west.lat - origin.lat) / step_lat));
  const auto last_row = static_cast<std::int64_t>(std::ceil((bounds.north_east.lat - origin.lat) / step_lat));
  for (std::int64_t row = first_row; row <= last_row; ++row) {
    const double lat = origin.lat + (static_cast<double>(row) + 0.5) * step_lat;
    const double step_lon = step_lat / std::max(0.01, std::cos(lat * std::numbers::pi / 180));
    const auto first = static_cast<std::int64_t>(std::floor((bounds.south_west.lon - origin.lon) / step_lon));
    const auto last = static_cast<std::int64_t>(std::ceil((bounds.north_east.lon - origin.lon) / step_lon));
    for (std::int64_t column = first; column <= last; ++column) {
      const Place place{origin.lon + (static_cast<double>(column) + 0.5) * step_lon, lat};
      if (shape.contains(place)) visit(place);
    }
  }
}

}  // namespace

Result<Ground> divide(const Inventory& inventory, const std::string& region, Weight weight, double radius_km) {
  if (!region.empty() && inventory.find("region", region) == nullptr)
    return Error(ErrorCode::not_found, fmt::format("the register has no region {}", region));
  Ground ground;
  ground.districts = districts_of(inventory, region);
  if (ground.districts.empty())
    return Error(ErrorCode::invalid_input,
                 "no district there has an outline in the register: nothing can be covered");
  double area = 0;
  for (const registry::Record* district : ground.districts)
    area += inventory.shape("region", district->id)->area_km2();
  ground.cell_km = std::max({radius_km / 8, std::sqrt(area / static_cast<double>(kMostCells)), kFinestKm});

  for (const registry::Record* district : ground.districts) {
    const geometry::Shape& outline = *inventory.shape("region", district->id);
    double worth = outline.area_km2();
    if (weight == Weight::population) {
      worth = district->number("population").value_or(0);
      if (worth <= 0) ground.unpopulated.push_back(district);
      if (worth > 0 && district->get("verification") == "UNVERIFIED") ground.unverified.push_back(district);
    }
    const std::size_t first = ground.cells.size();
    walk(outline, ground.cell_km, {0, 0}, [&](Place place) { ground.cells.push_back({place, 0}); });
    if (ground.cells.size() == first) ground.cells.push_back({outline.inside(), 0});
    // What the district is worth, not what its cells add up to: a district smaller than a cell counts in full.
    const double each = worth / static_cast<double>(ground.cells.size() - first);
    for (std::size_t i = first; i < ground.cells.size(); ++i) ground.cells[i].weight = each;
    ground.total += worth;
  }
  if (ground.total <= 0) {
    return Error(ErrorCode::invalid_input,
                 "the register knows no population of any district there: take weight = area, or enter it");
  }
  return ground;
}

Grid grid_candidates(const Inventory& inventory, const Ground& ground, double step_km, std::size_t most) {
  double area = 0;
  for (const registry::Record* district : ground.districts)
    area += inventory.shape("region", district->id)->area_km2();
  Grid grid;
  std::vector<Candidate>& candidates = grid.places;
  double step = std::max(step_km, std::sqrt(area / static_cast<double>(most)));
  do {
    candidates.clear();
    grid.step_km = step;
    for (const registry::Record* district : ground.districts) {
      const std::size_t before = candidates.size();
      walk(*inventory.shape("region", district->id), step, {0, 0},
           [&](Place place) { candidates.push_back({"", place}); });
      if (candidates.size() == before)
        candidates.push_back({"", inventory.shape("region", district->id)->inside()});
    }
    step *= 1.1;
  } while (candidates.size() > most && candidates.size() > ground.districts.size());
  std::ranges::sort(candidates, {},
                    [](const Candidate& each) { return std::pair(each.place.lat, each.place.lon); });
  for (std::size_t i = 0; i < candidates.size(); ++i) candidates[i].id = fmt::format("g{}", i + 1);
  return grid;
}

std::vector<std::uint32_t> reached(const Ground& ground, Place place, double radius_km) {
  std::vector<std::uint32_t> cells;
  const double reach = radius_km / kKmPerDegree * 1.001;
  for (std::uint32_t i = 0; i < ground.cells.size(); ++i) {
    const Place centre = ground.cells[i].centre;
    if (std::abs(centre.lat - place.lat) > reach) continue;  // most cells are far away
    if (geometry::distance_km(centre, place) <= radius_km) cells.push_back(i);
  }
  return cells;
}

}  // namespace mj::coverage
