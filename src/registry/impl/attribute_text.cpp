#include <algorithm>

#include <fmt/format.h>

#include "mj/geometry/shape.hpp"
#include "mj/kernel/decimal.hpp"
#include "mj/kernel/text.hpp"
#include "mj/registry/register_schema.hpp"

namespace mj::registry {
namespace {

constexpr std::size_t kMaxTextCharacters = 500;
constexpr std::size_t kMaxListCharacters = 4000;
constexpr std::size_t kMaxGeometryBytes = 40U << 10;
constexpr double kMaxLongitude = 180;
constexpr double kMaxLatitude = 90;

Error refuse(std::string text) { return {ErrorCode::invalid_input, std::move(text)}; }

bool is_any(std::string_view text, std::initializer_list<std::string_view> words) {
  return std::find(words.begin(), words.end(), text) != words.end();
}

Result<std::string> flag_of(std::string_view text) {
  if (is_any(text, {"true", "TRUE", "True", "1", "是", "yes", "Yes", "Y", "y"})) return std::string("true");
  if (is_any(text, {"false", "FALSE", "False", "0", "否", "no", "No", "N", "n"})) return std::string("false");
  return refuse(fmt::format("\"{}\" is neither true nor false (是, 否)", text));
}

Result<std::string> word_of(const AttributeSchema& schema, std::string_view text) {
  std::string choices;
  for (const WordTitle& word : schema.words) {
    if (text == word.id || text == word.title.zh || text == word.title.en) return word.id;
    choices += fmt::format("{}{} {}", choices.empty() ? "" : ", ", word.id, word.title.zh);
  }
  return refuse(fmt::format("\"{}\" is none of: {}", text, choices));
}

Result<std::string> decimal_of(std::string_view text) {
  const auto value = parse_decimal(text);
  if (!value) return refuse(fmt::format("\"{}\" is no decimal number", text));
  return to_text(*value);
}

Result<std::string> degrees_of(std::string_view text, double most, std::string_view what) {
  const auto value = parse_decimal(text);
  if (!value) return refuse(fmt::format("\"{}\" is no decimal number of degrees", text));
  const double degrees = to_double(*value);
  if (degrees < -most || degrees > most) {
    const bool swapped = most == kMaxLatitude && degrees >= -kMaxLongitude && degrees <= kMaxLongitude;
    return refuse(fmt::format("{} is no {} (−{}…{}){}", text, what, most, most,
                              swapped ? "; longitude and latitude seem to be exchanged" : ""));
  }
  return to_text(*value);
}

/// "a, b;c" as "a,b,c"; items keep their order, the same item twice stands once.
Result<std::string> list_of(std::string_view text) {
  std::vector<std::string> items;
  std::string joined;
  std::size_t begin = 0;
  const std::string with_commas = [&] {
    std::string all(text);
    for (const std::string_view separator : {"，", "、", "；", ";", "\n"}) {
      for (std::size_t at = all.find(separator); at != std::string::npos; at = all.find(separator, at + 1)) {
        all.replace(at, separator.size(), ",");
      }
    }
    return all;
  }();
  while (begin <= with_commas.size()) {
    const std::size_t comma = std::min(with_commas.find(',', begin), with_commas.size());
    const std::string_view item = std::string_view(with_commas).substr(begin, comma - begin);
    begin = comma + 1;
    if (item.find_first_not_of(" \t\r") == std::string_view::npos) continue;
    MJ_TRY(std::string cleaned, clean_text(item, kMaxTextCharacters, "item"));
    if (std::find(items.begin(), items.end(), cleaned) != items.end()) continue;
    joined += (joined.empty() ? "" : ",") + cleaned;
    items.push_back(std::move(cleaned));
  }
  if (joined.empty()) return refuse("there is nothing in the list");
  return joined;
}

Result<std::string> geometry_of(std::string_view text) {
  MJ_TRY(const geometry::Shape shape, geometry::Shape::from_geojson(text));
  std::string json = shape.simplified(kMaxGeometryBytes).to_geojson();
  if (json.size() > kMaxGeometryBytes) {
    return refuse(fmt::format("the geometry takes {} bytes even when simplified; {} are possible", json.size(),
                              kMaxGeometryBytes));
  }
  return json;
}

}  // namespace

Result<std::string> AttributeSchema::canonical(std::string_view written) const {
  if (type == AttributeType::geometry) return geometry_of(written);
  const bool long_text = type == AttributeType::list;
  MJ_TRY(std::string text, clean_text(written, long_text ? kMaxListCharacters : kMaxTextCharacters, title.en));
  switch (type) {
    case AttributeType::text:
    case AttributeType::reference: return text;
    case AttributeType::decimal: return decimal_of(text);
    case AttributeType::integer: {
      const auto value = parse_decimal(text);
      if (!value || compare(*value, round_gb8170(*value, 0)) != 0) {
        return refuse(fmt::format("\"{}\" is no whole number", text));
      }
      return to_text(round_gb8170(*value, 0));
    }
    case AttributeType::flag: return flag_of(text);
    case AttributeType::word: return word_of(*this, text);
    case AttributeType::day: {
      const auto day = parse_day(text);
      if (!day) return refuse(fmt::format("\"{}\" is no day; write 2026-03-01", text));
      return to_text(*day);
    }
    case AttributeType::list: return list_of(text);
    case AttributeType::longitude: return degrees_of(text, kMaxLongitude, "longitude");
    case AttributeType::latitude: return degrees_of(text, kMaxLatitude, "latitude");
    case AttributeType::geometry: break;
  }
  return text;
}

}  // namespace mj::registry
