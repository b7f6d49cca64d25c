// Calculation sheets of radiation: dose rates against the background, fields against the limits of public exposure.
#include "radiation_sheet.hpp"

#include "mj/evaluation/derivation.hpp"

namespace mj::evaluation {
namespace {

constexpr std::uint8_t kRatioDigits = 12;  // as assess::judge_emf
constexpr std::uint8_t kSumDigits = 9;

/// Class 1 = not above the background.
SheetTable background_table(const assess::GammaBackground& range) {
  SheetTable table = parameter_table(
      *range.row, fmt::format("gamma/{}/{}/high", range.row->text("region"), range.row->text("place")),
      range.high);
  table.kind = SheetTable::Kind::classes;
  table.factor = "dose";
  table.unit = kDoseUnit;
  table.rows.front().text = "1";
  return table;
}

class GammaSheet {
 public:
  GammaSheet(Explanation& to, const EvaluationPeriod& period, const assess::GammaSummary& summary)
      : to_(to), summary_(summary), derivation_(to.operations, to.tables, period) {}

  void write(const Context& context, const SampleSeries& dose, const SampleSeries* rain,
             const EvaluationPeriod& period) {
    const std::size_t indicator = to_.wanted;
    if (indicator != kGammaMean && indicator != kGammaMax && indicator != kGammaAbove) return;
    const auto samples = dose.within(period.begin, period.end());
    const std::size_t first = to_.inputs.size();
    explain_values(to_, indicator, dose, samples, "dose");
    const auto unit = in_unit(context.standards, Decimal{1, 0}, dose.unit, kDoseUnit);
    const auto values =
        unit ? derived_values(derivation_, first, dose, samples, *unit) : std::vector<Derived>{std::nullopt};
    Derived figure;
    if (indicator == kGammaMax) {
      figure = derivation_.greatest(values);
      step({"最大值", "Greatest"}, fmt::format("max of {}", summary_.count()), shown(summary_.greatest()), figure);
    } else if (indicator == kGammaMean) {
      figure = mean(values);
    } else if (const auto& range = summary_.background()) {
      const auto rains = rain == nullptr ? std::span<const Sample>() : rain->within(period.begin, period.end());
      const std::size_t first_rain = to_.inputs.size();
      if (rain != nullptr) explain_values(to_, indicator, *rain, rains, "rain");
      figure = above(values, samples, *range, rain, rains, first_rain);
    }
    if (indicator != kGammaMax) against_background(figure);
    conclude(to_, indicator, derivation_, figure);
  }

 private:
  void step(standards::Text title, std::string formula, std::string result, const Derived& operation) {
    SheetStep made = step_of(std::move(title), std::move(formula), std::move(result), std::string(kDoseUnit));
    made.operation = operation_of(operation);
    to_.steps.emplace_back(to_.wanted, std::move(made));
  }

  /// To three significant digits: beyond 1,000 these end before the point.
  Derived mean(std::span<const Derived> values) {
    const auto rounded = assess::with_digits(summary_.mean(), kDoseDigits);
    Derived figure;
    std::int64_t unit = 1;
    if (rounded) {
      for (std::int64_t left = std::abs(rounded->mantissa); rounded->decimals == 0 && left >= 1000; left /= 10)
        unit *= 10;
      figure = unit == 1 ? derivation_.mean(values, rounded->decimals, "HJ 1157-2021")
                         : derivation_.scale(
                               derivation_.ratio(derivation_.sum(values),
                                                 derivation_.scale(derivation_.count_all(values), {unit, 0}), 0,
                                                 "HJ 1157-2021"),
                               {unit, 0});
    }
    step({"算术均值", "Arithmetic mean"}, fmt::format("Σ x / {}", summary_.count()), long_text(summary_.mean()),
         std::nullopt);
    step({"三位有效数字", "Three significant digits"}, long_text(summary_.mean()), shown(rounded), figure);
    to_.steps.back().second.clause = "HJ 1157-2021";
    to_.steps.back().second.verification = standards::Verification::unverified;
    return figure;
  }

