#include "evaluation_json.hpp"

namespace mj::api {
namespace {

using evaluation::Figure;

Json entry_json(std::uint64_t entry, bool known) { return known ? Json(entry) : Json(nullptr); }

Json inputs_json(const evaluation::Inputs& inputs) {
  const bool any = inputs.count > 0 && inputs.first_entry != evaluation::Inputs::kNoEntry;
  return {{"count", inputs.count},
          {"expected", inputs.expected > 0 ? Json(inputs.expected) : Json(nullptr)},
          {"first_entry", entry_json(inputs.first_entry, any)},
          {"last_entry", entry_json(inputs.last_entry, any)},
          {"digest", fmt::format("{:016x}", inputs.digest)}};
}

Json period_words(std::span<const evaluation::PeriodKind> kinds) {
  Json words = Json::array();
  for (const evaluation::PeriodKind kind : kinds) words.push_back(evaluation::name(kind));
  return words;
}

std::string_view better_word(evaluation::Better better) {
  switch (better) {
    case evaluation::Better::low: return "low";
    case evaluation::Better::high: return "high";
    case evaluation::Better::none: return "none";
  }
  return "none";
}

/// A place in a ranking has no arithmetic of its own: what is proved is the figure that is ranked.
Json proof_json(std::string_view element, const Figure& figure) {
  if (!figure.value) return nullptr;
  return evaluation::proof_name(element, figure.level, figure.subject, figure.indicator, figure.period);
}

Json nullable_number(const std::optional<double>& number) { return number ? Json(*number) : Json(nullptr); }

}  // namespace

Json text_or_null(std::string_view text) { return text.empty() ? Json(nullptr) : Json(text); }

Json decimal_json(const std::optional<Decimal>& value) { return value ? to_json(*value) : Json(nullptr); }

Json subject_json(const evaluation::Subject& subject) {
  return {{"id", subject.id},
          {"kind", evaluation::name(subject.level)},
          {"name", name_json(subject.name.zh, subject.name.en)},
          {"region", subject.region},
          {"lon", nullable_number(subject.lon)},
          {"lat", nullable_number(subject.lat)}};
}

Json grade_json(const std::optional<evaluation::Grade>& grade) {
  if (!grade) return nullptr;
  return {{"id", grade->id},
          {"name", name_json(grade->name)},
          {"colour", grade->colour},
          {"compliant", grade->compliant ? Json(*grade->compliant) : Json(nullptr)}};
}

Json figure_row_json(std::string_view element, const evaluation::Roster& roster, const Figure& figure,
                     std::string_view unit) {
  return {{"subject", subject_json(roster.subject(figure.level, figure.subject))},
          {"indicator", figure.indicator},
          {"period", evaluation::name(figure.period.kind)},
          {"at", figure.period.label()},
          {"value", decimal_json(figure.value)},
          {"unit", unit},
          {"grade", grade_json(figure.grade)},
          {"rank", figure.rank ? Json(*figure.rank) : Json(nullptr)},
          {"change", decimal_json(figure.change)},
          {"primary", text_or_null(figure.primary)},
          {"complete", figure.complete},
          {"reason", text_or_null(figure.reason)},
          {"verification", standards::name(figure.verification)},
          {"standard", figure.standard},
          {"inputs", inputs_json(figure.inputs)},
          {"prove", proof_json(element, figure)},
          {"prove_change", figure.change ? proof_json(element, evaluation::change_of(figure)) : Json(nullptr)}};
}

Json period_figure_json(std::string_view element, const Figure& figure) {
  return {{"at", figure.period.label()},
          {"start", to_json(figure.period.begin)},
          {"value", decimal_json(figure.value)},
          {"grade", grade_json(figure.grade)},
          {"primary", text_or_null(figure.primary)},
          {"complete", figure.complete},
          {"reason", text_or_null(figure.reason)},
          {"prove", proof_json(element, figure)}};
}

Json figure_limit_json(const evaluation::FigureLimit& limit) {
  return {{"from", to_json(limit.from)},   {"name", name_json(limit.name)},
          {"value", to_json(limit.value)}, {"direction", limit.upper ? "upper" : "lower"},
          {"clause", limit.clause},        {"verification", standards::name(limit.verification)}};
}

Json run_json(const evaluation::Run& run) {
  return {{"id", run.id},
          {"element", run.element},
          {"kind", evaluation::name(run.kind)},
          {"from", to_json(run.from)},
          {"to", to_json(run.to)},
          {"state", evaluation::name(run.state)},
          {"started_at", to_json(run.started_at)},
          {"ended_at", to_json(run.ended_at)},
          {"done", run.done},
          {"total", run.total},
          {"rate", run.rate},
          {"remaining_s",
           run.state == evaluation::RunState::running ? nullable_number(run.remaining_s) : Json(nullptr)},
          {"rows", run.rows},
          {"position", run.position},
          {"standards", run.standards},
          {"text", run.text}};
}

Json sheet_steps_json(const evaluation::Sheet& sheet) {
  Json steps = Json::array();
  for (const evaluation::SheetStep& step : sheet.steps) {
    steps.push_back(
        {{"title", name_json(step.title)},
         {"formula", step.formula},
         {"result", step.result},
         {"unit", step.unit},
         {"clause", step.clause},
         {"verification", step.verification ? Json(standards::name(*step.verification)) : Json(nullptr)}});
  }
  return steps;
}

Json sheet_inputs_json(const evaluation::Sheet& sheet, std::size_t most) {
  Json inputs = Json::array();
  for (const evaluation::SheetInput& input : std::span(sheet.inputs).first(std::min(most, sheet.inputs.size()))) {
    inputs.push_back({{"label", input.label},
                      {"at", input.at},
                      {"text", input.text},
                      {"unit", input.unit},
                      {"flag", input.flag},
                      {"used", input.used},
                      {"reason", text_or_null(input.reason)},
                      {"entry", input.entry ? Json(*input.entry) : Json(nullptr)},
                      {"subject", text_or_null(input.subject)},
                      {"indicator", text_or_null(input.indicator)},
                      {"period", input.period ? Json(evaluation::name(*input.period)) : Json(nullptr)},
                      {"prove", text_or_null(input.prove)}});
  }
  return inputs;
}

Json sheet_json(const evaluation::Roster& roster, const evaluation::Sheet& sheet) {
  const Figure& figure = sheet.figure;
  return {{"subject", subject_json(roster.subject(figure.level, figure.subject))},
          {"indicator", figure.indicator},
          {"period", evaluation::name(figure.period.kind)},
          {"at", figure.period.label()},
          {"figure", decimal_json(figure.value)},
          {"unit", sheet.unit},
          {"grade", grade_json(figure.grade)},
          {"standard", figure.standard},
          {"verification", standards::name(figure.verification)},
          {"complete", figure.complete},
          {"reason", text_or_null(figure.reason)},
          {"steps", sheet_steps_json(sheet)},
          {"inputs", sheet_inputs_json(sheet, sheet.inputs.size())},
          {"prove", text_or_null(sheet.prove)},
          {"unproved", sheet.prove.empty() ? name_json(sheet.unproved) : Json(nullptr)}};
}

Json evaluator_json(const evaluation::Evaluator& evaluator, const evaluation::ResultStore::Extent& extent) {
  Json levels = Json::array();
  for (const evaluation::Level level : evaluator.levels) levels.push_back(evaluation::name(level));
  std::vector<evaluation::PeriodKind> periods = evaluator.periods;
  if (evaluator.judge_hour) periods.insert(periods.begin(), evaluation::PeriodKind::hour);
  Json indicators = Json::array();
  for (const evaluation::Indicator& indicator : evaluator.indicators) {
    indicators.push_back({{"id", indicator.id},
                          {"title", name_json(indicator.title)},
                          {"unit", indicator.unit},
                          {"periods", period_words(indicator.periods)},
                          {"better", better_word(indicator.better)}});
  }
  return {{"element", evaluator.element},        {"name", name_json(evaluator.title)},
          {"levels", std::move(levels)},         {"periods", period_words(periods)},
          {"indicators", std::move(indicators)}, {"newest", to_json(extent.newest)},
          {"oldest", to_json(extent.oldest)}};
}

Json compliance_json(std::string_view element, const evaluation::Subject& subject,
                     const evaluation::Engine::ComplianceList& list, const evaluation::Compliance& row) {
  Json grades = Json::array();
  for (const auto& [grade, days] : row.grades) grades.push_back({{"grade", grade_json(grade)}, {"days", days}});
  Json exceed = Json::array();
  for (const Figure& figure : row.exceed) {
    exceed.push_back({{"at", figure.period.label()},
                      {"value", decimal_json(figure.value)},
                      {"grade", grade_json(figure.grade)},
                      {"primary", text_or_null(figure.primary)}});
  }
  return {{"subject", subject_json(subject)}, {"days", row.days},
          {"graded_days", row.graded},        {"compliant_days", row.compliant},
          {"rate", decimal_json(row.rate)},   {"grades", std::move(grades)},
          {"exceed", std::move(exceed)},      {"prove", proof_json(element, evaluation::rate_of(list, row))}};
}

}  // namespace mj::api
