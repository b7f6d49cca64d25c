#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "mj/assess/exact.hpp"
#include "mj/kernel/result.hpp"
#include "mj/standards/standard_set.hpp"

namespace mj::assess {

/// Sound levels gathered for statistics 声级统计; A-weighted, in dB, equally spaced in time.
class Levels {
 public:
  void add(Decimal level);
  void add(const Levels& others) { levels_.insert(levels_.end(), others.levels_.begin(), others.levels_.end()); }
  [[nodiscard]] std::size_t count() const { return levels_.size(); }
  /// Equivalent level 等效声级 10·lg(Σ 10^(0.1 L) / n). Undefined without levels. Source: GB 3096-2008 §3.
  [[nodiscard]] double equivalent() const;
  /// Level exceeded `percent` % of the time 累积百分声级: of the levels in descending order the one at that share (the 10th
  /// of 100 is L10). Sorts when needed.
  [[nodiscard]] Decimal exceeded(int percent);
  [[nodiscard]] Decimal greatest() { return exceeded(0); }
  [[nodiscard]] Decimal least() { return exceeded(100); }
  /// Standard deviation of the sample; none with one level.
  [[nodiscard]] std::optional<double> deviation() const;

 private:
  std::vector<std::int64_t> levels_;  ///< in 10^-6 dB
  bool sorted_ = false;
};

/// Ldn from the levels of day and night 昼夜等效声级; hours and penalty from the standard.
[[nodiscard]] double day_night_level(double day, double night, int day_hours, int night_hours, double penalty);

/// A level as reported: rounded once.
[[nodiscard]] Decimal level_text(double level, std::uint8_t decimals);

/// Day and night of GB 3096 昼间、夜间.
struct NoiseTimes {
  int day_begin = 6;     ///< hour
  int night_begin = 22;  ///< hour
  double penalty = 10;   ///< added to the night in Ldn
  std::uint8_t decimals = 1;
  /// Errors: not_found.
  [[nodiscard]] static Result<NoiseTimes> load(const standards::StandardSet& standards);
  [[nodiscard]] bool is_day(int hour) const { return hour >= day_begin && hour < night_begin; }
  [[nodiscard]] int day_hours() const { return night_begin - day_begin; }
};

/// A measured level without the background 背景噪声修正. None when the background is too close: the result is not usable.
/// Source: GB 12348-2008 §5.7 table 4.
[[nodiscard]] Result<std::optional<Decimal>> without_background(const standards::StandardSet& standards,
                                                                Instant at, Decimal measured, Decimal background);

/// Grade of a city 城市声环境质量等级 by the mean of its grid (`type` "regional") or roads ("road"); null when there is
/// none. Source: HJ 640-2012.
[[nodiscard]] const standards::RuleRow* noise_grade(const standards::StandardSet& standards, Instant at,
                                                    std::string_view type, std::string_view period, Decimal mean);

/// A stretch of road or a point of a grid.
struct NoisePart {
  Decimal level;
  Decimal length{1, 0};  ///< of the road it stands for; 1 for a grid
};
/// Mean weighted by length: of a grid it is arithmetic. Lost without parts. Source: HJ 640-2012.
[[nodiscard]] Exact noise_mean(std::span<const NoisePart> parts);

}  // namespace mj::assess
