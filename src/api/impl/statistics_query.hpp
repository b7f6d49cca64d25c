#pragma once

#include <vector>

#include "http.hpp"
#include "mj/api/server.hpp"
#include "mj/statistics/analysis.hpp"
#include "mj/statistics/table.hpp"

namespace mj::api {

// The questions of statistics as the parameters of a request write them. Errors: invalid_input that names the parameter.

[[nodiscard]] Result<statistics::TableQuery> table_query(const Query& query, Instant now);
/// A question for one figure: what getStatistics takes, and the row.
[[nodiscard]] Result<statistics::TableQuery> figure_query(const Query& query, Instant now);
[[nodiscard]] Result<statistics::TrendQuery> trend_query(const Query& query, Instant now);
[[nodiscard]] Result<statistics::CorrelationQuery> correlation_query(const Query& query, Instant now);

/// What statistics are made from. Errors: unavailable without a register.
[[nodiscard]] Result<statistics::Sources> statistics_sources(const Services& services);

/// A question may not hold a worker for long: other screens wait for it. Files may take longer.
[[nodiscard]] statistics::Patience patience_of(bool file);

}  // namespace mj::api
