// Radiation: gamma dose rates against the natural background; electromagnetic fields against the limits of public exposure.
#include "elements.hpp"
#include "group_rates.hpp"
#include "radiation_sheet.hpp"

namespace mj::evaluation {
namespace {

constexpr std::array kRadiationLevels{Level::district, Level::city, Level::province};
constexpr std::string_view kDose = "dose";
constexpr std::string_view kRain = "rain";

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

Status emit_gamma(const Context& context, const PointValues& values, const EvaluationPeriod& period,
                  const registry::PointView& view, Sink& sink) {
  const SampleSeries* dose = factor_series(values, span_of(period), kDose);
  if (dose == nullptr) return {};
  const SampleSeries* rain = factor_series(values, span_of(period), kRain);
  assess::GammaSummary summary(background_of(context, view, judged_at(period)));
  Row row = row_of(Level::point, values.point->id(), period, kGammaMean);
  const auto rains = rain == nullptr ? std::span<const Sample>() : rain->within(period.begin, period.end());
  RainBeside beside(rains);
  for (const Sample& sample : dose->within(period.begin, period.end())) {
    const Sample* wet = beside.at(sample.at_ms);
    if (!sample.usable) continue;
    const bool in_rain = wet != nullptr && wet->value.mantissa > 0;
    const auto rate = in_unit(context.standards, sample.value, dose->unit, kDoseUnit);
    if (!rate) continue;
    MJ_CHECK(summary.add(*rate, in_rain));
    row.inputs.add(sample.at_ms, sample.value, sample.entry);
  }
  if (summary.count() == 0) return {};
  if (Explanation* to = sink.explains(period)) explain_gamma(*to, context, *dose, rain, period, summary);
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

/// The greatest sum as it is told. One that is beyond 1 is never told as 1, nor the other way round: it has more digits then.
std::optional<Decimal> told_sum(const assess::EmfVerdict& verdict) {
  constexpr Decimal kWhole{1, 0};
  constexpr std::uint8_t kMostDecimals = 9;  // those of the sums
  std::optional<Decimal> most;
  for (const auto& sum : {verdict.linear_e, verdict.linear_b, verdict.squared_e, verdict.squared_b}) {
    if (sum && (!most || compare(*sum, *most) > 0)) most = sum;
  }
  if (!most) return most;
  for (std::uint8_t decimals = kEmfDecimals; decimals < kMostDecimals; ++decimals) {
    const Decimal told = round_gb8170(*most, decimals);
    if ((compare(told, kWhole) > 0) == (compare(*most, kWhole) > 0)) return told;
  }
  return most;
}

Status emit_fields(const Context& context, const PointValues& values, const EvaluationPeriod& period, Sink& sink) {
  EmfFrequencies fields;
  Row row = row_of(Level::point, values.point->id(), period, kEmfSum);
  for (const SampleSeries& series : values.series) {
    const auto component = component_of(series.factor);
    if (!component) continue;
    const ValuesOfItem measured = values_of_item(context, series, "", period);
    if (!measured.greatest) continue;
    auto& known =
        fields.try_emplace(std::string(series.factor.substr(2)), EmfFrequency{*component, {}}).first->second;
    const char letter = series.factor[0];
    if (auto* field = field_of(known.component, letter)) {
      *field = measured.greatest;
      std::erase_if(known.parts, [&](const EmfPart& part) { return part.field == letter; });
      known.parts.push_back({&series, letter, *measured.greatest});
    }
    row.inputs.add(measured.inputs);
  }
  if (fields.empty()) return {};
  std::vector<assess::EmfComponent> all;
  for (const auto& [name, frequency] : fields) all.push_back(frequency.component);
  const auto verdict = assess::judge_emf(context.standards, judged_at(period), all);
  if (!verdict) {
    row.complete = false;
    const std::string reason = verdict.error().text();
    row.reason = reason;
    return sink.emit(row);
  }
  row.value = told_sum(*verdict);
  row.standard = verdict->edition;
  row.verification = verdict->verification;
  if (Explanation* to = sink.explains(period)) explain_fields(*to, context, period, fields, *verdict, row.value);
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
  evaluator.compliance_bound = [](const Context&, const Figure&) { return ComplianceBound{Decimal{1, 0}}; };
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
    return element_sheet("radiation",
                         {{"emf_rate", share_of("emf", complies, "GB 8702-2014 §4", std::nullopt, Decimal{1, 0})}},
                         context, request);
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
