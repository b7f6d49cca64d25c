#include "mj/registry/point_set.hpp"

#include <algorithm>

#include "items.hpp"
#include "mj/kernel/decimal.hpp"
#include "point_view.hpp"

namespace mj::registry {
namespace {

/// Value of an attribute of a record that may be missing.
std::string value_of(const std::optional<Record>& record, std::string_view key) {
  return record ? record->get(key) : std::string();
}

constexpr int kMostLevels = 16;

std::optional<double> figure(const std::string& value) {
  const auto decimal = parse_decimal(value);
  return decimal ? std::optional(to_double(*decimal)) : std::nullopt;
}

/// Where an attribute of the register goes in a point.
struct Taker {
  std::string_view key;
  void (*take)(PointView&, const std::string&);
};

template <std::string PointView::* kMember>
void take_text(PointView& point, const std::string& value) {
  point.*kMember = value;
}

constexpr Taker kTakers[] = {
    {"approximate", [](PointView& point, const std::string& value) { point.approximate = value == "true"; }},
    {"basin", take_text<&PointView::basin>},
    {"control_level", take_text<&PointView::control_level>},
    {"element", take_text<&PointView::element>},
    {"factors", [](PointView& point, const std::string& value) { point.factors = items_of(value); }},
    {"function_zone", take_text<&PointView::function_zone>},
    {"lake", [](PointView& point, const std::string& value) { point.lake = value == "true"; }},
    {"lake_id", take_text<&PointView::lake_id>},
    {"land_use", take_text<&PointView::land_use>},
    {"lat", [](PointView& point, const std::string& value) { point.lat = figure(value); }},
    {"lon", [](PointView& point, const std::string& value) { point.lon = figure(value); }},
    {"name", [](PointView& point, const std::string& value) { point.name.zh = value; }},
    {"name_en", [](PointView& point, const std::string& value) { point.name.en = value; }},
    {"noise_class", take_text<&PointView::noise_class>},
    {"owner", take_text<&PointView::owner>},
    {"region", take_text<&PointView::region>},
    {"reporters", [](PointView& point, const std::string& value) { point.reporters = items_of(value); }},
    {"river", take_text<&PointView::river>},
    {"sort", take_text<&PointView::sort>},
    {"target_class", take_text<&PointView::target_class>},
};
static_assert(std::ranges::is_sorted(kTakers, {}, &Taker::key));

}  // namespace

PointSet::PointSet(std::vector<PointView> points) : points_(std::move(points)) {
  by_id_.reserve(points_.size());
  by_reporter_.reserve(points_.size());
  for (std::size_t i = 0; i < points_.size(); ++i) {
    by_id_.emplace(points_[i].id, i);
    for (const std::string& reporter : points_[i].reporters) by_reporter_.emplace(reporter, i);
  }
}

const PointView* PointSet::find(std::string_view id) const {
  const auto found = by_id_.find(id);
  return found == by_id_.end() ? nullptr : &points_[found->second];
}

const PointView* PointSet::find_reporter(std::string_view reporter) const {
  const auto found = by_reporter_.find(reporter);
  return found == by_reporter_.end() ? nullptr : &points_[found->second];
}

PointViews::PointViews(Day day, Lookup lookup) : day_(day), lookup_(std::move(lookup)) {}

const std::optional<Record>& PointViews::record(const std::string& kind, const std::string& id) {
  auto& of_kind = known_[kind];
  const auto found = of_kind.find(id);
  if (found != of_kind.end()) return found->second;
  const Ledger* ledger = lookup_(kind, id);
  return of_kind.emplace(id, ledger == nullptr ? std::nullopt : ledger->at(kind, id, day_)).first->second;
}

const std::string& PointViews::city_of(const std::string& region) {
  const auto found = cities_.find(region);
  if (found != cities_.end()) return found->second;
  // The lowest region at or above this one that is a city; a municipality has none and stands for one itself.
  std::string city;
  std::string at = region;
  for (int i = 0; i < kMostLevels && !at.empty(); ++i) {
    const auto& known = record("region", at);
    const std::string level = value_of(known, "level");
    if (level == "city" || level == "province") {
      city = at;
      break;
    }
    at = value_of(known, "parent");
  }
  return cities_.emplace(region, std::move(city)).first->second;
}

PointView PointViews::view(const std::string& id, Sight sight) {
  PointView point;
  point.id = id;
  // Both are in order of their keys: one walk instead of a search for each.
  const auto* taker = std::begin(kTakers);
  for (const auto& [key, value] : sight.attributes) {
    while (taker != std::end(kTakers) && taker->key < key) ++taker;
    if (taker == std::end(kTakers)) break;
    if (taker->key == key) taker->take(point, value);
  }
  if (point.name.zh.empty()) point.name.zh = point.name.en.empty() ? id : point.name.en;
  if (point.name.en.empty()) point.name.en = point.name.zh;
  if (!point.region.empty()) point.city = city_of(point.region);
  if (!point.lake_id.empty() && !sight.attributes.contains("lake")) point.lake = true;
  if (point.basin.empty() && !point.river.empty()) point.basin = value_of(record("river", point.river), "basin");
  if (point.basin.empty() && !point.lake_id.empty())
    point.basin = value_of(record("lake", point.lake_id), "basin");
  if (!point.function_zone.empty()) {
    const auto& zone = record("function_zone", point.function_zone);
    if (point.noise_class.empty()) point.noise_class = value_of(zone, "noise_class");
    if (point.target_class.empty()) point.target_class = value_of(zone, "target_class");
  }
  point.state = sight.state;
  point.attributes = std::move(sight.attributes);
  return point;
}

}  // namespace mj::registry
