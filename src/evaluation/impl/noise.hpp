#pragma once

#include "item_values.hpp"
#include "mj/assess/noise.hpp"

namespace mj::evaluation {

/// Figures of noise 声环境评价指标, in the order of Evaluator::indicators.
enum NoiseIndicator : std::size_t {
  kNoiseDay,
  kNoiseNight,
  kNoiseDayNight,
  kNoiseLeq,
  kNoiseL10,
  kNoiseL50,
  kNoiseL90,
  kNoiseMax,
  kNoiseMin,
  kNoiseDayOver,
  kNoiseNightOver,
  kNoiseDayRate,
  kNoiseNightRate,
  kNoiseRegionalDay,
  kNoiseRegionalNight,
  kNoiseRoadDay,
  kNoiseRoadNight,
};

/// Months, quarters and years of points; compliance of function zones; grades of cities.
Status summarise_noise(const Context& context, const Summary& summary, Sink& sink);
/// Longer periods are means of energy of days; those of cities means of their points.
[[nodiscard]] Result<Sheet> noise_sheet(const Context& context, const SheetRequest& request);

}  // namespace mj::evaluation
