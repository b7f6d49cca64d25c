#include "tally.hpp"

#include <algorithm>
#include <cmath>

#include "mj/kernel/decimal.hpp"

namespace mj::coverage {
namespace {

/// Whether a value is `word`, or a list that holds it.
bool holds(std::string_view value, std::string_view word) {
  while (true) {
    const std::size_t comma = value.find(',');
    if (value.substr(0, comma) == word) return true;
    if (comma == std::string_view::npos) return false;
    value.remove_prefix(comma + 1);
  }
}

bool meets(const registry::Attributes& attributes, const Condition& condition) {
  const auto found = attributes.find(condition.attribute);
  if (found == attributes.end() || found->second.empty()) {
    if (!condition.none_of.empty()) return true;
    // A flag that nobody set is not set.
    return condition.any_of.size() == 1 && condition.any_of.front() == "false";
  }
  const std::string& value = found->second;
  if (std::ranges::any_of(condition.none_of, [&value](const std::string& word) { return holds(value, word); }))
    return false;
  if (!condition.any_of.empty() &&
      std::ranges::none_of(condition.any_of, [&value](const std::string& word) { return holds(value, word); }))
    return false;
  if (!condition.at_least && !condition.below) return true;
  const auto decimal = parse_decimal(value);
  if (!decimal) return false;
  const double figure = to_double(*decimal);
  return (!condition.at_least || figure >= *condition.at_least) && (!condition.below || figure < *condition.below);
}

}  // namespace

bool meets(const registry::Attributes& attributes, const std::vector<Condition>& conditions) {
  return std::ranges::all_of(conditions, [&attributes](const Condition& each) { return meets(attributes, each); });
}

void count(Row& row, const registry::PointView& point) { row.points.push_back(point.id); }

void settle(Row& row, const Inventory& inventory) {
  std::ranges::sort(row.points);
  row.points.erase(std::unique(row.points.begin(), row.points.end()), row.points.end());
  const auto is_built = [&inventory](const std::string& id) {
    const registry::PointView* point = inventory.points().find(id);
    return point != nullptr && point->state != registry::RecordState::planned;
  };
  std::vector<std::string> ordered;
  for (const bool wanted : {true, false}) {
    for (const std::string& id : row.points) {
      if (is_built(id) == wanted) ordered.push_back(id);
    }
    if (wanted) row.built = static_cast<int>(ordered.size());
  }
  row.planned = static_cast<int>(ordered.size()) - row.built;
  row.points = std::move(ordered);
}

int required_of(const Rule& rule, const registry::Record& record, std::vector<std::string>& missing) {
  int required = rule.at_least;
  const auto value_of = [&](const std::string& attribute) {
    const auto value = record.number(attribute);
    if (!value && std::ranges::find(missing, attribute) == missing.end()) missing.push_back(attribute);
    return value;
  };
  for (const Band& band : rule.bands) {
    const auto value = value_of(band.attribute);
    if (value && *value >= band.from) required = std::max(required, band.at_least);
  }
  for (const Density& density : rule.densities) {
    const auto value = value_of(density.attribute);
    if (value && *value >= density.from)
      required = std::max(required, static_cast<int>(std::min(std::ceil(*value / density.each), 1e6)));
  }
  return required;
}

std::vector<const registry::PointView*> counted_points(const Rule& rule, const Inventory& inventory) {
  std::vector<const registry::PointView*> points;
  for (const registry::PointView& point : inventory.points().points()) {
    if (!meets(point.attributes, rule.points)) continue;
    if (!rule.within.empty() && !inventory.lies_in(inventory.region_of(point), rule.within)) continue;
    points.push_back(&point);
  }
  return points;
}

std::optional<geometry::Place> place_of(const registry::Record& record, const Inventory& inventory) {
  const auto lon = record.number("lon");
  const auto lat = record.number("lat");
  if (lon && lat) return geometry::Place{*lon, *lat};
  const geometry::Shape* shape = inventory.shape(record.kind, record.id);
  return shape == nullptr ? std::nullopt : std::optional(shape->inside());
}

}  // namespace mj::coverage
