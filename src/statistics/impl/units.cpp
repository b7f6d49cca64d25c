#include "units.hpp"

#include <algorithm>

#include "mj/telemetry/observation.hpp"

namespace mj::statistics {
namespace {

std::string unit_of_table(const standards::StandardSet& standards, std::string_view factor) {
  const standards::Factor* known = standards.factor(factor);
  return known == nullptr ? std::string() : known->unit;
}

std::string unit_of_air(const standards::StandardSet& standards, std::string_view factor) {
  for (const standards::AqiStandard& edition : standards.aqi_editions()) {
    for (const standards::AqiItem& item : edition.hourly) {
      if (item.factor == factor) return item.unit;
    }
  }
  return {};
}

std::string unit_of_water(const standards::StandardSet& standards, std::string_view factor) {
  for (const standards::WaterStandard& edition : standards.water_editions()) {
    for (const standards::WaterItem& item : edition.items) {
      if (item.factor == factor) return item.unit;
    }
  }
  return {};
}

/// Contents of soil, which no table of factors has, come under the key of their item.
std::string unit_of_soil(const standards::StandardSet& standards, std::string_view factor) {
  for (const std::string_view table : {"soil_farm_limits", "soil_construction_limits"}) {
    for (const standards::RuleRow& row : standards.rules(table)) {
      if (row.text("item") == factor) return "mg/kg";
    }
  }
  return {};
}

}  // namespace

std::string usual_unit(const standards::StandardSet& standards, std::string_view element,
                       std::string_view factor) {
  std::string unit;
  if (element == "air") unit = unit_of_air(standards, factor);
  if (element == "surface_water") unit = unit_of_water(standards, factor);
  if (element == "soil") unit = unit_of_soil(standards, factor);
  return unit.empty() ? unit_of_table(standards, factor) : unit;
}

std::string unit_sent(const standards::StandardSet& standards, const registry::PointView& point,
                      std::string_view reporter, std::string_view factor) {
  if (telemetry::is_imported(reporter)) return usual_unit(standards, point.element, factor);
  const auto found = point.attributes.find("units");
  std::string_view rest = found == point.attributes.end() ? std::string_view() : found->second;
  while (!rest.empty()) {
    const std::string_view item = rest.substr(0, rest.find(','));
    rest.remove_prefix(std::min(rest.size(), item.size() + 1));
    const std::size_t equals = item.find('=');
    if (equals != std::string_view::npos && standards.canonical(item.substr(0, equals)) == factor)
      return std::string(item.substr(equals + 1));
  }
  // What no table of factors has is taken for what its element has.
  return standards.factor(factor) == nullptr ? usual_unit(standards, point.element, factor)
                                             : unit_of_table(standards, factor);
}

}  // namespace mj::statistics
