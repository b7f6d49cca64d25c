#include "mj/assess/cwqi.hpp"

#include <set>

#include "mj/assess/rules_in_force.hpp"

namespace mj::assess {
namespace {

/// The edition is known by the number that only it has.
constexpr std::string_view kDistinctive = "ph_neutral";

}  // namespace

Result<CwqiRules> CwqiRules::load(const standards::StandardSet& standards, Instant at, std::string_view edition) {
  CwqiRules rules;
  std::string id;
  for (const standards::RuleRow* row : rows_in_force(standards, "parameters", at)) {
    if (row->text("name") == kDistinctive) id = row->edition;
  }
  if (id.empty())
    return Error(ErrorCode::not_found, fmt::format("no rules of the city water quality index at {}", to_iso(at)));
  MJ_TRY(const Parameters numbers, Parameters::of_edition(standards, id));
  MJ_TRY(const SectionRules sections, SectionRules::load(standards, at, edition));
  rules.standard = sections.standard;
  rules.id = numbers.edition() + " + " + rules.standard->edition.id;
  MJ_TRY(rules.reference_class, numbers.integer("reference_class"));
  MJ_TRY(rules.ph_neutral, numbers.decimal("ph_neutral"));
  MJ_TRY(rules.ph_low, numbers.decimal("ph_low"));
  MJ_TRY(rules.ph_high, numbers.decimal("ph_high"));
  MJ_TRY(const int index, numbers.integer("index_decimals"));
  MJ_TRY(const int change, numbers.integer("change_decimals"));
  MJ_TRY(rules.excluded_class, numbers.integer("excluded_class"));
  rules.index_decimals = static_cast<std::uint8_t>(index);
  rules.change_decimals = static_cast<std::uint8_t>(change);
  for (const char* name :
       {"reference_class", "ph_neutral", "ph_low", "ph_high", "index_decimals", "change_decimals"})
    rules.verification = std::max(rules.verification, numbers.verification(name));
  return rules;
}

Decimal CwqiRules::limit(const standards::WaterItem& item, const Exact& mean) const {
  if (item.rule == standards::WaterRule::range)
    return Exact::compare(mean, ph_neutral).value_or(0) > 0 ? ph_high : ph_low;
  return item.limits[static_cast<std::size_t>(reference_class) - 1];
}

Exact cwqi_single(const CwqiRules& rules, const standards::WaterItem& item, const Exact& mean) {
  const Exact limit = rules.limit(item, mean);
  switch (item.rule) {
    case standards::WaterRule::at_most: return mean / limit;
    case standards::WaterRule::at_least: return limit / mean;
    case standards::WaterRule::range: return (mean - rules.ph_neutral) / (limit - rules.ph_neutral);
  }
  return Exact::of(0, 0);
}

std::optional<Exact> cwqi_total(const std::optional<Exact>& river, std::int64_t rivers,
                                const std::optional<Exact>& lake, std::int64_t lakes) {
  if (river && !lake) return river;
  if (lake && !river) return lake;
  if (!river) return std::nullopt;
  return (*river * Exact::of(rivers, 1) + *lake * Exact::of(lakes, 1)) / Exact::of(rivers + lakes, 1);
}

void CwqiDistrict::add(const CwqiRules& rules, const SectionRules& section_rules, const SectionMeans& section,
                       standards::WaterBody body, std::optional<int> target) {
  const int value = judge_section(section_rules, section.values()).value;
  if (value == 0) return;
  Kind& kind = kinds_[body == standards::WaterBody::lake ? 1 : 0];
  ++kind.sections;
  kind.means.add(section);
  all_good_ = all_good_ && value <= rules.excluded_class && value <= target.value_or(value);
}

Status CwqiDistrict::finish(const CwqiRules& rules) {
  std::set<std::string> items;
  for (Kind& kind : kinds_) {
    if (kind.sections == 0) continue;
    Exact sum;
    for (const SectionMeans::Item& item : kind.means.items()) {
      if (!item.item->basic || item.values.count() == 0) continue;
      const Exact single = cwqi_single(rules, *item.item, item.values.mean());
      if (single.lost())
        return Error(ErrorCode::invalid_input, fmt::format("{} has no index (a mean of 0?)", item.item->item));
      sum = sum + single;
      items.insert(item.item->item);
    }
    kind.index = sum;
  }
  items_ = items.size();
  index_ = cwqi_total(kinds_[0].index, kinds_[0].sections, kinds_[1].index, kinds_[1].sections);
  return {};
}

std::optional<Decimal> cwqi_change(const CwqiRules& rules, const std::optional<Exact>& base,
                                   const std::optional<Exact>& report) {
  if (!base || !report) return std::nullopt;
  return ((*report - *base) / *base * Exact::of(100, 1)).round(rules.change_decimals);
}

}  // namespace mj::assess
