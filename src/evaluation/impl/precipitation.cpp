// Precipitation: volume-weighted pH and frequency of acid rain of months, quarters and years.
#include "mj/assess/air_day.hpp"

#include <cmath>

#include "element_sheet.hpp"
#include "elements.hpp"
#include "group_rates.hpp"
#include "mj/assess/rules_in_force.hpp"

namespace mj::evaluation {
namespace {

using enum PeriodKind;

enum RainIndicator : std::size_t { kRainPh, kRainFrequency, kRainAmount, kRainRate };
constexpr std::array kRainLevels{Level::district, Level::city};
constexpr const char* kBound = "ph_below";
constexpr std::uint8_t kPhDecimals = 2;
constexpr std::uint8_t kLongPhDecimals = 9;  // as it is computed before it is rounded
constexpr std::uint8_t kLevelDecimals = 13;
constexpr std::uint8_t kShareDecimals = 1;
constexpr std::uint8_t kAmountDecimals = 1;

/// A sample that counts: the pH and the amount of the same time.
struct RainPair {
  const Sample* ph = nullptr;
  const Sample* amount = nullptr;
  Decimal millimetres;
};

std::vector<RainPair> pairs_of(const Context& context, const SampleSeries& ph, const SampleSeries& amount,
                               const EvaluationPeriod& period) {
  std::vector<RainPair> pairs;
  const auto amounts = amount.within(period.begin, period.end());
  auto at = amounts.begin();
  for (const Sample& sample : ph.within(period.begin, period.end())) {
    while (at != amounts.end() && at->at_ms < sample.at_ms) ++at;
    if (at == amounts.end() || at->at_ms != sample.at_ms || !sample.usable || !at->usable) continue;
    const auto millimetres = in_unit(context.standards, at->value, amount.unit, "mm");
    if (millimetres && millimetres->mantissa > 0) pairs.push_back({&sample, &*at, *millimetres});
  }
  return pairs;
}

/// The pH below which rain is acid: the highest bound of the grades.
const standards::RuleRow* acid_row(const Context& context, Instant at) {
  const standards::RuleRow* highest = nullptr;
  for (const auto* row : assess::rows_in_force(context.standards, "rain_grades", at)) {
    const auto below = row->number(kBound);
    if (below && (highest == nullptr || compare(*below, highest->decimal(kBound)) > 0)) highest = row;
  }
  return highest;
}

/// By how much each pH lies below the bound: above 0 it is acid.
std::vector<Derived> below_bound(Derivation& derivation, const standards::RuleRow& row,
                                 std::span<const Derived> values) {
  std::vector<Derived> below;
  const Derived bound = derivation.limit(parameter_table(row, "rain/acid below pH", row.decimal(kBound)));
  for (const Derived& value : values) below.push_back(derivation.difference(bound, value));
  return below;
}

/// Writes the values of a month, quarter or year down and what follows from them.
class RainSheet {
 public:
  RainSheet(const Context& context, Explanation& to, const EvaluationPeriod& period,
            const standards::RuleRow& acid)
      : context_(context), to_(to), period_(period), acid_(acid), derivation_(to.operations, to.tables, period) {}

  void write(const SampleSeries& ph, const SampleSeries& amount, std::span<const RainPair> pairs,
             const assess::Precipitation& result) {
    list(ph, "pH", pairs, &RainPair::ph, {1, 0}, values_);
    list(amount, "mm", pairs, &RainPair::amount,
         in_unit(context_.standards, {1, 0}, amount.unit, "mm").value_or(Decimal{1, 0}), amounts_);
    std::string ions;
    assess::ExactSum total;
    for (const RainPair& pair : pairs) {
      total.add(pair.millimetres);
      ions += fmt::format("{}{}·10^−{}", ions.empty() ? "" : " + ", to_text(pair.millimetres),
                          to_text(pair.ph->value));
    }
    if (asked(kRainPh)) {
      add(kRainPh,
          step_of({"雨量加权pH", "pH weighted by volume"},
                  fmt::format("−lg(({}) / {})", ions, long_text(total.sum())),
                  result.ph ? fmt::format("{:.6f}", *result.ph) : "—", "", result.grade),
          weighted_ph());
      if (result.grade != nullptr)
        to_.steps.emplace_back(kRainPh,
                               step_of({"酸度等级", "Grade"}, fmt::format("pH < {}", result.grade->text(kBound)),
                                       std::string(result.grade->text("name_zh")), "", result.grade));
    }
    if (asked(kRainFrequency))
      add(kRainFrequency,
          step_of({"酸雨频率", "Frequency of acid rain"}, fmt::format("acid samples / {} × 100", pairs.size()),
                  shown(result.acid_frequency), "%", result.grade),
          frequency());
    if (asked(kRainAmount))
      add(kRainAmount, step_of({"降水量之和", "Sum of the amounts"}, "Σ mm", long_text(total.sum()), "mm"),
          derivation_.round(derivation_.sum(amounts_), kAmountDecimals));
  }

