#include <nlohmann/json.hpp>

#include <fmt/format.h>

#include "table_rows.hpp"

namespace mj::registry {
namespace {

using Json = nlohmann::ordered_json;

/// A value of a property as a cell of a table would hold it; empty for what no cell can hold.
std::string cell_of(const Json& value) {
  if (value.is_string()) return value.get<std::string>();
  if (value.is_number() || value.is_boolean()) return value.dump();
  if (value.is_array()) {
    std::string joined;
    for (const Json& item : value) {
      const std::string text = cell_of(item);
      if (!text.empty()) joined += (joined.empty() ? "" : ",") + text;
    }
    return joined;
  }
  return {};
}

std::string id_of(const Json& feature, const Json& properties) {
  if (feature.contains("id")) return cell_of(feature.at("id"));
  for (const char* key : {"id", "编号", "code", "adcode"}) {
    if (properties.contains(key)) return cell_of(properties.at(key));
  }
  return {};
}

/// Longitude and latitude of a Point, or the geometry as it is.
void take_geometry(const KindSchema& kind, const Json& geometry, Change& change) {
  const AttributeSchema* lon = kind.first(AttributeType::longitude);
  const AttributeSchema* lat = kind.first(AttributeType::latitude);
  const AttributeSchema* shape = kind.first(AttributeType::geometry);
  const bool is_point = geometry.value("type", "") == "Point";
  if (is_point && lon != nullptr && lat != nullptr) {
    change.set.insert_or_assign(lon->key, geometry.at("coordinates").at(0).dump());
    change.set.insert_or_assign(lat->key, geometry.at("coordinates").at(1).dump());
  } else if (shape != nullptr) {
    change.set.insert_or_assign(shape->key, geometry.dump());
  }
}

void take_feature(const KindSchema& kind, const Json& feature, Day effective, const IdOfName& id_of_name,
                  TableRows& into) {
  Change change;
  change.kind = kind.id;
  change.effective = effective;
  change.row = ++into.rows;
  const auto fault = [&](std::string_view column, std::string text) {
    into.faults.push_back({change.row, 0, std::string(column), std::move(text)});
  };
  try {
    const Json properties = feature.value("properties", Json::object());
    if (!properties.is_object()) return fault({}, "the properties are no object");
    for (const auto& [key, value] : properties.items()) {
      // A map carries much that is not for the register.
      const AttributeSchema* attribute = kind.find_titled(key);
      std::string cell = attribute == nullptr ? std::string() : cell_of(value);
      if (!cell.empty()) change.set.emplace(attribute->key, std::move(cell));
    }
    if (feature.contains("geometry") && feature.at("geometry").is_object()) {
      take_geometry(kind, feature.at("geometry"), change);
    }
    if (properties.contains("effective")) {
      const auto day = parse_day(cell_of(properties.at("effective")));
      if (!day) return fault("effective", "is no day; write 2026-03-01");
      change.effective = *day;
    }
    for (const Special column : {Special::approval, Special::approval_authority, Special::approval_date}) {
      const auto given = properties.find(title(column).en);
      const std::string cell = given == properties.end() ? std::string() : cell_of(*given);
      if (cell.empty()) continue;
      if (const Status taken = take_approval(column, cell, change); !taken) {
        return fault(title(column).en, taken.error().text());
      }
    }
    change.id = id_of(feature, properties);
    if (change.id.empty()) {
      const auto name = change.set.find("name");
      const auto found = name == change.set.end() ? std::nullopt : id_of_name(name->second);
      if (!found) return fault("id", "there is no id, and no one record of this name");
      change.id = *found;
    }
    into.changes.push_back(std::move(change));
  } catch (const Json::exception& failure) {
    fault({}, fmt::format("no feature of GeoJSON: {}", failure.what()));
  }
}

}  // namespace

Result<TableRows> read_geojson_rows(const KindSchema& kind, std::string_view bytes, Day effective,
                                    const IdOfName& id_of_name) {
  try {
    const Json document = Json::parse(bytes);
    TableRows read;
    const std::string type = document.value("type", "");
    if (type == "Feature") {
      take_feature(kind, document, effective, id_of_name, read);
    } else if (type == "FeatureCollection") {
      for (const Json& feature : document.at("features")) take_feature(kind, feature, effective, id_of_name, read);
    } else {
      return Error(ErrorCode::invalid_input, "GeoJSON must be a FeatureCollection or a Feature");
    }
    return read;
  } catch (const Json::exception& failure) {
    return Error(ErrorCode::invalid_input, fmt::format("no GeoJSON: {}", failure.what()));
  }
}

}  // namespace mj::registry
