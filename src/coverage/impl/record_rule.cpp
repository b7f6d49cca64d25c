#include <algorithm>

#include "rule_words.hpp"
#include "tally.hpp"

namespace mj::coverage {
namespace {

Row row_of(const Rule& rule, const registry::Record& record, const Inventory& inventory) {
  Row row;
  row.rule = &rule;
  row.subject = {record.kind, record.id, record.name(), record.get("region"), place_of(record, inventory)};
  std::vector<std::string> missing;
  row.required = required_of(rule, record, missing);
  if (!missing.empty()) row.note = not_known(missing);
  return row;
}

/// Records that the document counts and the register does not hold: their points are missing as well.
Row unregistered(const Rule& rule, int known) {
  Row row;
  row.rule = &rule;
  row.subject = {rule.record, "unregistered", not_registered(*rule.expected - known), rule.within, std::nullopt};
  row.required = (*rule.expected - known) * rule.at_least;
  row.note = expected_and_known(*rule.expected, known);
  return row;
}

bool is_wanted(const Rule& rule, const registry::Record& record, const Inventory& inventory) {
  if (!meets(record.attributes, rule.where)) return false;
  // Rivers and basins pass through regions; only what names its region can lie elsewhere.
  const std::string& region = record.get("region");
  return rule.within.empty() || region.empty() || inventory.lies_in(region, rule.within);
}

/// The rule is about points themselves: each that meets `where` must also be what `points` says.
RuleResult assess_points(const Rule& rule, const Inventory& inventory) {
  RuleResult result{.rule = &rule, .records_known = 0, .rows = {}};
  const auto good = counted_points(rule, inventory);
  for (const registry::Record& record : inventory.records("point")) {
    if (!is_wanted(rule, record, inventory)) continue;
    ++*result.records_known;
    Row row = row_of(rule, record, inventory);
    for (const registry::PointView* point : good) {
      if (point->id == record.id) count(row, *point);
    }
    result.rows.push_back(std::move(row));
  }
  return result;
}

}  // namespace

RuleResult assess_records(const Rule& rule, const Inventory& inventory) {
  RuleResult result{.rule = &rule, .records_known = 0, .rows = {}};
  if (rule.by.empty()) {
    result = assess_points(rule, inventory);
  } else {
    std::map<std::string, std::size_t, std::less<>> place;
    for (const registry::Record& record : inventory.records(rule.record)) {
      if (!is_wanted(rule, record, inventory)) continue;
      place.emplace(record.id, result.rows.size());
      result.rows.push_back(row_of(rule, record, inventory));
    }
    result.records_known = static_cast<int>(result.rows.size());
    for (const registry::PointView* point : counted_points(rule, inventory)) {
      const auto reference = point->attributes.find(rule.by);
      if (reference == point->attributes.end()) continue;
      const auto found = place.find(reference->second);
      if (found != place.end()) count(result.rows[found->second], *point);
    }
  }
  if (rule.expected && *rule.expected > *result.records_known)
    result.rows.push_back(unregistered(rule, *result.records_known));
  return result;
}

}  // namespace mj::coverage
