#pragma once

#include "mj/evaluation/evaluator.hpp"

namespace mj::evaluation {

/// Figures that are not stored but made when somebody asks: their sheets are made of stored ones.

/// "aqi.change": against the same period of the year before 同比.
inline constexpr std::string_view kChangeSuffix = ".change";
/// "compliance": how many % of the graded days or months of a longer period comply 达标率.
inline constexpr std::string_view kComplianceRate = "compliance";
inline constexpr std::uint8_t kComplianceDigits = 1;

/// Of a figure and that of the year before.
[[nodiscard]] Sheet change_sheet(Figure now, Figure before, std::string_view unit);
/// Of the figures of the evaluator's compliance_indicator within `period`, ascending. Errors: not_found when none was asked to comply.
[[nodiscard]] Result<Sheet> compliance_sheet(const Evaluator& evaluator, const Context& context, Level level,
                                             std::string_view subject, const EvaluationPeriod& period,
                                             std::span<const Figure> units);
/// % with one digit; none of nothing.
[[nodiscard]] std::optional<Decimal> compliance_rate(std::size_t compliant, std::size_t graded);

}  // namespace mj::evaluation
