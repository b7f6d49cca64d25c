#include "mj/standards/non_detect.hpp"

namespace mj::standards {
namespace {

const RuleRow* in_force(const std::vector<const RuleRow*>& rows, Instant at) {
  for (const RuleRow* row : rows) {
    if (row->validity.contains(at)) return row;
  }
  return nullptr;
}

const RuleRow* first_of(const std::vector<const RuleRow*>& rows) {
  const auto first = std::min_element(
      rows.begin(), rows.end(), [](const auto* a, const auto* b) { return a->validity.from < b->validity.from; });
  return first == rows.end() ? nullptr : *first;
}

}  // namespace

NonDetectRules::NonDetectRules(const StandardSet& standards, std::string_view element) {
  const std::string own = fmt::format("non_detect_share.{}", element);
  for (const RuleRow& row : standards.rules("parameters")) {
    if (row.jurisdiction != "nation") continue;
    if (row.text("name") == own) of_element_.push_back(&row);
    if (row.text("name") == "non_detect_share") usual_.push_back(&row);
    if (row.text("name") == "non_detect_mass_share") masses_.push_back(&row);
  }
}

const RuleRow* NonDetectRules::at(Instant at) const {
  for (const auto* rows : {&of_element_, &usual_}) {
    if (const auto* row = in_force(*rows, at)) return row;
  }
  const auto* first = first_of(of_element_);
  return first != nullptr ? first : first_of(usual_);
}

const RuleRow* NonDetectRules::mass_at(Instant at) const {
  const auto* row = in_force(masses_, at);
  return row != nullptr ? row : first_of(masses_);
}

Decimal counted(const RuleRow& rule, Decimal limit) {
  const Decimal share = rule.decimal("value");
  return {limit.mantissa * share.mantissa, static_cast<std::uint8_t>(limit.decimals + share.decimals)};
}

}  // namespace mj::standards
