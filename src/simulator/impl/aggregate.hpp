#pragma once

#include <optional>
#include <string>
#include <vector>

#include "sound_record.hpp"
#include "source_model.hpp"

namespace mj::simulator {

/// Turns the readings of one interval into the minute, hour or day record 分钟/小时/日数据 of a source.
///
/// Means are arithmetic over the values the device sent, rounded half to even to their decimals. Flag: flue gas is N
/// when at least 75 % of the readings are; waste water is N when all are; otherwise F when nothing ran, else D
/// (HJ 212-2017, notes to tables C.16 to C.18; which letter water gets is not stated there). A record flagged N
/// averages its normal readings, another one all.
class Aggregate {
 public:
  /// Readings are `step_s` apart.
  Aggregate(const Source& source, std::int64_t step_s);

  void add(const Reading& reading);
  [[nodiscard]] std::size_t count() const { return total_; }
  /// The data area of the record beginning at `start`; codes of the device's dialect. Needs at least one reading.
  [[nodiscard]] std::string cp(Instant start) const;
  /// Likewise, of a record of a whole day.
  [[nodiscard]] std::string day_cp(Instant start) const;
  void clear();

 private:
  struct Range {
    std::int64_t sum = 0;
    std::int64_t min = 0;
    std::int64_t max = 0;
    std::int64_t count = 0;
    void add(std::int64_t value);
  };
  struct Tally {
    Range normal, all, converted_normal, converted_all;
    std::int64_t amount = 0;  ///< Σ value·flow (or Σ flow), in the digits of both
  };
  [[nodiscard]] char flag() const;
  [[nodiscard]] Decimal amount(std::size_t signal) const;

  const Source& source_;
  std::int64_t step_s_;
  std::size_t flow_ = SIZE_MAX;
  std::vector<Tally> tallies_;
  SoundRecord sound_;  ///< of a sound level meter, instead of the tallies
  std::size_t total_ = 0;
  std::size_t normal_ = 0;
  std::size_t stopped_ = 0;
};

/// Data area of a real-time record 实时数据 (CN 2011).
[[nodiscard]] std::string realtime_cp(const Source& source, const Reading& reading);

}  // namespace mj::simulator
