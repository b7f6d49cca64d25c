#include "mj/assess/aqi.hpp"

namespace mj::assess {
namespace {

/// `value` as a whole number of 10^-decimals. Break points and rounded concentrations have few digits, so that 128
/// bits hold every product below.
__int128 scaled(Decimal value, unsigned decimals) {
  __int128 number = value.mantissa;
  for (unsigned i = value.decimals; i < decimals; ++i) number *= 10;
  return number;
}

int ceil_div(__int128 dividend, __int128 divisor) {
  return static_cast<int>((dividend + divisor - 1) / divisor);  // both are not negative
}

}  // namespace

std::optional<int> iaqi(const standards::AqiItem& item, Decimal concentration) {
  if (concentration.mantissa < 0) return std::nullopt;
  const Decimal rounded = round_gb8170(concentration, item.decimals);
  const auto above =
      std::find_if(item.breakpoints.begin(), item.breakpoints.end(),
                   [&](const standards::Breakpoint& point) { return compare(point.concentration, rounded) >= 0; });
  if (above == item.breakpoints.end()) {
    if (item.above_top == standards::AboveTop::leave) return std::nullopt;
    return item.breakpoints.back().iaqi;
  }
  if (compare(above->concentration, rounded) == 0) return above->iaqi;
  const standards::Breakpoint& lo = *std::prev(above);  // the first break point is 0 and nothing is below it
  const unsigned decimals = std::max({lo.concentration.decimals, above->concentration.decimals, rounded.decimals});
  const __int128 from = scaled(lo.concentration, decimals);
  const __int128 width = scaled(above->concentration, decimals) - from;
  const __int128 part = scaled(rounded, decimals) - from;
  return lo.iaqi + ceil_div(part * (above->iaqi - lo.iaqi), width);
}

Aqi hourly_aqi(const standards::AqiStandard& standard, std::span<const Concentration> hour) {
  Aqi result;
  int greatest = -1;
  for (const standards::AqiItem& item : standard.hourly) {
    const auto found =
        std::find_if(hour.begin(), hour.end(), [&](const Concentration& c) { return c.factor == item.factor; });
    const auto index = found == hour.end() ? std::nullopt : iaqi(item, found->value);
    if (!index) {
      result.missing.push_back(item.factor);
      continue;
    }
    result.parts.push_back({item.pollutant, item.factor, *index});
    greatest = std::max(greatest, *index);
  }
  if (greatest < 0) return result;
  if (!result.missing.empty() && standard.publish_incomplete_above &&
      greatest <= *standard.publish_incomplete_above)
    return result;
  result.value = std::max(greatest, standard.index_min);
  for (const standards::AqiCategory& category : standard.categories) {
    if (*result.value <= category.hi) {
      result.level = category.level;
      break;
    }
  }
  if (*result.value > standard.primary_above) {
    for (const Iaqi& part : result.parts) {
      if (part.value == greatest) result.primary.push_back(part.factor);
    }
  }
  return result;
}

}  // namespace mj::assess
