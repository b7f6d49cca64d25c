#pragma once

#include "sheet_parts.hpp"
#include "water_items.hpp"

namespace mj::evaluation {

/// "I ≤150, II ≤300 …" as a row of limits of groundwater has them.
[[nodiscard]] std::string class_limits(const standards::RuleRow& limit);

/// Writes values and mean of an item down, then what it is compared with.
void explain_item(Explanation& to, const SampleSeries& series, const EvaluationPeriod& period,
                  std::string_view item, const std::optional<assess::Exact>& mean, SheetStep verdict);

/// The items of table 1 of GB 3838 at a source, as they were judged.
void explain_basic(Explanation& to, const Context& context, const PointValues& values, const WaterRules& rules,
                   const EvaluationPeriod& period, bool lake, const assess::SectionVerdict& verdict);

}  // namespace mj::evaluation
