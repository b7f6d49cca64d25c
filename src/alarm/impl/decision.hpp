#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "mj/alarm/alarm.hpp"
#include "mj/kernel/bytes.hpp"
#include "mj/kernel/result.hpp"

namespace mj::alarm {

/// That a person took note of an alarm, as it stands in the evidence log: the JSON payload of an entry of type
/// decision (docs/formats/decisions.md). It names the alarm by what raised it, not by its number, so that it finds the
/// alarm also after limits were changed and the book was derived anew.
struct AcknowledgeDecision {
  std::string rule;
  std::string device;
  std::string factor;
  std::string kind;
  telemetry::Period period = telemetry::Period::instant;
  Direction direction = Direction::above;
  std::uint64_t entry = 0;  ///< the frame that raised it
  std::string name;
  std::string reason;

  /// Whether this is the alarm meant.
  [[nodiscard]] bool names(const Alarm& alarm) const {
    return alarm.entry == entry && alarm.rule == rule && alarm.direction == direction && alarm.device == device &&
           alarm.factor == factor && alarm.kind == kind && alarm.period == period;
  }
};

/// Errors: invalid_input when a text is not UTF-8.
[[nodiscard]] Result<std::string> encode(const AcknowledgeDecision& decision, AlarmId id);
/// Errors: none when the payload is not such a decision (another room's, or not understood).
[[nodiscard]] std::optional<AcknowledgeDecision> decode(BytesView payload);

}  // namespace mj::alarm
