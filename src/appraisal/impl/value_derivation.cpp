#include "value_derivation.hpp"

#include <algorithm>

namespace mj::appraisal {
namespace {

using assess::Exact;

}  // namespace

const FoundFigure* ValueDerivation::found(const ValueRule& rule) const {
  const auto column = figures_.find(rule.id);
  if (column == figures_.end()) return nullptr;
  const auto cell = column->second.find(subject_);
  return cell == column->second.end() || !cell->second.value ? nullptr : &cell->second;
}

void ValueDerivation::use(std::string_view value) {
  if (!used_.emplace(value).second) return;
  const ValueRule& rule = *scheme_.value(value);
  if (const auto* formula = std::get_if<Expression>(&rule.rule)) {
    for (const std::string& name : formula->names()) use(name);
  } else if (const auto* bands = std::get_if<Bands>(&rule.rule)) {
    use(bands->of);
  } else if (!std::holds_alternative<PerSubject>(rule.rule) &&
             !std::holds_alternative<RegisterFigure>(rule.rule)) {
    values_.emplace(rule.id, looked_up(rule));
  }
}

Written ValueDerivation::of(std::string_view value) {
  if (const auto known = values_.find(value); known != values_.end()) return known->second;
  const ValueRule& rule = *scheme_.value(value);
  Written written = write(rule);
  values_.emplace(rule.id, written);
  return written;
}

Written ValueDerivation::condition(const Expression& formula) {
  return writer_.truth_of(write_expression(formula, writer_, [this](std::string_view name) { return of(name); }));
}

Written ValueDerivation::write(const ValueRule& rule) {
  if (const auto* bands = std::get_if<Bands>(&rule.rule)) return banded(rule, *bands);
  if (const auto* formula = std::get_if<Expression>(&rule.rule)) {
    const Written written =
        write_expression(*formula, writer_, [this](std::string_view name) { return of(name); });
    return rule.decimals ? writer_.round(written, *rule.decimals) : written;
  }
  if (const auto* constants = std::get_if<PerSubject>(&rule.rule)) {
    const auto constant = constants->values.find(subject_);
    const auto value =
        constant != constants->values.end() ? std::optional(constant->second) : constants->otherwise;
    return value ? writer_.literal(Exact(*value), rule.clause) : std::nullopt;
  }
  return looked_up(rule);
}

Written ValueDerivation::looked_up(const ValueRule& rule) {
  const FoundFigure* figure = found(rule);
  if (figure == nullptr) return std::nullopt;
  Written written;
  if (std::holds_alternative<RegisterFigure>(rule.rule)) {
    written = writer_.stated(*figure->value, "register", figure->lineage);
  } else if (figure->prove.empty() && std::holds_alternative<StatisticsFigure>(rule.rule)) {
    written = writer_.stated(*figure->value, "statistics", figure->lineage + ": without values to prove it from");
  } else {
    if (figure->prove.empty() || !figure->figure || compare(*figure->figure, *figure->value) != 0) {
      obstacle_ = {
          rule.title.zh + "：方案按等级名称取数，该等级不是可验证的数值",
          rule.title.en + ": the scheme takes the name of a grade, which is no figure that can be proved"};
      return std::nullopt;
    }
    evaluation::SheetInput input;
    input.label = rule.id;
    input.at = period_;
    input.text = figure->shown.empty() ? to_text(*figure->value) : figure->shown;
    input.unit = rule.unit;
    input.figure = figure->figure;
    input.prove = figure->prove;
    inputs_.push_back(std::move(input));
    written = writer_.input(inputs_.size() - 1, *figure->figure);
  }
  return rule.decimals ? writer_.round(written, *rule.decimals) : written;
}

Written ValueDerivation::within(const Bands::Band& band, const Written& value) {
  Written inside = writer_.one();
  const auto bound = [&](const std::optional<Decimal>& at, auto condition) {
    if (at) inside = writer_.both(inside, condition(writer_.literal(Exact(*at))));
  };
  bound(band.from, [&](const Written& at) { return writer_.at_most(at, value); });
  bound(band.above, [&](const Written& at) { return writer_.negation(writer_.at_most(value, at)); });
  bound(band.to, [&](const Written& at) { return writer_.at_most(value, at); });
  bound(band.below, [&](const Written& at) { return writer_.negation(writer_.at_most(at, value)); });
  return inside;
}

Written ValueDerivation::banded(const ValueRule& rule, const Bands& bands) {
  const Written value = of(bands.of);
  if (!value) return std::nullopt;
  // From the last band to the first: each counts where it holds, else what comes behind it.
  Written result;
  for (auto band = bands.bands.rbegin(); band != bands.bands.rend(); ++band)
    result = writer_.choose(within(*band, value), writer_.literal(Exact(band->value), rule.clause), result);
  return result;
}

}  // namespace mj::appraisal
