#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "mj/kernel/decimal.hpp"
#include "mj/kernel/instant.hpp"
#include "mj/simulator/fleet.hpp"

namespace mj::simulator {

/// What the instruments of a source show at one moment; numbers as the device sends them, one entry a signal.
struct Reading {
  Instant at;
  char flag = 'N';  ///< N normal, F stopped 停运
  std::vector<Decimal> values;
  std::vector<std::optional<Decimal>> converted;  ///< 折算; none: not a converted signal, or O₂ ≥ 21 %
};

/// num/den rounded half to even 四舍六入五成双; den > 0.
[[nodiscard]] std::int64_t divide_half_even(std::int64_t num, std::int64_t den);

/// C·(21 − O₂ref)/(21 − O₂) with the decimals of `value`. Source: HJ 75-2017 / GB 13271-2014 §5.2 formula (1).
/// Errors: none when O₂ ≥ 21 %.
[[nodiscard]] std::optional<Decimal> convert_to_reference(Decimal value, Decimal oxygen, double reference_oxygen);

/// Invents the readings of one source: daily load, correlated noise, stops, episodes. Deterministic: readings depend
/// on (source, seed, origin, live start) only.
class SourceModel {
 public:
  /// The first reading is at `origin`; stops and episodes are counted from `live_start`.
  SourceModel(const Source& source, std::uint64_t seed, Instant origin, Instant live_start);

  /// The next reading, `realtime_s` after the one before. Valid until the next call.
  [[nodiscard]] const Reading& step();
  [[nodiscard]] std::uint64_t episodes() const { return episodes_; }

 private:
  [[nodiscard]] double uniform();   ///< 0 ≤ x < 1
  [[nodiscard]] double gaussian();  ///< mean 0, deviation 1
  [[nodiscard]] bool running(Instant at) const;
  [[nodiscard]] double load(Instant at) const;
  [[nodiscard]] double episode(Instant at);  ///< 0: none, 1: at its height

  const Source& source_;
  std::uint64_t state_;
  Instant next_;
  Instant live_start_;
  double memory_;                  ///< AR(1) coefficient of one step
  std::vector<double> noise_;      ///< AR(1) state, deviation 1
  std::size_t oxygen_ = SIZE_MAX;  ///< index of the oxygen signal
  std::int64_t episode_from_ms_ = INT64_MAX;
  bool in_episode_ = false;
  std::uint64_t episodes_ = 0;
  Reading reading_;
};

}  // namespace mj::simulator
