#include "evidence_json.hpp"
#include "handlers.hpp"
#include "json_body.hpp"

namespace mj::api {
namespace {

/// A member of a body that is a time.
Result<Instant> time_member(const JsonBody& body, const char* member) {
  MJ_TRY(const std::string text, body.text(member));
  const auto at = parse_iso(text);
  if (!at)
    return wrong_member(member, fmt::format("must be a time such as 2026-03-01T14:00:00+08:00, not \"{}\"", text));
  return *at;
}

}  // namespace

Result<Answer> list_statements(Context& context, const Call& call) {
  const Services& services = context.services;
  MJ_TRY(const devices::DeviceRecord device, device_of(services, call));
  MJ_CHECK(call.query.only({"from", "to"}));
  MJ_TRY(const Instant from, call.query.time("from"));
  MJ_TRY(const Instant to, call.query.time("to"));
  if (to <= from) return wrong_parameter("to", "must be later than from");
  MJ_TRY(const auto statements, services.custody.statements(device.mn, from, to));
  Json rows = Json::array();
  for (const custody::DayStatement& statement : statements) rows.push_back(statement_json(statement));
  return json_answer(to_text(rows));
}

Result<Answer> list_explanations(Context& context, const Call& call) {
  const Services& services = context.services;
  MJ_CHECK(call.query.only({}));
  MJ_TRY(const devices::DeviceRecord device, device_of(services, call));
  MJ_TRY(const auto explanations, services.custody.explanations(device.mn));
  Json rows = Json::array();
  for (const custody::Explanation& explanation : explanations) rows.push_back(explanation_json(explanation));
  return json_answer(to_text(rows));
}

Result<Answer> explain_gap(Context& context, const Call& call) {
  const Services& services = context.services;
  MJ_CHECK(call.query.only({}));
  MJ_TRY(const devices::DeviceRecord device, device_of(services, call));
  MJ_TRY(const JsonBody body, JsonBody::parse(call.request->body));
  MJ_CHECK(body.only({"from", "to", "name", "reason"}));
  custody::Explanation explanation;
  explanation.device = device.mn;
  MJ_TRY(explanation.from, time_member(body, "from"));
  MJ_TRY(explanation.to, time_member(body, "to"));
  MJ_TRY(explanation.name, body.text("name"));
  MJ_TRY(explanation.reason, body.text("reason"));
  MJ_TRY(const custody::Explanation recorded,
         services.custody.explain(services.log, std::move(explanation), services.clock()));
  return json_answer(to_text(explanation_json(recorded)));
}

}  // namespace mj::api
