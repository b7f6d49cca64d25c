#pragma once

#include <span>
#include <string>
#include <vector>

#include "json.hpp"
#include "mj/api/server.hpp"

namespace mj::api {

/// The members of `PointSummary` that never change: what the registry knows. An object.
[[nodiscard]] Json registered_json(const registry::Point& point);
/// The other members: what the data say now. `exceeding`: factors with an open alarm. An object.
[[nodiscard]] Json condition_json(const Services& services, const registry::Point& point,
                                  std::span<const telemetry::Latest> latest,
                                  const std::vector<std::string>& exceeding, Instant now);
/// One object with the members of two, as text: `PointSummary` from its two parts.
[[nodiscard]] std::string joined(std::string_view registered, std::string_view condition);

/// The rows of `PointDetail.latest`: one per factor, kind and period, ordered by factor, period, kind.
[[nodiscard]] Json latest_json(const Services& services, const registry::Point& point,
                               const std::vector<telemetry::Latest>& latest);

/// One series as asked for.
struct SeriesAnswer {
  telemetry::SeriesKey key;  ///< of the series that answered; factor and kind as asked for when there is none
  telemetry::Period period = telemetry::Period::hour;
  Instant from;
  Instant to;
  telemetry::SeriesRows rows;
};

/// `Series`.
[[nodiscard]] Json series_json(const Services& services, const registry::Point& point, const SeriesAnswer& answer);

}  // namespace mj::api
