#include "sheet_parts.hpp"

namespace mj::evaluation {
namespace {

/// "0.004L", or "ND" when nobody said below what.
std::string limit_text(const NonDetect& below) {
  return below.limit.mantissa == 0 ? "ND" : to_text(below.limit) + "L";
}

}  // namespace

Decimal without_zeros(Decimal value) {
  while (value.decimals > 0 && value.mantissa % 10 == 0) {
    value.mantissa /= 10;
    --value.decimals;
  }
  return value;
}

Decimal before_scale(Decimal value, Decimal scale) {
  for (std::uint8_t i = 0; i < scale.decimals; ++i) value.mantissa *= 10;
  for (std::int64_t power = scale.mantissa; power >= 10; power /= 10) ++value.decimals;
  return without_zeros(value);
}

std::string shown(const std::optional<Decimal>& value) { return value ? to_text(*value) : "—"; }

SheetInput sample_input(const SampleSeries& series, const Sample& sample, std::string label) {
  SheetInput input;
  input.label = std::move(label);
  input.at = to_iso(Instant::from_ms(sample.at_ms));
  input.text = to_text(sample.value);
  if (const NonDetect* below = series.non_detect(sample))
    input.text = fmt::format("{} → {}", limit_text(*below), to_text(without_zeros(sample.value)));
  input.unit = std::string(series.unit);
  input.flag = series.flags.empty() ? std::string() : series.flags[sample.flag];
  input.used = sample.usable;
  if (!sample.usable) input.reason = fmt::format("flag {}: no measurement", input.flag);
  input.entry = sample.entry;
  if (const SampleOrigin* origin = series.origin(sample)) {
    const NonDetect* below = series.non_detect(sample);
    input.value =
        SheetValue{*origin->key, Instant::from_ms(sample.at_ms),
                   before_scale(below == nullptr ? sample.value : below->limit, origin->scale), below != nullptr};
  }
  return input;
}

SheetInput figure_input(const Figure& figure, std::string label, std::string unit) {
  SheetInput input;
  input.label = std::move(label);
  input.at = figure.period.label();
  input.text = figure.value ? to_text(*figure.value) : "";
  input.unit = std::move(unit);
  input.used = figure.value.has_value();
  input.reason = figure.value ? "" : figure.reason;
  input.subject = figure.subject;
  input.indicator = figure.indicator;
  input.period = figure.period.kind;
  input.level = figure.level;
  input.figure = figure.value;
  return input;
}

std::vector<SheetStep> non_detect_steps(const SampleSeries& series, std::span<const Sample> samples) {
  std::vector<SheetStep> steps;
  std::vector<std::pair<Decimal, const standards::RuleRow*>> told;
  for (const Sample& sample : samples) {
    const NonDetect* below = series.non_detect(sample);
    if (below == nullptr || !sample.usable) continue;
    const std::pair key(below->limit, below->rule);
    if (std::find(told.begin(), told.end(), key) != told.end()) continue;
    told.push_back(key);
    const bool half = compare(below->rule->decimal("value"), Decimal{5, 1}) == 0;
    steps.push_back(step_of(
        {half ? "未检出，按检出限的一半计" : "未检出，按检出限的一部分计",
         half ? "Not detected: half of the detection limit" : "Not detected: a part of the detection limit"},
        below->limit.mantissa == 0 ? "ND"
                                   : fmt::format("{} × {}", to_text(below->limit), below->rule->text("value")),
        to_text(without_zeros(sample.value)), std::string(series.unit), below->rule));
  }
  return steps;
}

void explain_values(Explanation& to, std::size_t indicator, const SampleSeries& series,
                    std::span<const Sample> samples, const std::string& label) {
  constexpr std::size_t kMost = kMostListedValues;
  for (const Sample& sample : samples.first(std::min(samples.size(), kMost)))
    to.inputs.emplace_back(indicator, sample_input(series, sample, label));
  if (samples.size() > kMost)
    to.steps.emplace_back(
        indicator, step_of({"数据较多，只列出前若干个", "Many values: only the first ones are listed"},
                           fmt::format("{} / {}", kMost, samples.size()), std::to_string(samples.size()), ""));
  for (SheetStep& step : non_detect_steps(series, samples)) to.steps.emplace_back(indicator, std::move(step));
}

SheetStep step_of(standards::Text title, std::string formula, std::string result, std::string unit,
                  const standards::RuleRow* row) {
  SheetStep step;
  step.title = std::move(title);
  step.formula = std::move(formula);
  step.result = std::move(result);
  step.unit = std::move(unit);
  if (row == nullptr) return step;
  step.clause = row->clause.starts_with(row->edition) ? row->clause : row->edition + " " + row->clause;
  if (row->kind == "parameters") step.clause = row->clause;
  step.verification = row->verification;
  return step;
}

std::string long_text(const std::optional<assess::Exact>& value) {
  constexpr std::uint8_t kDigits = 9;
  const auto rounded = value ? value->round(kDigits) : std::nullopt;
  return rounded ? to_text(without_zeros(*rounded)) : "—";
}

}  // namespace mj::evaluation
