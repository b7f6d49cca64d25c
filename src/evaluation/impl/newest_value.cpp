#include "newest_value.hpp"

namespace mj::evaluation {

Derived explain_newest(Explanation& to, std::size_t indicator, Derivation& derivation, const Context& context,
                       const SampleSeries& series, const EvaluationPeriod& period, std::string_view unit,
                       const std::string& label) {
  const auto samples = series.within(period.begin, period.end());
  std::optional<std::size_t> newest;
  for (std::size_t i = 0; i < samples.size(); ++i) {
    // As values_of_item() takes them: what has more digits than fit is passed over.
    const auto value = samples[i].usable ? in_unit(context.standards, samples[i].value, series.unit, unit)
                                         : std::optional<Decimal>();
    if (value && assess::ItemMean().add(*value)) newest = i;
  }
  Derived derived;
  for (std::size_t i = 0; i < samples.size(); ++i) {
    SheetInput input = sample_input(series, samples[i], label);
    if (input.used && i != newest) {
      input.used = false;
      input.reason = "the newest value of the period counts";
    }
    to.inputs.emplace_back(indicator, std::move(input));
    if (i != newest) continue;
    const auto by = in_unit(context.standards, Decimal{1, 0}, series.unit, unit);
    derived = by ? derivation.sample(to.inputs.size() - 1, series, samples[i], *by) : std::nullopt;
  }
  if (!newest) return std::nullopt;
  for (SheetStep& step : non_detect_steps(series, samples.subspan(*newest, 1)))
    to.steps.emplace_back(indicator, std::move(step));
  return derived;
}

}  // namespace mj::evaluation
