#include "asked_sheet.hpp"

#include "mj/assess/exact.hpp"
#include "mj/evaluation/derivation.hpp"
#include "mj/evaluation/engine.hpp"
#include "sheet_parts.hpp"

namespace mj::evaluation {

Figure change_of(const Figure& ranked) {
  Figure figure;
  figure.level = ranked.level;
  figure.subject = ranked.subject;
  figure.indicator = ranked.indicator + std::string(kChangeSuffix);
  figure.period = ranked.period;
  figure.value = ranked.change;
  return figure;
}

Figure rate_of(const Engine::ComplianceList& list, const Compliance& row) {
  Figure figure;
  figure.level = list.level;
  figure.subject = row.subject;
  figure.indicator = kComplianceRate;
  figure.period = list.period;
  figure.value = row.rate;
  return figure;
}

Sheet change_sheet(Figure now, Figure before, std::string_view unit) {
  Sheet sheet;
  sheet.unit = unit;
  for (const Figure* each : {&now, &before})
    sheet.inputs.push_back(figure_input(*each, now.indicator, std::string(unit)));
  Derivation derivation(sheet.operations, sheet.tables, now.period);
  const Derived change =
      derivation.difference(Derivation::input(0, now.value), Derivation::input(1, before.value));
  const auto text = [](const std::optional<Decimal>& value) { return value ? to_text(*value) : std::string("—"); };
  SheetStep step = step_of({"与上年同期之差", "Change on the same period of the year before"},
                           fmt::format("{} − {}", text(now.value), text(before.value)),
                           change ? to_text(change->value) : std::string("—"), std::string(unit));
  step.operation = operation_of(change);
  sheet.steps.push_back(std::move(step));
  sheet.figure = std::move(now);
  sheet.figure.indicator += kChangeSuffix;
  sheet.figure.value = change ? std::optional(change->value) : std::nullopt;
  sheet.figure.grade.reset();
  sheet.figure.primary.clear();
  conclude(sheet, derivation, change);
  return sheet;
}

std::optional<Decimal> compliance_rate(std::size_t compliant, std::size_t graded) {
  if (graded == 0) return std::nullopt;
  return assess::Exact::of(static_cast<std::int64_t>(compliant) * 100, static_cast<std::int64_t>(graded))
      .round(kComplianceDigits);
}

Result<Sheet> compliance_sheet(const Evaluator& evaluator, const Context& context, Level level,
                               std::string_view subject, const EvaluationPeriod& period,
                               std::span<const Figure> units) {
  Sheet sheet;
  sheet.unit = "%";
  sheet.figure.level = level;
  sheet.figure.subject = subject;
  sheet.figure.indicator = kComplianceRate;
  sheet.figure.period = period;
  Derivation derivation(sheet.operations, sheet.tables, period);
  std::vector<Derived> all;
  // By bound: what has to be at most so much, and the negative of what has to be at least so much.
  std::map<std::pair<std::string, bool>, std::pair<Decimal, std::vector<Derived>>> kept;
  std::size_t compliant = 0;
  for (const Figure& unit : units) {
    SheetInput input = figure_input(unit, unit.indicator, "");
    if (unit.grade) input.text += (input.text.empty() ? "" : " ") + unit.grade->name.zh;
    input.used = unit.grade && unit.grade->compliant.has_value();
    if (!input.used) input.reason = unit.grade ? "nothing is asked of it" : unit.reason;
    const bool used = input.used;
    sheet.inputs.push_back(std::move(input));
    if (!used) continue;
    compliant += *unit.grade->compliant ? 1U : 0U;
    const Derived value = Derivation::input(sheet.inputs.size() - 1, unit.value);
    all.push_back(value);
    const auto bound =
        evaluator.compliance_bound ? evaluator.compliance_bound(context, unit) : std::optional<ComplianceBound>();
    if (!bound || !value) {
      derivation.missing(Gap::not_written);
      continue;
    }
    const Decimal sign{bound->at_least ? -1 : 1, 0};
    const Decimal limit{bound->bound.mantissa * sign.mantissa, bound->bound.decimals};
    auto& [known, values] = kept[{to_text(limit), bound->at_least}];
    known = limit;
    values.push_back(bound->at_least ? derivation.scale(value, sign) : value);
  }
  if (all.empty())
    return Error(ErrorCode::not_found, fmt::format("{} has no {} that had to comply in {}", subject,
                                                   evaluator.compliance_indicator, period.label()));
  std::vector<Derived> counts;
  for (auto& [key, of] : kept) counts.push_back(derivation.count(of.second, of.first));
  const Derived good = counts.size() == 1 ? counts.front() : derivation.sum(counts);
  const Derived rate =
      derivation.ratio(derivation.scale(good, {100, 0}), derivation.count_all(all), kComplianceDigits);
  sheet.figure.value = compliance_rate(compliant, all.size());
  SheetStep step = step_of({"达标率", "Rate of compliance"}, fmt::format("{} / {} × 100", compliant, all.size()),
                           to_text(*sheet.figure.value), "%");
  step.operation = operation_of(rate);
  sheet.steps.push_back(std::move(step));
  conclude(sheet, derivation, rate);
  return sheet;
}

}  // namespace mj::evaluation
