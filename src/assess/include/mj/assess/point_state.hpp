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
    std::int64_t stale_ms = 0;    ///< offline when nothing was received for longer
    std::int64_t window_ms = 0;   ///< values that much older than the newest still belong together
    std::vector<Source> sources;  ///< which values count; earlier ones are preferred
  };
  std::map<registry::Element, ForElement> elements;

  /// Errors: not_found; invalid_input with file, line and what is wrong.
  [[nodiscard]] static Result<StateRules> load(const std::filesystem::path& file);
};

/// By which scale a point is graded.
enum class Scale { aqi, water_class, source };
/// "aqi", "water_class", "source".
[[nodiscard]] std::string_view name(Scale scale);

/// The one state by which a point is coloured 点位状态: PointState of api/openapi/mingjian.yaml.
struct PointState {
  Scale scale = Scale::aqi;
  std::string grade;                 ///< "1"…"6"; "normal", "exceeding", "stopped"; "offline", "unknown"
  std::optional<Decimal> value;      ///< the index on the aqi scale
  std::vector<std::string> primary;  ///< codes of the factors that decide the grade
  std::string standard;              ///< edition that gave the grade; empty when none did
  std::optional<Instant> at;         ///< data time of the values the grade rests on
  standards::Text reason;            ///< why there is no grade; empty when there is one
};

/// Grades a point from its newest values. `exceeding` holds the factors with an open alarm. Staleness counts from the
/// time of receipt, so that a replay of old data is alive. Pure.
[[nodiscard]] PointState state_of(const registry::Point& point, std::span<const telemetry::Latest> latest,
                                  const standards::StandardSet& standards, const StateRules& rules, Instant now,
                                  std::span<const std::string> exceeding);

}  // namespace mj::assess
