#include "outlet.hpp"

#include "sheet_parts.hpp"

#include "mj/assess/rules_in_force.hpp"

namespace mj::evaluation {
namespace {

using assess::Exact;

constexpr std::string_view kWater = "effluent_limits";
constexpr std::string_view kGas = "stack_limits";
constexpr int kHours = 24;
constexpr std::uint8_t kMultipleDigits = 2;
constexpr std::uint8_t kJudgedDigits = 6;
constexpr std::array<OutletMass, 8> kMasses{{{kWater, "COD"},
                                             {kWater, "NH3N"},
                                             {kWater, "TP"},
                                             {kWater, "TN"},
                                             {kGas, "SO2"},
                                             {kGas, "NOx"},
                                             {kGas, "PM"},
                                             {kGas, "Hg"}}};

/// Flow of each hour of a day in m³.
class HourlyFlow {
 public:
  HourlyFlow(const Context& context, const PointValues& values, bool gas) : context_(context) {
    const std::string_view item = gas ? "gas_flow" : "water_flow";
    for (const std::string& factor : factors_of(context.standards, "outlet_terms", item)) {
      if (total_ == nullptr) total_ = values.find(factor, telemetry::Period::hour, "Cou");
      if (mean_ == nullptr) mean_ = values.find(factor, telemetry::Period::hour, "Avg");
    }
  }

  /// The accumulated volume that the device sends, else its mean flow over the hour. None when neither is there.
  [[nodiscard]] std::optional<Exact> at(std::int64_t ms, Inputs& inputs) const {
    if (const Sample* sample = sample_at(total_, ms)) {
      inputs.add(sample->at_ms, sample->value, sample->entry);
      return Exact(sample->value);  // Cou is in m³ (HJ 212-2017 table B.1, B.2)
    }
    if (const Sample* sample = sample_at(mean_, ms)) {
      constexpr Decimal kSeconds{3600, 0};
      const auto& standards = context_.standards;
      std::optional<Exact> volume;
      if (const auto hourly = standards.convert(sample->value, mean_->unit, "m³/h")) volume = Exact(*hourly);
      if (const auto flow = standards.convert(sample->value, mean_->unit, "m³/s"))
        volume = Exact(*flow) * kSeconds;
      if (volume) inputs.add(sample->at_ms, sample->value, sample->entry);
      return volume;
    }
    return std::nullopt;
  }
  [[nodiscard]] bool known() const { return total_ != nullptr || mean_ != nullptr; }

 private:
  static const Sample* sample_at(const SampleSeries* series, std::int64_t ms) {
    if (series == nullptr) return nullptr;
    const Instant at = Instant::from_ms(ms);
    const auto found = series->within(at, at.plus_ms(1));
    return found.empty() || !found.front().usable ? nullptr : &found.front();
  }

