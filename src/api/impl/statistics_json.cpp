#include "statistics_json.hpp"

#include "evaluation_json.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace mj::api {
namespace {

using statistics::Bucket;
using statistics::Group;

Json local_json(const registry::LocalName& name) { return name_json(name.zh, name.en); }

Json subject_json(const statistics::Subject& subject) {
  return {{"kind", statistics::name(subject.kind)}, {"id", subject.id}, {"name", local_json(subject.name)}};
}

template <typename T>
Json choice_json(T word) {
  return {{"id", statistics::name(word)}, {"name", local_json(statistics::title(word))}};
}

Json factor_choice_json(const statistics::FactorChoice& factor) {
  Json periods = Json::array();
  for (const telemetry::Period period : factor.periods) periods.push_back(telemetry::name(period));
  return {{"code", factor.code},           {"name", name_json(factor.name)}, {"unit", factor.unit},
          {"periods", std::move(periods)}, {"points", factor.points},        {"newest", to_json(factor.newest)}};
}

Json finite_or_null(const std::optional<double>& number) {
  return number && std::isfinite(*number) ? Json(*number) : Json(nullptr);
}

Json slope_json(const std::optional<statistics::SenSlope>& slope) {
  if (!slope) return nullptr;
  return {{"per_year", slope->slope},
          {"lower", finite_or_null(slope->lower)},
          {"upper", finite_or_null(slope->upper)},
          {"intercept", slope->intercept}};
}

Json trend_row_json(const statistics::TrendRow& row) {
  Json sample = Json::array();
  for (const auto& [at, value] : row.sample)
    sample.push_back(Json::array({at.ms(), value ? Json(to_double(*value)) : Json(nullptr)}));
  std::size_t n = 0;
  for (const auto& [at, value] : row.sample) n += value ? 1 : 0;
  Json json{{"subject", subject_json(row.subject)},
            {"factor", row.factor},
            {"name", name_json(row.factor_name)},
            {"unit", row.unit},
            {"n", n},
            {"s", nullptr},
            {"variance", nullptr},
            {"z", nullptr},
            {"p", nullptr},
            {"tau", nullptr},
            {"trend", nullptr},
            {"slope", slope_json(row.slope)},
            {"reason", reason_json(row.reason)},
            {"sample", std::move(sample)}};
  if (row.test) {
    json["s"] = row.test->s;
    json["variance"] = row.test->variance;
    json["z"] = row.test->z;
    json["p"] = row.test->p;
    json["tau"] = row.test->tau;
    json["trend"] = !row.rising ? "none" : *row.rising ? "rising" : "falling";
  }
  return json;
}

Json pair_json(const statistics::CorrelationPair& pair) {
  Json json{{"a", pair.a}, {"b", pair.b}, {"n", pair.n}, {"r", nullptr}, {"p", nullptr}, {"reason", nullptr}};
  if (pair.result) {
    json["r"] = pair.result->r;
    json["p"] = pair.result->p;
  } else {
    json["reason"] = pair.n < 3 ? name_json("共有时段少于三个", "fewer than three buckets in common")
                                : name_json("其中一个序列没有变化", "one of the series never changes");
  }
  return json;
}

}  // namespace

Json reason_json(const registry::LocalName& reason) {
  return reason.zh.empty() ? Json(nullptr) : local_json(reason);
}

Json decimal_or_null(const std::optional<Decimal>& value) { return value ? to_json(*value) : Json(nullptr); }

Json notes_json(const std::vector<statistics::Note>& notes) {
  Json json = Json::array();
  for (const statistics::Note& note : notes)
    json.push_back({{"text", local_json(note.text)}, {"count", note.count ? Json(*note.count) : Json(nullptr)}});
  return json;
}

Json statistics_catalogue_json(const std::vector<statistics::ElementChoice>& elements) {
  Json rows = Json::array();
  for (const statistics::ElementChoice& element : elements) {
    Json factors = Json::array();
    for (const statistics::FactorChoice& factor : element.factors) factors.push_back(factor_choice_json(factor));
    rows.push_back(
        {{"element", element.element}, {"name", local_json(element.name)}, {"factors", std::move(factors)}});
  }
  Json known = Json::array();
  for (const statistics::Statistic& statistic : statistics::statistics_known())
    known.push_back({{"id", statistic.id()}, {"name", local_json(statistic.title())}});
  Json buckets = Json::array();
  for (const Bucket bucket :
       {Bucket::hour, Bucket::day, Bucket::month, Bucket::season, Bucket::quarter, Bucket::year, Bucket::all})
    buckets.push_back(choice_json(bucket));
  Json groups = Json::array();
  for (const Group group :
       {Group::point, Group::district, Group::city, Group::province, Group::river, Group::basin, Group::all})
    groups.push_back(choice_json(group));
  return {{"elements", std::move(rows)},
          {"statistics", std::move(known)},
          {"buckets", std::move(buckets)},
          {"groups", std::move(groups)}};
}

