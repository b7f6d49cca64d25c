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
[[nodiscard]] Json figure_row_json(const evaluation::Roster& roster, const evaluation::Figure& figure,
                                   std::string_view unit);
/// `PeriodFigure`.
[[nodiscard]] Json period_figure_json(const evaluation::Figure& figure);
/// One of the limits of `ResultTrend`.
[[nodiscard]] Json figure_limit_json(const evaluation::FigureLimit& limit);
/// `EvaluationRun`.
[[nodiscard]] Json run_json(const evaluation::Run& run);
/// `CalculationSheet`.
[[nodiscard]] Json sheet_json(const evaluation::Roster& roster, const evaluation::Sheet& sheet);
/// `EvaluatedElement`.
[[nodiscard]] Json evaluator_json(const evaluation::Evaluator& evaluator,
                                  const evaluation::ResultStore::Extent& extent);
/// A row of `ComplianceTable`.
[[nodiscard]] Json compliance_json(const evaluation::Subject& subject, const evaluation::Compliance& row);

}  // namespace mj::api
