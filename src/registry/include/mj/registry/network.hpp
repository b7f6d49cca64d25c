#pragma once

#include <cstddef>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "mj/hj212/profile.hpp"
#include "mj/kernel/result.hpp"
#include "mj/registry/element.hpp"

namespace mj::registry {

/// A name in Chinese and in English; the English one falls back to the Chinese.
struct LocalName {
  std::string zh;
  std::string en;
};

/// A monitoring point 监测点位 with the device 现场机 that reports for it.
struct Point {
  std::string id;  ///< stable, e.g. "air-1416A"
  LocalName name;
  Element element = Element::air;
  std::string district;               ///< 区县, Chinese name as in the map; empty when unknown
  double lon = 0;                     ///< degrees east, WGS84-like
  double lat = 0;                     ///< degrees north
  bool approximate_location = false;  ///< the position is not published: a place inside the district stands for it
  std::string device;                 ///< MN; empty when nothing reports yet
  std::string vendor;                 ///< maker of the data logger 数采仪厂商; empty when unknown
  std::string logger;      ///< serial of the data logger (i23005), by which 1001 is known; empty when unknown
  hj212::Profile profile;  ///< how the device speaks, until a decision changes it
  bool lake = false;       ///< surface water of a lake or reservoir 湖库: total phosphorus has other limits there
  std::map<std::string, std::string> units;  ///< factor → unit where it departs from the code table's default
};

/// The registered network. Immutable after loading; shared freely between threads.
class Network {
 public:
  /// Errors: invalid_input when ids or MNs repeat.
  [[nodiscard]] static Result<Network> from_points(std::vector<Point> points);
  /// Reads `network.toml`. Errors: not_found; invalid_input with file, line and what is wrong.
  [[nodiscard]] static Result<Network> load(const std::filesystem::path& file);

  [[nodiscard]] const std::vector<Point>& points() const { return points_; }
  /// Null when there is no such point / no point with this device.
  [[nodiscard]] const Point* find(std::string_view id) const;
  [[nodiscard]] const Point* find_device(std::string_view mn) const;
  /// The point whose data logger has this serial; null when there is none.
  [[nodiscard]] const Point* find_logger(std::string_view serial) const;

 private:
  struct TextHash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>{}(text); }
  };
  std::vector<Point> points_;
  std::unordered_map<std::string, std::size_t, TextHash, std::equal_to<>> by_id_;
  std::unordered_map<std::string, std::size_t, TextHash, std::equal_to<>> by_device_;
  std::unordered_map<std::string, std::size_t, TextHash, std::equal_to<>> by_logger_;
};

}  // namespace mj::registry
