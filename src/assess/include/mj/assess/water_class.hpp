#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "mj/kernel/decimal.hpp"
#include "mj/standards/water.hpp"

namespace mj::assess {

/// A measured value in the unit of the item's limits.
struct WaterValue {
  std::string_view factor;  ///< canonical code
  Decimal value;
};

/// Class of one item.
struct ItemClass {
  std::string item;
  std::string factor;
  int value = 0;  ///< 1…5, 6 = worse than V 劣Ⅴ
};

/// Class of a section 断面水质类别 by single factors: the worst item decides.
struct WaterClass {
  int value = 0;  ///< 1…6; 0 when no item could be judged
  std::vector<ItemClass> parts;
  std::vector<std::string> deciding;  ///< factor codes of the items in the class of the section 定类因子
  std::vector<std::string> missing;   ///< factor codes of items that should take part and have no value
};

/// Best class whose limit is met; limits inclusive, equal limits resolve to the better class.
/// Source: GB 3838-2002 table 1, §5.1.
[[nodiscard]] int item_class(const standards::WaterItem& item, Decimal value);

/// Class of an automatic station from its latest values 水质自动站类别.
[[nodiscard]] WaterClass automatic_class(const standards::WaterStandard& standard, standards::WaterBody body,
                                         std::span<const WaterValue> values);

}  // namespace mj::assess
