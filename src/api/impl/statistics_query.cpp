#include "statistics_query.hpp"

#include <chrono>

#include <fmt/format.h>

namespace mj::api {
namespace {

constexpr std::chrono::seconds kJsonPatience{8};
constexpr std::chrono::seconds kFilePatience{25};
constexpr std::uint64_t kLeastConfidence = 50;
constexpr std::uint64_t kMostConfidence = 99;
constexpr std::uint64_t kUsualConfidence = 95;

std::vector<std::string> list_items(const std::string& list) {
  std::vector<std::string> items;
  for (std::size_t begin = 0; begin <= list.size();) {
    const std::size_t comma = std::min(list.find(',', begin), list.size());
    if (comma > begin) items.push_back(list.substr(begin, comma - begin));
    begin = comma + 1;
  }
  return items;
}

/// A word of one of our lists; `otherwise` when the parameter is absent.
template <typename T, typename Parse>
Result<T> known_word_or(const Query& query, std::string_view name, Parse parse, T otherwise) {
  const auto text = query.find(name);
  if (!text) return otherwise;
  const auto parsed = parse(*text);
  if (!parsed) return wrong_parameter(name, fmt::format("there is no \"{}\"", *text));
  return *parsed;
}

Result<statistics::Selection> selection_of(const Query& query) {
  statistics::Selection selection;
  MJ_TRY(selection.element, query.text("element"));
  MJ_TRY(const std::string factors, query.text("factor"));
  selection.factors = list_items(factors);
  MJ_TRY(selection.bucket, known_word_or(query, "bucket", statistics::parse_bucket, statistics::Bucket::month));
  MJ_TRY(selection.group, known_word_or(query, "group", statistics::parse_group, statistics::Group::point));
  MJ_TRY(selection.combine, known_word_or(query, "combine", statistics::parse_combine, statistics::Combine::pool));
  selection.points = list_items(query.find("points").value_or(""));
  selection.region = query.find("region").value_or("");
  if (const auto period = query.find("period")) {
    selection.period = telemetry::parse_period(*period);
    if (!selection.period)
      return wrong_parameter("period", fmt::format("must be instant, minute, hour or day, not \"{}\"", *period));
  }
  selection.kind = query.find("kind").value_or("");
  MJ_TRY(selection.from, query.time("from"));
  MJ_TRY(selection.to, query.time("to"));
  return selection;
}

Result<std::vector<statistics::SeriesName>> series_of(const Query& query, std::string_view name) {
  std::vector<statistics::SeriesName> series;
  for (const std::string& text : list_items(query.find(name).value_or(""))) {
    auto parsed = statistics::parse_series(text);
    if (!parsed) return wrong_parameter(name, parsed.error().text());
    series.push_back(*std::move(parsed));
  }
  return series;
}

}  // namespace

namespace {

Result<statistics::TableQuery> read_table_query(const Query& query, Instant now) {
  statistics::TableQuery asked;
  MJ_TRY(asked.selection, selection_of(query));
  for (const std::string& word : list_items(query.find("statistic").value_or("mean"))) {
    MJ_TRY(const auto statistic, statistics::parse_statistic(word));
    asked.statistics.push_back(statistic);
  }
  if (const auto threshold = query.find("threshold")) {
    asked.threshold.upper = parse_decimal(*threshold);
    if (!asked.threshold.upper)
      return wrong_parameter("threshold", fmt::format("must be a decimal, not \"{}\"", *threshold));
  }
  if (const auto limit = query.find("limit")) {
    if (*limit != "standard") return wrong_parameter("limit", fmt::format("must be standard, not \"{}\"", *limit));
    asked.threshold.standard = true;
  }
  MJ_TRY(const std::uint64_t grade, query.whole("grade", 0, 5, 0));
  asked.threshold.grade = static_cast<int>(grade);
  asked.now = now;
  return asked;
}

}  // namespace

Result<statistics::TableQuery> table_query(const Query& query, Instant now) {
  MJ_CHECK(query.only({"element", "factor", "statistic", "bucket", "group", "combine", "points", "region",
                       "period", "kind", "from", "to", "threshold", "limit", "grade", "format"}));
  return read_table_query(query, now);
}

Result<statistics::TableQuery> figure_query(const Query& query, Instant now) {
  MJ_CHECK(query.only({"element", "factor", "statistic", "bucket", "group", "combine", "points", "region",
                       "period", "kind", "from", "to", "threshold", "limit", "grade", "subject", "at"}));
  return read_table_query(query, now);
}

Result<statistics::TrendQuery> trend_query(const Query& query, Instant now) {
  MJ_CHECK(query.only({"element", "factor", "statistic", "bucket", "group", "combine", "points", "region",
                       "period", "kind", "from", "to", "seasonal", "confidence"}));
  statistics::TrendQuery asked;
  MJ_TRY(asked.selection, selection_of(query));
  MJ_TRY(asked.statistic, statistics::parse_statistic(query.find("statistic").value_or("mean")));
  MJ_TRY(const auto seasonal, query.flag_if_given("seasonal"));
  asked.seasonal = seasonal.value_or(false);
  MJ_TRY(const std::uint64_t confidence,
         query.whole("confidence", kLeastConfidence, kMostConfidence, kUsualConfidence));
  asked.confidence = static_cast<double>(confidence) / 100;
  asked.now = now;
  return asked;
}

Result<statistics::CorrelationQuery> correlation_query(const Query& query, Instant now) {
  MJ_CHECK(query.only({"a", "b", "bucket", "from", "to", "method"}));
  statistics::CorrelationQuery asked;
  MJ_TRY(asked.a, series_of(query, "a"));
  MJ_TRY(asked.b, series_of(query, "b"));
  MJ_TRY(asked.bucket, known_word_or(query, "bucket", statistics::parse_bucket, statistics::Bucket::month));
  MJ_TRY(asked.method, known_word_or(query, "method", statistics::parse_correlation_method,
                                     statistics::CorrelationMethod::pearson));
  MJ_TRY(asked.from, query.time("from"));
  MJ_TRY(asked.to, query.time("to"));
  asked.now = now;
  return asked;
}

Result<statistics::Sources> statistics_sources(const Services& services) {
  if (services.register_book == nullptr)
    return Error(ErrorCode::unavailable, "there is no register, and statistics need its points");
  return statistics::Sources{services.store, *services.register_book, services.standards};
}

statistics::Patience patience_of(bool file) {
  statistics::Patience patience;
  patience.deadline = std::chrono::steady_clock::now() + (file ? kFilePatience : kJsonPatience);
  return patience;
}

}  // namespace mj::api
