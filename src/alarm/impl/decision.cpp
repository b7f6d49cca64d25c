#include "decision.hpp"

#include <nlohmann/json.hpp>

namespace mj::alarm {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::string_view kKind = "alarm.acknowledge";
constexpr int kVersion = 1;

}  // namespace

Result<std::string> encode(const AcknowledgeDecision& decision, AlarmId id) {
  const Json json{{"kind", kKind},
                  {"version", kVersion},
                  {"alarm",
                   {{"id", id.raw()},
                    {"rule", decision.rule},
                    {"direction", name(decision.direction)},
                    {"device", decision.device},
                    {"factor", decision.factor},
                    {"value_kind", decision.kind},
                    {"period", telemetry::name(decision.period)},
                    {"entry", decision.entry}}},
                  {"name", decision.name},
                  {"reason", decision.reason}};
  try {
    return json.dump();
  } catch (const Json::exception& failure) {
    return Error(ErrorCode::invalid_input, failure.what());
  }
}

std::optional<AcknowledgeDecision> decode(BytesView payload) {
  try {
    const Json json = Json::parse(as_text(payload));
    if (json.at("kind").get<std::string>() != kKind || json.at("version").get<int>() != kVersion)
      return std::nullopt;
    const Json& alarm = json.at("alarm");
    AcknowledgeDecision decision;
    decision.rule = alarm.at("rule").get<std::string>();
    decision.device = alarm.at("device").get<std::string>();
    decision.factor = alarm.at("factor").get<std::string>();
    decision.kind = alarm.at("value_kind").get<std::string>();
    const auto period = telemetry::parse_period(alarm.at("period").get<std::string>());
    const auto direction = alarm.at("direction").get<std::string>();
    if (!period || (direction != name(Direction::above) && direction != name(Direction::below)))
      return std::nullopt;
    decision.period = *period;
    decision.direction = direction == name(Direction::above) ? Direction::above : Direction::below;
    decision.entry = alarm.at("entry").get<std::uint64_t>();
    decision.name = json.at("name").get<std::string>();
    decision.reason = json.at("reason").get<std::string>();
    return decision;
  } catch (const Json::exception&) {
    return std::nullopt;
  }
}

}  // namespace mj::alarm
