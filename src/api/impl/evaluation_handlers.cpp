#include "evaluation_json.hpp"
#include "handlers.hpp"
#include "json_body.hpp"
#include "mj/evaluation/export.hpp"

namespace mj::api {
namespace {

using evaluation::Engine;
using evaluation::EvaluationPeriod;
using evaluation::Evaluator;
using evaluation::Level;
using evaluation::PeriodKind;

Result<Engine*> engine_of(const Context& context) {
  if (context.services.evaluation == nullptr)
    return Error(ErrorCode::unavailable, "this server does not evaluate; start it with its data directory");
  return context.services.evaluation;
}

Result<const Evaluator*> evaluator_of(const Call& call) {
  const Evaluator* found = evaluation::find_evaluator(call.at("element"));
  if (found != nullptr) return found;
  std::string known;
  for (const Evaluator& each : evaluation::evaluators()) known += (known.empty() ? "" : ", ") + each.element;
  return Error(ErrorCode::not_found,
               fmt::format("\"{}\" is not evaluated; there are {}", call.at("element"), known));
}

Result<PeriodKind> period_kind(const Call& call) {
  MJ_TRY(const std::string word, call.query.text("period"));
  const auto kind = evaluation::parse_period_kind(word);
  if (!kind) return wrong_parameter("period", "must be hour, day, month, quarter or year");
  return *kind;
}

Result<std::optional<EvaluationPeriod>> period_at(const Call& call, PeriodKind kind) {
  const auto label = call.query.find("at");
  if (!label) return std::optional<EvaluationPeriod>();
  const auto period = EvaluationPeriod::parse(kind, *label);
  if (!period)
    return wrong_parameter(
        "at", fmt::format("must be a {} such as {}, not \"{}\"", evaluation::name(kind),
                          EvaluationPeriod::of(kind, Instant::from_ms(1'772'294'400'000)).label(), *label));
  return std::optional(*period);
}

Result<Level> level_of(const Call& call) {
  MJ_TRY(const std::string word, call.query.text("level"));
  const auto level = evaluation::parse_level(word);
  if (!level) return wrong_parameter("level", "must be point, district, city, province, river, basin or lake");
  return *level;
}

/// None for JSON.
Result<std::optional<evaluation::FileFormat>> file_format(const Call& call) {
  const std::string word = call.query.find("format").value_or("json");
  if (word == "json") return std::optional<evaluation::FileFormat>();
  const auto format = evaluation::parse_file_format(word);
  if (!format) return wrong_parameter("format", fmt::format("must be json, csv or xlsx, not \"{}\"", word));
  return format;
}

Result<std::uint32_t> run_id(const Call& call) {
  const auto id = parse_whole(call.at("run"));
  if (!id || *id > std::numeric_limits<std::uint32_t>::max())
    return Error(ErrorCode::not_found, fmt::format("there is no run \"{}\"", call.at("run")));
  return static_cast<std::uint32_t>(*id);
}

}  // namespace

Result<Answer> list_evaluations(Context& context, const Call& call) {
  MJ_CHECK(call.query.only({}));
  MJ_TRY(const Engine* engine, engine_of(context));
  Json rows = Json::array();
  for (const Evaluator& evaluator : evaluation::evaluators()) {
    MJ_TRY(const auto extent, engine->results().extent(evaluator.element, evaluator.unit));
    rows.push_back(evaluator_json(evaluator, extent));
  }
  return json_answer(to_text(rows));
}

Result<Answer> list_results(Context& context, const Call& call) {
  MJ_CHECK(call.query.only({"period", "at", "level", "indicator", "format"}));
  MJ_TRY(const auto format, file_format(call));
  MJ_TRY(const Engine* engine, engine_of(context));
  MJ_TRY(const Evaluator* evaluator, evaluator_of(call));
  MJ_TRY(const PeriodKind kind, period_kind(call));
  MJ_TRY(const auto at, period_at(call, kind));
  MJ_TRY(const Level level, level_of(call));
  MJ_TRY(const evaluation::Ranking ranking,
         engine->ranking(evaluator->element, kind, at, level, call.query.find("indicator").value_or("")));
  const auto roster = engine->roster(evaluator->element);
  if (format) {
    MJ_TRY(std::string file, evaluation::export_ranking(*roster, *evaluator, ranking, *format));
    return download(std::move(file), *call.query.find("format"),
                    fmt::format("mingjian-{}-{}-{}-{}", evaluator->element, ranking.indicator,
                                evaluation::name(level), ranking.period.label()));
  }
  Json rows = Json::array();
  std::string standard;
  std::optional<standards::Verification> weakest;
  for (const evaluation::Figure& figure : ranking.figures) {
    rows.push_back(figure_row_json(evaluator->element, *roster, figure, ranking.unit));
    if (standard.empty()) standard = figure.standard;
    weakest = std::max(weakest.value_or(figure.verification), figure.verification);
  }
  return json_answer(to_text(Json{{"element", evaluator->element},
                                  {"period", evaluation::name(kind)},
                                  {"at", ranking.period.label()},
                                  {"level", evaluation::name(level)},
                                  {"indicator", ranking.indicator},
                                  {"standard", standard},
                                  {"verification", weakest ? Json(standards::name(*weakest)) : Json(nullptr)},
                                  {"rows", std::move(rows)},
                                  {"made_at", ranking.run ? to_json(ranking.run->ended_at) : Json(nullptr)},
                                  {"run", ranking.run ? Json(ranking.run->id) : Json(nullptr)}}));
}

Result<Answer> get_subject_results(Context& context, const Call& call) {
  MJ_CHECK(call.query.only({"period", "at"}));
  MJ_TRY(const Engine* engine, engine_of(context));
  MJ_TRY(const Evaluator* evaluator, evaluator_of(call));
  MJ_TRY(const PeriodKind kind, period_kind(call));
  MJ_TRY(const auto at, period_at(call, kind));
  MJ_TRY(const auto figures, engine->subject(evaluator->element, call.at("subject"), kind, at));
  const auto roster = engine->roster(evaluator->element);
  Json rows = Json::array();
  for (const evaluation::Figure& figure : figures) {
    MJ_TRY(const evaluation::Indicator* indicator, evaluation::indicator_of(*evaluator, figure.indicator, kind));
    rows.push_back(figure_row_json(evaluator->element, *roster, figure, indicator->unit));
  }
  return json_answer(to_text(rows));
}

Result<Answer> get_calendar(Context& context, const Call& call) {
  MJ_CHECK(call.query.only({"subject", "year", "indicator"}));
  MJ_TRY(const Engine* engine, engine_of(context));
  MJ_TRY(const Evaluator* evaluator, evaluator_of(call));
  MJ_TRY(const std::string subject, call.query.text("subject"));
  MJ_TRY([[maybe_unused]] const std::string given, call.query.text("year"));
  MJ_TRY(const std::uint64_t year, call.query.whole("year", 1970, 9999, 1970));
  const auto period = EvaluationPeriod::parse(PeriodKind::year, fmt::format("{:04}", year)).value();
  MJ_TRY(const auto figures, engine->trend(evaluator->element, subject, call.query.find("indicator").value_or(""),
                                           PeriodKind::day, period.begin, period.end()));
  Json rows = Json::array();
  for (const evaluation::Figure& figure : figures) rows.push_back(period_figure_json(evaluator->element, figure));
  return json_answer(to_text(rows));
}

Result<Answer> get_result_trend(Context& context, const Call& call) {
  MJ_CHECK(call.query.only({"subject", "indicator", "period", "from", "to"}));
  MJ_TRY(const Engine* engine, engine_of(context));
  MJ_TRY(const Evaluator* evaluator, evaluator_of(call));
  MJ_TRY(const std::string subject, call.query.text("subject"));
  MJ_TRY(const PeriodKind kind, period_kind(call));
  MJ_TRY(const Instant from, call.query.time("from"));
  MJ_TRY(const Instant to, call.query.time("to"));
  if (to <= from) return wrong_parameter("to", "must be later than from");
  const std::string word = call.query.find("indicator").value_or("");
  MJ_TRY(const evaluation::Indicator* indicator, evaluation::indicator_of(*evaluator, word, kind));
  MJ_TRY(const Level level, engine->level_of(evaluator->element, subject));
  MJ_TRY(const auto figures, engine->trend(evaluator->element, subject, indicator->id, kind, from, to));
  Json points = Json::array();
  Json editions = Json::array();
  std::string standard;
  for (const evaluation::Figure& figure : figures) {
    points.push_back(period_figure_json(evaluator->element, figure));
    if (figure.standard == standard) continue;
    standard = figure.standard;
    editions.push_back({{"from", to_json(figure.period.begin)},
                        {"standard", standard},
                        {"verification", standards::name(figure.verification)}});
  }
  const auto roster = engine->roster(evaluator->element);
  const evaluation::RosterPoint* point = level == Level::point ? roster->find(subject) : nullptr;
  Json limits = Json::array();
  for (const evaluation::FigureLimit& limit :
       evaluation::figure_limits(engine->standards(), evaluator->element, indicator->id, indicator->unit, kind,
                                 from, to, level == Level::lake || (point != nullptr && point->newest().lake)))
    limits.push_back(figure_limit_json(limit));
  return json_answer(to_text(Json{{"subject", subject_json(roster->subject(level, subject))},
                                  {"indicator", indicator->id},
                                  {"unit", indicator->unit},
                                  {"period", evaluation::name(kind)},
                                  {"points", std::move(points)},
                                  {"standards", std::move(editions)},
                                  {"limits", std::move(limits)}}));
}

Result<Answer> list_compliance(Context& context, const Call& call) {
  MJ_CHECK(call.query.only({"period", "at", "level"}));
  MJ_TRY(const Engine* engine, engine_of(context));
  MJ_TRY(const Evaluator* evaluator, evaluator_of(call));
  MJ_TRY(const PeriodKind kind, period_kind(call));
  MJ_TRY(const auto at, period_at(call, kind));
  MJ_TRY(const Level level, level_of(call));
  MJ_TRY(const Engine::ComplianceList list, engine->compliance(evaluator->element, kind, at, level));
  const auto roster = engine->roster(evaluator->element);
  Json rows = Json::array();
  for (const evaluation::Compliance& row : list.rows)
    rows.push_back(compliance_json(evaluator->element, roster->subject(level, row.subject), list, row));
  return json_answer(to_text(Json{{"element", evaluator->element},
                                  {"period", evaluation::name(kind)},
                                  {"at", list.period.label()},
                                  {"level", evaluation::name(level)},
                                  {"unit", evaluation::name(list.unit)},
                                  {"indicator", list.indicator},
                                  {"rows", std::move(rows)}}));
}

Result<Answer> get_calculation_sheet(Context& context, const Call& call) {
  MJ_CHECK(call.query.only({"subject", "indicator", "period", "at", "format"}));
  MJ_TRY(const auto format, file_format(call));
  MJ_TRY(const Engine* engine, engine_of(context));
  MJ_TRY(const Evaluator* evaluator, evaluator_of(call));
  MJ_TRY(const std::string subject, call.query.text("subject"));
  MJ_TRY(const PeriodKind kind, period_kind(call));
  MJ_TRY([[maybe_unused]] const std::string given, call.query.text("at"));
  MJ_TRY(const auto at, period_at(call, kind));
  MJ_TRY(const evaluation::Sheet sheet,
         engine->sheet(evaluator->element, subject, call.query.find("indicator").value_or(""), *at));
  if (format) {
    const auto roster = engine->roster(evaluator->element);
    MJ_TRY(std::string file, evaluation::export_sheet(*roster, evaluator->element, sheet, *format));
    return download(std::move(file), *call.query.find("format"),
                    fmt::format("mingjian-{}-{}-{}-sheet", evaluator->element, sheet.figure.indicator,
                                sheet.figure.period.label()));
  }
  return json_answer(to_text(sheet_json(*engine->roster(evaluator->element), sheet)));
}

Result<Answer> list_evaluation_runs(Context& context, const Call& call) {
  MJ_CHECK(call.query.only({"limit"}));
  MJ_TRY(const Engine* engine, engine_of(context));
  MJ_TRY(const std::uint64_t limit, call.query.whole("limit", 1, kMaxLimit, kDefaultLimit));
  MJ_TRY(const auto runs, engine->runs(static_cast<std::size_t>(limit)));
  Json rows = Json::array();
  for (const evaluation::Run& run : runs) rows.push_back(run_json(run));
  return json_answer(to_text(rows));
}

Result<Answer> start_evaluation(Context& context, const Call& call) {
  MJ_CHECK(call.query.only({}));
  MJ_TRY(Engine * engine, engine_of(context));
  MJ_TRY(const JsonBody body, JsonBody::parse(call.request->body));
  MJ_CHECK(body.only({"element", "from", "to"}));
  evaluation::RunRequest request;
  request.kind = evaluation::RunKind::range;
  MJ_TRY(request.element, body.text("element"));
  for (const auto& [member, time] : {std::pair("from", &request.from), std::pair("to", &request.to)}) {
    MJ_TRY(const std::string text, body.text(member));
    *time = parse_iso(text);
    if (!*time)
      return wrong_member(member,
                          fmt::format("must be a time such as 2026-03-01T00:00:00+08:00, not \"{}\"", text));
  }
  MJ_TRY(const evaluation::Run run, engine->order(request));
  return json_answer(to_text(run_json(run)));
}

Result<Answer> get_evaluation_run(Context& context, const Call& call) {
  MJ_CHECK(call.query.only({}));
  MJ_TRY(const Engine* engine, engine_of(context));
  MJ_TRY(const std::uint32_t id, run_id(call));
  MJ_TRY(const evaluation::Run run, engine->run_of(id));
  return json_answer(to_text(run_json(run)));
}

Result<Answer> cancel_evaluation(Context& context, const Call& call) {
  MJ_CHECK(call.query.only({}));
  MJ_TRY(Engine * engine, engine_of(context));
  MJ_TRY(const std::uint32_t id, run_id(call));
  MJ_TRY(const evaluation::Run run, engine->cancel(id));
  return json_answer(to_text(run_json(run)));
}

}  // namespace mj::api
