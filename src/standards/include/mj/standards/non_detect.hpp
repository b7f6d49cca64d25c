#pragma once

#include <string_view>
#include <vector>

#include "mj/kernel/decimal.hpp"
#include "mj/standards/standard_set.hpp"

namespace mj::standards {

/// What values that were not detected 未检出 count for in the evaluation of one element, by the parameters `non_detect_share.<element>`
/// (or `non_detect_share` where an element has none) and `non_detect_mass_share` of the standards.
/// Sources: 环办监测函〔2020〕82号 七; HJ/T 166-2004 §11.3; SL 219-2013 §12.2.5; HJ/T 92-2002 (masses).
class NonDetectRules {
 public:
  NonDetectRules(const StandardSet& standards, std::string_view element);

  /// The rule for values of a time in means and comparisons; of what came before the first edition the first one. Null when the
  /// standards have none.
  [[nodiscard]] const RuleRow* at(Instant at) const;
  /// The same for masses discharged 排放量.
  [[nodiscard]] const RuleRow* mass_at(Instant at) const;

 private:
  std::vector<const RuleRow*> of_element_;
  std::vector<const RuleRow*> usual_;
  std::vector<const RuleRow*> masses_;
};

/// The part of a detection limit that a rule lets count: exactly limit × share.
[[nodiscard]] Decimal counted(const RuleRow& rule, Decimal limit);

}  // namespace mj::standards