  const Context& context_;
  const SampleSeries* total_ = nullptr;
  const SampleSeries* mean_ = nullptr;
};

std::string_view trimmed_part(std::string_view text) {
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
  return text;
}

}  // namespace

std::span<const OutletMass> outlet_masses() { return kMasses; }

std::vector<PeriodKind> all_outlet_periods() { return {PeriodKind::day, PeriodKind::month, PeriodKind::year}; }

assess::OutletTerms outlet_terms(std::string_view text) {
  constexpr std::string_view kWide = "；";
  assess::OutletTerms terms;
  const std::array<std::string*, 4> parts{&terms.standard, &terms.category, &terms.unit_type, &terms.condition};
  for (std::string* part : parts) {
    const std::size_t narrow = std::min(text.find(';'), text.size());
    const std::size_t wide = std::min(text.find(kWide), text.size());
    const std::size_t end = std::min(narrow, wide);
    *part = trimmed_part(text.substr(0, end));
    text.remove_prefix(end == text.size() ? end : end + (wide < narrow ? kWide.size() : 1));
  }
  return terms;
}

OutletDay::OutletDay(const Context& context, const PointValues& values, const registry::PointView& view,
                     const EvaluationPeriod& day)
    : context_(context), values_(values), day_(day), terms_(outlet_terms(attribute(view, "standard"))) {}

Row OutletDay::row(std::size_t indicator) const {
  return row_of(Level::point, values_.point->id(), day_, indicator);
}

bool OutletDay::compare_with(const assess::OutletLimit& limit, const Exact& figure, Decimal& worst) {
  if (limit.low && Exact::compare(figure, *limit.low).value_or(0) < 0) {
    worst = compare(worst, Decimal{1, kMultipleDigits}) < 0 ? Decimal{1, kMultipleDigits} : worst;
    return true;  // below a range there is no multiple
  }
  if (!limit.high || Exact::compare(figure, *limit.high).value_or(0) <= 0) return false;
  auto multiple = limit.low || limit.high->mantissa <= 0
                      ? std::optional(Decimal{1, kMultipleDigits})
                      : ((figure - *limit.high) / *limit.high).round(kMultipleDigits);
  if (!multiple || multiple->mantissa == 0) multiple = Decimal{1, kMultipleDigits};
  if (compare(*multiple, worst) > 0) worst = *multiple;
  return true;
}

std::vector<std::pair<Sample, std::optional<Exact>>> OutletDay::stack_hours(const SampleSeries& series,
                                                                            bool converted) const {
  std::vector<std::pair<Sample, std::optional<Exact>>> hours;
  const auto* reference =
      assess::reference_oxygen(context_.standards, day_.begin, terms_.standard, terms_.unit_type);
  const SampleSeries* oxygen = item_series(context_, values_, "outlet_terms", "o2", {"Avg"});
  for (const Sample& sample : series.within(day_.begin, day_.end())) {
    if (!sample.usable) continue;
    const auto value = in_unit(context_.standards, sample.value, series.unit, "mg/m³");
    if (!value) continue;
    std::optional<Exact> judged;
    if (converted || reference == nullptr) {
      judged = Exact(*value);
    } else if (oxygen != nullptr) {
      const Instant at = Instant::from_ms(sample.at_ms);
      const auto found = oxygen->within(at, at.plus_ms(1));
      if (!found.empty() && found.front().usable) {
        if (auto exact = assess::at_reference_oxygen(context_.standards, *value, found.front().value,
                                                     reference->decimal("oxygen"));
            exact && *exact)
          judged = **exact;
      }
    }
    hours.emplace_back(sample, judged);
  }
  return hours;
}

void OutletDay::explain_item(Explanation& to, const SampleSeries& series, const assess::OutletLimit& limit,
                             Decimal worst, int above, bool gas, bool converted) const {
  const std::string item(limit.row->text("item"));
  const std::string unit(limit.row->text("unit"));
  const auto samples = series.within(day_.begin, day_.end());
  const auto put = [&to](SheetStep step) {
    to.steps.emplace_back(kOutletExceed, step);
    to.steps.emplace_back(kOutletHours, std::move(step));
  };
  explain_values(to, kOutletExceed, series, samples, item);
  for (const Sample& sample : samples) to.inputs.emplace_back(kOutletHours, sample_input(series, sample, item));
  const std::string bounds = fmt::format("{}{}", limit.low ? to_text(*limit.low) + "–" : std::string("≤ "),
                                         limit.high ? to_text(*limit.high) : std::string());
  if (gas) {
    const auto* reference =
        assess::reference_oxygen(context_.standards, day_.begin, terms_.standard, terms_.unit_type);
    if (!converted && reference != nullptr)
      put(step_of({item + " 折算到基准含氧量", item + ", at reference oxygen"},
                  fmt::format("C × (21 − {}) / (21 − O₂)", reference->text("oxygen")), "", unit, reference));
    put(step_of({item + " 小时值与限值比较", item + ", hours against the limit"}, bounds,
                fmt::format("{} h above", above), unit, limit.row));
  } else {
    const ValuesOfItem values = values_of_item(context_, series, unit, day_, item == "pH");
    put(step_of({item + " 日均值", item + ", mean of the day"}, item == "pH" ? "−lg(Σ 10^−pH / n)" : "Σ x / n",
                long_text(values.mean), unit));
    put(step_of({item + " 与限值比较", item + " against its limit"},
                fmt::format("{} : {}", long_text(values.mean), bounds), above > 0 ? "✗" : "✓", unit, limit.row));
  }
  if (above > 0)
    put(step_of({item + " 超标倍数", item + ", exceed multiple"}, "(C − S) / S", to_text(worst), "", limit.row));
}

void OutletDay::judge_item(const standards::RuleRow& limit_row, std::string_view table, Judged& judged,
                           Explanation* to) const {
  const std::string_view item = limit_row.text("item");
  const bool gas = table == kGas;
  bool converted = gas;
  const SampleSeries* series = gas ? item_series(context_, values_, table, item, {"ZsAvg"}) : nullptr;
  if (series == nullptr) {
    converted = false;
    series = item_series(context_, values_, table, item, {"Avg"});
  }
  if (series == nullptr) return;
  const auto limit = assess::outlet_limit(context_.standards, day_.begin, terms_, item);
  if (!limit || limit->row == nullptr) return;
  Decimal worst{0, kMultipleDigits};
  bool any = false;
  int above = 0;
  if (gas) {
    for (const auto& [sample, figure] : stack_hours(*series, converted)) {
      if (!figure) continue;
      any = true;
      judged.inputs.add(sample.at_ms, sample.value, sample.entry);
      above += compare_with(*limit, *figure, worst) ? 1 : 0;
    }
  } else {
    const ValuesOfItem values = values_of_item(context_, *series, limit->row->text("unit"), day_, item == "pH");
    if (const auto mean = values.mean ? values.mean->round(kJudgedDigits) : std::nullopt) {
      any = true;
      judged.verification = std::max(judged.verification, values.verification);
      judged.inputs.add(values.inputs);
      above = compare_with(*limit, *mean, worst) ? 1 : 0;
    }
  }
  if (!any) return;
  if (to != nullptr) explain_item(*to, *series, *limit, worst, above, gas, converted);
  judged.any = true;
  judged.edition = limit->row->edition;
  judged.verification = std::max(judged.verification, limit->row->verification);
  if (limit->strictest) judged.reason = "the strictest of several rows counts";
  if (gas) judged.hours_above = std::max(judged.hours_above, above);
  if (!judged.greatest || compare(worst, *judged.greatest) > 0) judged.greatest = worst;
  if (above > 0)
    judged.exceeding += fmt::format("{}{}({})", judged.exceeding.empty() ? "" : "+", item, to_text(worst));
}

Status OutletDay::emit_compliance(Sink& sink) {
  if (terms_.standard.empty()) return {};
  Judged judged;
  for (const std::string_view table : {kWater, kGas}) {
    std::vector<std::string_view> seen;
    for (const auto* limit : assess::rows_in_force(context_.standards, table, day_.begin, terms_.standard)) {
      const std::string_view item = limit->text("item");
      if (limit->text("category") != terms_.category || std::find(seen.begin(), seen.end(), item) != seen.end())
        continue;
      seen.push_back(item);
      judge_item(*limit, table, judged, sink.explains(day_));
    }
  }
  if (!judged.any) return {};
  Row made = row(kOutletExceed);
  made.value = judged.greatest;
  made.grade = sink.grade(compliance_grade(judged.exceeding.empty()));
  made.primary = judged.exceeding;
  made.standard = judged.edition;
  made.verification = judged.verification;
  made.inputs = judged.inputs;
  made.reason = judged.reason;
  MJ_CHECK(sink.emit(made));
  if (judged.hours_above == 0) return {};
  made.indicator = kOutletHours;
  made.grade = 0;
  made.value = Decimal{judged.hours_above, 0};
  return sink.emit(made);
}

Decimal OutletDay::mass_value(const SampleSeries& series, const Sample& sample) const {
  const NonDetect* below = series.non_detect(sample);
  if (below == nullptr) return sample.value;
  const standards::NonDetectRules rules(context_.standards, "source");
  const standards::RuleRow* rule = rules.mass_at(Instant::from_ms(sample.at_ms));
  return rule == nullptr ? sample.value : standards::counted(*rule, below->limit);
}

Status OutletDay::emit_masses(Sink& sink) {
  for (std::size_t i = 0; i < kMasses.size(); ++i) {
    const bool gas = kMasses[i].table == kGas;
    const HourlyFlow flow(context_, values_, gas);
    if (!flow.known()) continue;
    const SampleSeries* series = nullptr;
    for (const std::string& factor : factors_of(context_.standards, kMasses[i].table, kMasses[i].item)) {
      if (series == nullptr)
        series = values_.find(factor, telemetry::Period::hour, "Avg");  // measured, not converted
    }
    if (series == nullptr) continue;
    Row made = row(kOutletMasses + i);
    assess::ExactSum sum;
    int hours = 0;
    for (const Sample& sample : series->within(day_.begin, day_.end())) {
      if (!sample.usable) continue;
      const auto concentration =
          in_unit(context_.standards, mass_value(*series, sample), series->unit, gas ? "mg/m³" : "mg/L");
      const auto volume = concentration ? flow.at(sample.at_ms, made.inputs) : std::nullopt;
      const auto cubic_metres = volume ? volume->round(kJudgedDigits) : std::nullopt;
      if (!cubic_metres) continue;
      const Exact mass = gas ? assess::gas_rate(*concentration, *cubic_metres)
                             : assess::water_mass(*concentration, *cubic_metres);
      constexpr std::uint8_t kHourDigits = 9;
      const auto kept = mass.round(kHourDigits);
      if (!kept || !sum.add(*kept)) continue;
      made.inputs.add(sample.at_ms, sample.value, sample.entry);
      ++hours;
    }
    if (hours == 0) continue;
    made.value = sum.sum().round(kMassDigits);
    made.complete = hours == kHours;
    if (Explanation* to = sink.explains(day_)) {
      const auto samples = series->within(day_.begin, day_.end());
      explain_values(*to, kOutletMasses + i, *series, samples, std::string(kMasses[i].item));
      to->steps.emplace_back(kOutletMasses + i,
                             step_of({"浓度 × 小时流量，未检出不计",
                                      "Concentration × flow of the hour; what was not detected takes no part"},
                                     fmt::format("Σ of {} hours", hours), long_text(sum.sum()), "kg"));
      to->steps.back().second.clause = gas ? "HJ 75-2017" : "HJ 356-2019; HJ/T 92-2002";
    }
    const std::string reason = fmt::format("{} of {} hours", hours, kHours);
    if (!made.complete) made.reason = reason;
    made.standard = gas ? "HJ 75-2017" : "HJ 356-2019";
    MJ_CHECK(sink.emit(made));
  }
  return {};
}

}  // namespace mj::evaluation
