#pragma once

#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "mj/assess/section_means.hpp"
#include "mj/evaluation/evaluator.hpp"

namespace mj::evaluation {

/// The codes under which an item of a table of limits is measured: those of the table `item_factors`, then the item's own key.
[[nodiscard]] std::vector<std::string> factors_of(const ItemFactors& factors, std::string_view table,
                                                  std::string_view item);

/// A time of which values are judged.
struct Span {
  Instant from;  ///< inclusive
  Instant to;    ///< exclusive
};
[[nodiscard]] inline Span span_of(const EvaluationPeriod& period) { return {period.begin, period.end()}; }

/// Whether there is any value.
[[nodiscard]] bool any_value(const PointValues& values, const Span& span);

/// The values of an item of a table: of the first code, then the longest period, then the first kind that has any in `span`, so
/// that a figure does not depend on what else was read with its values. Null when there are none.
[[nodiscard]] const SampleSeries* item_series(const Context& context, const PointValues& values, const Span& span,
                                              std::string_view table, std::string_view item,
                                              std::initializer_list<std::string_view> kinds = {"Avg", "Rtd"});
/// The same for a code.
[[nodiscard]] const SampleSeries* factor_series(const PointValues& values, const Span& span,
                                                std::string_view factor,
                                                std::initializer_list<std::string_view> kinds = {"Avg", "Rtd"});

/// A value in the unit of a limit. None when the units differ and cannot be converted; a unit that is not known is taken for the same.
[[nodiscard]] std::optional<Decimal> in_unit(const standards::StandardSet& standards, Decimal value,
                                             std::string_view from, std::string_view to);

/// The arithmetic mean of the usable values of a period (of pH through its ions), in the unit of the limits.
struct ValuesOfItem {
  std::optional<assess::Exact> mean;  ///< none without usable values
  std::optional<Decimal> least;
  std::optional<Decimal> greatest;
  std::optional<Decimal> newest;
  Inputs inputs;
  standards::Verification verification =
      standards::Verification::verified;  ///< of the rule for what was not detected
};
[[nodiscard]] ValuesOfItem values_of_item(const Context& context, const SampleSeries& series,
                                          std::string_view unit, const EvaluationPeriod& period,
                                          bool through_ions = false);

/// All codes of the items of tables, for Evaluator::reads.
[[nodiscard]] std::vector<std::string> factors_of_tables(const standards::StandardSet& standards,
                                                         std::initializer_list<std::string_view> tables);

/// A row without figure yet.
[[nodiscard]] Row row_of(Level level, std::string_view subject, const EvaluationPeriod& period,
                         std::size_t indicator);

/// A grade without colour that says whether a limit is kept 达标、超标.
[[nodiscard]] Grade compliance_grade(bool compliant);

/// An attribute of a point; empty when it has none.
[[nodiscard]] std::string_view attribute(const registry::PointView& view, std::string_view key);

/// What the register knew of a point at the end of a period; null when it was not in operation then.
[[nodiscard]] const registry::PointView* view_of(const RosterPoint& point, const EvaluationPeriod& period);

/// By the editions in force then a period is judged 标准版本的取用时刻: on its last day, as in the elements of days.
[[nodiscard]] inline Instant judged_at(const EvaluationPeriod& period) { return period.end().plus_ms(-1); }

}  // namespace mj::evaluation
