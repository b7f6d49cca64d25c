#pragma once

#include <cstdint>
#include <optional>

#include "mj/alarm/alarm.hpp"
#include "mj/alarm/limit.hpp"
#include "mj/kernel/decimal.hpp"
#include "mj/kernel/instant.hpp"

namespace mj::alarm {

/// What the engine remembers about one side of one limit on one series.
struct CheckState {
  std::optional<Instant> last_at;  ///< data time of the last value judged
  bool open = false;
  bool operator==(const CheckState&) const = default;
};

/// A value that is a measurement, in the unit of the limit.
struct Sample {
  Instant at;  ///< data time
  Decimal value;
};

/// What a value did. `beyond` tells whether it was beyond the limit itself (an alarm also lasts between the limit and
/// the level at which it clears).
enum class Verdict : std::uint8_t { ignored, fine, raised, lasting, cleared };
struct Outcome {
  Verdict verdict = Verdict::ignored;
  bool beyond = false;
};

/// Judges one value against one side of a limit and updates the state. A value at or before the last one judged
/// (late, repeated) is ignored; so is every value before the limit is in force; a limit that is no longer in force
/// clears its alarm. Pure: the same values in the same order give the same outcomes.
[[nodiscard]] Outcome judge(const Limit& limit, Direction direction, CheckState& state, const Sample& sample);

/// Whether a value that comes when later ones have been judged is beyond the limit 迟到超标: re-sent data, or another
/// revision. The state is not changed by it.
[[nodiscard]] bool late_beyond(const Limit& limit, Direction direction, const CheckState& state,
                               const Sample& sample);

/// The figure of this side of the limit; none when it has none.
[[nodiscard]] std::optional<Decimal> threshold(const Limit& limit, Direction direction);

}  // namespace mj::alarm
