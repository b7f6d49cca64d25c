#include <algorithm>

#include "rule_words.hpp"
#include "tally.hpp"

namespace mj::coverage {
namespace {

using geometry::Place;
using geometry::Shape;

/// Outlines of neighbours are generalised each by itself: so far apart they are still the same border.
constexpr double kSameBorderKm = 1.0;

struct Outlined {
  const registry::Record* region;
  const Shape* outline;
};

/// Where a river passes one border, near each other.
struct Crossing {
  const registry::Record* a = nullptr;
  const registry::Record* b = nullptr;  ///< null: outside
  std::vector<Place> places;
  std::size_t times = 0;  ///< as the outline of `a` has it; that of `b` finds the same ones again
};

std::vector<Outlined> regions_of(const Rule& rule, const Inventory& inventory) {
  std::vector<Outlined> regions;
  for (const registry::Record& region : inventory.records("region")) {
    if (std::ranges::find(rule.levels, region.get("level")) == rule.levels.end()) continue;
    if (!rule.within.empty() && !inventory.lies_in(region.id, rule.within)) continue;
    if (const Shape* outline = inventory.shape("region", region.id)) regions.push_back({&region, outline});
  }
  return regions;
}

/// The region on the other side of the outline of `self` at a place; null when there is none.
const registry::Record* across(const std::vector<Outlined>& regions, const Outlined& self, Place place) {
  const registry::Record* best = nullptr;
  double nearest = kSameBorderKm;
  for (const Outlined& other : regions) {
    if (other.region == self.region) continue;
    const double distance = other.outline->distance_km(place);
    if (distance < nearest) {
      nearest = distance;
      best = other.region;
    }
  }
  return best;
}

/// Adds a place to the crossing of this pair that it belongs to; crossings that it joins become one.
void add_place(std::vector<Crossing>& crossings, const registry::Record* a, const registry::Record* b, Place place,
               double merge_km) {
  const bool swapped = b != nullptr && b->id < a->id;
  if (swapped) std::swap(a, b);
  Crossing joined{a, b, {place}, swapped ? 0U : 1U};
  std::erase_if(crossings, [&](Crossing& each) {
    const bool near = each.a == a && each.b == b && std::ranges::any_of(each.places, [&](Place other) {
                        return geometry::distance_km(place, other) <= merge_km;
                      });
    if (near) {
      joined.places.insert(joined.places.end(), each.places.begin(), each.places.end());
      joined.times += each.times;
    }
    return near;
  });
  crossings.push_back(std::move(joined));
}

std::vector<Crossing> crossings_of(const Rule& rule, const Shape& river, const std::vector<Outlined>& regions) {
  std::vector<Crossing> crossings;
  for (const Outlined& region : regions) {
    if (!river.touches(*region.outline)) continue;
    for (const Place place : river.crossings(*region.outline)) {
      const registry::Record* other = across(regions, region, place);
      if ((other == nullptr) == (rule.border == Border::outer))
        add_place(crossings, region.region, other, place, rule.merge_km);
    }
  }
  // West to east, so that their numbers do not depend on how the line was drawn.
  for (Crossing& crossing : crossings)
    std::ranges::sort(crossing.places, {}, [](Place place) { return std::pair(place.lon, place.lat); });
  std::ranges::sort(crossings, {}, [](const Crossing& each) {
    return std::tuple(each.a->id, each.b == nullptr ? std::string() : each.b->id, each.places.front().lon,
                      each.places.front().lat);
  });
  return crossings;
}

enum class Stands { no, yes, undecided };

/// What a section says of itself: the regions above and below it are the two of the crossing; of a crossing to the outside, one
/// lies at it and the other is none of `regions`.
bool names_crossing(const registry::PointView& point, const Crossing& crossing,
                    const std::vector<Outlined>& regions, double merge_km) {
  const auto word = [&point](std::string_view key) {
    const auto found = point.attributes.find(key);
    return found == point.attributes.end() ? std::string_view() : std::string_view(found->second);
  };
  const std::string_view up = word("upstream_region");
  const std::string_view down = word("downstream_region");
  if (up.empty() || down.empty()) return false;
  if (crossing.b != nullptr) {
    return (up == crossing.a->id && down == crossing.b->id) || (up == crossing.b->id && down == crossing.a->id);
  }
  // Where two regions face each other across the river, the outline of either may be the one that it passes.
  const auto beside = [&](std::string_view id) {
    const auto found = std::ranges::find(regions, id, [](const Outlined& each) { return each.region->id; });
    return found != regions.end() && std::ranges::any_of(crossing.places, [&](Place place) {
             return found->outline->distance_km(place) <= merge_km;
           });
  };
  const auto is_outside = [&regions](std::string_view id) {
    return std::ranges::none_of(regions, [id](const Outlined& each) { return each.region->id == id; });
  };
  return (beside(up) && is_outside(down)) || (beside(down) && is_outside(up));
}

/// Whether a section stands for a crossing: it says so itself, or stands near it and on no other river. A place that only stands for one
/// that is not published decides nothing.
Stands stands_for(const registry::PointView& point, const Crossing& crossing, std::string_view river,
                  const std::vector<Outlined>& regions, const Rule& rule, const Inventory& inventory) {
  if (!point.river.empty() && point.river != river) return Stands::no;
  if (!point.river.empty() && names_crossing(point, crossing, regions, rule.merge_km)) return Stands::yes;
  if (!point.lon || !point.lat) return Stands::no;
  if (point.approximate) {
    const registry::Record* region = inventory.region_at(inventory.region_of(point), rule.levels);
    const bool beside = region != nullptr && (region == crossing.a || region == crossing.b);
    return beside && !point.river.empty() ? Stands::undecided : Stands::no;
  }
  const bool near = std::ranges::any_of(crossing.places, [&](Place place) {
    return geometry::distance_km(place, {*point.lon, *point.lat}) <= rule.near_km;
  });
  return near ? Stands::yes : Stands::no;
}

/// Tells one more thing beside the figures of a row.
void add_note(Row& row, registry::LocalName note) {
  if (!row.note) {
    row.note = std::move(note);
    return;
  }
  row.note->zh += "；" + note.zh;
  row.note->en += "; " + note.en;
}

Row crossing_row(const Rule& rule, const registry::Record& river, const Crossing& crossing, int number) {
  Row row;
  row.rule = &rule;
  row.required = rule.at_least;
  const registry::LocalName a = crossing.a->name();
  const registry::LocalName b = crossing.b == nullptr ? outside() : crossing.b->name();
  const std::string suffix = number > 1 ? fmt::format(" {}", number) : std::string();
  row.subject.kind = "crossing";
  row.subject.id =
      fmt::format("{}~{}~{}{}", river.id, crossing.a->id, crossing.b == nullptr ? "outside" : crossing.b->id,
                  number > 1 ? fmt::format("~{}", number) : std::string());
  row.subject.name = {fmt::format("{}：{}—{}{}", river.name().zh, a.zh, b.zh, suffix),
                      fmt::format("{}: {} – {}{}", river.name().en, a.en, b.en, suffix)};
  row.subject.region = crossing.b == nullptr ? crossing.a->id : std::string();
  row.subject.place = crossing.places[crossing.places.size() / 2];
  if (crossing.times > 1) add_note(row, crossings_merged(crossing.times, rule.merge_km));
  return row;
}

}  // namespace

RuleResult assess_boundary(const Rule& rule, const Inventory& inventory) {
  RuleResult result{.rule = &rule, .records_known = 0, .rows = {}};
  const auto regions = regions_of(rule, inventory);
  const auto points = counted_points(rule, inventory);
  std::size_t without_line = 0;
  for (const registry::Record& river : inventory.records(rule.record)) {
    if (!meets(river.attributes, rule.where)) continue;
    ++*result.records_known;
    const Shape* line = inventory.shape(rule.record, river.id);
    if (line == nullptr || !line->is_line()) {
      ++without_line;
      continue;
    }
    const Crossing* before = nullptr;
    int number = 0;
    const auto crossings = crossings_of(rule, *line, regions);
    for (const Crossing& crossing : crossings) {
      number = before != nullptr && before->a == crossing.a && before->b == crossing.b ? number + 1 : 1;
      before = &crossing;
      Row row = crossing_row(rule, river, crossing, number);
      std::vector<std::string> undecided;
      for (const registry::PointView* point : points) {
        const Stands stands = stands_for(*point, crossing, river.id, regions, rule, inventory);
        if (stands == Stands::yes) count(row, *point);
        if (stands == Stands::undecided) undecided.push_back(point->name.zh);
      }
      if (row.points.empty() && !undecided.empty()) add_note(row, places_not_published(undecided));
      result.rows.push_back(std::move(row));
    }
  }
  if (without_line > 0) {
    Row row;
    row.rule = &rule;
    row.subject = {"river", "without_line", {"无河线的河流", "rivers without a line"}, "", std::nullopt};
    row.note = rivers_without_line(without_line, static_cast<std::size_t>(*result.records_known));
    result.rows.push_back(std::move(row));
  }
  return result;
}

}  // namespace mj::coverage
