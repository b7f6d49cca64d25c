// Precipitation: volume-weighted pH and frequency of acid rain of months, quarters and years.
#include "mj/assess/air_day.hpp"

#include <cmath>

#include "element_sheet.hpp"
#include "elements.hpp"
#include "group_rates.hpp"

namespace mj::evaluation {
namespace {

using enum PeriodKind;

enum RainIndicator : std::size_t { kRainPh, kRainFrequency, kRainAmount, kRainRate };
constexpr std::array kRainLevels{Level::district, Level::city};

/// Samples: the pH and the amount of the same time.
std::vector<assess::RainSample> samples_of(const Context& context, const SampleSeries& ph,
                                           const SampleSeries& amount, const EvaluationPeriod& period,
                                           Inputs& inputs) {
  std::vector<assess::RainSample> samples;
  const auto amounts = amount.within(period.begin, period.end());
  auto at = amounts.begin();
  for (const Sample& sample : ph.within(period.begin, period.end())) {
    while (at != amounts.end() && at->at_ms < sample.at_ms) ++at;
    if (at == amounts.end() || at->at_ms != sample.at_ms || !sample.usable || !at->usable) continue;
    const auto millimetres = in_unit(context.standards, at->value, amount.unit, "mm");
    if (!millimetres || millimetres->mantissa <= 0) continue;
    samples.push_back({sample.value, *millimetres});
    inputs.add(sample.at_ms, sample.value, sample.entry);
    inputs.add(at->at_ms, at->value, at->entry);
  }
  return samples;
}

void explain_rain(Explanation& to, const SampleSeries& ph, const SampleSeries& amount,
                  std::span<const assess::RainSample> samples, const assess::Precipitation& result,
                  const EvaluationPeriod& period) {
  explain_values(to, Explanation::kEvery, ph, ph.within(period.begin, period.end()), "pH");
  explain_values(to, Explanation::kEvery, amount, amount.within(period.begin, period.end()), "mm");
  std::string ions;
  assess::ExactSum total;
  for (const assess::RainSample& sample : samples) {
    total.add(sample.amount);
    ions += fmt::format("{}{}·10^−{}", ions.empty() ? "" : " + ", to_text(sample.amount), to_text(sample.ph));
  }
  SheetStep mean =
      step_of({"雨量加权pH", "pH weighted by volume"}, fmt::format("−lg(({}) / {})", ions, long_text(total.sum())),
              result.ph ? fmt::format("{:.6f}", *result.ph) : "—", "", result.grade);
  to.steps.emplace_back(kRainPh, std::move(mean));
  if (result.grade != nullptr)
    to.steps.emplace_back(kRainPh,
                          step_of({"酸度等级", "Grade"}, fmt::format("pH < {}", result.grade->text("ph_below")),
                                  std::string(result.grade->text("name_zh")), "", result.grade));
  to.steps.emplace_back(kRainFrequency, step_of({"酸雨频率", "Frequency of acid rain"},
                                                fmt::format("acid samples / {} × 100", samples.size()),
                                                shown(result.acid_frequency), "%", result.grade));
  to.steps.emplace_back(kRainAmount,
                        step_of({"降水量之和", "Sum of the amounts"}, "Σ mm", long_text(total.sum()), "mm"));
}

Status judge_rain(const Context& context, const PointValues& values, Sink& sink) {
  const SampleSeries* ph = item_series(context, values, "rain_grades", "ph");
  const SampleSeries* amount = item_series(context, values, "rain_grades", "rain");
  if (ph == nullptr || amount == nullptr) return {};
  for (const PeriodKind kind : {month, quarter, year}) {
    for (auto period = EvaluationPeriod::of(kind, values.from); period.begin < values.to; period = period.next()) {
      if (view_of(*values.point, period) == nullptr) continue;
      Row row = row_of(Level::point, values.point->id(), period, kRainPh);
      const auto samples = samples_of(context, *ph, *amount, period, row.inputs);
      if (samples.empty()) continue;
      MJ_TRY(const auto result, assess::judge_precipitation(context.standards, period.begin, samples));
      constexpr std::uint8_t kPhDecimals = 2;
      if (result.ph) row.value = round_gb8170(Decimal{std::llround(*result.ph * 1e9), 9}, kPhDecimals);
      row.verification = result.verification;
      if (Explanation* to = sink.explains(period)) explain_rain(*to, *ph, *amount, samples, result, period);
      if (result.grade != nullptr) {
        row.grade = sink.grade(
            Grade{std::string(result.grade->text("grade")),
                  {std::string(result.grade->text("name_zh")), std::string(result.grade->text("name_en"))},
                  "",
                  !result.grade->number("ph_below").has_value()});
        row.standard = result.grade->edition;
      }
      MJ_CHECK(sink.emit(row));
      row.grade = 0;
      row.indicator = kRainFrequency;
      row.value = result.acid_frequency;
      MJ_CHECK(sink.emit(row));
      assess::ExactSum sum;
      for (const assess::RainSample& sample : samples) sum.add(sample.amount);
      row.indicator = kRainAmount;
      row.value = sum.sum().round(1);
      MJ_CHECK(sink.emit(row));
    }
  }
  return {};
}

/// The pH from which on rain is not acid.
std::optional<Decimal> acid_bound(const Context& context) {
  std::optional<Decimal> bound;
  for (const standards::RuleRow& row : context.standards.rules("rain_grades")) {
    const auto below = row.number("ph_below");
    if (below && (!bound || compare(*below, *bound) > 0)) bound = below;
  }
  return bound;
}

/// Cities whose rain is not acid: of the points with a mean pH at or above the first bound.
Status summarise_rain(const Context& context, const Summary& summary, Sink& sink) {
  const std::optional<Decimal> bound = acid_bound(context);
  if (!bound) return {};
  const auto neutral = [bound](const PointRow& row) { return compare(*row.value, *bound) >= 0; };
  for (const PeriodKind kind : {month, quarter, year})
    MJ_CHECK(emit_rates(context, summary, {kRainPh, kRainRate, kind, {kind}, false, neutral}, kRainLevels, sink));
  return {};
}

}  // namespace

Evaluator precipitation_evaluator() {
  Evaluator evaluator;
  evaluator.element = "precipitation";
  evaluator.title = {"降水", "Precipitation"};
  evaluator.periods = {month, quarter, year};
  evaluator.indicators = {
      {"ph", {"降水pH（雨量加权）", "pH weighted by volume"}, "", evaluator.periods, Better::high},
      {"acid_frequency", {"酸雨频率", "Frequency of acid rain"}, "%", evaluator.periods, Better::low},
      {"amount", {"降水量", "Amount sampled"}, "mm", evaluator.periods, Better::none},
      {"neutral_share",
       {"非酸雨点位比例", "Share of points without acid rain"},
       "%",
       evaluator.periods,
       Better::high},
  };
  evaluator.levels = {Level::point, Level::district, Level::city};
  evaluator.unit = year;
  evaluator.compliance_indicator = "ph";
  evaluator.compliance_period = month;
  evaluator.reads = [](const standards::StandardSet& standards) {
    Reads reads{factors_of(standards, "rain_grades", "ph"), {}, {}};
    for (auto& factor : factors_of(standards, "rain_grades", "rain")) reads.factors.push_back(std::move(factor));
    return reads;
  };
  evaluator.judge = judge_rain;
  evaluator.sheet = [](const Context& context, const SheetRequest& request) {
    const std::optional<Decimal> bound = acid_bound(context);
    const auto neutral = [bound](const Figure& figure) {
      return bound && figure.value && compare(*figure.value, *bound) >= 0;
    };
    return element_sheet(
        "precipitation",
        {{"neutral_share", share_of("ph", neutral, context.standards.rules("rain_grades").front().edition)}},
        context, request);
  };
  evaluator.summarise = summarise_rain;
  return evaluator;
}

}  // namespace mj::evaluation
