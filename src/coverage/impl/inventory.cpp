#include "mj/coverage/inventory.hpp"

#include <algorithm>

namespace mj::coverage {
namespace {

constexpr std::string_view kRegion = "region";

std::string key_of(std::string_view kind, std::string_view id) { return fmt::format("{}/{}", kind, id); }

/// How many regions may stand above one another before a circle is suspected.
constexpr int kMaxLevels = 12;

}  // namespace

Inventory Inventory::of(const registry::Book& book, registry::Day day, const std::set<registry::Day>& earlier) {
  std::vector<registry::Record> records;
  for (const registry::KindSchema& kind : book.schema().kinds()) {
    auto some = book.records(kind.id, {.day = day, .known_at = {}});
    std::ranges::move(some, std::back_inserter(records));
  }
  std::map<registry::Day, std::shared_ptr<const registry::PointSet>> before;
  for (const registry::Day each : earlier) before.emplace(each, book.points(each));
  return {day, std::move(records), book.points(day), std::move(before)};
}

Inventory::Inventory(registry::Day day, std::vector<registry::Record> records,
                     std::shared_ptr<const registry::PointSet> points,
                     std::map<registry::Day, std::shared_ptr<const registry::PointSet>> earlier)
    : day_(day), points_(std::move(points)), earlier_(std::move(earlier)) {
  for (registry::Record& record : records) {
    if (record.state == registry::RecordState::stopped) continue;
    if (const std::string& geometry = record.get("geometry"); !geometry.empty()) {
      if (auto shape = geometry::Shape::from_geojson(geometry))
        shapes_.emplace(key_of(record.kind, record.id), *std::move(shape));
    }
    auto& of_kind = records_[record.kind];
    of_kind.push_back(std::move(record));
  }
  for (auto& [kind, of_kind] : records_) std::ranges::sort(of_kind, {}, &registry::Record::id);
}

const std::vector<registry::Record>& Inventory::records(std::string_view kind) const {
  static const std::vector<registry::Record> kNone;
  const auto found = records_.find(kind);
  return found == records_.end() ? kNone : found->second;
}

const registry::Record* Inventory::find(std::string_view kind, std::string_view id) const {
  const auto& of_kind = records(kind);
  const auto found = std::ranges::lower_bound(of_kind, id, {}, &registry::Record::id);
  return found == of_kind.end() || found->id != id ? nullptr : &*found;
}

const registry::PointSet* Inventory::points_of(registry::Day day) const {
  if (day == day_) return points_.get();
  const auto found = earlier_.find(day);
  return found == earlier_.end() ? nullptr : found->second.get();
}

const geometry::Shape* Inventory::shape(std::string_view kind, std::string_view id) const {
  const auto found = shapes_.find(key_of(kind, id));
  return found == shapes_.end() ? nullptr : &found->second;
}

bool Inventory::lies_in(std::string_view region, std::string_view ancestor) const {
  for (int level = 0; level < kMaxLevels && !region.empty(); ++level) {
    if (region == ancestor) return true;
    const registry::Record* record = find(kRegion, region);
    if (record == nullptr) return false;
    region = record->get("parent");
  }
  return false;
}

const registry::Record* Inventory::region_at(std::string_view region,
                                             const std::vector<std::string>& levels) const {
  for (int level = 0; level < kMaxLevels && !region.empty(); ++level) {
    const registry::Record* record = find(kRegion, region);
    if (record == nullptr) return nullptr;
    if (std::ranges::find(levels, record->get("level")) != levels.end()) return record;
    region = record->get("parent");
  }
  return nullptr;
}

std::string Inventory::region_of(const registry::PointView& point) const {
  if (!point.region.empty()) return point.region;
  return point.lon && point.lat ? district_at({*point.lon, *point.lat}) : std::string();
}

std::string Inventory::district_at(geometry::Place place) const {
  for (const registry::Record& region : records(kRegion)) {
    if (region.get("level") != "district") continue;
    const geometry::Shape* outline = shape(kRegion, region.id);
    if (outline != nullptr && outline->contains(place)) return region.id;
  }
  return {};
}

}  // namespace mj::coverage
