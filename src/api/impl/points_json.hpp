#pragma once

#include <span>
#include <string>
#include <vector>

#include "json.hpp"
#include "mj/api/server.hpp"

namespace mj::api {

/// `PointSummary`. `exceeding`: factors with an open alarm.
[[nodiscard]] Json summary_json(const Services& services, const registry::Point& point, std::span<const telemetry::Latest> latest,
                                const std::vector<std::string>& exceeding, Instant now);

/// The rows of `PointDetail.latest`: one per factor, kind and period, ordered by factor, period, kind.
[[nodiscard]] Json latest_json(const Services& services, const registry::Point& point, const std::vector<telemetry::Latest>& latest);

/// One series as asked for.
struct SeriesAnswer {
  telemetry::SeriesKey key;   ///< of the series that answered; factor and kind as asked for when there is none
  telemetry::Period period = telemetry::Period::hour;
  Instant from;
  Instant to;
  telemetry::SeriesRows rows;
};

/// `Series`.
[[nodiscard]] Json series_json(const Services& services, const registry::Point& point, const SeriesAnswer& answer);

}  // namespace mj::api
