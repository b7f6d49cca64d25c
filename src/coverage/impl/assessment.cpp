#include "mj/coverage/assessment.hpp"

#include "tally.hpp"

namespace mj::coverage {
namespace {

RuleResult assess_rule(const Rule& rule, const Inventory& inventory) {
  switch (rule.kind) {
    case RuleKind::per_region: return assess_regions(rule, inventory);
    case RuleKind::per_record: return assess_records(rule, inventory);
    case RuleKind::boundary: return assess_boundary(rule, inventory);
    case RuleKind::total: break;
  }
  return assess_total(rule, inventory);
}

}  // namespace

void Sum::add(const Row& row) {
  ++rows;
  if (row.gap() > 0) ++rows_with_gap;
  required += row.required;
  planned += row.planned;
  built += row.built;
  gap += row.gap();
  open += row.open();
}

Assessment assess(const RuleSet& rules, std::shared_ptr<const Inventory> inventory) {
  Assessment assessment;
  assessment.day = inventory->day();
  for (const Rule& rule : rules.rules()) {
    if (!RuleSet::in_force(rule, assessment.day)) continue;
    RuleResult result = assess_rule(rule, *inventory);
    for (Row& row : result.rows) settle(row, *inventory);
    assessment.results.push_back(std::move(result));
  }
  assessment.inventory = std::move(inventory);
  return assessment;
}

Assessment Assessment::filtered(const RowFilter& filter) const {
  Assessment some{day, inventory, {}};
  for (const RuleResult& result : results) {
    if (!filter.rule.empty() && result.rule->id != filter.rule) continue;
    if (!filter.element.empty() && result.rule->element != filter.element) continue;
    RuleResult kept{result.rule, result.records_known, {}};
    for (const Row& row : result.rows) {
      if (filter.only_gaps && row.gap() == 0) continue;
      if (!filter.region.empty() && !inventory->lies_in(row.subject.region, filter.region)) continue;
      kept.rows.push_back(row);
    }
    const bool narrowed = filter.only_gaps || !filter.region.empty();
    if (!kept.rows.empty() || !narrowed || !filter.rule.empty()) some.results.push_back(std::move(kept));
  }
  return some;
}

Sum Assessment::total() const {
  Sum sum;
  for (const RuleResult& result : results) {
    for (const Row& row : result.rows) sum.add(row);
  }
  return sum;
}

std::shared_ptr<const Assessment> Planning::on(registry::Day day) const {
  const std::scoped_lock lock(mutex_);
  const std::uint64_t revision = book_.revision();
  if (newest_ && revision == revision_ && newest_->day == day) return newest_;
  std::set<registry::Day> earlier;
  for (const Rule& rule : rules_.rules()) {
    if (rule.new_since) earlier.insert(rule.new_since->plus(-1));
  }
  newest_ = std::make_shared<const Assessment>(
      assess(rules_, std::make_shared<const Inventory>(Inventory::of(book_, day, earlier))));
  revision_ = revision;
  return newest_;
}

}  // namespace mj::coverage
