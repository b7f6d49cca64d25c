#pragma once

#include <vector>

#include "mj/custody/custody_book.hpp"
#include "mj/telemetry/device_days.hpp"

namespace mj::custody {

/// Puts series and gaps of a day into a statement. Missing intervals that are neighbours and have the same explanation, or
/// none, are one gap; the newest explanation that holds the whole interval counts.
void put_figures(const telemetry::DeviceDay& day, const std::vector<Explanation>& explanations,
                 std::size_t max_gaps, DayStatement& statement);

}  // namespace mj::custody