 private:
  [[nodiscard]] bool asked(std::size_t indicator) const {
    return to_.wanted == indicator || to_.wanted == Explanation::kEvery;
  }

  void add(std::size_t indicator, SheetStep step, const Derived& figure) {
    step.operation = operation_of(figure);
    to_.steps.emplace_back(indicator, std::move(step));
    conclude(to_, indicator, derivation_, figure);
  }

  /// The values of a series, also those that do not count.
  void list(const SampleSeries& series, const std::string& label, std::span<const RainPair> pairs,
            const Sample* RainPair::* part, Decimal scale, std::vector<Derived>& counted) {
    const auto samples = series.within(period_.begin, period_.end());
    auto next = pairs.begin();
    for (const Sample& sample : samples) {
      const bool counts = next != pairs.end() && (*next).*part == &sample;
      SheetInput input = sample_input(series, sample, label);
      if (input.used && !counts) {
        input.used = false;
        input.reason = "a sample needs pH and an amount above 0 of one time";
      }
      to_.inputs.emplace_back(Explanation::kEvery, std::move(input));
      if (!counts) continue;
      ++next;
      counted.push_back(derivation_.sample(to_.inputs.size() - 1, series, sample, scale));
    }
    for (SheetStep& step : non_detect_steps(series, samples))
      to_.steps.emplace_back(Explanation::kEvery, std::move(step));
  }

  /// −lg(Σ v·10^−pH / Σ v): v·10^−pH is the energy of a level of 10·lg v − 10·pH, and the mean energy of those less 10·lg of the mean
  /// amount is −10 times the figure.
  Derived weighted_ph() {
    std::vector<Derived> levels;
    for (std::size_t i = 0; i < values_.size(); ++i)
      levels.push_back(derivation_.difference(derivation_.scale(derivation_.lg(amounts_[i]), {10, 0}),
                                              derivation_.scale(values_[i], {10, 0})));
    const Derived mean = derivation_.scale(derivation_.lg(derivation_.long_mean(amounts_)), {10, 0});
    const Derived ph = derivation_.scale(
        derivation_.difference(mean, derivation_.level(levels, kLevelDecimals, acid_.edition)), {1, 1});
    return derivation_.round(derivation_.round(ph, kLongPhDecimals), kPhDecimals);
  }

  Derived frequency() {
    const auto below = below_bound(derivation_, acid_, values_);
    const Derived all = derivation_.count_all(below);
    return derivation_.ratio(
        derivation_.scale(derivation_.difference(all, derivation_.count(below, {0, 0})), {100, 0}), all,
        kShareDecimals);
  }

