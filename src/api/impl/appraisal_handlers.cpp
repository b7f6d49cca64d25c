#include <algorithm>

#include <fmt/format.h>

#include "appraisal_json.hpp"
#include "handlers.hpp"
#include "mj/appraisal/platform_figures.hpp"
#include "statistics_query.hpp"

namespace mj::api {
namespace {

Result<const appraisal::Scheme*> scheme_of(const Services& services, const std::string& id) {
  if (services.appraisal != nullptr) {
    const auto found =
        std::ranges::find_if(*services.appraisal, [&](const auto& scheme) { return scheme.id == id; });
    if (found != services.appraisal->end()) return &*found;
  }
  return Error(ErrorCode::not_found,
               fmt::format("there is no scheme \"{}\"; GET /api/appraisal/schemes names them all", id));
}

Result<evaluation::EvaluationPeriod> period_of(const appraisal::Scheme& scheme, const Call& call) {
  MJ_TRY(const std::string label, call.query.text("period"));
  const auto period = evaluation::EvaluationPeriod::parse(scheme.period, label);
  if (!period)
    return wrong_parameter("period", fmt::format("\"{}\" is no {}; write 2026, 2026-Q1 or 2026-03", label,
                                                 evaluation::name(scheme.period)));
  return *period;
}

Result<appraisal::Platform> platform_of(const Services& services) {
  MJ_TRY(const statistics::Sources sources, statistics_sources(services));
  if (services.evaluation == nullptr) return Error(ErrorCode::unavailable, "nothing is evaluated in this process");
  return appraisal::Platform{sources, *services.evaluation, services.clock(), patience_of(true)};
}

}  // namespace

Result<Answer> list_appraisal_schemes(Context& context, const Call& call) {
  MJ_CHECK(call.query.only({}));
  Json rows = Json::array();
  if (context.services.appraisal != nullptr) {
    for (const appraisal::Scheme& scheme : *context.services.appraisal)
      rows.push_back(appraisal_scheme_json(scheme));
  }
  return json_answer(to_text(rows));
}

Result<Answer> get_appraisal_sheet(Context& context, const Call& call) {
  MJ_CHECK(call.query.only({"period", "subject", "indicator"}));
  const Services& services = context.services;
  MJ_TRY(const appraisal::Scheme* scheme, scheme_of(services, call.at("scheme")));
  MJ_TRY(const auto period, period_of(*scheme, call));
  appraisal::FigureName name{scheme->id, {}, {}, period.begin, period.end()};
  MJ_TRY(name.subject, call.query.text("subject"));
  MJ_TRY(name.indicator, call.query.text("indicator"));
  MJ_TRY(const appraisal::Platform platform, platform_of(services));
  const appraisal::FigureSources sources = appraisal::platform_figures(platform);
  appraisal::Sheets sheets(sources, schemes_of(services));
  MJ_TRY(const appraisal::FigureSheet made, sheets.explained(name));
  return json_answer(to_text(appraisal_sheet_json(made, period.label())));
}

Result<Answer> get_appraisal(Context& context, const Call& call) {
  MJ_CHECK(call.query.only({"period", "format"}));
  const Services& services = context.services;
  const std::string format = call.query.find("format").value_or("json");
  if (format != "json" && format != "csv" && format != "xlsx")
    return wrong_parameter("format", fmt::format("must be json, csv or xlsx, not \"{}\"", format));
  MJ_TRY(const appraisal::Scheme* scheme, scheme_of(services, call.at("scheme")));
  MJ_TRY(const auto period, period_of(*scheme, call));
  MJ_TRY(const appraisal::Platform platform, platform_of(services));
  MJ_TRY(const appraisal::Appraisal made,
         appraisal::appraise(*scheme, period, appraisal::platform_figures(platform)));
  if (format == "json") return json_answer(to_text(appraisal_json(*scheme, made, services.clock())));
  const std::string name = fmt::format("mingjian-{}-{}", scheme->id, period.label());
  if (format == "csv") return download(appraisal::to_csv(*scheme, made), format, name);
  MJ_TRY(std::string workbook, appraisal::to_xlsx(*scheme, made));
  return download(std::move(workbook), format, name);
}

}  // namespace mj::api
