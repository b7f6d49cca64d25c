#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "mj/assess/exact.hpp"
#include "mj/kernel/result.hpp"
#include "mj/standards/standard_set.hpp"

namespace mj::assess {

/// What the limits of soil depend on.
struct SoilSite {
  bool farm = true;           ///< GB 15618; otherwise construction land, GB 36600
  std::string land;           ///< farm: 水田, 果园, 其他
  std::optional<Decimal> ph;  ///< farm
  int land_class = 1;         ///< construction: 1 = sensitive, 2
};

/// Risk of an item 土壤污染风险.
enum class SoilRisk {
  low,       ///< at most the screening value
  possible,  ///< above it, at most the intervention value
  high,      ///< above the intervention value
};
[[nodiscard]] std::string_view name(SoilRisk risk);

/// How an item stands.
struct SoilVerdict {
  std::string item;
  Decimal screening;
  std::optional<Decimal> intervention;  ///< farm land has it for five metals only
  SoilRisk risk = SoilRisk::low;
  Exact index;  ///< C / screening value 单项污染指数
  standards::Verification verification = standards::Verification::unverified;
  std::string edition;
  const standards::RuleRow* screening_row = nullptr;     ///< that the screening value stands in; of the standards
  const standards::RuleRow* intervention_row = nullptr;  ///< null when there is none
};

/// Judges one item; equal to a value is within it. None when the standard has no value for it. Errors: invalid_input
/// when the site lacks what the limits depend on. Source: GB 15618-2018 tables 1–3; GB 36600-2018 tables 1, 2.
[[nodiscard]] Result<std::optional<SoilVerdict>> judge_soil(const standards::StandardSet& standards, Instant at,
                                                            const SoilSite& site, std::string_view item,
                                                            Decimal content);

/// A limit of farm land between two pH values.
struct SoilBand {
  std::optional<Decimal> ph_to;  ///< inclusive; none in the last band
  const standards::RuleRow* row = nullptr;
};
/// The limits of an item by pH, ascending and without gap; `value` is "screening" or "intervention". Empty when the pH does not
/// matter, or not every pH has a limit.
[[nodiscard]] std::vector<SoilBand> soil_bands(const standards::StandardSet& standards, Instant at,
                                               const SoilSite& site, std::string_view item,
                                               std::string_view value);

/// Nemerow index 内梅罗指数 √((mean² + max²)/2) of single indices. Source: HJ/T 166-2004 §12.2.
[[nodiscard]] std::optional<double> nemerow(std::span<const Exact> indices);

/// Grade by `index` "nemerow" or "single"; null when there is none. Source: HJ/T 166-2004.
[[nodiscard]] const standards::RuleRow* soil_grade(const standards::StandardSet& standards, Instant at,
                                                   std::string_view index, Decimal value);

}  // namespace mj::assess
