#include "mj/assess/water_class.hpp"

namespace mj::assess {

int item_class(const standards::WaterItem& item, Decimal value) {
  const Decimal judged = item.decimals ? round_gb8170(value, *item.decimals) : value;
  for (std::size_t i = 0; i < item.limits.size(); ++i) {
    bool meets = false;
    switch (item.rule) {
      case standards::WaterRule::at_most: meets = compare(judged, item.limits[i]) <= 0; break;
      case standards::WaterRule::at_least: meets = compare(judged, item.limits[i]) >= 0; break;
      case standards::WaterRule::range:
        meets = compare(judged, item.limits[i]) >= 0 && compare(judged, item.high[i]) <= 0;
        break;
    }
    if (meets) return static_cast<int>(i) + 1;
  }
  return 6;
}

WaterClass automatic_class(const standards::WaterStandard& standard, standards::WaterBody body,
                           std::span<const WaterValue> values) {
  WaterClass result;
  for (const standards::WaterItem& item : standard.items) {
    if (!item.automatic || item.factor.empty() || (item.body && *item.body != body)) continue;
    const auto found =
        std::find_if(values.begin(), values.end(), [&](const WaterValue& v) { return v.factor == item.factor; });
    if (found == values.end()) {
      result.missing.push_back(item.factor);
      continue;
    }
    result.parts.push_back({item.item, item.factor, item_class(item, found->value)});
    result.value = std::max(result.value, result.parts.back().value);
  }
  for (const ItemClass& part : result.parts) {
    // In class I every item meets the best class; none of them decides.
    if (part.value == result.value && result.value > 1) result.deciding.push_back(part.factor);
  }
  return result;
}

}  // namespace mj::assess
