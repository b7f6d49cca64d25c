#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "mj/kernel/decimal.hpp"
#include "mj/standards/air.hpp"

namespace mj::assess {

/// A concentration in the unit of the item's break points.
struct Concentration {
  std::string_view factor;  ///< canonical code
  Decimal value;
};

/// Index of one pollutant 空气质量分指数.
struct Iaqi {
  std::string pollutant;
  std::string factor;
  int value = 0;
};

/// Outcome of an hour 空气质量指数.
struct Aqi {
  std::optional<int> value;  ///< none when the standard gives none
  int level = 0;             ///< 1…6; 0 when there is no value
  std::vector<Iaqi> parts;   ///< in the order of the standard's items
  std::vector<std::string>
      primary;  ///< factor codes with the greatest index, when it is above the threshold; ties all
  std::vector<std::string> missing;  ///< factor codes without a usable value
};

/// The index of one pollutant: linear between break points, rounded up, in exact arithmetic. Errors: none for a
/// negative concentration or one above a column that is then left out.
/// Source: HJ 633-2012 §4.3, §6.2; HJ 633-2026 §4.2.
[[nodiscard]] std::optional<int> iaqi(const standards::AqiItem& item, Decimal concentration);

/// The hourly index from hourly concentrations 实时报. Source: HJ 633-2012 §4.3; HJ 633-2026 §4.3, §5.3.
[[nodiscard]] Aqi hourly_aqi(const standards::AqiStandard& standard, std::span<const Concentration> hour);

}  // namespace mj::assess
