#pragma once

#include <string>
#include <vector>

#include "mj/statistics/correlation.hpp"
#include "mj/statistics/table.hpp"
#include "mj/statistics/trend.hpp"

namespace mj::statistics {

struct TrendQuery {
  Selection selection;
  Statistic statistic;
  bool seasonal = false;
  double confidence = 0.95;
  Instant now;
};

/// The test of one subject and factor.
struct TrendRow {
  Subject subject;
  std::string factor;
  standards::Text factor_name;
  std::string unit;
  std::optional<MannKendall> test;
  std::optional<SenSlope> slope;
  std::optional<bool> rising;  ///< none: no trend at the confidence
  registry::LocalName reason;  ///< why there is no test; empty when there is one
  std::vector<std::pair<Instant, std::optional<Decimal>>> sample;  ///< of each bucket
};
struct Trends {
  std::vector<TrendRow> rows;
  std::vector<Note> notes;
};
/// Errors: as table(); invalid_input for a statistic of judgement or more than kMostTrendValues buckets.
[[nodiscard]] Result<Trends> trends(const Sources& sources, const TrendQuery& query,
                                    const Patience& patience = {});

/// A series to be correlated: `air:a34004:district/500103`, `air:a34004:all`.
struct SeriesName {
  std::string text;
  std::string element;
  std::string factor;
  Group group = Group::all;
  std::string subject;
};
/// Errors: invalid_input that says how it is written.
[[nodiscard]] Result<SeriesName> parse_series(std::string_view text);

struct CorrelationQuery {
  std::vector<SeriesName> a;
  std::vector<SeriesName> b;  ///< empty: those of `a` with one another
  Bucket bucket = Bucket::day;
  Instant from;
  Instant to;
  CorrelationMethod method = CorrelationMethod::pearson;
  Instant now;
};
struct CorrelatedSeries {
  SeriesName name;
  Subject subject;
  standards::Text factor_name;
  std::string unit;
  std::vector<std::pair<Instant, double>> values;  ///< means of the buckets
};
struct CorrelationPair {
  std::size_t a = 0;  ///< place in Correlations::series
  std::size_t b = 0;
  std::size_t n = 0;
  std::optional<Correlation> result;
};
struct ScatterPoint {
  Instant at;
  double a = 0;
  double b = 0;
};
struct Correlations {
  std::vector<CorrelatedSeries> series;
  std::vector<CorrelationPair> pairs;
  std::vector<ScatterPoint> scatter;  ///< of a single pair
  std::vector<Note> notes;
};
/// Errors: as table(); invalid_input for more than kMostSeries series.
[[nodiscard]] Result<Correlations> correlations(const Sources& sources, const CorrelationQuery& query,
                                                const Patience& patience = {});
inline constexpr std::size_t kMostSeries = 24;

}  // namespace mj::statistics
