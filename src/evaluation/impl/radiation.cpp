// Radiation: gamma dose rates against the natural background; electromagnetic fields against the limits of public exposure.
#include "derivation.hpp"
#include "element_sheet.hpp"
#include "elements.hpp"
#include "group_rates.hpp"
#include "mj/assess/emf.hpp"
#include "mj/assess/gamma.hpp"

namespace mj::evaluation {
namespace {

enum RadiationIndicator : std::size_t { kGammaMean, kGammaMax, kGammaAbove, kEmfSum, kEmfRate };
constexpr std::array kRadiationLevels{Level::district, Level::city, Level::province};
constexpr std::string_view kDose = "dose";
constexpr std::string_view kRain = "rain";
constexpr std::string_view kDoseUnit = "nGy/h";
constexpr int kDoseDigits = 3;  // significant; HJ 1157-2021 (UNVERIFIED)

/// That of the province, else of the nation. Source: survey of 1983–1990.
std::optional<assess::GammaBackground> background_of(const Context& context, const registry::PointView& view,
                                                     Instant at) {
  constexpr std::size_t kProvinceDigits = 2;
  if (view.region.size() > kProvinceDigits) {
    const std::string province = view.region.substr(0, kProvinceDigits) + "0000";
    if (auto found = assess::gamma_background(context.standards, at, province, "field")) return found;
  }
  return assess::gamma_background(context.standards, at, "nation", "field");
}

void explain_gamma(Explanation& to, const Context& context, const SampleSeries& dose,
                   const EvaluationPeriod& period, const assess::GammaSummary& summary) {
  const auto samples = dose.within(period.begin, period.end());
  Derivation derivation(to.operations, to.tables, period);
  const auto unit = in_unit(context.standards, Decimal{1, 0}, dose.unit, kDoseUnit);
  for (const std::size_t indicator : {kGammaMean, kGammaMax, kGammaAbove}) {
    const std::size_t first = to.inputs.size();
    explain_values(to, indicator, dose, samples, std::string(kDose));
    if (indicator == kGammaAbove || !unit) continue;
    const auto values = derived_values(derivation, first, dose, samples, *unit);
    const auto mean = assess::with_digits(summary.mean(), kDoseDigits);
    conclude(to, indicator,
             indicator == kGammaMax ? derivation.greatest(values)
             : mean                 ? derivation.mean(values, mean->decimals, "HJ 1157-2021")
                                    : std::nullopt);
  }
  to.steps.emplace_back(kGammaMean,
                        step_of({"算术均值", "Arithmetic mean"}, fmt::format("Σ x / {}", summary.count()),
                                long_text(summary.mean()), std::string(kDoseUnit)));
  to.steps.emplace_back(kGammaMean,
                        step_of({"三位有效数字", "Three significant digits"}, long_text(summary.mean()),
                                shown(assess::with_digits(summary.mean(), kDoseDigits)), std::string(kDoseUnit)));
  to.steps.back().second.clause = "HJ 1157-2021";
  to.steps.back().second.verification = standards::Verification::unverified;
  to.steps.emplace_back(kGammaMax, step_of({"最大值", "Greatest"}, fmt::format("max of {}", summary.count()),
                                           shown(summary.greatest()), std::string(kDoseUnit)));
  const auto& range = summary.background();
  if (!range) return;
  for (const std::size_t indicator : {kGammaMean, kGammaAbove}) {
    SheetStep step =
        step_of({"与天然本底范围比较", "Against the natural background"},
                fmt::format("{}–{}; above {}, of these in rain {}; below {}", to_text(range->low),
                            to_text(range->high), summary.above(), summary.above_in_rain(), summary.below()),
                std::to_string(summary.above() - summary.above_in_rain()), "");
    step.clause = range->edition;
    step.verification = range->verification;
    to.steps.emplace_back(indicator, std::move(step));
  }
}

Status emit_gamma(const Context& context, const PointValues& values, const EvaluationPeriod& period,
                  const registry::PointView& view, Sink& sink) {
  const SampleSeries* dose = factor_series(values, kDose);
  if (dose == nullptr) return {};
  const SampleSeries* rain = factor_series(values, kRain);
  assess::GammaSummary summary(background_of(context, view, period.begin));
  Row row = row_of(Level::point, values.point->id(), period, kGammaMean);
  const auto rains = rain == nullptr ? std::span<const Sample>() : rain->within(period.begin, period.end());
  auto wet = rains.begin();
  for (const Sample& sample : dose->within(period.begin, period.end())) {
    if (!sample.usable) continue;
    while (wet != rains.end() && wet->at_ms < sample.at_ms) ++wet;
    const bool in_rain = wet != rains.end() && wet->at_ms == sample.at_ms && wet->value.mantissa > 0;
    const auto rate = in_unit(context.standards, sample.value, dose->unit, kDoseUnit);
    if (!rate) continue;
    MJ_CHECK(summary.add(*rate, in_rain));
    row.inputs.add(sample.at_ms, sample.value, sample.entry);
  }
  if (summary.count() == 0) return {};
  if (Explanation* to = sink.explains(period)) explain_gamma(*to, context, *dose, period, summary);
  std::string within;
  if (const auto& range = summary.background()) {
    row.standard = range->edition;
    row.verification = range->verification;
    within = fmt::format("background {}–{} nGy/h; {} of {} above it ({} in rain), {} below", to_text(range->low),
                         to_text(range->high), summary.above(), summary.count(), summary.above_in_rain(),
                         summary.below());
  }
  row.value = assess::with_digits(summary.mean(), kDoseDigits);
  row.reason = within;
  MJ_CHECK(sink.emit(row));
  row.indicator = kGammaMax;
  row.value = summary.greatest();
  row.reason = {};
  MJ_CHECK(sink.emit(row));
  if (!summary.background()) return {};
  row.indicator = kGammaAbove;
  row.value = Decimal{static_cast<std::int64_t>(summary.above() - summary.above_in_rain()), 0};
  return sink.emit(row);
}

/// "E@50Hz", "B@50Hz", "S@900MHz": the field, its frequency and the unit of it.
std::optional<assess::EmfComponent> component_of(std::string_view factor) {
  if (factor.size() < 5 || factor[1] != '@') return std::nullopt;
  const std::string_view rest = factor.substr(2);
  const std::size_t unit = rest.find_first_not_of("0123456789.");
  const auto frequency = unit == std::string_view::npos ? std::nullopt : parse_decimal(rest.substr(0, unit));
  if (!frequency) return std::nullopt;
  assess::EmfComponent component;
  component.frequency = *frequency;
  component.frequency_unit = rest.substr(unit);
  return component;
}

std::optional<Decimal>* field_of(assess::EmfComponent& component, char letter) {
  switch (letter) {
    case 'E': return &component.e;
    case 'B': return &component.b;
    case 'H': return &component.h;
    case 'S': return &component.s;
    default: return nullptr;
  }
}

void explain_sums(Explanation& to, const assess::EmfVerdict& verdict) {
  const std::array<std::tuple<const char*, const char*, std::optional<Decimal>>, 4> sums{
      {{"E", "Σ E_i / E_L,i", verdict.linear_e},
       {"B", "Σ B_j / B_L,j", verdict.linear_b},
       {"E²", "Σ E_j² / E_L,j²", verdict.squared_e},
       {"B²", "Σ B_j² / B_L,j²", verdict.squared_b}}};
  for (const auto& [field, formula, sum] : sums) {
    if (!sum) continue;
    SheetStep step = step_of({std::string("多频叠加 ") + field, std::string("Sum over frequencies, ") + field},
                             formula, to_text(*sum), "");
    step.clause = verdict.edition + " §4.2";
    step.verification = verdict.verification;
    to.steps.emplace_back(kEmfSum, std::move(step));
  }
}

Status emit_fields(const Context& context, const PointValues& values, const EvaluationPeriod& period, Sink& sink) {
  std::map<std::string, assess::EmfComponent> components;
  Row row = row_of(Level::point, values.point->id(), period, kEmfSum);
  for (const SampleSeries& series : values.series) {
    auto component = component_of(series.factor);
    if (!component) continue;
    const ValuesOfItem measured = values_of_item(context, series, "", period);
    if (!measured.greatest) continue;
    auto& known = components.try_emplace(std::string(series.factor.substr(2)), *component).first->second;
    if (auto* field = field_of(known, series.factor[0])) *field = measured.greatest;
    row.inputs.add(measured.inputs);
    if (Explanation* to = sink.explains(period)) {
      explain_values(*to, kEmfSum, series, series.within(period.begin, period.end()), std::string(series.factor));
      to->steps.emplace_back(
          kEmfSum, step_of({std::string(series.factor) + " 最大值", std::string(series.factor) + ", greatest"},
                           "max", shown(measured.greatest), std::string(series.unit)));
    }
  }
  if (components.empty()) return {};
  std::vector<assess::EmfComponent> all;
  for (const auto& [frequency, component] : components) all.push_back(component);
  const auto verdict = assess::judge_emf(context.standards, period.begin, all);
  if (!verdict) {
    row.complete = false;
    row.reason = verdict.error().text();
    return sink.emit(row);
  }
  for (const auto& sum : {verdict->linear_e, verdict->linear_b, verdict->squared_e, verdict->squared_b}) {
    if (sum && (!row.value || compare(*sum, *row.value) > 0)) row.value = sum;
  }
  if (row.value) row.value = round_gb8170(*row.value, 4);
  row.standard = verdict->edition;
  row.verification = verdict->verification;
  if (Explanation* to = sink.explains(period)) explain_sums(*to, *verdict);
  if (verdict->compliant) row.grade = sink.grade(compliance_grade(*verdict->compliant));
  if (!verdict->compliant) {
    row.complete = false;
    row.reason = "electric or magnetic field is missing";
  }
  return sink.emit(row);
}

}  // namespace

Evaluator radiation_evaluator() {
  using enum PeriodKind;
  const std::vector<PeriodKind> all{day, month, year};
  Evaluator evaluator;
  evaluator.element = "radiation";
  evaluator.title = {"辐射", "Radiation"};
  evaluator.indicators = {
      {"gamma", {"γ辐射空气吸收剂量率均值", "Mean gamma dose rate"}, "nGy/h", all, Better::low},
      {"gamma_max", {"γ辐射空气吸收剂量率最大值", "Greatest gamma dose rate"}, "nGy/h", all, Better::low},
      {"gamma_above",
       {"超出本底范围次数（非降雨）", "Readings above the background, not in rain"},
       "",
       all,
       Better::low},
      {"emf", {"电磁场多频叠加比值", "Sum of field ratios"}, "", all, Better::low},
      {"emf_rate", {"电磁环境达标率", "Share of points within the limits"}, "%", all, Better::high},
  };
  evaluator.levels = {Level::point, Level::district, Level::city, Level::province};
  evaluator.periods = all;
  evaluator.unit = year;
  evaluator.compliance_indicator = "emf";
  evaluator.compliance_period = day;
  evaluator.reads = [](const standards::StandardSet&) { return Reads{}; };
  evaluator.judge = [](const Context& context, const PointValues& values, Sink& sink) -> Status {
    for (const PeriodKind kind : {day, month, year}) {
      for (auto period = EvaluationPeriod::of(kind, values.from); period.begin < values.to;
           period = period.next()) {
        const registry::PointView* view = view_of(*values.point, period);
        if (view == nullptr) continue;
        MJ_CHECK(emit_gamma(context, values, period, *view, sink));
        MJ_CHECK(emit_fields(context, values, period, sink));
      }
    }
    return {};
  };
  evaluator.sheet = [](const Context& context, const SheetRequest& request) {
    return element_sheet("radiation", {{"emf_rate", share_of("emf", complies, "GB 8702-2014 §4")}}, context,
                         request);
  };
  evaluator.summarise = [](const Context& context, const Summary& summary, Sink& sink) -> Status {
    const std::uint16_t complies = sink.grade(compliance_grade(true));
    const auto within = [complies](const PointRow& row) { return row.grade == complies; };
    for (const PeriodKind kind : {day, month, year})
      MJ_CHECK(
          emit_rates(context, summary, {kEmfSum, kEmfRate, kind, {kind}, false, within}, kRadiationLevels, sink));
    return {};
  };
  return evaluator;
}

}  // namespace mj::evaluation
