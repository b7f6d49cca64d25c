#pragma once

#include <optional>
#include <string>
#include <vector>

#include "mj/assess/exact.hpp"
#include "mj/kernel/result.hpp"
#include "mj/standards/standard_set.hpp"

namespace mj::assess {

/// Level of an octave band 倍频带声压级, dB, not A-weighted.
struct BandLevel {
  Decimal band;  ///< nominal centre in Hz: 31.5, 63, 125, 250, 500
  Decimal level;
};

/// Structure-borne noise in a room, windows closed 结构传播固定设备室内噪声.
struct IndoorNoise {
  std::string zone;              ///< function zone 0…4
  std::string room;              ///< "A" for sleep, "B" for use by day
  std::string period;            ///< "day" or "night"
  std::optional<Decimal> level;  ///< dB(A)
  std::vector<BandLevel> bands;
};

struct IndoorBand {
  Decimal band;
  Decimal limit;
  std::optional<Decimal> level;
};
struct IndoorVerdict {
  Decimal level_limit;
  std::optional<bool> level_compliant;
  std::vector<IndoorBand> bands;  ///< all that have a limit, ascending
  std::optional<bool> bands_compliant;
  /// Level and all bands comply; none when something was not measured and nothing is beyond its limit.
  std::optional<bool> compliant;
  std::string clause;
  standards::Verification verification = standards::Verification::unverified;
};
/// Limits are inclusive. Errors: not_found when the standard has no limits for zone, room and period; invalid_input for a
/// band without limit. Source: GB 12348-2008 and GB 22337-2008, §4.2 tables 2, 3.
[[nodiscard]] Result<IndoorVerdict> judge_indoor(const standards::StandardSet& standards, Instant at,
                                                 std::string_view edition, const IndoorNoise& noise);

/// The bands that the tables of an edition limit, ascending.
[[nodiscard]] std::vector<Decimal> indoor_bands(const standards::StandardSet& standards, std::string_view edition);

}  // namespace mj::assess
