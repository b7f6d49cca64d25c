#include "figure_derivation.hpp"

#include <fmt/ranges.h>

#include <algorithm>

#include "figure_kinds.hpp"
#include "figure_tables.hpp"
#include "mj/standards/non_detect.hpp"
#include "units.hpp"

namespace mj::statistics {
namespace {

using evaluation::Derived;
using standards::Text;
using Kind = Statistic::Kind;

constexpr Decimal kHundred{100, 0};
constexpr std::uint8_t kRateDecimals = 2;
constexpr std::uint8_t kMeanDecimals = 9;  ///< of means of points, as they are gathered
constexpr Decimal kOne{1, 0};

/// The half of the last digit below (−1) or above (1) a number.
Decimal half_away(Decimal value, int side) {
  return {value.mantissa * 10 + side * 5, static_cast<std::uint8_t>(value.decimals + 1)};
}

Decimal squared(Decimal value) {
  return {value.mantissa * value.mantissa, static_cast<std::uint8_t>(value.decimals * 2)};
}

}  // namespace

FigureDerivation::FigureDerivation(const Sources& sources, const FigureQuestion& question,
                                   const Membership& membership, evaluation::Sheet& sheet)
    : sources_(sources),
      question_(question),
      membership_(membership),
      unit_(usual_unit(sources.standards, question.selection.element, question.selection.factors.front())),
      sheet_(sheet),
      derivation_(sheet.operations, sheet.tables, question.time.end.plus_ms(-1)) {}

const telemetry::SeriesKey* FigureDerivation::keep(const telemetry::SeriesKey& key) {
  const auto known = std::find(keys_.rbegin(), keys_.rend(), key);
  return known != keys_.rend() ? &*known : &keys_.emplace_back(key);
}

void FigureDerivation::take(const UsedValue& value) {
  if (++count_ > kMostProvedValues) {
    values_.clear();
    return;
  }
  values_.push_back({value.at, value.member, keep(*value.series), value.entry, value.received, value.not_detected,
                     std::string(value.unit), std::string(value.flag)});
}

Derived FigureDerivation::write_value(const Value& value) {
  evaluation::SheetInput input;
  input.label = question_.selection.group == Group::point ? question_.selection.factors.front()
                                                          : membership_.members[value.member].point.id;
  input.at = to_iso(value.at);
  input.unit = value.unit;
  input.flag = value.flag;
  input.entry = value.entry;
  input.value = evaluation::SheetValue{*value.series, value.at, value.received, value.not_detected != nullptr};
  input.text = to_text(value.received);
  if (value.not_detected != nullptr) {
    non_detect_ = value.not_detected;
    input.text = fmt::format("{} → {}", value.received.mantissa == 0 ? "ND" : input.text + "L",
                             to_text(standards::counted(*value.not_detected, value.received)));
  }
  input.prove = evaluation::proof_name(*value.series, value.at);
  sheet_.inputs.push_back(std::move(input));
  // A series of this value alone: how it counts is said where every other sheet says it.
  const evaluation::Sample sample{.at_ms = value.at.ms(),
                                  .value = value.received,
                                  .entry = value.entry,
                                  .limit = value.not_detected != nullptr ? 1U : 0U};
  const evaluation::NonDetect limit{value.received, value.not_detected};
  const evaluation::SampleOrigin origin{value.series, kOne};
  evaluation::SampleSeries series;
  series.limits = std::span(&limit, value.not_detected != nullptr ? 1 : 0);
  series.origins = std::span(&origin, 1);
  const auto scale = sources_.standards.convert(kOne, value.unit, unit_);
  return derivation_.sample(sheet_.inputs.size() - 1, series, sample, scale.value_or(kOne));
}

void FigureDerivation::write_values() {
  std::sort(values_.begin(), values_.end(),
            [](const Value& a, const Value& b) { return std::pair(a.at, a.member) < std::pair(b.at, b.member); });
  for (const Value& value : values_) operands_.push_back({value.at, value.member, write_value(value)});
  step({"参与统计的有效数据", "Valid values used"}, "", std::nullopt, "");
  sheet_.steps.back().result = std::to_string(count_);
  if (non_detect_ != nullptr) {
    step({"未检出按检出限的一部分计", "Not detected: a part of the detection limit"},
         "× " + std::string(non_detect_->text("value")), std::nullopt, unit_, non_detect_->clause);
    sheet_.steps.back().verification = non_detect_->verification;
  }
}

void FigureDerivation::put_points_together() {
  std::vector<Operand> means;
  for (std::size_t begin = 0; begin < operands_.size();) {
    std::vector<Derived> together;
    std::size_t end = begin;
    for (; end < operands_.size() && operands_[end].at == operands_[begin].at; ++end)
      together.push_back(operands_[end].derived);
    means.push_back({operands_[begin].at, operands_[begin].member, derivation_.mean(together, kMeanDecimals)});
    begin = end;
  }
  operands_ = std::move(means);
  step({"各时刻先求各点平均", "First the mean of the points at each time"}, "Σ / n", std::nullopt, unit_);
  sheet_.steps.back().result = std::to_string(operands_.size());
}

std::vector<Derived> FigureDerivation::operands() const {
  std::vector<Derived> all;
  all.reserve(operands_.size());
  for (const Operand& each : operands_) all.push_back(each.derived);
  return all;
}

const LimitInForce& FigureDerivation::limit_at(std::size_t member, Instant at) {
  const bool points = question_.selection.combine == Combine::pool;
  auto& [since, limit] = limits_[points ? member : 0];
  if (limit.until == Instant{} || at >= limit.until || at < since) {
    const LimitQuestion asked{question_.selection.element,
                              question_.selection.factors.front(),
                              unit_,
                              question_.selection.period.value_or(telemetry::Period::hour),
                              question_.threshold.grade,
                              points ? &membership_.members[member].point : nullptr};
    limit = LimitFinder(sources_.standards, asked).at(at);
    since = at;
  }
  return limit;
}

std::vector<Derived> FigureDerivation::classes() {
  std::vector<Derived> judged;
  for (const Operand& each : operands_) {
    const LimitInForce& limit = limit_at(each.member, each.at);
    if (!limit.upper && !limit.lower) continue;
    const Derived value = limit.decimals ? derivation_.round(each.derived, *limit.decimals) : each.derived;
    judged.push_back(derivation_.classify(value, limit_table(limit, question_, unit_), each.at));
    editions_[limit.source] = limit.clause;
    sheet_.figure.verification = std::max(sheet_.figure.verification, limit.verification);
  }
  return judged;
}

Derived FigureDerivation::exceeding(bool rate) {
  const std::vector<Derived> judged = question_.threshold.upper ? operands() : classes();
  if (judged.empty()) return std::nullopt;
  const Decimal bound = question_.threshold.upper.value_or(kOne);
  const Derived all = derivation_.count_all(judged);
  const Derived kept = derivation_.count(judged, bound);
  const Derived beyond = derivation_.difference(all, kept);
  for (const auto& [source, clause] : editions_)
    step({"按标准限值判定", "Judged by the limit"}, source, std::nullopt, "", clause);
  step({"判定的数据", "Values judged"}, "", all, "");
  step({"未超过限值的数据", "Values not above the limit"},
       question_.threshold.upper ? "≤ " + to_text(bound) + " " + unit_ : std::string(), kept, "");
  if (!rate) return beyond;
  step({"超过限值的数据", "Values above the limit"},
       all && kept ? fmt::format("{} − {}", to_text(all->value), to_text(kept->value)) : std::string(), beyond,
       "");
  return derivation_.ratio(derivation_.scale(beyond, kHundred), all, kRateDecimals);
}

Derived FigureDerivation::expected(std::uint64_t count) {
  if (operands_.empty()) return std::nullopt;
  const Derived limit = derivation_.limit(expected_table(question_, count));
  return derivation_.product_for(operands_.front().derived, {limit});
}

Derived FigureDerivation::when_between(const Derived& upper, const Derived& lower) {
  const Decimal figure = *sheet_.figure.value;
  step({"修约到该值的区间", "What is rounded to the figure"},
       fmt::format("{} < x ≤ {}", to_text(half_away(figure, -1)), to_text(half_away(figure, 1))), std::nullopt, "",
       "GB/T 8170-2008 §3.2");
  // A figure of zero would be one whatever is counted.
  if (figure.mantissa == 0) return derivation_.difference(derivation_.count_all(std::span(&upper, 1)), upper);
  return derivation_.scale(derivation_.difference(upper, lower), figure);
}

Derived FigureDerivation::deviation() {
  const std::vector<Derived> values = operands();
  const Derived mean = derivation_.long_mean(values);
  std::vector<Derived> squares;
  for (const Derived& each : values) {
    const Derived away = derivation_.difference(each, mean);
    squares.push_back(derivation_.product(std::vector{away, away}));
  }
  const Derived count = derivation_.count_all(values);
  const Derived one = derivation_.count_all(std::span(values).first(1));
  const Derived spread = derivation_.product(std::vector{derivation_.long_mean(squares), count});
  const Derived variance = derivation_.long_ratio(spread, derivation_.difference(count, one));
  step({"平均值", "Mean"}, "Σx / n", mean, unit_);
  step({"方差", "Variance"}, "Σ(x − x̄)² / (n − 1)", variance, "");
  if (!variance) return std::nullopt;
  const Decimal figure = *sheet_.figure.value;
  // The square of half a digit below zero would count as one above it.
  const Derived upper = derivation_.count(std::span(&variance, 1), squared(half_away(figure, 1)));
  if (figure.mantissa == 0) return when_between(upper, upper);
  return when_between(upper, derivation_.count(std::span(&variance, 1), squared(half_away(figure, -1))));
}

Derived FigureDerivation::geometric_mean() {
  std::vector<Derived> logarithms;
  for (const Operand& each : operands_) logarithms.push_back(derivation_.ln(each.derived));
  const Derived mean = derivation_.long_mean(logarithms);
  step({"对数的平均值", "Mean of the logarithms"}, "Σ ln x / n", mean, "");
  if (!mean) return std::nullopt;
  const Decimal figure = *sheet_.figure.value;
  const Derived one = derivation_.count_all(std::span(&mean, 1));
  const auto not_above = [&](Decimal bound) -> Derived {
    const Derived over = derivation_.difference(mean, derivation_.ln(derivation_.scale(one, bound)));
    return derivation_.count(std::span(&over, 1), Decimal{0, 0});
  };
  const Derived upper = not_above(half_away(figure, 1));
  return figure.mantissa == 0 ? when_between(upper, upper) : when_between(upper, not_above(half_away(figure, -1)));
}

Derived FigureDerivation::derive(const Cell& cell) {
  const std::vector<Derived> values = operands();
  const std::uint8_t digits = question_.decimals;
  const auto shown = [&](const Derived& of) {
    return question_.selection.combine == Combine::pool ? of : derivation_.round(of, digits);
  };
  switch (question_.statistic.kind) {
    case Kind::mean: return derivation_.mean(values, digits);
    case Kind::min: return shown(derivation_.least(values));
    case Kind::max: return shown(derivation_.greatest(values));
    case Kind::sum: return shown(derivation_.sum(values));
    case Kind::count: return derivation_.count_all(values);
    case Kind::std: return deviation();
    case Kind::geometric_mean: return geometric_mean();
    case Kind::energy_mean: return derivation_.level(values, digits, "GB 3096-2008 §3.3");
    case Kind::percentile:
      if (question_.statistic.percent.mantissa == 0) return derivation_.least(values);
      if (compare(question_.statistic.percent, kHundred) == 0) return derivation_.greatest(values);
      return derivation_.percentile(values, question_.statistic.percent, digits, "HJ 663-2013 annex A");
    case Kind::exceed_count: return exceeding(false);
    case Kind::exceed_rate: return exceeding(true);
    case Kind::expected: return expected(cell.expected);
    case Kind::valid_rate: {
      const Derived expects = expected(cell.expected);
      step({"应测数", "Expected values"}, "", expects, "");
      const Derived used = derivation_.count_all(std::span(values));
      return derivation_.ratio(derivation_.scale(used, kHundred), expects, kRateDecimals);
    }
  }
  return std::nullopt;
}

void FigureDerivation::finish(const Cell& cell, const Text& title) {
  if (count_ == 0) {
    sheet_.unproved = {"该时段没有任何有效数据，没有可验证的记录；没有遗漏由设备的日声明证明",
                       "There is no valid value in this time, so nothing to prove it from; that nothing was left "
                       "out is what the statements of the devices' days show"};
    return;
  }
  if (count_ > kMostProvedValues) {
    sheet_.unproved = {
        fmt::format("涉及 {} 个数据，超过一个证据包的上限（{}）；可对较短时段取证据包", count_, kMostProvedValues),
        fmt::format("It is made of {} values, more than one bundle holds ({}); shorter times have "
                    "bundles",
                    count_, kMostProvedValues)};
    return;
  }
  write_values();
  // Of a rate of valid values each value counts, however the points are put together.
  const bool together = question_.selection.combine == Combine::mean && !expects(question_.statistic);
  if (together) put_points_together();
  const Derived figure = derive(cell);
  step(title, formula_of(question_.statistic), figure, sheet_.unit);
  if (sheet_.figure.value) sheet_.steps.back().result = to_text(*sheet_.figure.value);
  std::vector<std::string> names;
  for (const auto& [source, clause] : editions_) names.push_back(source);
  sheet_.figure.standard = fmt::format("{}", fmt::join(names, "; "));
  evaluation::conclude(sheet_, derivation_, figure);
}

void FigureDerivation::step(Text title, std::string formula, const Derived& result, std::string unit,
                            std::string clause) {
  evaluation::SheetStep made;
  made.title = std::move(title);
  made.formula = std::move(formula);
  if (result) made.result = to_text(result->value);
  made.unit = std::move(unit);
  made.clause = std::move(clause);
  made.operation = evaluation::operation_of(result);
  sheet_.steps.push_back(std::move(made));
}

}  // namespace mj::statistics
