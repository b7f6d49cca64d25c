#pragma once

#include <functional>
#include <span>

#include "item_values.hpp"

namespace mj::evaluation {

/// Which share of the results of points is good 达标率: by point and by group of points, over periods.
struct RateRule {
  std::size_t from = 0;  ///< graded indicator of points
  std::size_t into = 0;  ///< the share in %
  PeriodKind of = PeriodKind::day;
  std::vector<PeriodKind> over;  ///< periods of the share
  bool points = false;           ///< also the share of each point
  std::function<bool(const PointRow&)> good;
};

/// Emits the shares of all levels that groups have. Rows of `of` that are not complete or have no value are not counted.
Status emit_rates(const Context& context, const Summary& summary, const RateRule& rule,
                  std::span<const Level> levels, Sink& sink);

/// Whether a verdict is stored as one that complies: its value is 0 (nothing beyond a limit).
[[nodiscard]] bool is_zero(const PointRow& row);

}  // namespace mj::evaluation
