#pragma once

#include <optional>
#include <string>
#include <vector>

#include "mj/coverage/siting.hpp"

namespace mj::coverage {

/// A small piece of ground and what it weighs.
struct Cell {
  geometry::Place centre;
  double weight = 0;  ///< km² or persons
};

/// The ground that points should cover, divided.
struct Ground {
  std::vector<Cell> cells;
  double cell_km = 0;
  double total = 0;
  std::vector<const registry::Record*> districts;    ///< whose outlines make it up
  std::vector<const registry::Record*> unpopulated;  ///< of these no population is known: they weigh nothing
  std::vector<const registry::Record*> unverified;   ///< the figure that they weigh is not verified
};

/// Districts of a region (all with an outline when empty). Errors: not_found, invalid_input (no outline, no population).
[[nodiscard]] Result<Ground> divide(const Inventory& inventory, const std::string& region, Weight weight,
                                    double radius_km);

/// Places inside the ground, `g1`, `g2` … from south to north.
struct Grid {
  std::vector<Candidate> places;
  double step_km = 0;
};
/// At least `step_km` apart, and so far as gives at most `most`.
[[nodiscard]] Grid grid_candidates(const Inventory& inventory, const Ground& ground, double step_km,
                                   std::size_t most);

/// Cells within a distance of a place, by their index.
[[nodiscard]] std::vector<std::uint32_t> reached(const Ground& ground, geometry::Place place, double radius_km);

}  // namespace mj::coverage
