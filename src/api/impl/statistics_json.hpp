#pragma once

#include "json.hpp"
#include "mj/statistics/analysis.hpp"
#include "mj/statistics/figure.hpp"
#include "mj/statistics/table.hpp"

namespace mj::api {

/// `StatisticsCatalogue`.
[[nodiscard]] Json statistics_catalogue_json(const std::vector<statistics::ElementChoice>& elements);
/// `StatisticsTable` with at most `most_rows` rows.
[[nodiscard]] Json statistics_table_json(const statistics::Table& table, std::size_t most_rows,
                                         std::int64_t took_ms);
/// `StatisticsTrends`.
/// `FigureSheet`. `at`: label of the time of the figure.
[[nodiscard]] Json statistics_sheet_json(const statistics::FigureSheet& made, std::string_view at);
[[nodiscard]] Json figure_sheet_json(const evaluation::Sheet& sheet, const registry::LocalName& subject,
                                     const registry::LocalName& title, std::string_view at, Instant from,
                                     Instant to);

[[nodiscard]] Json statistics_trends_json(const statistics::TrendQuery& query, const statistics::Trends& trends);
/// `StatisticsCorrelation`.
[[nodiscard]] Json statistics_correlation_json(const statistics::CorrelationQuery& query,
                                               const statistics::Correlations& answer);
/// A list of `StatisticsNote`.
[[nodiscard]] Json notes_json(const std::vector<statistics::Note>& notes);
/// A `Name`, or null when it is empty.
[[nodiscard]] Json reason_json(const registry::LocalName& reason);
/// A `Decimal`, or null.
[[nodiscard]] Json decimal_or_null(const std::optional<Decimal>& value);

}  // namespace mj::api
