#pragma once

#include "water_index_sheet.hpp"

namespace mj::evaluation {

/// Where shares of sections and exceed multiples are said.
inline constexpr const char* kShareClause = "环办〔2011〕22号 二(一)2";

[[nodiscard]] inline std::string text_or_empty(const std::optional<Decimal>& value) {
  return value ? to_text(*value) : std::string();
}

/// Writes the shares of classes 断面比例 of a group down, and how many of its sections reach their target.
class WaterSharesSheet {
 public:
  WaterSharesSheet(const Context& context, const SheetRequest& request, const WaterRules& rules, Sheet& sheet,
                   Derivation& derivation)
      : context_(context), request_(request), rules_(rules), sheet_(sheet), derivation_(derivation) {}
  /// What the figure follows from.
  Result<Derived> write();

 private:
  Result<bool> judged(std::string_view point, bool lake);
  Derived share(const Derived& part, const Derived& all);
  void add_share(standards::Text title, std::int64_t part, std::int64_t all);
  void add_target_rate(const std::map<int, std::vector<Derived>>& by_target);

  const Context& context_;
  const SheetRequest& request_;
  const WaterRules& rules_;
  Sheet& sheet_;
  Derivation& derivation_;
  Derived figure_derived_;
};

}  // namespace mj::evaluation
