// Masses discharged by an outlet on a day: hour by hour, concentration × volume.
#include "mj/evaluation/derivation.hpp"
#include "outlet.hpp"
#include "sheet_parts.hpp"

namespace mj::evaluation {
namespace {

using assess::Exact;

constexpr int kHours = 24;
constexpr std::uint8_t kHourDigits = 9;  // of the kg of an hour
constexpr std::string_view kGasClause = "HJ 75-2017";
constexpr std::string_view kWaterClause = "HJ 356-2019; HJ/T 92-2002";
constexpr std::array<OutletMass, 8> kMasses{{{kEffluentLimits, "COD"},
                                             {kEffluentLimits, "NH3N"},
                                             {kEffluentLimits, "TP"},
                                             {kEffluentLimits, "TN"},
                                             {kStackLimits, "SO2"},
                                             {kStackLimits, "NOx"},
                                             {kStackLimits, "PM"},
                                             {kStackLimits, "Hg"}}};

/// What flowed in one hour.
struct HourVolume {
  const SampleSeries* series = nullptr;
  const Sample* sample = nullptr;
  Decimal by{1, 0};  ///< m³ of the hour for each unit of the series
  Decimal cubic_metres;
};

/// Flow of each hour of a day in m³.
class HourlyFlow {
 public:
  HourlyFlow(const Context& context, const PointValues& values, bool gas) : standards_(context.standards) {
    const std::string_view item = gas ? "gas_flow" : "water_flow";
    for (const std::string& factor : factors_of(context.factors, "outlet_terms", item)) {
      if (total_ == nullptr) total_ = values.find(factor, telemetry::Period::hour, "Cou");
      if (mean_ == nullptr) mean_ = values.find(factor, telemetry::Period::hour, "Avg");
    }
    if (mean_ == nullptr) return;
    constexpr Decimal kSeconds{3600, 0};
    mean_by_ = standards_.convert(Decimal{1, 0}, mean_->unit, "m³/h");
    if (const auto each_second = standards_.convert(Decimal{1, 0}, mean_->unit, "m³/s"))
      mean_by_ = Decimal{each_second->mantissa * kSeconds.mantissa, each_second->decimals};
  }

  /// The accumulated volume that the device sends, else its mean flow over the hour. None when neither is there.
  [[nodiscard]] std::optional<HourVolume> at(std::int64_t ms) const {
    HourVolume volume;
    if (const Sample* sample = sample_at(total_, ms)) {
      volume = {total_, sample, {1, 0}, {}};  // Cou is in m³ (HJ 212-2017 table B.1, B.2)
    } else if (const Sample* mean = sample_at(mean_, ms); mean != nullptr && mean_by_) {
      volume = {mean_, mean, *mean_by_, {}};
    } else {
      return std::nullopt;
    }
    const auto cubic_metres = (Exact(volume.sample->value) * volume.by).round(kOutletJudgedDigits);
    if (!cubic_metres) return std::nullopt;
    volume.cubic_metres = *cubic_metres;
    return volume;
  }
  [[nodiscard]] bool known() const { return total_ != nullptr || mean_ != nullptr; }

 private:
  static const Sample* sample_at(const SampleSeries* series, std::int64_t ms) {
    if (series == nullptr) return nullptr;
    const Instant at = Instant::from_ms(ms);
    const auto found = series->within(at, at.plus_ms(1));
    return found.empty() || !found.front().usable ? nullptr : &found.front();
  }

  const standards::StandardSet& standards_;
  const SampleSeries* total_ = nullptr;
  const SampleSeries* mean_ = nullptr;
  std::optional<Decimal> mean_by_;
};

/// The values of a day with what they count for in masses: of what was not detected another part of its limit than in means.
class MassValues {
 public:
  MassValues(const Context& context, const SampleSeries& of, const EvaluationPeriod& day)
      : samples_(of.within(day.begin, day.end()).begin(), of.within(day.begin, day.end()).end()),
        limits_(of.limits.begin(), of.limits.end()),
        series_(of) {
    const standards::NonDetectRules rules(context.standards, "source");
    for (Sample& sample : samples_) {
      if (sample.limit == 0) continue;
      NonDetect& below = limits_[sample.limit - 1];
      const standards::RuleRow* rule = rules.mass_at(Instant::from_ms(sample.at_ms));
      if (rule == nullptr) continue;
      below.rule = rule;
      sample.value = standards::counted(*rule, below.limit);
    }
    series_.samples = samples_;
    series_.limits = limits_;
  }
  MassValues(const MassValues&) = delete;
  MassValues& operator=(const MassValues&) = delete;
  [[nodiscard]] const SampleSeries& series() const { return series_; }

 private:
  std::vector<Sample> samples_;
  std::vector<NonDetect> limits_;
  SampleSeries series_;
};

/// Writes down how a mass is made.
class MassSheet {
 public:
  MassSheet(Explanation& to, std::size_t indicator, const SampleSeries& series, const EvaluationPeriod& day,
            std::string_view item)
      : to_(to),
        indicator_(indicator),
        series_(series),
        derivation_(to.operations, to.tables, day),
        first_(to.inputs.size()) {
    explain_values(to, indicator, series, series.samples, std::string(item));
  }