Json statistics_table_json(const statistics::Table& table, std::size_t most_rows, std::int64_t took_ms) {
  Json columns = Json::array();
  for (const statistics::Column& column : table.columns)
    columns.push_back({{"factor", column.factor},
                       {"name", name_json(column.factor_name)},
                       {"statistic", column.statistic.id()},
                       {"title", local_json(column.statistic.title())},
                       {"unit", column.unit}});
  Json rows = Json::array();
  for (std::size_t i = 0; i < std::min(most_rows, table.rows.size()); ++i) {
    const statistics::TableRow& row = table.rows[i];
    Json cells = Json::array();
    for (const auto& cell : row.cells) cells.push_back(decimal_or_null(cell));
    rows.push_back({{"subject", subject_json(table.subjects[row.subject])},
                    {"bucket", statistics::label(table, row)},
                    {"at", to_json(row.at)},
                    {"cells", std::move(cells)},
                    {"used", row.used}});
  }
  const statistics::Selection& selection = table.selection;
  return {{"element", selection.element},
          {"period", telemetry::name(selection.period.value_or(telemetry::Period::hour))},
          {"bucket", statistics::name(selection.bucket)},
          {"group", statistics::name(selection.group)},
          {"combine", statistics::name(selection.combine)},
          {"from", to_json(selection.from)},
          {"to", to_json(selection.to)},
          {"columns", std::move(columns)},
          {"rows", std::move(rows)},
          {"truncated", table.rows.size() > most_rows},
          {"notes", notes_json(table.notes)},
          {"position", table.position},
          {"took_ms", took_ms}};
}

Json figure_sheet_json(const evaluation::Sheet& sheet, const registry::LocalName& subject,
                       const registry::LocalName& title, std::string_view at, Instant from, Instant to) {
  constexpr std::size_t kMostInputs = 20'000;
  const std::string& standard = sheet.figure.standard;
  return {{"subject", local_json(subject)},
          {"title", local_json(title)},
          {"at", at},
          {"from", to_json(from)},
          {"to", to_json(to)},
          {"figure", decimal_or_null(sheet.figure.value)},
          {"unit", sheet.unit},
          {"standard", standard},
          {"verification", standard.empty() ? Json(nullptr) : Json(standards::name(sheet.figure.verification))},
          {"steps", sheet_steps_json(sheet)},
          {"inputs", sheet_inputs_json(sheet, kMostInputs)},
          {"input_count", sheet.inputs.size()},
          {"prove", sheet.prove.empty() ? Json(nullptr) : Json(sheet.prove)},
          {"unproved", sheet.prove.empty() ? name_json(sheet.unproved) : Json(nullptr)}};
}

Json statistics_sheet_json(const statistics::FigureSheet& made, std::string_view at) {
  const registry::LocalName statistic = made.question.statistic.title();
  return figure_sheet_json(made.sheet, made.subject.name,
                           {made.factor_name.zh + " " + statistic.zh, made.factor_name.en + " " + statistic.en},
                           at, made.question.time.begin, made.question.time.end);
}

Json statistics_trends_json(const statistics::TrendQuery& query, const statistics::Trends& trends) {
  Json series = Json::array();
  for (const statistics::TrendRow& row : trends.rows) series.push_back(trend_row_json(row));
  return {
      {"statistic", query.statistic.id()}, {"bucket", statistics::name(query.selection.bucket)},
      {"seasonal", query.seasonal},        {"confidence", static_cast<int>(std::lround(query.confidence * 100))},
      {"series", std::move(series)},       {"notes", notes_json(trends.notes)}};
}

Json statistics_correlation_json(const statistics::CorrelationQuery& query,
                                 const statistics::Correlations& answer) {
  Json series = Json::array();
  for (const statistics::CorrelatedSeries& one : answer.series)
    series.push_back({{"id", one.name.text},
                      {"element", one.name.element},
                      {"factor", one.name.factor},
                      {"name", name_json(one.factor_name)},
                      {"unit", one.unit},
                      {"subject", subject_json(one.subject)},
                      {"n", one.values.size()}});
  Json pairs = Json::array();
  for (const statistics::CorrelationPair& pair : answer.pairs) pairs.push_back(pair_json(pair));
  Json scatter = nullptr;
  if (answer.pairs.size() == 1) {
    scatter = Json::array();
    for (const statistics::ScatterPoint& point : answer.scatter)
      scatter.push_back(Json::array({point.at.ms(), point.a, point.b}));
  }
  return {{"method", statistics::name(query.method)},
          {"bucket", statistics::name(query.bucket)},
          {"series", std::move(series)},
          {"pairs", std::move(pairs)},
          {"scatter", std::move(scatter)},
          {"notes", notes_json(answer.notes)}};
}

}  // namespace mj::api
