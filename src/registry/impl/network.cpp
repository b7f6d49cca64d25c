#include "mj/registry/network.hpp"

#include <toml++/toml.h>

#include <set>

#include "profile_json.hpp"

namespace mj::registry {
namespace {

Error at(const std::filesystem::path& file, const toml::source_region& where, std::string_view what) {
  return Error(ErrorCode::invalid_input, fmt::format("{}:{}: {}", file.string(), where.begin.line, what));
}

template <typename T>
constexpr std::string_view kKindOfValue = "a text in quotes";
template <>
constexpr std::string_view kKindOfValue<double> = "a number";
template <>
constexpr std::string_view kKindOfValue<bool> = "true or false";
template <>
constexpr std::string_view kKindOfValue<int> = "a whole number";

/// One [[point]] being read; every key must be of the expected kind, and a key nobody asked for is an error: a
/// misspelled `device` would silently leave the point without its device.
class PointTable {
 public:
  PointTable(const std::filesystem::path& file, const toml::table& table, std::string_view id)
      : file_(file), table_(table), id_(id) {}

  /// Leaves `value` as it is when the key is absent.
  template <typename T>
  Status read(std::string_view key, T& value) {
    const toml::node* node = find(key);
    if (node == nullptr) return {};
    const auto found = node->value<T>();
    if (!found) return fault(*node, fmt::format("{} must be {}", key, kKindOfValue<T>));
    value = *found;
    return {};
  }

  Result<std::optional<std::string>> read_word(std::string_view key) {
    if (find(key) == nullptr) return std::optional<std::string>();
    std::string word;
    MJ_CHECK(read(key, word));
    return std::optional(word);
  }

  [[nodiscard]] const toml::node* find(std::string_view key) {
    asked_.insert(key);
    return table_.get(key);
  }

  [[nodiscard]] Status nothing_left() const {
    for (const auto& [key, node] : table_) {
      if (!asked_.contains(key.str())) return fault(node, fmt::format("unknown key \"{}\"", key.str()));
    }
    return {};
  }

  [[nodiscard]] Error fault(const toml::node& where, std::string_view what) const {
    return at(file_, where.source(), fmt::format("point {}: {}", id_, what));
  }

