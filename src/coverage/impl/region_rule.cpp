#include <algorithm>

#include "rule_words.hpp"
#include "tally.hpp"

namespace mj::coverage {

RuleResult assess_regions(const Rule& rule, const Inventory& inventory) {
  RuleResult result{.rule = &rule, .records_known = {}, .rows = {}};
  std::map<std::string, std::size_t, std::less<>> row_of;
  for (const registry::Record& region : inventory.records("region")) {
    if (std::ranges::find(rule.levels, region.get("level")) == rule.levels.end()) continue;
    if (!rule.within.empty() && !inventory.lies_in(region.id, rule.within)) continue;
    Row row;
    row.rule = &rule;
    row.subject = {"region", region.id, region.name(), region.id, place_of(region, inventory)};
    std::vector<std::string> missing;
    row.required = required_of(rule, region, missing);
    if (!missing.empty()) row.note = not_known(missing);
    row_of.emplace(region.id, result.rows.size());
    result.rows.push_back(std::move(row));
  }
  for (const registry::PointView* point : counted_points(rule, inventory)) {
    const registry::Record* region = inventory.region_at(inventory.region_of(*point), rule.levels);
    const auto found = region == nullptr ? row_of.end() : row_of.find(region->id);
    if (found != row_of.end()) count(result.rows[found->second], *point);
  }
  return result;
}

RuleResult assess_total(const Rule& rule, const Inventory& inventory) {
  RuleResult result{.rule = &rule, .records_known = {}, .rows = {}};
  Row row;
  row.rule = &rule;
  row.subject = {"total", rule.id, rule.title, rule.within, std::nullopt};
  row.required = rule.at_least;
  const registry::PointSet* before = rule.new_since ? inventory.points_of(rule.new_since->plus(-1)) : nullptr;
  for (const registry::PointView* point : counted_points(rule, inventory)) {
    const registry::PointView* then = before == nullptr ? nullptr : before->find(point->id);
    if (then == nullptr || then->state == registry::RecordState::planned) count(row, *point);
  }
  if (rule.new_since) row.note = only_since(*rule.new_since);
  result.rows.push_back(std::move(row));
  return result;
}

}  // namespace mj::coverage
