#pragma once

#include <functional>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "mj/registry/book.hpp"

namespace mj::registry {

/// Outline of a region as a GeoJSON geometry; empty when none is known.
using OutlineOf = std::function<std::string(const std::string& region)>;

/// Points that look like one and the same, nearest first. `only`: pairs with at least one of these; null: all pairs.
[[nodiscard]] std::vector<Hint> duplicate_hints(const RegisterSchema& schema, const std::vector<PointView>& points,
                                                std::string_view element, std::optional<double> distance_m,
                                                const std::set<std::string, std::less<>>* only);
/// Points outside their region, or outside the bounds of the schema; whether their coordinates seem to be exchanged.
[[nodiscard]] std::vector<Hint> place_hints(const RegisterSchema& schema, const std::vector<PointView>& points,
                                            const OutlineOf& outline,
                                            const std::set<std::string, std::less<>>* only);

}  // namespace mj::registry
