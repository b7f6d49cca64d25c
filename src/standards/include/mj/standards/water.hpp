#pragma once

#include <array>
#include <optional>
#include <string>
#include <vector>

#include "mj/kernel/decimal.hpp"
#include "mj/standards/source.hpp"

namespace mj::standards {

/// Kind of water body 水体类型; decides which limits of total phosphorus apply.
enum class WaterBody { river, lake };

/// How a value compares with the limits of an item.
enum class WaterRule {
  at_most,   ///< value ≤ limit complies
  at_least,  ///< value ≥ limit complies (dissolved oxygen)
  range,     ///< low ≤ value ≤ high complies; outside is worse than class V (pH)
};

/// An item of the classification 水质指标 with its class limits.
struct WaterItem {
  std::string item;    ///< key in the table, e.g. "CODMn"
  std::string factor;  ///< canonical factor code; empty when HJ 212 has none
  Text name;
  std::string unit;
  std::optional<WaterBody> body;  ///< none = both
  WaterRule rule = WaterRule::at_most;
  std::array<Decimal, 5> limits{};  ///< class I…V; for a range the low ends
  std::array<Decimal, 5> high{};    ///< for a range the high ends
  std::optional<std::uint8_t>
      decimals;  ///< digits to which automatic values are rounded before they are judged; none = as received
  bool automatic = false;  ///< takes part in the class of automatic stations
  bool basic = false;      ///< one of the 21 items of the single-factor evaluation
  std::string clause;
  Verification verification = Verification::unverified;
};

/// An edition of the environmental quality standards for surface water 地表水环境质量标准.
struct WaterStandard {
  Edition edition;
  std::vector<WaterItem> items;
};

}  // namespace mj::standards
