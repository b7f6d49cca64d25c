#pragma once

#include "json.hpp"
#include "mj/evaluation/engine.hpp"
#include "mj/evaluation/figure_limit.hpp"

namespace mj::api {

/// `EvaluatedSubjectLine`.
[[nodiscard]] Json subject_json(const evaluation::Subject& subject);
/// `EvaluationGrade`, or null.
[[nodiscard]] Json grade_json(const std::optional<evaluation::Grade>& grade);
/// A `Decimal`, or null.
[[nodiscard]] Json decimal_json(const std::optional<Decimal>& value);
/// A text, or null when it is empty.
[[nodiscard]] Json text_or_null(std::string_view text);
/// `ResultRow`.
[[nodiscard]] Json figure_row_json(std::string_view element, const evaluation::Roster& roster,
                                   const evaluation::Figure& figure, std::string_view unit);
/// `PeriodFigure`.
[[nodiscard]] Json period_figure_json(std::string_view element, const evaluation::Figure& figure);
/// One of the limits of `ResultTrend`.
[[nodiscard]] Json figure_limit_json(const evaluation::FigureLimit& limit);
/// `EvaluationRun`.
[[nodiscard]] Json run_json(const evaluation::Run& run);
/// `CalculationSheet`.
[[nodiscard]] Json sheet_json(const evaluation::Roster& roster, const evaluation::Sheet& sheet);
/// Arrays of `SheetStep` and `SheetInput`; of very many inputs the first ones.
[[nodiscard]] Json sheet_steps_json(const evaluation::Sheet& sheet);
[[nodiscard]] Json sheet_inputs_json(const evaluation::Sheet& sheet, std::size_t most);
/// `EvaluatedElement`.
[[nodiscard]] Json evaluator_json(const evaluation::Evaluator& evaluator,
                                  const evaluation::ResultStore::Extent& extent);
/// A row of `ComplianceTable`.
[[nodiscard]] Json compliance_json(std::string_view element, const evaluation::Subject& subject,
                                   const evaluation::Engine::ComplianceList& list,
                                   const evaluation::Compliance& row);

}  // namespace mj::api
