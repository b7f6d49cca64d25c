#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "mj/assess/exact.hpp"
#include "mj/kernel/result.hpp"
#include "mj/standards/standard_set.hpp"

namespace mj::assess {

/// What decides which limits of a standard an outlet has 排放口执行标准. A table alone cannot tell: it is configured.
struct OutletTerms {
  std::string standard;                ///< edition: "GB 18918-2002"
  std::string category;                ///< grade or table: "1A", "new"
  std::string unit_type;               ///< of a stack: "coal", "gas"
  std::string condition;               ///< as written in the table
  std::optional<Decimal> temperature;  ///< of the water, °C
  std::optional<int> built;            ///< year of construction
};

/// The limit of an item at an outlet.
struct OutletLimit {
  const standards::RuleRow* row = nullptr;
  std::optional<Decimal> low;  ///< lower end of a range
  std::optional<Decimal> high;
  bool strictest = false;  ///< the terms leave several rows open; this is the strictest of them
};

/// Null row when the standard has no limit for the item. Errors: not_found for an unknown standard or category.
[[nodiscard]] Result<OutletLimit> outlet_limit(const standards::StandardSet& standards, Instant at,
                                               const OutletTerms& terms, std::string_view item);

/// Concentration at reference oxygen 折算浓度: C·(A − O2ref)/(A − O2) with A of the air. None when the oxygen is so near to
/// that of the air that the factor explodes (stopped, purged). Source: GB 13271-2014 §5.2; HJ 75-2017 annex C.
[[nodiscard]] Result<std::optional<Exact>> at_reference_oxygen(const standards::StandardSet& standards,
                                                               Decimal concentration, Decimal oxygen,
                                                               Decimal reference);
/// Reference oxygen of a kind of unit 基准氧含量; null when the standard has none.
[[nodiscard]] const standards::RuleRow* reference_oxygen(const standards::StandardSet& standards, Instant at,
                                                         std::string_view standard, std::string_view unit_type);

/// Mass of a gas in kg/h: measured (not converted) concentration mg/m³ × standard dry flow m³/h. Source: HJ 75-2017 annex C.
[[nodiscard]] Exact gas_rate(Decimal concentration, Decimal flow);
/// Mass in water in kg: mg/L × m³. Source: HJ 356.
[[nodiscard]] Exact water_mass(Decimal concentration, Decimal volume);

/// Allowed rate in kg/h at a stack of so many metres 最高允许排放速率: linear between heights, by the square of the height
/// beyond both ends, half of that below 15 m for a new source. `grade`: "grade2", "grade3". None without rows.
/// Source: GB 16297-1996 §7.1–7.4, annex B.
[[nodiscard]] Result<std::optional<Exact>> allowed_rate(const standards::StandardSet& standards, Instant at,
                                                        std::string_view item, std::string_view category,
                                                        std::string_view grade, Decimal height);

}  // namespace mj::assess
