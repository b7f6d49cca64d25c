#include "decision.hpp"

#include <nlohmann/json.hpp>

namespace mj::alarm {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::string_view kKind = "alarm.acknowledge";
constexpr int kVersion = 1;

bool is_utf8(std::string_view text) {
  try {
    static_cast<void>(Json(text).dump());
    return true;
  } catch (const Json::exception&) {
    return false;
  }
}

std::string_view trimmed(std::string_view text) {
  static constexpr std::array<std::string_view, 6> kBlanks{" ", "\t", "\r", "\n", "\u3000", "\u00a0"};
  for (bool again = true; again;) {
    again = false;
    for (const std::string_view blank : kBlanks) {
      if (text.starts_with(blank)) {
        text.remove_prefix(blank.size());
        again = true;
      } else if (text.ends_with(blank)) {
        text.remove_suffix(blank.size());
        again = true;
      }
    }
  }
  return text;
}

}  // namespace

Result<std::string> clean_text(std::string_view text, std::size_t most, std::string_view what) {
  const std::string_view clean = trimmed(text);
  if (clean.empty()) return Error(ErrorCode::invalid_input, fmt::format("{}: must not be empty", what));
  if (!is_utf8(clean)) return Error(ErrorCode::invalid_input, fmt::format("{}: is not UTF-8", what));
  const auto characters = static_cast<std::size_t>(std::count_if(
      clean.begin(), clean.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; }));
  if (characters > most) {
    return Error(ErrorCode::invalid_input,
                 fmt::format("{}: has {} characters, at most {} are allowed", what, characters, most));
  }
  return std::string(clean);
}

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
