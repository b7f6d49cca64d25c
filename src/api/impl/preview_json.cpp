#include <fmt/format.h>

#include "clear_frame.hpp"
#include "device_words.hpp"
#include "frame_parts.hpp"
#include "http.hpp"
#include "mj/hj212/message.hpp"
#include "series_words.hpp"
#include "speech.hpp"

namespace mj::api {
namespace {

std::string_view word_of(FramePart::Kind kind) {
  switch (kind) {
    case FramePart::Kind::frame: return "frame";
    case FramePart::Kind::header: return "header";
    case FramePart::Kind::area: return "area";
    case FramePart::Kind::separator: return "separator";
  }
  return "separator";
}

/// What is being explained.
struct Explained {
  const Services& services;
  Speech speech;
  const hj212::Command* command = nullptr;  ///< null when no table has it
};

/// A time of 14 or 17 digits in words, or null.
Json time_meaning(std::string_view digits) {
  const auto time = parse_compact(digits);
  return time ? name_json(to_iso(*time), to_iso(*time)) : Json(nullptr);
}

Json flag_meaning(std::string_view value) {
  const auto number = parse_whole(value);
  if (!number || *number > UINT8_MAX) return nullptr;
  const hj212::Flag flag{static_cast<std::uint8_t>(*number)};
  return name_json(
      fmt::format("版本 {}，{}，{}", flag.version(), flag.ack() ? "要求应答" : "不要求应答",
                  flag.split() ? "有包号" : "不拆分包"),
      fmt::format("version {}, {}, {}", flag.version(), flag.ack() ? "answer wanted" : "no answer wanted",
                  flag.split() ? "with packet numbers" : "not divided"));
}

/// What the value of a header field means, or null.
Json header_meaning(const Explained& about, const FramePart& part) {
  if (part.key == "QN") return time_meaning(part.value);
  if (part.key == "Flag") return flag_meaning(part.value);
  if (part.key == "CN" && about.command != nullptr) return name_json(about.command->name);
  if (part.key == "MN") {
    const registry::Point* point = about.services.network.find_device(part.value);
    return point == nullptr ? Json(nullptr) : name_json(point->name.zh, point->name.en);
  }
  if (part.key == "ST") {
    const hj212::CodeWord* system = about.services.protocol.system(part.value);
    return system == nullptr ? Json(nullptr) : name_json(system->name);
  }
  return nullptr;
}

/// Name and meaning of a field of the data area.
std::pair<Json, Json> area_words(const Explained& about, const FramePart& part) {
  std::vector<hj212::Field> fields;
  hj212::read_fields(part.text, fields);
  const hj212::FieldRule* rule = about.command == nullptr || fields.empty()
                                     ? nullptr
                                     : about.command->rule(fields.front().factor, fields.front().key);
  Json meaning = nullptr;
  if (part.key == "PolId") {
    const std::string_view factor = about.services.standards.canonical(part.value);
    meaning = factor_name_json(about.services.standards, factor);
  } else if (rule != nullptr && rule->type.form == hj212::ValueType::Form::time) {
    meaning = time_meaning(part.value);
  } else if (rule != nullptr && !rule->unit.empty()) {
    const std::string text = fmt::format("{} {}", part.value, rule->unit);
    meaning = name_json(text, text);
  }
  return {rule == nullptr ? name_json(part.key, part.key) : name_json(rule->name), std::move(meaning)};
}

Json part_json(const Explained& about, const FramePart& part) {
  Json name = name_json("", "");
  Json meaning = nullptr;
  if (part.kind == FramePart::Kind::area) {
    std::tie(name, meaning) = area_words(about, part);
  } else if (part.kind != FramePart::Kind::separator) {
    name = part_name_json(part.key);
    if (part.kind == FramePart::Kind::header) meaning = header_meaning(about, part);
  }
  const bool is_field = part.kind == FramePart::Kind::header || part.kind == FramePart::Kind::area;
  Json json{{"kind", word_of(part.kind)},
            {"text", part.text},
            {"key", is_field ? Json(part.key) : Json(nullptr)},
            {"value", is_field && part.key != "CP" ? Json(part.value) : Json(nullptr)},
            {"name", std::move(name)}};
  if (!meaning.is_null()) json["meaning"] = std::move(meaning);
  return json;
}

}  // namespace

Json preview_json(const Services& services, const std::string& mn, std::string_view frame) {
  const registry::SettingsView settings = services.device_register.settings();
  const ClearFrame clear = open_frame(as_bytes(frame), settings.now(mn));
  const std::vector<FramePart> parts = cut_frame(clear.text);
  const auto value_of = [&parts](std::string_view key) {
    const auto part = std::find_if(parts.begin(), parts.end(), [key](const FramePart& one) {
      return one.kind == FramePart::Kind::header && one.key == key;
    });
    return part == parts.end() ? std::string_view() : part->value;
  };
  const Speech speech = speech_of(services, mn);
  const Explained about{services, speech, host_command(services.protocol, value_of("CN"), value_of("ST"), speech)};
  Json rows = Json::array();
  for (const FramePart& part : parts) rows.push_back(part_json(about, part));
  return Json{
      {"frame", frame}, {"bytes", frame.size()}, {"encrypted", clear.encrypted}, {"parts", std::move(rows)}};
}

}  // namespace mj::api
