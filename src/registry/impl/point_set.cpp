#include "mj/registry/point_set.hpp"

#include "point_view.hpp"

namespace mj::registry {
namespace {

/// Value of an attribute of a record that may be missing.
std::string value_of(const std::optional<Record>& record, std::string_view key) {
  return record ? record->get(key) : std::string();
}

constexpr int kMostLevels = 16;

}  // namespace

PointSet::PointSet(std::vector<PointView> points) : points_(std::move(points)) {
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

PointView PointViews::view(Record record) {
  PointView point;
  point.id = record.id;
  point.name = record.name();
  point.element = record.get("element");
  point.sort = record.get("sort");
  point.control_level = record.get("control_level");
  point.owner = record.get("owner");
  point.region = record.get("region");
  if (!point.region.empty()) point.city = city_of(point.region);
  point.lon = record.number("lon");
  point.lat = record.number("lat");
  point.approximate = record.flag("approximate");
  point.reporters = record.list("reporters");
  point.factors = record.list("factors");
  point.lake_id = record.get("lake_id");
  point.lake = record.get("lake").empty() ? !point.lake_id.empty() : record.flag("lake");
  point.river = record.get("river");
  point.basin = record.get("basin");
  if (point.basin.empty() && !point.river.empty())
    point.basin = value_of(this->record("river", point.river), "basin");
  if (point.basin.empty() && !point.lake_id.empty()) {
    point.basin = value_of(this->record("lake", point.lake_id), "basin");
  }
  point.function_zone = record.get("function_zone");
  point.noise_class = record.get("noise_class");
  point.target_class = record.get("target_class");
  if (!point.function_zone.empty()) {
    const auto& zone = this->record("function_zone", point.function_zone);
    if (point.noise_class.empty()) point.noise_class = value_of(zone, "noise_class");
    if (point.target_class.empty()) point.target_class = value_of(zone, "target_class");
  }
  point.land_use = record.get("land_use");
  point.state = record.state;
  point.attributes = std::move(record.attributes);
  return point;
}

}  // namespace mj::registry