  /// How many are above the background and not in rain. `samples` are those of `values`, the usable ones in their order.
  Derived above(std::span<const Derived> values, std::span<const Sample> samples,
                const assess::GammaBackground& range, const SampleSeries* rain, std::span<const Sample> rains,
                std::size_t first_rain) {
    RainBeside beside(rains);
    std::vector<Derived> classes;
    auto value = values.begin();
    for (const Sample& sample : samples) {
      const Sample* wet = beside.at(sample.at_ms);
      if (!sample.usable) continue;
      if (value == values.end() || !*value) return std::nullopt;
      Derived of = derivation_.classify(*value++, background_table(range));
      if (!of) return std::nullopt;
      // Above and dry is 2 × 1, above and wet 2 × 0.
      if (wet != nullptr && of->value.mantissa > 1) {
        const auto place = first_rain + static_cast<std::size_t>(wet - rains.data());
        const Derived reading =
            place < to_.inputs.size() ? derivation_.sample(place, *rain, *wet) : derivation_.missing(Gap::many);
        of = derivation_.product(std::array{of, derivation_.count(std::span(&reading, 1), Decimal{})});
      }
      classes.push_back(of);
    }
    return derivation_.difference(derivation_.count_all(classes), derivation_.count(classes, {1, 0}));
  }

  void against_background(const Derived& figure) {
    const auto& range = summary_.background();
    if (!range) return;
    const auto dry = summary_.above() - summary_.above_in_rain();
    SheetStep made =
        step_of({"与天然本底范围比较", "Against the natural background"},
                fmt::format("{}–{}; above {}, of these in rain {}; below {}", to_text(range->low),
                            to_text(range->high), summary_.above(), summary_.above_in_rain(), summary_.below()),
                std::to_string(dry), "");
    made.clause = range->edition;
    made.verification = range->verification;
    if (to_.wanted == kGammaAbove) made.operation = operation_of(figure);
    to_.steps.emplace_back(to_.wanted, std::move(made));
  }

  Explanation& to_;
  const assess::GammaSummary& summary_;
  Derivation derivation_;
};

/// The sums of ratios, one step after the other.
class FieldSheet {
 public:
  FieldSheet(Explanation& to, const Context& context, const EvaluationPeriod& period)
      : to_(to), context_(context), period_(period), derivation_(to.operations, to.tables, period) {}

  void write(const EmfFrequencies& fields, const assess::EmfVerdict& verdict, std::optional<Decimal> told) {
    for (const auto& [name, frequency] : fields) add(frequency);
    const std::array<std::tuple<const char*, const char*, std::optional<Decimal>, const std::vector<Derived>&>, 4>
        sums{{{"E", "Σ E_i / E_L,i", verdict.linear_e, linear_e_},
              {"B", "Σ B_j / B_L,j", verdict.linear_b, linear_b_},
              {"E²", "Σ E_j² / E_L,j²", verdict.squared_e, squared_e_},
              {"B²", "Σ B_j² / B_L,j²", verdict.squared_b, squared_b_}}};
    std::vector<Derived> derived;
    for (const auto& [field, formula, sum, ratios] : sums) {
      if (!sum) continue;
      derived.push_back(derivation_.round(derivation_.sum(ratios, verdict.edition + " §4.2"), kSumDigits));
      SheetStep made = step_of({std::string("多频叠加 ") + field, std::string("Sum over frequencies, ") + field},
                               formula, to_text(*sum), "");
      made.clause = verdict.edition + " §4.2";
      made.verification = verdict.verification;
      made.operation = operation_of(derived.back());
      to_.steps.emplace_back(kEmfSum, std::move(made));
    }
    const Derived most = derivation_.greatest(derived, {}, verdict.edition + " §4.2");
    conclude(to_, kEmfSum, derivation_, told ? derivation_.round(most, told->decimals) : most);
  }

 private:
  void add(const EmfFrequency& frequency) {
    const auto limits = assess::emf_limits(context_.standards, judged_at(period_), frequency.component);
    std::map<char, Derived> values;
    for (const EmfPart& part : frequency.parts) values[part.field] = greatest(part);
    if (!limits || !*limits) return;
    const assess::EmfLimits& of = **limits;
    const bool by_b = frequency.component.b.has_value();
    const char magnetic = by_b ? 'B' : 'H';
    const assess::FieldLimit& limit = by_b ? of.b : of.h;
    const bool has_magnetic = by_b || frequency.component.h.has_value();
    const bool power = !frequency.component.e && frequency.component.s && of.s && of.squared;
    if (of.linear) {
      if (frequency.component.e) linear_e_.push_back(ratio(values['E'], "e", of.e.from, 1));
      if (has_magnetic) linear_b_.push_back(ratio(values[magnetic], by_b ? "b" : "h", limit.from, 1));
    }
    if (of.squared) {
      if (frequency.component.e) squared_e_.push_back(ratio(values['E'], "e", of.e.from, 2));
      if (power) squared_e_.push_back(ratio(values['S'], "s", of.s_from, 1));
      if (has_magnetic) squared_b_.push_back(ratio(values[magnetic], by_b ? "b" : "h", limit.from, 2));
    }
  }

