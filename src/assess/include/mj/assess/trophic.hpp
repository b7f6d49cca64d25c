#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "mj/kernel/decimal.hpp"
#include "mj/kernel/result.hpp"
#include "mj/standards/standard_set.hpp"

namespace mj::assess {

/// An item of the trophic level index: TLI(j) = 10·(a + b·ln x), weight r² over their sum.
struct TrophicItem {
  std::string item;
  double a = 0;
  double b = 0;
  double r2 = 0;
  std::string unit;
};

/// Rules of the trophic state of lakes 湖库营养状态. Source: 环办〔2011〕22号 二(二)2.
struct TrophicRules {
  std::vector<TrophicItem> items;
  std::vector<standards::RuleRow> grades;  ///< ascending
  std::string standard;
  standards::Verification verification = standards::Verification::verified;
  /// Errors: not_found.
  [[nodiscard]] static Result<TrophicRules> load(const standards::StandardSet& standards, Instant at,
                                                 std::string_view edition = "");
};

/// The state of a lake.
struct TrophicState {
  std::vector<std::optional<double>> parts;  ///< in the order of the items
  std::optional<Decimal> index;              ///< two digits after the point; weights over the items that are there
  const standards::RuleRow* grade = nullptr;
  std::size_t items = 0;
};

/// Values by item; what is missing or 0 is left out. Logarithms make this the one rule that is not exact.
[[nodiscard]] TrophicState judge_trophic(const TrophicRules& rules,
                                         std::span<const std::optional<Decimal>> values);

}  // namespace mj::assess
