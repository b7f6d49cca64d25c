#include "subject_values.hpp"

#include <algorithm>

namespace mj::appraisal {
namespace {

using assess::Exact;
using registry::LocalName;
using Computed = SubjectValues::Computed;

std::string with_unit(const std::string& text, const std::string& unit) {
  return unit.empty() || text.empty() ? text : text + " " + unit;
}

/// "title = text" in both languages.
LocalName equation(const ValueRule& rule, const std::string& text) {
  const std::string clause = rule.clause.empty() ? std::string() : fmt::format("（{}）", rule.clause);
  const std::string english = rule.clause.empty() ? std::string() : fmt::format(" ({})", rule.clause);
  return {fmt::format("{}{} = {}", rule.title.zh, clause, text),
          fmt::format("{}{} = {}", rule.title.en, english, text)};
}

/// Steps of a value that is used; what was told before is not told again.
void append(std::vector<Step>& steps, const std::vector<Step>& more) {
  for (const Step& step : more) {
    const bool told = std::ranges::any_of(steps, [&](const Step& one) { return one.text.zh == step.text.zh; });
    if (!told) steps.push_back(step);
  }
}

void round_if_asked(const ValueRule& rule, Computed& computed) {
  if (!computed.value || !rule.decimals) return;
  const auto rounded = computed.value->round(*rule.decimals);
  if (!rounded) return;
  computed.value = Exact(*rounded);
  computed.text = to_text(*rounded);
}

std::string text_of(const Bands::Band& band, const std::string& value) {
  std::string text;
  if (band.from) text += to_text(*band.from) + " ≤ ";
  if (band.above) text += to_text(*band.above) + " < ";
  text += value;
  if (band.to) text += " ≤ " + to_text(*band.to);
  if (band.below) text += " < " + to_text(*band.below);
  return text;
}

}  // namespace

bool holds(const Bands::Band& band, const Exact& value) {
  const auto against = [&value](const std::optional<Decimal>& bound) {
    return bound ? Exact::compare(value, Exact(*bound)) : std::optional<int>();
  };
  if (band.from && against(band.from).value_or(-1) < 0) return false;
  if (band.above && against(band.above).value_or(-1) <= 0) return false;
  if (band.to && against(band.to).value_or(1) > 0) return false;
  return !(band.below && against(band.below).value_or(1) >= 0);
}

SubjectValues::SubjectValues(const Scheme& scheme, const FigureTable& figures, const std::string& subject)
    : subject_(subject) {
  for (const ValueRule& rule : scheme.values) {
    Computed computed;
    if (const auto* bands = std::get_if<Bands>(&rule.rule)) {
      computed = banded(rule, *bands);
    } else if (const auto* constants = std::get_if<PerSubject>(&rule.rule)) {
      computed = constant(rule, *constants);
    } else if (const auto* formula = std::get_if<Expression>(&rule.rule)) {
      computed = calculated(rule, *formula);
    } else {
      const auto column = figures.find(rule.id);
      const FoundFigure* found = nullptr;
      if (column != figures.end()) {
        const auto cell = column->second.find(subject);
        if (cell != column->second.end()) found = &cell->second;
      }
      computed = looked_up(rule, found);
    }
    values_.emplace(rule.id, std::move(computed));
  }
}

const Computed& SubjectValues::at(std::string_view id) const { return values_.find(id)->second; }

NamedValue SubjectValues::named(std::string_view id) const {
  const Computed& computed = at(id);
  return {computed.value, computed.value ? computed.text : "—"};
}

std::optional<bool> SubjectValues::holds(const Expression& condition) const {
  const Outcome outcome = condition.evaluate([this](std::string_view id) { return named(id); });
  if (!outcome.value) return std::nullopt;
  return Exact::compare(*outcome.value, Exact(Decimal{0, 0})) != 0;
}

Computed SubjectValues::looked_up(const ValueRule& rule, const FoundFigure* found) const {
  Computed computed;
  if (found == nullptr || !found->value) {
    computed.reason =
        found == nullptr || found->reason.zh.empty()
            ? LocalName{rule.title.zh + "：没有数据", rule.title.en + ": no data"}
            : LocalName{rule.title.zh + "：" + found->reason.zh, rule.title.en + ": " + found->reason.en};
    computed.steps.push_back({computed.reason, found == nullptr ? std::string() : found->lineage});
    return computed;
  }
  computed.value = Exact(*found->value);
  computed.text = to_text(*found->value);
  round_if_asked(rule, computed);
  const std::string written = found->shown.empty() ? to_text(*found->value) : found->shown;
  std::string text = with_unit(written, rule.unit);
  if (written != computed.text) text += " → " + computed.text;
  computed.steps.push_back({equation(rule, text), found->lineage, found->prove});
  return computed;
}

Computed SubjectValues::banded(const ValueRule& rule, const Bands& bands) const {
  const Computed& of = at(bands.of);
  Computed computed;
  computed.steps = of.steps;
  if (!of.value) {
    computed.reason = of.reason;
    return computed;
  }
  for (const Bands::Band& band : bands.bands) {
    if (!appraisal::holds(band, *of.value)) continue;
    computed.value = Exact(band.value);
    computed.text = to_text(band.value);
    const LocalName step = equation(rule, with_unit(computed.text, rule.unit));
    const std::string because = text_of(band, of.text);
    computed.steps.push_back({{step.zh + "，因 " + because, step.en + ", because " + because}, {}});
    return computed;
  }
  computed.reason = {rule.title.zh + "：" + of.text + " 不在任何分档内",
                     rule.title.en + ": " + of.text + " lies in no band"};
  computed.steps.push_back({computed.reason, {}});
  return computed;
}

Computed SubjectValues::constant(const ValueRule& rule, const PerSubject& constants) const {
  Computed computed;
  const auto found = constants.values.find(subject_);
  const auto value = found != constants.values.end() ? std::optional(found->second) : constants.otherwise;
  if (!value) {
    computed.reason = {rule.title.zh + "：方案未列该对象",
                       rule.title.en + ": the scheme does not list the subject"};
    computed.steps.push_back({computed.reason, {}});
    return computed;
  }
  computed.value = Exact(*value);
  computed.text = to_text(*value);
  computed.steps.push_back({equation(rule, with_unit(computed.text, rule.unit)), {}});
  return computed;
}

Computed SubjectValues::calculated(const ValueRule& rule, const Expression& formula) const {
  const ValueOf value_of = [this](std::string_view id) { return named(id); };
  Computed computed;
  for (const std::string& used : formula.names()) append(computed.steps, at(used).steps);
  const Outcome outcome = formula.evaluate(value_of);
  if (!outcome.value) {
    computed.reason = outcome.missing.empty()
                          ? LocalName{rule.title.zh + "：无法计算（除数为零或位数过多）",
                                      rule.title.en + ": cannot be computed (division by zero or too many digits)"}
                          : at(outcome.missing).reason;
    if (outcome.missing.empty()) computed.steps.push_back({computed.reason, {}});
    return computed;
  }
  computed.value = *outcome.value;
  computed.text = shown(*outcome.value);
  const std::string exact = computed.text;
  round_if_asked(rule, computed);
  std::string text = fmt::format("{} = {}", formula.substituted(value_of), with_unit(exact, rule.unit));
  if (computed.text != exact) text += " → " + with_unit(computed.text, rule.unit);
  computed.steps.push_back({equation(rule, text), {}});
  return computed;
}

}  // namespace mj::appraisal
