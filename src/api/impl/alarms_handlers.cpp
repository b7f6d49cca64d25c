#include "alarms_json.hpp"
#include "handlers.hpp"
#include "json_body.hpp"

namespace mj::api {

Result<Answer> list_alarms(Context& context, const Call& call) {
  MJ_CHECK(call.query.only({"state", "before", "limit"}));
  alarm::AlarmQuery query;
  const std::string state = call.query.find("state").value_or("all");
  if (state == "open") {
    query.state = alarm::AlarmQuery::State::open;
  } else if (state == "cleared") {
    query.state = alarm::AlarmQuery::State::cleared;
  } else if (state != "all") {
    return wrong_parameter("state", fmt::format("must be open, cleared or all, not \"{}\"", state));
  }
  MJ_TRY(const auto before, call.query.whole_if_given("before"));
  if (before) query.before = static_cast<std::int64_t>(*before);
  MJ_TRY(const std::uint64_t limit, call.query.whole("limit", 1, kMaxLimit, kDefaultLimit));
  query.limit = static_cast<std::size_t>(limit);
  MJ_TRY(const auto alarms, context.services.alarms.list(query));
  Json rows = Json::array();
  for (const alarm::Alarm& alarm : alarms) rows.push_back(alarm_json(context.services, alarm));
  return json_answer(to_text(rows));
}

Result<Answer> acknowledge_alarm(Context& context, const Call& call) {
  MJ_CHECK(call.query.only({}));
  const Services& services = context.services;
  const auto id = parse_whole(call.at("id"));
  if (!id) return Error(ErrorCode::not_found, fmt::format("there is no alarm \"{}\"", call.at("id")));
  MJ_TRY(const JsonBody body, JsonBody::parse(call.request->body));
  MJ_TRY(const std::string name, body.text("name"));
  MJ_TRY(const std::string reason, body.text("reason"));
  const auto alarm = services.alarms.acknowledge(services.log, alarm::AlarmId(static_cast<std::int64_t>(*id)),
                                                 name, reason, services.clock());
  if (!alarm) {
    if (alarm.error().code() == ErrorCode::conflict)
      return error_answer(409, "already_acknowledged", alarm.error().text());
    return alarm.error();
  }
  return json_answer(to_text(alarm_json(services, *alarm)));
}

}  // namespace mj::api
