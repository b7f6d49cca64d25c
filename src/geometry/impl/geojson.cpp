#include "geojson.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
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

/// Generalised maps hold rings of two or three positions, which enclose nothing.
Result<std::vector<Path>> parse_rings(const Json& json) {
  if (!json.is_array() || json.empty()) return bad("a polygon is a list of rings");
  std::vector<Path> rings;
  for (const Json& ring : json) {
    MJ_TRY(Path path, parse_path(ring, ring.size() > 2));
    if (path.size() >= 4) rings.push_back(std::move(path));
  }
  return rings;
}

double area_in_degrees(const Path& ring) {
  double twice = 0;
  for (std::size_t i = 0; i + 1 < ring.size(); ++i)
    twice += ring[i].lon * ring[i + 1].lat - ring[i + 1].lon * ring[i].lat;
  return std::abs(twice) / 2;
}

bool encloses(const Path& ring, Place place) {
  bool inside = false;
  for (std::size_t i = 0; i + 1 < ring.size(); ++i) {
    const Place a = ring[i];
    const Place b = ring[i + 1];
    if ((a.lat > place.lat) != (b.lat > place.lat) &&
        place.lon < (b.lon - a.lon) * (place.lat - a.lat) / (b.lat - a.lat) + a.lon)
      inside = !inside;
  }
  return inside;
}

/// By most of its corners: rings may touch.
bool lies_in(const Path& inner, const Path& outer) {
  const auto inside = std::ranges::count_if(inner, [&outer](Place place) { return encloses(outer, place); });
  return static_cast<std::size_t>(inside) * 2 > inner.size();
}

/// The polygons of a list of rings. As RFC 7946 §3.1.6 has it, the first ring is the outline and the others are its holes. Some
/// publishers write the parts of a polygon as its rings: a ring that lies in no other is a part of its own.
std::vector<std::vector<Path>> polygons_of(std::vector<Path> rings) {
  if (rings.empty()) return {};
  const bool regular = std::all_of(rings.begin() + 1, rings.end(),
                                   [&rings](const Path& ring) { return lies_in(ring, rings.front()); });
  if (regular) return {std::move(rings)};
  std::ranges::sort(rings, std::greater(), area_in_degrees);
  struct Placed {
    std::size_t polygon;
    bool hole;
  };
  std::vector<Placed> placed;
  std::vector<std::vector<Path>> polygons;
  for (std::size_t i = 0; i < rings.size(); ++i) {
    std::size_t holder = i;  // the smallest ring around it
    while (holder > 0 && !lies_in(rings[i], rings[holder - 1])) --holder;
    if (holder > 0 && !placed[holder - 1].hole) {
      placed.push_back({placed[holder - 1].polygon, true});
      polygons[placed.back().polygon].push_back(rings[i]);
    } else {
      placed.push_back({polygons.size(), false});
      polygons.push_back({rings[i]});
    }
  }
  return polygons;
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
      MJ_TRY(std::vector<Path> rings, parse_rings(member));
      for (auto& polygon : polygons_of(std::move(rings))) parts.members.push_back(std::move(polygon));
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
