#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "mj/assess/section.hpp"
#include "mj/kernel/result.hpp"
#include "mj/standards/standard_set.hpp"

namespace mj::assess {

/// Class of one item of groundwater 地下水单项组分评价: 1…5, the better of equal limits; a finding ("无", "有") for sensory
/// items. None when the text is neither number nor finding. Source: GB/T 14848-2017 §6, tables 1, 2.
[[nodiscard]] std::optional<int> groundwater_class(const standards::RuleRow& row, std::string_view text);

/// How black and odorous one item shows the water to be 黑臭水体分级: 0 not, 1 lightly, 2 heavily; the bounds themselves are
/// lightly. Source: 城市黑臭水体整治工作指南 table 1.
[[nodiscard]] int black_odorous_grade(const standards::RuleRow& row, Decimal value);

/// A further item of a drinking-water source 饮用水水源补充、特定项目.
struct SourceVerdict {
  const standards::RuleRow* row = nullptr;
  bool compliant = false;
  std::optional<Decimal> exceed;
};
/// Limits are inclusive. Source: GB 3838-2002 §5.3, tables 2, 3.
[[nodiscard]] SourceVerdict judge_source_item(const SectionRules& rules, const standards::RuleRow& row,
                                              Decimal value);

}  // namespace mj::assess
