#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "mj/alarm/limit.hpp"
#include "mj/kernel/decimal.hpp"
#include "mj/kernel/id.hpp"
#include "mj/kernel/instant.hpp"
#include "mj/telemetry/observation.hpp"

namespace mj::alarm {

/// Number of an alarm, from 1 in the order of raising; the same after a rebuild.
using AlarmId = Id<struct AlarmIdTag, std::int64_t>;

/// Which side of the limit.
enum class Direction : std::uint8_t { above = 0, below = 1 };
/// "above", "below".
[[nodiscard]] std::string_view name(Direction direction);

/// That a person took note 确认.
struct Acknowledgement {
  std::string name;
  std::string reason;
  Instant at;
  std::uint64_t entry = 0;  ///< evidence index of the act
};

/// An exceedance of a limit from its first value until it cleared 报警. Covers Alarm of api/openapi/mingjian.yaml.
struct Alarm {
  AlarmId id;
  std::string point;   ///< id of the point
  std::string device;  ///< MN
  std::string factor;  ///< canonical code
  std::string kind;    ///< Rtd, Avg …
  telemetry::Period period = telemetry::Period::instant;
  std::string unit;  ///< unit of the limit and the values
  Severity severity = Severity::warning;
  std::string rule;  ///< id of the limit
  Decimal limit;
  Direction direction = Direction::above;
  standards::Text source;  ///< document and clause of the limit
  Instant opened_at;       ///< data time of the first value beyond the limit
  Instant raised_at;       ///< our clock when the frame that raised it was received
  Decimal last_value;
  Instant last_at;            ///< data time of last_value
  Decimal peak_value;         ///< furthest beyond the limit
  Instant peak_at;            ///< data time of peak_value
  std::uint64_t updates = 0;  ///< values beyond the limit after the first
  std::optional<Instant>
      cleared_at;           ///< our clock when the frame that cleared it was received; none while it lasts
  std::uint64_t entry = 0;  ///< evidence index of the frame that raised it
  std::optional<std::uint64_t> clear_entry;
  std::optional<Acknowledgement> acknowledged;

  [[nodiscard]] bool open() const { return !cleared_at.has_value(); }
};

/// What happened to an alarm.
enum class Change : std::uint8_t { raised, updated, cleared, acknowledged };
[[nodiscard]] std::string_view name(Change change);

}  // namespace mj::alarm
