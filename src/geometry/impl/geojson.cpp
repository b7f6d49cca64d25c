#include "geojson.hpp"

#include <cmath>
#include <nlohmann/json.hpp>

namespace mj::geometry {
namespace {

using Json = nlohmann::json;

constexpr std::size_t kMaxDepth = 16;

Error bad(std::string_view text) { return {ErrorCode::invalid_input, fmt::format("GeoJSON: {}", text)}; }

Result<Place> parse_place(const Json& json) {
  if (!json.is_array() || json.size() < 2 || !json[0].is_number() || !json[1].is_number())
    return bad("a position is [longitude, latitude]");
  const Place place{json[0].get<double>(), json[1].get<double>()};
  if (!(std::abs(place.lon) <= 180 && std::abs(place.lat) <= 90))
    return bad(fmt::format("the position {}, {} is not on Earth; longitude comes first", place.lon, place.lat));
  return place;
}

Result<Path> parse_path(const Json& json, bool ring) {
  if (!json.is_array()) return bad("a line is a list of positions");
  Path path;
  path.reserve(json.size());
  for (const Json& position : json) {
    MJ_TRY(const Place place, parse_place(position));
    path.push_back(place);
  }
  if (!ring && path.size() < 2) return bad("a line has at least 2 positions");
  if (ring && !path.empty() && path.front() != path.back()) return bad("a ring ends where it begins");
  return path;
}

/// Generalised maps hold rings of two or three positions, which enclose nothing; a polygon without outline is empty.
Result<std::vector<Path>> parse_rings(const Json& json) {
  if (!json.is_array() || json.empty()) return bad("a polygon is a list of rings");
  std::vector<Path> rings;
  bool outline = true;
  for (const Json& ring : json) {
    MJ_TRY(Path path, parse_path(ring, true));
    if (path.size() >= 4)
      rings.push_back(std::move(path));
    else if (outline)
      break;
    outline = false;
  }
  return rings;
}

void write_path(const Path& path, std::string& text) {
  text += '[';
  for (std::size_t i = 0; i < path.size(); ++i) {
    text += i == 0 ? "[" : ",[";
    bool first = true;
    for (const double degrees : {path[i].lon, path[i].lat}) {
      std::string number = fmt::format("{:.5f}", degrees);
      number.erase(number.find_last_not_of('0') + 1);
      if (number.ends_with('.')) number.pop_back();
      if (number == "-0") number = "0";
      text += number;
      if (first) text += ',';
      first = false;
    }
    text += ']';
  }
  text += ']';
}

}  // namespace

Result<Parts> parse_geojson(std::string_view text) {
  bool deep = false;
  const Json json = Json::parse(
      text,
      [&deep](int depth, Json::parse_event_t, Json&) {
        deep = deep || depth > static_cast<int>(kMaxDepth);
        return !deep;
      },
      false);
  if (deep || !json.is_object()) return bad("this is no geometry object");
  const auto type_member = json.find("type");
  const auto coordinates = json.find("coordinates");
  if (type_member == json.end() || !type_member->is_string()) return bad("the geometry has no type");
  const auto& type = type_member->get_ref<const std::string&>();
  Parts parts;
  parts.lines = type == "LineString" || type == "MultiLineString";
  if (!parts.lines && type != "Polygon" && type != "MultiPolygon")
    return bad(
        fmt::format("a region or river is a Polygon, MultiPolygon, LineString or MultiLineString, not {}", type));
  if (coordinates == json.end() || !coordinates->is_array()) return bad("the geometry has no coordinates");
  const bool several = type.starts_with("Multi");
  const std::size_t count = several ? coordinates->size() : 1;
  if (count == 0) return bad("the geometry is empty");
  for (std::size_t i = 0; i < count; ++i) {
    const Json& member = several ? (*coordinates)[i] : *coordinates;
    if (parts.lines) {
      MJ_TRY(Path path, parse_path(member, false));
      parts.members.push_back({std::move(path)});
    } else {
      MJ_TRY(auto rings, parse_rings(member));
      if (!rings.empty()) parts.members.push_back(std::move(rings));
    }
  }
  if (parts.members.empty()) return bad("the shape encloses nothing");
  return parts;
}

std::string write_geojson(const Parts& parts) {
  const bool several = parts.members.size() != 1;
  std::string text = fmt::format(R"({{"type":"{}{}","coordinates":)", several ? "Multi" : "",
                                 parts.lines ? "LineString" : "Polygon");
  if (several) text += '[';
  for (std::size_t i = 0; i < parts.members.size(); ++i) {
    if (i > 0) text += ',';
    if (parts.lines) {
      write_path(parts.members[i].front(), text);
      continue;
    }
    text += '[';
    for (std::size_t r = 0; r < parts.members[i].size(); ++r) {
      if (r > 0) text += ',';
      write_path(parts.members[i][r], text);
    }
    text += ']';
  }
  if (several) text += ']';
  return text + "}";
}

}  // namespace mj::geometry
