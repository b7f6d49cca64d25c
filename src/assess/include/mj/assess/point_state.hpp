#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "mj/kernel/decimal.hpp"
#include "mj/kernel/result.hpp"
#include "mj/registry/network.hpp"
#include "mj/standards/standard_set.hpp"
#include "mj/telemetry/observation.hpp"

namespace mj::assess {

/// Which values of a point its state rests on and how old they may be. Data: rules/state.toml.
struct StateRules {
  struct Source {
    telemetry::Period period = telemetry::Period::hour;
    std::string kind;  ///< Avg, Rtd …
  };
  struct ForElement {
    std::int64_t stale_ms = 0;         ///< offline when nothing was received for longer
    std::int64_t window_ms = 0;        ///< values that much older than the newest still belong together
    std::vector<Source> sources;       ///< which values count; earlier ones are preferred
    std::vector<std::string> figures;  ///< codes of which the first that was measured is shown beside the state
  };
  std::map<registry::Element, ForElement> elements;  ///< of every element

  /// Errors: not_found; invalid_input with file, line and what is wrong.
  [[nodiscard]] static Result<StateRules> load(const std::filesystem::path& file);
};

/// By which scale a point is graded. `limits`: elements for whose hours no standard has a grade; only a limit of the
/// operator says whether all is well there.
enum class Scale { aqi, water_class, source, limits };
/// "aqi", "water_class", "source", "limits".
[[nodiscard]] std::string_view name(Scale scale);

/// The one state by which a point is coloured 点位状态: PointState of api/openapi/mingjian.yaml.
struct PointState {
  Scale scale = Scale::aqi;
  std::string grade;  ///< "1"…"6"; "normal", "exceeding", "stopped"; "receiving": data, and no limit that judges
                      ///< them; "offline", "unknown"
  std::optional<Decimal> value;  ///< the index on the aqi scale, the figure of the rules on the scale of limits
  std::string unit;              ///< of the value; empty for an index
  std::vector<std::string> primary;  ///< codes of the factors that decide the grade
  std::string standard;              ///< edition that gave the grade; empty when none did
  std::optional<Instant> at;         ///< data time of the values the grade rests on
  standards::Text reason;            ///< why there is no grade; empty when there is one

  /// Whether a standard gave a grade: only that can be proved.
  [[nodiscard]] bool graded() const { return at && !standard.empty() && reason.en.empty(); }
};

/// What the operator's limits say of a point.
struct LimitFinding {
  std::span<const std::string> exceeding;  ///< factors with an open alarm
  bool judged = false;                     ///< a limit holds for one of the newest values
};

/// Grades a point from its newest values. Staleness counts from the time of receipt, so that a replay of old data is
/// alive. Pure.
[[nodiscard]] PointState state_of(const registry::Point& point, std::span<const telemetry::Latest> latest,
                                  const standards::StandardSet& standards, const StateRules& rules, Instant now,
                                  const LimitFinding& limits);
/// By which scale points of an element are graded.
[[nodiscard]] Scale scale_of(registry::Element element);

}  // namespace mj::assess
