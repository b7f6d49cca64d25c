#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "mj/evaluation/period.hpp"
#include "mj/kernel/decimal.hpp"
#include "mj/kernel/instant.hpp"
#include "mj/standards/standard_set.hpp"

namespace mj::evaluation {

/// A limit that the figures of an indicator are held against 限值, to be drawn beside them. It judges nothing: grades do.
struct FigureLimit {
  Instant from;  ///< since when it is in force
  standards::Text name;
  Decimal value;      ///< in the unit of the indicator
  bool upper = true;  ///< a figure above it exceeds; false: one below it does
  std::string clause;
  standards::Verification verification = standards::Verification::unverified;
};

/// The limits that hold for all subjects alike within [from, to), ascending in time: of air grade 2 of GB 3095 by period (of a year
/// that of the mean or of the percentile) and the index that is still good; of surface water class III of GB 3838 for rivers or, with
/// `lake`, for lakes. Empty for everything else, e.g. noise, where limits depend on the function zone.
[[nodiscard]] std::vector<FigureLimit> figure_limits(const standards::StandardSet& standards,
                                                     std::string_view element, std::string_view indicator,
                                                     std::string_view unit, PeriodKind kind, Instant from,
                                                     Instant to, bool lake);

}  // namespace mj::evaluation
