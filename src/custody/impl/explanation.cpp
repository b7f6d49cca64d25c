#include "explanation.hpp"

#include <nlohmann/json.hpp>

namespace mj::custody {
namespace {

constexpr std::string_view kExplainKind = "gap.explain";
constexpr int kExplainVersion = 1;

}  // namespace

std::string to_json(const Explanation& explanation) {
  const nlohmann::ordered_json json{{"kind", kExplainKind},         {"version", kExplainVersion},
                                    {"device", explanation.device}, {"from", to_iso(explanation.from)},
                                    {"to", to_iso(explanation.to)}, {"name", explanation.name},
                                    {"reason", explanation.reason}};
  return json.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
}

std::optional<Explanation> parse_explanation(std::string_view text) {
  // Most decisions are others: no need to take them apart.
  if (text.find(kExplainKind) == std::string_view::npos) return std::nullopt;
  try {
    const auto json = nlohmann::json::parse(text);
    if (json.at("kind") != kExplainKind || json.at("version") != kExplainVersion) return std::nullopt;
    const auto from = parse_iso(json.at("from").get_ref<const std::string&>());
    const auto to = parse_iso(json.at("to").get_ref<const std::string&>());
    if (!from || !to || *from >= *to) return std::nullopt;
    return Explanation{json.at("device"), *from, *to, json.at("name"), json.at("reason"), 0};
  } catch (const nlohmann::json::exception&) {
    return std::nullopt;
  }
}

}  // namespace mj::custody
