#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "json.hpp"
#include "mj/alarm/limit.hpp"
#include "mj/registry/network.hpp"
#include "mj/standards/standard_set.hpp"
#include "mj/telemetry/observation.hpp"

namespace mj::api {

/// Name of a factor; its code where no table knows it.
[[nodiscard]] Json factor_name_json(const standards::StandardSet& standards, std::string_view code);
/// `Factor` of the contract. `unit` as shown beside the values it comes with.
[[nodiscard]] Json factor_json(const standards::StandardSet& standards, std::string_view code,
                               std::string_view unit);
[[nodiscard]] Json to_json(const standards::StandardSet& standards, const standards::Factor& factor);

/// Symbol of the unit a series is kept in: what the registry says of the point, otherwise the factor table; empty for keys that
/// carry no quantity of the factor. `point` may be null.
[[nodiscard]] std::string unit_of(const standards::StandardSet& standards, const registry::Point* point,
                                  const telemetry::SeriesKey& key);

/// `Limit` of the contract: the strictest of the limits that hold for the series at a time, in the series' unit; null when none
/// does.
[[nodiscard]] Json limit_json(const alarm::LimitSet& limits, const standards::StandardSet& standards,
                              const registry::Point& point, const telemetry::SeriesKey& key, std::string_view unit,
                              Instant at);

}  // namespace mj::api
