#include "anchor_event.hpp"

#include <nlohmann/json.hpp>

namespace mj::anchoring {
namespace {

using Json = nlohmann::ordered_json;
using evidence_format::Entry;
using evidence_format::EntryType;

constexpr std::string_view kAnchor = "log.anchor";
constexpr std::string_view kAlert = "log.alert";

/// The payload of an event of a kind, version 1. Most entries are frames: they are told apart before anything is parsed.
std::optional<Json> payload_of(const Entry& entry, std::string_view kind) {
  if (entry.type != EntryType::event) return std::nullopt;
  const std::string_view text = as_text(entry.payload);
  if (!text.starts_with(fmt::format(R"({{"kind":"{}",)", kind))) return std::nullopt;
  Json json = Json::parse(text, nullptr, false);
  if (!json.is_object() || json.value("kind", Json()) != kind || json.value("version", Json()) != 1) {
    return std::nullopt;
  }
  return json;
}

std::optional<std::string> text_of(const Json& json, const char* member) {
  const auto found = json.find(member);
  if (found == json.end() || !found->is_string()) return std::nullopt;
  return found->get<std::string>();
}

std::string dump(const Json& json) { return json.dump(-1, ' ', false, Json::error_handler_t::replace); }

}  // namespace

std::string_view name(Alert::Kind kind) {
  switch (kind) {
    case Alert::Kind::rollback: return "rollback";
    case Alert::Kind::fork: return "fork";
    case Alert::Kind::damage: return "damage";
  }
  return "damage";
}

std::optional<Alert::Kind> parse_alert_kind(std::string_view text) {
  for (const Alert::Kind kind : {Alert::Kind::rollback, Alert::Kind::fork, Alert::Kind::damage}) {
    if (text == name(kind)) return kind;
  }
  return std::nullopt;
}

std::string encode(const Anchor& anchor) {
  return dump({{"kind", kAnchor},
               {"version", 1},
               {"size", anchor.size},
               {"note", anchor.note},
               {"timestamp", anchor.timestamp.empty() ? Json(nullptr) : Json(to_base64(anchor.timestamp))}});
}

std::string encode(const Alert& alert) {
  return dump({{"kind", kAlert},
               {"version", 1},
               {"alert", name(alert.kind)},
               {"subject", alert.subject},
               {"text", alert.text}});
}

std::optional<Anchor> decode_anchor(std::uint64_t index, const Entry& entry) {
  const auto json = payload_of(entry, kAnchor);
  if (!json) return std::nullopt;
  Anchor anchor;
  anchor.at = entry.received_at;
  anchor.entry = index;
  const auto size = json->find("size");
  const auto note = text_of(*json, "note");
  const auto timestamp = json->find("timestamp");
  if (size == json->end() || !size->is_number_unsigned() || !note || timestamp == json->end()) return std::nullopt;
  anchor.size = size->get<std::uint64_t>();
  anchor.note = *note;
  if (timestamp->is_null()) return anchor;
  const auto bytes = timestamp->is_string() ? from_base64(timestamp->get<std::string>()) : std::nullopt;
  if (!bytes) return std::nullopt;
  anchor.timestamp = *bytes;
  return anchor;
}

std::optional<Alert> decode_alert(std::uint64_t index, const Entry& entry) {
  const auto json = payload_of(entry, kAlert);
  if (!json) return std::nullopt;
  const auto kind = parse_alert_kind(text_of(*json, "alert").value_or(""));
  const auto subject = text_of(*json, "subject");
  const auto text = text_of(*json, "text");
  if (!kind || !subject || !text) return std::nullopt;
  return Alert{*kind, *subject, *text, entry.received_at, index};
}

}  // namespace mj::anchoring
