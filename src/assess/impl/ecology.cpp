#include "mj/assess/ecology.hpp"

#include "mj/assess/rules_in_force.hpp"

namespace mj::assess {
namespace {

constexpr Decimal kMost = EcologyRules::kMost;

Exact capped(Decimal value) {
  if (value.mantissa < 0) return Decimal{};
  return compare(value, kMost) > 0 ? kMost : value;
}

}  // namespace

Result<EcologyRules> EcologyRules::load(const standards::StandardSet& standards, Instant at,
                                        std::string_view index, std::string_view edition) {
  EcologyRules rules;
  Exact sum;
  for (const auto* row : rows_in_force(standards, "ecology_weights", at, edition)) {
    if (row->text("index") != index) continue;
    rules.edition_ = row->edition;
    rules.items_.push_back(
        {std::string(row->text("item")), row->decimal("weight"), row->integer("inverted") == 1, row});
    rules.weights_ = std::max(rules.weights_, row->verification);
    sum = sum + row->decimal("weight");
  }
  if (rules.items_.empty())
    return Error(ErrorCode::not_found, fmt::format("no weights of {} at {}; there are {}", index, to_iso(at),
                                                   editions_with(standards, "ecology_weights")));
  if (Exact::compare(sum, Decimal{1, 0}) != 0)
    return Error(ErrorCode::invalid_input, fmt::format("{}: the weights do not add up to 1", rules.edition_));
  for (const auto* row : rows_in_force(standards, "ecology_grades", at, rules.edition_)) {
    rules.grades_.push_back({row->integer("grade"), std::string(row->text("name_zh")),
                             std::string(row->text("name_en")), row->number("lo"), row->verification});
  }
  std::sort(rules.grades_.begin(), rules.grades_.end(),
            [](const Grade& a, const Grade& b) { return a.number < b.number; });
  if (rules.grades_.empty() || rules.grades_.back().lo)
    return Error(ErrorCode::invalid_input, fmt::format("{}: the worst grade must have no bound", rules.edition_));
  rules.changes_ = rows_in_force(standards, "ecology_changes", at, rules.edition_);
  MJ_TRY(const Parameters numbers, Parameters::of_edition(standards, rules.edition_));
  MJ_TRY(const int decimals, numbers.integer("index_decimals"));
  rules.decimals_ = static_cast<std::uint8_t>(decimals);
  // Only EI knows restrictions.
  if (const auto drop = numbers.integer("medium_drop")) {
    rules.medium_drop_ = *drop;
    MJ_TRY(rules.major_drop_, numbers.integer("major_drop"));
    MJ_TRY(rules.major_best_, numbers.integer("major_best_grade"));
  }
  return rules;
}

std::optional<Decimal> EcologyRules::index(std::span<const Decimal> values) const {
  if (values.size() != items_.size()) return std::nullopt;
  Exact sum;
  for (std::size_t i = 0; i < values.size(); ++i) {
    const Exact value = capped(values[i]);
    sum = sum + Exact(items_[i].weight) * (items_[i].inverted ? Exact(kMost) - value : value);
  }
  return sum.round(decimals_);
}

const EcologyRules::Grade& EcologyRules::grade(Decimal index, EcologyRestriction restriction) const {
  std::size_t found = 0;
  while (grades_[found].lo && compare(index, *grades_[found].lo) < 0) ++found;
  int number = grades_[found].number;
  if (restriction == EcologyRestriction::medium) number += medium_drop_;
  if (restriction == EcologyRestriction::major) number = std::max(number + major_drop_, major_best_);
  number = std::min(number, grades_.back().number);
  return *std::find_if(grades_.begin(), grades_.end(), [&](const Grade& grade) { return grade.number >= number; });
}

std::optional<EcologyRules::Change> EcologyRules::change(Decimal before, Decimal after) const {
  const Exact difference = Exact(after) - before;
  const bool better = Exact::compare(difference, Decimal{}).value_or(0) >= 0;
  const Exact amount = better ? difference : Exact(before) - after;
  const standards::RuleRow* reached = nullptr;
  for (const auto* row : changes_) {
    const Decimal from = row->decimal("from");
    if (Exact::compare(amount, from).value_or(-1) < 0) continue;
    if (reached == nullptr || compare(from, reached->decimal("from")) > 0) reached = row;
  }
  if (reached == nullptr) return std::nullopt;
  return Change{std::string(reached->text(better ? "better_zh" : "worse_zh")),
                std::string(reached->text(better ? "better_en" : "worse_en"))};
}

standards::Verification EcologyRules::verification(const Grade& grade) const {
  return std::max(weights_, grade.verification);
}

}  // namespace mj::assess