 private:
  const std::filesystem::path& file_;
  const toml::table& table_;
  std::string_view id_;
  std::set<std::string_view> asked_;
};

Status read_name(PointTable& keys, LocalName& name) {
  const toml::node* node = keys.find("name");
  if (node == nullptr) return {};
  const toml::table* names = node->as_table();
  if (names == nullptr) return keys.fault(*node, "name must be written as { zh = \"…\", en = \"…\" }");
  for (const auto& [language, text] : *names) {
    const auto word = text.value<std::string>();
    if (!word || (language.str() != "zh" && language.str() != "en")) {
      return keys.fault(text, "name holds texts for zh and en only");
    }
    (language.str() == "zh" ? name.zh : name.en) = *word;
  }
  return {};
}

Status read_units(PointTable& keys, std::map<std::string, std::string>& units) {
  const toml::node* node = keys.find("units");
  if (node == nullptr) return {};
  const toml::table* table = node->as_table();
  if (table == nullptr) return keys.fault(*node, "units must be written as { factor = \"unit\" }");
  for (const auto& [factor, unit] : *table) {
    const auto word = unit.value<std::string>();
    if (!word) return keys.fault(unit, fmt::format("the unit of {} must be a text in quotes", factor.str()));
    units.emplace(std::string(factor.str()), *word);
  }
  return {};
}

/// One word of a small vocabulary; `value` stays as it is when the key is absent.
template <typename T, typename Parse>
Status read_choice(PointTable& keys, const toml::table& table, std::string_view key, std::string_view choices,
                   Parse parse, T& value) {
  MJ_TRY(const auto word, keys.read_word(key));
  if (!word) return {};
  const auto parsed = parse(*word);
  if (!parsed) return keys.fault(table, fmt::format("{} \"{}\" is not one of {}", key, *word, choices));
  value = *parsed;
  return {};
}

/// How the device speaks 通讯档案; every key may be left out.
Status read_profile(PointTable& keys, const toml::table& table, hj212::Profile& profile) {
  MJ_CHECK(read_choice(keys, table, "crc", "hj, modbus, modbus-le, off", hj212::parse_crc_rule, profile.crc));
  MJ_CHECK(read_choice(keys, table, "dialect", "2005, 2017, 2025", hj212::parse_dialect, profile.dialect));
  MJ_CHECK(read_choice(keys, table, "password_rule", "off, report, reject", hj212::parse_password_rule,
                       profile.password_rule));
  MJ_CHECK(read_choice(keys, table, "encryption", "off, accepted, required", hj212::parse_encryption,
                       profile.encryption));
  MJ_CHECK(keys.read("surface_water", profile.surface_water));
  MJ_CHECK(keys.read("password", profile.password));
  MJ_CHECK(keys.read("over_time", profile.over_time_s));
  MJ_CHECK(keys.read("recount", profile.recount));
  if (const Status usable = check_profile(profile); !usable) return keys.fault(table, usable.error().text());
  return {};
}

Result<Point> read_point(const std::filesystem::path& file, const toml::table& table) {
  Point point;
  point.id = table["id"].value_or(std::string());
  if (point.id.empty()) return at(file, table.source(), "a [[point]] needs an id");
  PointTable keys(file, table, point.id);
  MJ_CHECK(keys.read("id", point.id));
  MJ_CHECK(read_name(keys, point.name));
  if (point.name.zh.empty()) point.name.zh = point.id;
  if (point.name.en.empty()) point.name.en = point.name.zh;

  MJ_TRY(const auto element, keys.read_word("element"));
  const auto parsed = parse_element(element.value_or(""));
  if (!parsed) {
    return keys.fault(table, fmt::format("element \"{}\" is not one of {}", element.value_or(""), kElementWords));
  }
  point.element = *parsed;
  MJ_CHECK(keys.read("district", point.district));
  MJ_CHECK(keys.read("lon", point.lon));
  MJ_CHECK(keys.read("lat", point.lat));
  // Written so that "not a number" fails as well.
  if (!(point.lon >= -180 && point.lon <= 180 && point.lat >= -90 && point.lat <= 90)) {
    return keys.fault(table, fmt::format("lon/lat {}/{} is not on the Earth", point.lon, point.lat));
  }
  MJ_TRY(const auto location, keys.read_word("location"));
  if (location && *location != "approximate") {
    return keys.fault(
        table, fmt::format("location \"{}\" is not approximate (leave it out when it is exact)", *location));
  }
  point.approximate_location = location.has_value();
  MJ_CHECK(keys.read("device", point.device));
  MJ_CHECK(keys.read("vendor", point.vendor));
  MJ_CHECK(keys.read("logger", point.logger));
  MJ_CHECK(read_profile(keys, table, point.profile));
  MJ_CHECK(keys.read("lake", point.lake));
  MJ_CHECK(read_units(keys, point.units));
  MJ_CHECK(keys.nothing_left());
  return point;
}

}  // namespace

Result<Network> Network::from_points(std::vector<Point> points) {
  Network network;
  network.points_ = std::move(points);
  for (std::size_t i = 0; i < network.points_.size(); ++i) {
    const Point& point = network.points_[i];
    if (!network.by_id_.emplace(point.id, i).second) {
      return Error(ErrorCode::invalid_input, fmt::format("point id {} appears twice", point.id));
    }
    if (!point.device.empty() && !network.by_device_.emplace(point.device, i).second) {
      return Error(ErrorCode::invalid_input,
                   fmt::format("device {} reports for two points, {} is the second", point.device, point.id));
    }
    if (!point.logger.empty() && !network.by_logger_.emplace(point.logger, i).second) {
      return Error(ErrorCode::invalid_input,
                   fmt::format("logger {} stands at two points, {} is the second", point.logger, point.id));
    }
  }
  return network;
}

Result<Network> Network::load(const std::filesystem::path& file) {
  if (!std::filesystem::exists(file)) {
    return Error(ErrorCode::not_found, fmt::format("there is no network file {}", file.string()));
  }
  std::vector<Point> points;
  try {
    const toml::table document = toml::parse_file(file.string());
    for (const auto& [key, node] : document) {
      if (key.str() != "point" || !node.is_array()) {
        return at(file, node.source(),
                  fmt::format("unknown key \"{}\"; a network is a list of [[point]]", key.str()));
      }
    }
    if (const toml::array* list = document["point"].as_array()) {
      for (const toml::node& node : *list) {
        const toml::table* table = node.as_table();
        if (table == nullptr) return at(file, node.source(), "point must be written as [[point]]");
        MJ_TRY(Point point, read_point(file, *table));
        points.push_back(std::move(point));
      }
    }
  } catch (const toml::parse_error& failure) {
    return at(file, failure.source(), failure.description());
  }
  auto network = from_points(std::move(points));
  if (!network) return network.error().context(file.string());
  return network;
}

const Point* Network::find(std::string_view id) const {
  const auto found = by_id_.find(id);
  return found == by_id_.end() ? nullptr : &points_[found->second];
}

const Point* Network::find_device(std::string_view mn) const {
  const auto found = by_device_.find(mn);
  return found == by_device_.end() ? nullptr : &points_[found->second];
}

const Point* Network::find_logger(std::string_view serial) const {
  const auto found = by_logger_.find(serial);
  return found == by_logger_.end() ? nullptr : &points_[found->second];
}

}  // namespace mj::registry
