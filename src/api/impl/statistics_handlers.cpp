#include <fmt/format.h>

#include "handlers.hpp"
#include "mj/runtime/clock.hpp"
#include "mj/statistics/figure.hpp"
#include "statistics_json.hpp"
#include "statistics_query.hpp"

namespace mj::api {
namespace {

constexpr std::size_t kMostJsonRows = 20'000;

struct FileForm {
  std::string_view format;
  std::string_view content_type;
};
constexpr std::array<FileForm, 3> kFileForms{
    {{"csv", "text/csv; charset=utf-8"},
     {"xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"},
     {"parquet", "application/vnd.apache.parquet"}}};

Result<std::string> file_of(const statistics::Table& table, std::string_view format) {
  if (format == "csv") return statistics::to_csv(table);
  if (format == "xlsx") return statistics::to_xlsx(table);
  return statistics::to_parquet(table);
}

}  // namespace

Answer download(std::string body, std::string_view format, std::string_view name) {
  Answer answer;
  for (const FileForm& form : kFileForms) {
    if (form.format == format) answer.content_type = form.content_type;
  }
  answer.body = std::move(body);
  answer.headers.push_back({"Content-Disposition", fmt::format("attachment; filename=\"{}.{}\"", name, format)});
  return answer;
}

Result<Answer> get_statistics_catalogue(Context& context, const Call& call) {
  MJ_CHECK(call.query.only({}));
  MJ_TRY(const statistics::Sources sources, statistics_sources(context.services));
  return json_answer(to_text(statistics_catalogue_json(statistics::catalogue(sources, context.services.clock()))));
}

Result<Answer> get_statistics(Context& context, const Call& call) {
  const std::string format = call.query.find("format").value_or("json");
  const bool file = std::ranges::any_of(kFileForms, [&](const FileForm& form) { return form.format == format; });
  if (!file && format != "json")
    return wrong_parameter("format", fmt::format("must be json, csv, xlsx or parquet, not \"{}\"", format));
  MJ_TRY(const statistics::TableQuery query, table_query(call.query, context.services.clock()));
  MJ_TRY(const statistics::Sources sources, statistics_sources(context.services));
  const std::int64_t begun = runtime::steady_ms();
  MJ_TRY(const statistics::Table table, statistics::table(sources, query, patience_of(file)));
  if (!file)
    return json_answer(to_text(statistics_table_json(table, kMostJsonRows, runtime::steady_ms() - begun)));
  MJ_TRY(std::string body, file_of(table, format));
  const std::string day = to_compact(context.services.clock()).substr(0, 8);
  return download(std::move(body), format, fmt::format("mingjian-statistics-{}-{}", query.selection.element, day));
}

Result<Answer> get_statistics_sheet(Context& context, const Call& call) {
  MJ_TRY(const statistics::TableQuery query, figure_query(call.query, context.services.clock()));
  MJ_TRY(const Instant at, call.query.time("at"));
  MJ_TRY(const statistics::Sources sources, statistics_sources(context.services));
  const statistics::Patience patience = patience_of(true);
  MJ_TRY(const statistics::FigureQuestion question,
         statistics::figure_question(sources, query, call.query.find("subject").value_or(""), at, patience));
  MJ_TRY(const statistics::FigureSheet made, statistics::figure_sheet(sources, question, patience));
  const statistics::Bucket bucket = query.selection.bucket;
  return json_answer(to_text(statistics_sheet_json(
      made, statistics::label(bucket, statistics::bucket_of(bucket, question.time.begin).begin))));
}

Result<Answer> get_statistics_trend(Context& context, const Call& call) {
  MJ_TRY(const statistics::TrendQuery query, trend_query(call.query, context.services.clock()));
  MJ_TRY(const statistics::Sources sources, statistics_sources(context.services));
  MJ_TRY(const statistics::Trends trends, statistics::trends(sources, query, patience_of(false)));
  return json_answer(to_text(statistics_trends_json(query, trends)));
}

Result<Answer> get_statistics_correlation(Context& context, const Call& call) {
  MJ_TRY(const statistics::CorrelationQuery query, correlation_query(call.query, context.services.clock()));
  MJ_TRY(const statistics::Sources sources, statistics_sources(context.services));
  MJ_TRY(const statistics::Correlations answer, statistics::correlations(sources, query, patience_of(false)));
  return json_answer(to_text(statistics_correlation_json(query, answer)));
}

}  // namespace mj::api
