#pragma once

#include "mj/statistics/figure.hpp"

namespace mj::statistics {

/// Whether a statistic counts what exceeds a limit.
[[nodiscard]] bool judges(const Statistic& statistic);
/// Whether a statistic asks how many values there should be.
[[nodiscard]] bool expects(const Statistic& statistic);

}  // namespace mj::statistics
