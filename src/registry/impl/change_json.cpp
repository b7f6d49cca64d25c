#include "change_json.hpp"

#include <nlohmann/json.hpp>

#include <fmt/format.h>

namespace mj::registry {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::string_view kChangeKind = "register.change";
constexpr int kChangeVersion = 1;
/// Of the changes in one entry; head and approval come on top and leave an entry below its limit of 64 KB.
constexpr std::size_t kMaxChangesBytes = 57U << 10;

Json to_json(const Change& change) {
  Json json{{"kind", change.kind},
            {"id", change.id},
            {"action", name(*change.action)},
            {"effective", to_text(change.effective)},
            {"set", Json::object()}};
  for (const auto& [key, value] : change.set) json["set"][key] = value;
  if (!change.clear.empty()) json["clear"] = change.clear;
  return json;
}

Json to_json(const std::optional<Approval>& approval) {
  if (!approval) return nullptr;
  return {{"document", approval->document},
          {"authority", approval->authority},
          {"date", approval->date ? Json(to_text(*approval->date)) : Json()}};
}

std::optional<RecordedChange> change_of(const Json& json) {
  RecordedChange change;
  change.kind = json.at("kind").get<std::string>();
  change.id = json.at("id").get<std::string>();
  const auto action = parse_action(json.at("action").get<std::string>());
  const auto effective = parse_day(json.at("effective").get<std::string>());
  if (!action || !effective) return std::nullopt;
  change.action = *action;
  change.effective = *effective;
  for (const auto& [key, value] : json.at("set").items()) change.set.emplace(key, value.get<std::string>());
  if (json.contains("clear")) change.clear = json.at("clear").get<std::vector<std::string>>();
  return change;
}

}  // namespace

Result<std::vector<std::string>> encode_changes(const std::string& batch, const std::vector<Change>& changes,
                                                const Author& author) {
  struct Body {
    const std::optional<Approval>* approval;
    std::string changes;
  };
  std::vector<Body> bodies;
  for (const Change& change : changes) {
    const std::string text = to_json(change).dump();
    if (text.size() > kMaxChangesBytes) {
      return Error(ErrorCode::invalid_input, fmt::format("the change of {} {} takes {} bytes; {} are possible",
                                                         change.kind, change.id, text.size(), kMaxChangesBytes));
    }
    if (bodies.empty() || *bodies.back().approval != change.approval ||
        bodies.back().changes.size() + text.size() + 1 > kMaxChangesBytes) {
      bodies.push_back({&change.approval, text});
    } else {
      bodies.back().changes += "," + text;
    }
  }
  std::vector<std::string> payloads;
  for (std::size_t i = 0; i < bodies.size(); ++i) {
    const Json head{{"kind", kChangeKind}, {"version", kChangeVersion}, {"batch", batch},
                    {"part", i + 1},       {"parts", bodies.size()},    {"approval", to_json(*bodies[i].approval)},
                    {"name", author.name}, {"reason", author.reason}};
    std::string payload = head.dump();
    payload.pop_back();
    payloads.push_back(payload + ",\"changes\":[" + bodies[i].changes + "]}");
  }
  return payloads;
}

std::optional<RegisterDecision> decode_changes(BytesView payload) {
  try {
    const Json json = Json::parse(as_text(payload));
    if (json.at("kind").get<std::string>() != kChangeKind || json.at("version").get<int>() != kChangeVersion) {
      return std::nullopt;
    }
    RegisterDecision decision;
    decision.batch = json.at("batch").get<std::string>();
    decision.part = json.at("part").get<std::uint64_t>();
    decision.parts = json.at("parts").get<std::uint64_t>();
    if (decision.part < 1 || decision.part > decision.parts) return std::nullopt;
    if (const Json& given = json.at("approval"); !given.is_null()) {
      Approval approval{given.at("document").get<std::string>(), given.at("authority").get<std::string>(), {}};
      if (!given.at("date").is_null()) approval.date = parse_day(given.at("date").get<std::string>());
      decision.approval = std::make_shared<const Approval>(std::move(approval));
    }
    decision.author = std::make_shared<const Author>(
        Author{json.at("name").get<std::string>(), json.at("reason").get<std::string>()});
    for (const Json& each : json.at("changes")) {
      auto change = change_of(each);
      if (!change) return std::nullopt;
      decision.changes.push_back(*std::move(change));
    }
    return decision;
  } catch (const Json::exception&) {
    return std::nullopt;
  }
}

}  // namespace mj::registry