  Derived greatest(const EmfPart& part) {
    const auto samples = part.series->within(period_.begin, period_.end());
    const std::size_t first = to_.inputs.size();
    const std::string factor(part.series->factor);
    explain_values(to_, kEmfSum, *part.series, samples, factor);
    const Derived most = derivation_.greatest(derived_values(derivation_, first, *part.series, samples));
    SheetStep made = step_of({factor + " 最大值", factor + ", greatest"}, "max", to_text(part.value),
                             std::string(part.series->unit));
    made.operation = operation_of(most);
    to_.steps.emplace_back(kEmfSum, std::move(made));
    return most;
  }

  /// (value / limit)^power, the limit being coefficient × f^exponent: with the powers of f where they are no fractions.
  Derived ratio(const Derived& value, const char* column, const assess::LimitSource& from, int power) {
    if (!value || from.row == nullptr) return std::nullopt;
    const standards::RuleRow& row = *from.row;
    const std::string name =
        fmt::format("emf/{}-{} {}/{}", row.text("f_lo"), row.text("f_hi"), row.text("f_unit"), column);
    const Derived coefficient = derivation_.limit(parameter_table(row, name, row.decimal(column)));
    const Decimal exponent = row.number(std::string(column) + "_exp").value_or(Decimal{});
    const auto times =
        (assess::Exact(exponent) * Decimal{power, 0}).round(0).value_or(Decimal{}).mantissa;  // of f in the limit
    Derived above = power == 2 ? derivation_.product(std::array{value, value}) : value;
    Derived below = coefficient;
    if (power == 2 || times > 0)
      below = derivation_.product_for(
          value, power == 2 ? std::vector{coefficient, coefficient} : std::vector{coefficient});
    const std::string clause =
        fmt::format("{}: f = {} {}", row.clause, to_text(from.frequency), row.text("f_unit"));
    for (auto i = times; i < 0; ++i) above = derivation_.scale(above, from.frequency, clause);
    for (auto i = times; i > 0; --i) below = derivation_.scale(below, from.frequency, clause);
    if (const auto divisor = *column == 's' ? row.number("s_divisor") : std::nullopt;
        divisor && compare(*divisor, {1, 0}) != 0)
      above = derivation_.product(
          std::array{above, derivation_.limit(parameter_table(row, name + "_divisor", *divisor))});
    return derivation_.ratio(above, below, kRatioDigits, row.clause);
  }

  Explanation& to_;
  const Context& context_;
  const EvaluationPeriod& period_;
  Derivation derivation_;
  std::vector<Derived> linear_e_;
  std::vector<Derived> linear_b_;
  std::vector<Derived> squared_e_;
  std::vector<Derived> squared_b_;
};

}  // namespace

const Sample* RainBeside::at(std::int64_t ms) {
  while (next_ < rains_.size() && (rains_[next_].at_ms < ms || !rains_[next_].usable)) ++next_;
  return next_ < rains_.size() && rains_[next_].at_ms == ms ? &rains_[next_] : nullptr;
}

void explain_gamma(Explanation& to, const Context& context, const SampleSeries& dose, const SampleSeries* rain,
                   const EvaluationPeriod& period, const assess::GammaSummary& summary) {
  GammaSheet(to, period, summary).write(context, dose, rain, period);
}

void explain_fields(Explanation& to, const Context& context, const EvaluationPeriod& period,
                    const EmfFrequencies& fields, const assess::EmfVerdict& verdict, std::optional<Decimal> told) {
  if (to.wanted == kEmfSum) FieldSheet(to, context, period).write(fields, verdict, told);
}

}  // namespace mj::evaluation
