#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "mj/registry/record.hpp"

namespace mj::registry {

/// A point of the register on one day, as other rooms use it 监测点位. Texts are ids or words of rules/register.toml, empty when
/// not known; everything else is in `attributes`.
struct PointView {
  std::string id;
  LocalName name;
  std::string element;  ///< air, surface_water, groundwater … as rules/register.toml lists them
  std::string sort;     ///< what it is for: assessment, background, boundary, inflow, area, function_zone, road …
  std::string control_level;  ///< national, provincial, municipal, district
  std::string owner;          ///< organisation
  std::string region;         ///< GB/T 2260 code of the district it lies in
  std::string city;           ///< region of level city (or province, for a municipality) above it
  std::optional<double> lon;  ///< degrees, WGS84-like
  std::optional<double> lat;
  bool approximate = false;            ///< the place stands for one that is not published
  std::vector<std::string> reporters;  ///< MNs, and "<source>/<code>" of imported data
  std::vector<std::string> factors;    ///< factor codes (HJ 212-2017) that are measured
  bool lake = false;                   ///< limits of lakes and reservoirs hold
  std::string lake_id;
  std::string river;
  std::string basin;  ///< its own, or that of its river or lake
  std::string function_zone;
  std::string noise_class;   ///< 0, 1, 2, 3, 4a, 4b (GB 3096-2008)
  std::string target_class;  ///< water class aimed at: I … V (GB 3838-2002)
  std::string land_use;      ///< of soil
  RecordState state = RecordState::active;
  SharedAttributes attributes;
};

/// The points of one day. Immutable.
class PointSet {
 public:
  PointSet() = default;
  explicit PointSet(std::vector<PointView> points);

  /// Ordered by id; stopped ones are not among them, planned ones are.
  [[nodiscard]] const std::vector<PointView>& points() const { return points_; }
  /// Null when there is no such point.
  [[nodiscard]] const PointView* find(std::string_view id) const;
  /// The point for which a device (MN) or a "<source>/<code>" reports; null when there is none.
  [[nodiscard]] const PointView* find_reporter(std::string_view reporter) const;

 private:
  struct TextHash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>{}(text); }
  };
  std::vector<PointView> points_;
  std::unordered_map<std::string, std::size_t, TextHash, std::equal_to<>> by_id_;
  std::unordered_map<std::string, std::size_t, TextHash, std::equal_to<>> by_reporter_;
};

}  // namespace mj::registry
