#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace mj::geometry {

/// GeoJSON geometries as a map shows them that tells so many places apart `across` the longer side of all of them together: corners
/// that fall together are one. Neighbours keep their common border.
/// In the order of `geometries`; empty where nothing is left, or what was given is no line or polygon.
[[nodiscard]] std::vector<std::string> drawn(const std::vector<std::string_view>& geometries, unsigned across);

}  // namespace mj::geometry
