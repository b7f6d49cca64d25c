#include "item_values.hpp"

namespace mj::evaluation {
namespace {

constexpr std::string_view kItemFactors = "item_factors";

}  // namespace

ItemFactors::ItemFactors(const standards::StandardSet& standards) {
  for (const standards::RuleRow& row : standards.rules(kItemFactors))
    by_table_[std::string(row.text("table"))][std::string(row.text("item"))].emplace_back(row.text("factor"));
}

std::span<const std::string> ItemFactors::of(std::string_view table, std::string_view item) const {
  const auto items = by_table_.find(table);
  if (items == by_table_.end()) return {};
  const auto found = items->second.find(item);
  return found == items->second.end() ? std::span<const std::string>() : found->second;
}

std::vector<std::string> factors_of(const ItemFactors& factors, std::string_view table, std::string_view item) {
  const auto listed = factors.of(table, item);
  std::vector<std::string> found(listed.begin(), listed.end());
  found.emplace_back(item);
  return found;
}

bool any_value(const PointValues& values, const Span& span) {
  return std::any_of(values.series.begin(), values.series.end(),
                     [&](const SampleSeries& series) { return !series.within(span.from, span.to).empty(); });
}

const SampleSeries* factor_series(const PointValues& values, const Span& span, std::string_view factor,
                                  std::initializer_list<std::string_view> kinds) {
  using telemetry::Period;
  for (const Period period : {Period::day, Period::hour, Period::minute, Period::instant}) {
    for (const std::string_view kind : kinds) {
      const SampleSeries* found = values.find(factor, period, kind);
      if (found != nullptr && !found->within(span.from, span.to).empty()) return found;
    }
  }
  return nullptr;
}

const SampleSeries* item_series(const Context& context, const PointValues& values, const Span& span,
                                std::string_view table, std::string_view item,
                                std::initializer_list<std::string_view> kinds) {
  for (const std::string& factor : context.factors.of(table, item)) {
    if (const SampleSeries* found = factor_series(values, span, factor, kinds)) return found;
  }
  return factor_series(values, span, item, kinds);
}

std::optional<Decimal> in_unit(const standards::StandardSet& standards, Decimal value, std::string_view from,
                               std::string_view to) {
  if (from.empty() || to.empty() || from == to) return value;
  return standards.convert(value, from, to);
}

ValuesOfItem values_of_item(const Context& context, const SampleSeries& series, std::string_view unit,
                            const EvaluationPeriod& period, bool through_ions) {
  ValuesOfItem values;
  assess::ItemMean mean(through_ions);
  for (const Sample& sample : series.within(period.begin, period.end())) {
    if (!sample.usable) continue;
    const auto value = in_unit(context.standards, sample.value, series.unit, unit);
    if (!value || !mean.add(*value)) continue;
    values.inputs.add(sample.at_ms, sample.value, sample.entry);
    if (!values.least || compare(*value, *values.least) < 0) values.least = value;
    if (!values.greatest || compare(*value, *values.greatest) > 0) values.greatest = value;
    values.newest = value;
    if (const NonDetect* below = series.non_detect(sample))
      values.verification = std::max(values.verification, below->rule->verification);
  }
  if (mean.count() > 0) values.mean = mean.mean();
  return values;
}

std::vector<std::string> factors_of_tables(const standards::StandardSet& standards,
                                           std::initializer_list<std::string_view> tables) {
  std::vector<std::string> found;
  for (const std::string_view table : tables) {
    for (const standards::RuleRow& row : standards.rules(kItemFactors)) {
      if (row.text("table") == table) found.emplace_back(row.text("factor"));
    }
    for (const standards::RuleRow& row : standards.rules(table)) {
      if (const std::string_view item = row.text("item"); !item.empty()) found.emplace_back(item);
    }
  }
  std::sort(found.begin(), found.end());
  found.erase(std::unique(found.begin(), found.end()), found.end());
  return found;
}

Row row_of(Level level, std::string_view subject, const EvaluationPeriod& period, std::size_t indicator) {
  Row row;
  row.level = level;
  row.subject = subject;
  row.period = period;
  row.indicator = indicator;
  return row;
}

Grade compliance_grade(bool compliant) {
  if (compliant) return {"yes", {"达标", "Complies"}, "", true};
  return {"no", {"超标", "Exceeds"}, "", false};
}

std::string_view attribute(const registry::PointView& view, std::string_view key) {
  const auto found = view.attributes.find(std::string(key));
  return found == view.attributes.end() ? std::string_view() : std::string_view(found->second);
}

const registry::PointView* view_of(const RosterPoint& point, const EvaluationPeriod& period) {
  return point.at(period.end().plus_ms(-1));
}

}  // namespace mj::evaluation
