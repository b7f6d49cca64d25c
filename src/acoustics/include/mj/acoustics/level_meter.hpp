#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "mj/acoustics/weighting.hpp"

namespace mj::acoustics {

/// Level in dB of a mean square, relative to a sine that just reaches full scale. None for silence.
[[nodiscard]] std::optional<double> level_of(double mean_square);

/// Time weighting 时间计权: fast 125 ms, slow 1 s.
enum class TimeWeighting { fast, slow };

/// What a sound level meter shows of a recording 声级计. Levels in dB relative to a full-scale sine: the calibration is
/// added by who knows it. Source: IEC 61672-1:2013 §5.8; GB/T 3785.1-2010.
class LevelMeter {
 public:
  LevelMeter(Weighting weighting, int sample_rate);
  void add(std::span<const double> samples);

  [[nodiscard]] double seconds() const;
  /// Equivalent level 等效声级. None without sound.
  [[nodiscard]] std::optional<double> equivalent() const;
  /// Greatest level of the time weighting. None without sound.
  [[nodiscard]] std::optional<double> greatest(TimeWeighting time) const;
  /// Least level after the detector has settled (8 time constants). None in a shorter recording.
  [[nodiscard]] std::optional<double> least(TimeWeighting time) const;
  /// Levels of the fast detector every 100 ms, once it has settled; for statistics like L10.
  [[nodiscard]] const std::vector<double>& fast_levels() const { return fast_levels_; }

 private:
  struct Detector {
    double share = 0;  ///< of a new sample
    double value = 0;
    double greatest = 0;
    double least = 0;
    std::int64_t settled = 0;  ///< samples until then
  };
  [[nodiscard]] const Detector& detector(TimeWeighting time) const {
    return time == TimeWeighting::fast ? fast_ : slow_;
  }

  int rate_;
  WeightingFilter filter_;
  Detector fast_;
  Detector slow_;
  double energy_ = 0;
  std::int64_t count_ = 0;
  std::int64_t step_;
  std::vector<double> fast_levels_;
  std::vector<double> weighted_;
};

}  // namespace mj::acoustics