  /// `kilograms`: for each unit of the series and m³.
  void add(std::size_t place, const HourVolume& volume, Decimal kilograms) {
    if (place >= kMostListedValues) {
      hours_.push_back(derivation_.missing(Gap::many));
      return;
    }
    to_.inputs.emplace_back(indicator_, sample_input(*volume.series, *volume.sample, "flow"));
    Derived flowed = derivation_.sample(to_.inputs.size() - 1, *volume.series, *volume.sample, volume.by);
    if (flowed && flowed->value.decimals > kOutletJudgedDigits)
      flowed = derivation_.round(flowed, kOutletJudgedDigits);
    const Derived concentration = derivation_.sample(first_ + place, series_, series_.samples[place], kilograms);
    hours_.push_back(derivation_.rounded_product(std::array{concentration, flowed}, kHourDigits));
  }
  void skip(std::size_t place) {
    if (place >= kMostListedValues) return;
    SheetInput& input = to_.inputs[first_ + place].second;
    if (input.used) input.reason = "no flow of this hour";
    input.used = false;
  }
  void conclude(const Exact& sum, std::string_view clause) {
    const Derived mass = derivation_.round(derivation_.sum(hours_, std::string(clause)), kMassDigits);
    SheetStep step = step_of(
        {"浓度 × 小时流量，未检出不计", "Concentration × flow of the hour; what was not detected takes no part"},
        fmt::format("Σ of {} hours", hours_.size()), long_text(sum), "kg");
    step.clause = clause;
    step.operation = operation_of(mass);
    to_.steps.emplace_back(indicator_, std::move(step));
    mj::evaluation::conclude(to_, indicator_, derivation_, mass);
  }

 private:
  Explanation& to_;
  std::size_t indicator_;
  const SampleSeries& series_;
  Derivation derivation_;
  std::size_t first_;
  std::vector<Derived> hours_;
};

}  // namespace

std::span<const OutletMass> outlet_masses() { return kMasses; }

Status OutletDay::emit_mass(std::size_t mass, Sink& sink) const {
  const bool gas = kMasses[mass].table == kStackLimits;
  const HourlyFlow flow(context_, values_, gas);
  if (!flow.known()) return {};
  const SampleSeries* measured = nullptr;  // not what was converted to reference oxygen
  for (const std::string& factor : factors_of(context_.factors, kMasses[mass].table, kMasses[mass].item)) {
    if (measured == nullptr) measured = values_.find(factor, telemetry::Period::hour, "Avg");
  }
  if (measured == nullptr) return {};
  const std::string_view unit = gas ? "mg/m³" : "mg/L";
  const auto by = in_unit(context_.standards, Decimal{1, 0}, measured->unit, unit);
  const MassValues values(context_, *measured, day_);
  const SampleSeries& series = values.series();
  Row made = row(kOutletMasses + mass);
  std::optional<MassSheet> sheet;
  if (Explanation* to = sink.explains(day_); to != nullptr && by)
    sheet.emplace(*to, kOutletMasses + mass, series, day_, kMasses[mass].item);
  assess::ExactSum sum;
  int hours = 0;
  for (std::size_t i = 0; i < series.samples.size(); ++i) {
    const Sample& sample = series.samples[i];
    if (!sample.usable) continue;
    const auto concentration = in_unit(context_.standards, sample.value, series.unit, unit);
    const auto volume = concentration ? flow.at(sample.at_ms) : std::nullopt;
    const auto kept = !volume ? std::nullopt
                              : (gas ? assess::gas_rate(*concentration, volume->cubic_metres)
                                     : assess::water_mass(*concentration, volume->cubic_metres))
                                    .round(kHourDigits);
    if (!kept || !sum.add(*kept)) {
      if (sheet) sheet->skip(i);
      continue;
    }
    if (sheet) {
      constexpr std::uint8_t kMilligrams = 6;
      constexpr std::uint8_t kGrams = 3;
      sheet->add(i, *volume,
                 {by->mantissa, static_cast<std::uint8_t>(by->decimals + (gas ? kMilligrams : kGrams))});
    }
    made.inputs.add(volume->sample->at_ms, volume->sample->value, volume->sample->entry);
    made.inputs.add(sample.at_ms, measured->within(day_.begin, day_.end())[i].value, sample.entry);
    ++hours;
  }
  if (hours == 0) return {};
  made.value = sum.sum().round(kMassDigits);
  made.complete = hours == kHours;
  const std::string_view clause = gas ? kGasClause : kWaterClause;
  if (sheet) sheet->conclude(sum.sum(), clause);
  const std::string reason = fmt::format("{} of {} hours", hours, kHours);
  if (!made.complete) made.reason = reason;
  made.standard = clause.substr(0, clause.find(';'));
  return sink.emit(made);
}

Status OutletDay::emit_masses(Sink& sink) {
  for (std::size_t i = 0; i < kMasses.size(); ++i) MJ_CHECK(emit_mass(i, sink));
  return {};
}

}  // namespace mj::evaluation
