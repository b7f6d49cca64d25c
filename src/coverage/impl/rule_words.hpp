#pragma once

#include <string>
#include <vector>

#include "mj/registry/day.hpp"
#include "mj/registry/network.hpp"

namespace mj::coverage {

// What is said beside a figure, in both languages.

[[nodiscard]] registry::LocalName not_known(const std::vector<std::string>& attributes);
[[nodiscard]] registry::LocalName only_since(registry::Day day);
[[nodiscard]] registry::LocalName not_registered(int records);
[[nodiscard]] registry::LocalName expected_and_known(int expected, int known);
[[nodiscard]] registry::LocalName rivers_without_line(std::size_t rivers, std::size_t known);
[[nodiscard]] registry::LocalName crossings_merged(std::size_t crossings, double km);
[[nodiscard]] registry::LocalName places_not_published(const std::vector<std::string>& sections);
[[nodiscard]] registry::LocalName outside();

}  // namespace mj::coverage
