#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "mj/kernel/decimal.hpp"
#include "mj/kernel/instant.hpp"

namespace mj::simulator {

/// The levels that a meter of noise sent, put together as it reports an interval 噪声记录: Leq, L5 … L95, LMx, LMn, and of a day
/// Ld, Ln and Ldn too. Levels are equally spaced in time. Source of the form: HJ 212-2017 tables C.26 to C.28.
class SoundRecord {
 public:
  void add(Instant at, Decimal level);
  /// The data area of the record beginning at `start`; `day` with the parts of the day. Needs at least one level.
  [[nodiscard]] std::string cp(Instant start, bool day) const;
  void clear();

 private:
  std::vector<std::int64_t> day_;    ///< 06:00 to 22:00, in units of the last digit sent
  std::vector<std::int64_t> night_;  ///< 22:00 to 06:00
  std::uint8_t decimals_ = 1;
};

}  // namespace mj::simulator