  const Context& context_;
  Explanation& to_;
  EvaluationPeriod period_;
  const standards::RuleRow& acid_;
  Derivation derivation_;
  std::vector<Derived> values_;   ///< pH of the samples that count
  std::vector<Derived> amounts_;  ///< their mm
};

Status judge_rain(const Context& context, const PointValues& values, Sink& sink) {
  for (const PeriodKind kind : {month, quarter, year}) {
    for (auto period = EvaluationPeriod::of(kind, values.from); period.begin < values.to; period = period.next()) {
      if (view_of(*values.point, period) == nullptr) continue;
      const SampleSeries* ph = item_series(context, values, span_of(period), "rain_grades", "ph");
      const SampleSeries* amount = item_series(context, values, span_of(period), "rain_grades", "rain");
      if (ph == nullptr || amount == nullptr) continue;
      Row row = row_of(Level::point, values.point->id(), period, kRainPh);
      const standards::RuleRow* acid = acid_row(context, judged_at(period));
      const auto pairs = pairs_of(context, *ph, *amount, period);
      if (acid == nullptr || pairs.empty()) continue;
      std::vector<assess::RainSample> samples;
      assess::ExactSum sum;
      for (const RainPair& pair : pairs) {
        samples.push_back({pair.ph->value, pair.millimetres});
        sum.add(pair.millimetres);
        row.inputs.add(pair.ph->at_ms, pair.ph->value, pair.ph->entry);
        row.inputs.add(pair.amount->at_ms, pair.amount->value, pair.amount->entry);
      }
      MJ_TRY(const auto result, assess::judge_precipitation(context.standards, judged_at(period), samples));
      // Of a pH of hundreds nothing can be computed.
      if (result.ph && std::isfinite(*result.ph))
        row.value = round_gb8170(Decimal{std::llround(*result.ph * 1e9), kLongPhDecimals}, kPhDecimals);
      row.verification = result.verification;
      for (const RainPair& pair : pairs) {
        for (const NonDetect* below : {ph->non_detect(*pair.ph), amount->non_detect(*pair.amount)}) {
          if (below != nullptr) row.verification = std::max(row.verification, below->rule->verification);
        }
      }
      if (Explanation* to = sink.explains(period))
        RainSheet(context, *to, period, *acid).write(*ph, *amount, pairs, result);
      if (result.grade != nullptr) {
        row.grade = sink.grade(
            Grade{std::string(result.grade->text("grade")),
                  {std::string(result.grade->text("name_zh")), std::string(result.grade->text("name_en"))},
                  "",
                  !result.grade->number(kBound).has_value()});
        row.standard = result.grade->edition;
      }
      MJ_CHECK(sink.emit(row));
      row.grade = 0;
      row.indicator = kRainFrequency;
      row.value = result.acid_frequency;
      MJ_CHECK(sink.emit(row));
      row.indicator = kRainAmount;
      row.value = sum.sum().round(kAmountDecimals);
      MJ_CHECK(sink.emit(row));
    }
  }
  return {};
}

/// Points whose rain is not acid: with a mean pH at or above the bound.
Status summarise_rain(const Context& context, const Summary& summary, Sink& sink) {
  const auto neutral = [&context](const PointRow& row) {
    const auto* acid = acid_row(context, judged_at(row.period));
    return acid != nullptr && compare(*row.value, acid->decimal(kBound)) >= 0;
  };
  for (const PeriodKind kind : {month, quarter, year})
    MJ_CHECK(emit_rates(context, summary, {kRainPh, kRainRate, kind, {kind}, false, neutral}, kRainLevels, sink));
  return {};
}

Result<Sheet> rain_sheet(const Context& context, const SheetRequest& request) {
  const auto* acid = acid_row(context, judged_at(request.figure.period));
  const auto neutral = [acid](const Figure& figure) {
    return acid != nullptr && figure.value && compare(*figure.value, acid->decimal(kBound)) >= 0;
  };
  MadeOf share = share_of("ph", neutral, acid == nullptr ? std::string() : acid->edition);
  share.derive = [acid](Derivation& derivation, const Context&, const Figure&, std::span<const Figure>,
                        std::span<const Derived> values) -> Derived {
    if (acid == nullptr) return std::nullopt;
    const auto below = below_bound(derivation, *acid, values);
    return derivation.ratio(derivation.scale(derivation.count(below, {0, 0}), {100, 0}),
                            derivation.count_all(below), kShareDecimals);
  };
  return element_sheet("precipitation", {{"neutral_share", std::move(share)}}, context, request);
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
  evaluator.compliance_bound = [](const Context& context, const Figure& figure) -> std::optional<ComplianceBound> {
    const auto* acid = acid_row(context, judged_at(figure.period));
    return acid == nullptr ? std::nullopt : std::optional(ComplianceBound{acid->decimal(kBound), true});
  };
  evaluator.reads = [](const standards::StandardSet& standards) {
    const ItemFactors factors(standards);
    Reads reads{factors_of(factors, "rain_grades", "ph"), {}, {}};
    for (auto& factor : factors_of(factors, "rain_grades", "rain")) reads.factors.push_back(std::move(factor));
    return reads;
  };
  evaluator.judge = judge_rain;
  evaluator.sheet = rain_sheet;
  evaluator.summarise = summarise_rain;
  return evaluator;
}

}  // namespace mj::evaluation
