#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "mj/assess/exact.hpp"
#include "mj/kernel/result.hpp"
#include "mj/standards/standard_set.hpp"

namespace mj::assess {

/// The standard and the numbers by which sections are judged 断面评价规则: GB 3838 with 环办〔2011〕22号.
struct SectionRules {
  const standards::WaterStandard* standard = nullptr;
  int reference_class = 3;            ///< main pollutants are what is worse than this class
  std::size_t main_pollutants = 3;    ///< how many are named
  std::uint8_t exceed_decimals = 2;   ///< digits of exceed multiples
  std::uint8_t share_decimals = 1;    ///< digits of shares in %
  std::size_t few_sections = 5;       ///< a basin with fewer is judged by its means
  std::vector<std::string> priority;  ///< items named first when they exceed
  std::vector<standards::RuleRow> status;

  /// The rules in force at `at`, or those of the edition named. Errors: not_found.
  [[nodiscard]] static Result<SectionRules> load(const standards::StandardSet& standards, Instant at,
                                                 std::string_view edition = "");
};

/// A value of an item, in the unit of its limits.
struct SectionValue {
  const standards::WaterItem* item = nullptr;
  Decimal value;                 ///< the detection limit when it was not detected
  bool below_detection = false;  ///< "0.004L": counts as half the detection limit
};

/// How one item stands.
struct ItemVerdict {
  const standards::WaterItem* item = nullptr;
  Decimal judged;                 ///< after halving and rounding
  int value = 0;                  ///< 1…5, 6 = 劣Ⅴ
  bool takes_part = false;        ///< decides the class of the section; the others are for reference
  std::optional<Decimal> exceed;  ///< (C − S)/S over the reference class 超标倍数; none for pH and oxygen
  bool unsuitable = false;        ///< the detection limit is too high to prove the class
};

/// How a section stands 断面水质评价.
struct SectionVerdict {
  int value = 0;                   ///< 1…6; 0 when nothing could be judged
  std::vector<ItemVerdict> parts;  ///< in the order of the values
  std::vector<std::string> deciding;
  std::vector<std::size_t> worse;  ///< places in `parts` worse than the reference class, worst first
  std::vector<std::size_t> main;   ///< the first of them, those of priority before the others 主要污染指标
  standards::Verification verification = standards::Verification::verified;  ///< the weakest of the limits used
};

/// Single-factor evaluation 单因子评价: the worst of the 21 items decides. `oxygen_saturated`: saturation is at least 90 %,
/// which is class I as well. Source: GB 3838-2002 table 1, §5.1; 环办〔2011〕22号 二(一)1.
[[nodiscard]] SectionVerdict judge_section(const SectionRules& rules, std::span<const SectionValue> values,
                                           bool oxygen_saturated = false);

/// Ⅰ…Ⅴ as "I"…"V", "劣V"; empty for 0.
[[nodiscard]] std::string_view class_name(int value);
/// Errors: none for another word. Takes "III", "Ⅲ", "3", "劣V", "劣Ⅴ".
[[nodiscard]] std::optional<int> parse_class(std::string_view word);

/// The row of the status table for the class of a section; null for 0. Source: 环办〔2011〕22号 二(一)1.
[[nodiscard]] const standards::RuleRow* status_of_section(const SectionRules& rules, int value);
/// The same for a basin with `good` (I–III) and `bad` (劣Ⅴ) of `all` sections. Source: 环办〔2011〕22号 二(一)2.
[[nodiscard]] const standards::RuleRow* status_of_basin(const SectionRules& rules, std::int64_t good,
                                                        std::int64_t bad, std::int64_t all);

}  // namespace mj::assess
