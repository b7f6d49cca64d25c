#include "region_finder.hpp"

#include <array>

namespace mj::intake {
namespace {

constexpr int kMostLevels = 8;

int size_of(std::string_view level) {
  constexpr std::array<std::string_view, 4> kLevels = {"district", "city", "province", "nation"};
  const auto* const found = std::find(kLevels.begin(), kLevels.end(), level);
  return static_cast<int>(found - kLevels.begin());
}

}  // namespace

RegionFinder::RegionFinder(const registry::Book& book, registry::AsOf as_of) {
  for (const registry::Record& record : book.records("region", as_of)) {
    Region region{record.id, record.get("parent"), record.get("name"), size_of(record.get("level")), nullptr};
    if (const std::string& outline = record.get("geometry"); !outline.empty()) {
      auto shape = geometry::Shape::from_geojson(outline);
      if (shape) region.shape = std::make_shared<const geometry::Shape>(*std::move(shape));
    }
    regions_.emplace(record.id, std::move(region));
  }
  for (const auto& [id, region] : regions_) {
    by_name_.emplace(region.name, &region);
    if (region.shape) smallest_first_.push_back(&region);
  }
  std::sort(smallest_first_.begin(), smallest_first_.end(),
            [](const Region* a, const Region* b) { return std::tie(a->size, a->id) < std::tie(b->size, b->id); });
}

std::string RegionFinder::at(geometry::Place place) const {
  for (const Region* region : smallest_first_) {
    if (region->shape->contains(place)) return region->id;
  }
  return {};
}

bool RegionFinder::lies_within(const Region& region, std::string_view name) const {
  const Region* above = &region;
  for (int level = 0; level < kMostLevels; ++level) {
    if (above->name == name) return true;
    const auto parent = regions_.find(above->parent);
    if (parent == regions_.end()) return false;
    above = &parent->second;
  }
  return false;
}

std::string RegionFinder::named(std::string_view name, std::string_view within) const {
  for (const int size : {1, 2, 0}) {
    const Region* found = nullptr;
    bool several = false;
    const auto [first, last] = by_name_.equal_range(name);
    for (auto each = first; each != last; ++each) {
      if (each->second->size != size || (!within.empty() && !lies_within(*each->second, within))) continue;
      several = found != nullptr;
      found = each->second;
    }
    if (several) return {};
    if (found != nullptr) return found->id;
  }
  return {};
}

std::string RegionFinder::beginning_with(std::string_view name, std::string_view level) const {
  std::string found;
  if (name.empty()) return found;
  for (auto each = by_name_.lower_bound(name); each != by_name_.end() && each->first.starts_with(name); ++each) {
    if (each->second->size != size_of(level)) continue;
    if (!found.empty()) return {};
    found = each->second->id;
  }
  return found;
}

}  // namespace mj::intake
