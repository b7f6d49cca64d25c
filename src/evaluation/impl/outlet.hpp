#pragma once

#include "item_values.hpp"
#include "mj/assess/emission.hpp"
#include "mj/standards/non_detect.hpp"

namespace mj::evaluation {

/// Figures of outlets 排放口评价指标, in the order of Evaluator::indicators; the masses follow.
enum OutletIndicator : std::size_t { kOutletExceed, kOutletHours, kOutletRate, kOutletMasses };

constexpr std::uint8_t kMassDigits = 3;

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

/// One day of an outlet. Waste water is judged by its daily mean, a stack by its hours; hourly values that the device has
/// converted to reference oxygen (ZsAvg) go before those that are converted here.
class OutletDay {
 public:
  OutletDay(const Context& context, const PointValues& values, const registry::PointView& view,
            const EvaluationPeriod& day);
  Status emit_compliance(Sink& sink);
  Status emit_masses(Sink& sink);

 private:
  struct Judged {
    std::optional<Decimal> greatest;  ///< exceed multiple; 0 when nothing is beyond its limit
    std::string exceeding;
    int hours_above = 0;
    bool any = false;
    Inputs inputs;
    standards::Verification verification = standards::Verification::verified;
    std::string reason;
    std::string edition;
  };
  void judge_item(const standards::RuleRow& row, std::string_view table, Judged& judged, Explanation* to) const;
  void explain_item(Explanation& to, const SampleSeries& series, const assess::OutletLimit& limit, Decimal worst,
                    int above, bool gas, bool converted) const;
  /// Whether a figure is beyond the limit; `worst` grows to its multiple.
  [[nodiscard]] static bool compare_with(const assess::OutletLimit& limit, const assess::Exact& figure,
                                         Decimal& worst);
  [[nodiscard]] std::vector<std::pair<Sample, std::optional<assess::Exact>>> stack_hours(
      const SampleSeries& series, bool converted) const;
  Row row(std::size_t indicator) const;
  /// What a sample counts for in a mass.
  [[nodiscard]] Decimal mass_value(const SampleSeries& series, const Sample& sample) const;

  const Context& context_;
  const PointValues& values_;
  const EvaluationPeriod& day_;
  assess::OutletTerms terms_;
};

}  // namespace mj::evaluation
