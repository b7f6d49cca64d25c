#pragma once

#include "item_values.hpp"
#include "mj/assess/emission.hpp"
#include "mj/standards/non_detect.hpp"

namespace mj::evaluation {

/// Figures of outlets 排放口评价指标, in the order of Evaluator::indicators; the masses follow.
enum OutletIndicator : std::size_t { kOutletExceed, kOutletHours, kOutletRate, kOutletMasses };

constexpr std::string_view kEffluentLimits = "effluent_limits";
constexpr std::string_view kStackLimits = "stack_limits";
constexpr std::uint8_t kMassDigits = 3;
constexpr std::uint8_t kOutletMultipleDigits = 2;
constexpr std::uint8_t kOutletJudgedDigits = 6;  ///< of a daily mean, and of the m³ of an hour

/// An item whose mass is told, by its key in the tables of limits.
struct OutletMass {
  std::string_view table;
  std::string_view item;
};
[[nodiscard]] std::span<const OutletMass> outlet_masses();
[[nodiscard]] std::vector<PeriodKind> all_outlet_periods();

/// The standard of an outlet as the register names it: `GB 13271-2014; new; gas; condition` — edition; category; kind of unit;
/// condition as written in the table; later parts may be missing. `;` or `；`.
[[nodiscard]] assess::OutletTerms outlet_terms(std::string_view text);

/// An item of an outlet on one day: its values and what they are judged by.
struct OutletItem {
  std::string_view item;
  bool gas = false;  ///< judged hour by hour; waste water by its daily mean
  const SampleSeries* series = nullptr;
  /// Values are converted to the oxygen content of this row; null: they are judged as they are.
  const standards::RuleRow* reference = nullptr;
  const SampleSeries* oxygen = nullptr;  ///< measured at the same times; null: nobody measures it
  assess::OutletLimit limit;
};

/// A value that is judged.
struct OutletFigure {
  std::size_t place = 0;           ///< of its sample among those of the day
  const Sample* oxygen = nullptr;  ///< by which it was converted
  assess::Exact value;
};

/// How an item was judged.
struct OutletVerdict {
  std::vector<OutletFigure> hours;    ///< of a stack
  std::optional<assess::Exact> mean;  ///< of waste water
  Decimal worst{
      0, kOutletMultipleDigits};  ///< greatest exceed multiple; at least 0.01 when anything is beyond the limit
  int above = 0;                  ///< how many are beyond the limit
};

/// One day of an outlet. Waste water is judged by its daily mean, a stack by its hours; hourly values that the device has
/// converted to reference oxygen (ZsAvg) go before those that are converted here.
class OutletDay {
 public:
  /// `values`: of this day only.
  OutletDay(const Context& context, const PointValues& values, const registry::PointView& view,
            const EvaluationPeriod& day);
  Status emit_compliance(Sink& sink);
  Status emit_masses(Sink& sink);

 private:
  struct Judged;
  void judge_item(std::string_view item, std::string_view table, Judged& judged) const;
  /// Whether a figure is beyond the limit; the worst multiple of the verdict grows to its own.
  static bool compare_with(const assess::OutletLimit& limit, const assess::Exact& figure, OutletVerdict& verdict);
  [[nodiscard]] std::optional<OutletItem> item_of(std::string_view item, std::string_view table) const;
  /// The hours of a stack that can be judged.
  [[nodiscard]] std::vector<OutletFigure> stack_hours(const OutletItem& item) const;
  [[nodiscard]] Status emit_mass(std::size_t mass, Sink& sink) const;
  [[nodiscard]] Row row(std::size_t indicator) const;

  const Context& context_;
  const PointValues& values_;
  const EvaluationPeriod& day_;
  assess::OutletTerms terms_;
};

}  // namespace mj::evaluation
