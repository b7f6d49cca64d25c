#include "mj/acoustics/level_meter.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace mj::acoustics {
namespace {

constexpr double kFastSeconds = 0.125;
constexpr double kSlowSeconds = 1;
constexpr double kSettled = 8;  ///< time constants; a detector is then 0.002 dB short
constexpr std::size_t kPiece = 4096;

}  // namespace

std::optional<double> level_of(double mean_square) {
  constexpr double kFullScaleSine = 0.5;
  if (!(mean_square > 0)) return std::nullopt;
  return 10 * std::log10(mean_square / kFullScaleSine);
}

LevelMeter::LevelMeter(Weighting weighting, int sample_rate)
    : rate_(sample_rate), filter_(weighting, sample_rate), step_(std::max(1, sample_rate / 10)) {
  const auto detector = [&](double seconds) {
    Detector made;
    made.share = 1 - std::exp(-1 / (seconds * sample_rate));
    made.least = std::numeric_limits<double>::infinity();
    made.settled = std::llround(kSettled * seconds * sample_rate);
    return made;
  };
  fast_ = detector(kFastSeconds);
  slow_ = detector(kSlowSeconds);
}

void LevelMeter::add(std::span<const double> samples) {
  while (!samples.empty()) {
    const std::size_t size = count_ == 0 ? samples.size() : std::min(samples.size(), kPiece);
    weighted_.assign(samples.begin(), samples.begin() + static_cast<std::ptrdiff_t>(size));
    samples = samples.subspan(size);
    filter_.apply(weighted_);
    for (const double sample : weighted_) {
      const double square = sample * sample;
      energy_ += square;
      ++count_;
      for (Detector* detector : {&fast_, &slow_}) {
        detector->value += detector->share * (square - detector->value);
        detector->greatest = std::max(detector->greatest, detector->value);
        if (count_ >= detector->settled) detector->least = std::min(detector->least, detector->value);
      }
      if (count_ < fast_.settled || count_ % step_ != 0) continue;
      // Digital silence has no level; the lowest that a double can say stands for it.
      fast_levels_.push_back(level_of(std::max(fast_.value, std::numeric_limits<double>::min())).value_or(0));
    }
  }
}

double LevelMeter::seconds() const { return static_cast<double>(count_) / rate_; }

std::optional<double> LevelMeter::equivalent() const {
  return count_ == 0 ? std::nullopt : level_of(energy_ / static_cast<double>(count_));
}

std::optional<double> LevelMeter::greatest(TimeWeighting time) const { return level_of(detector(time).greatest); }

std::optional<double> LevelMeter::least(TimeWeighting time) const {
  const Detector& kept = detector(time);
  return count_ < kept.settled ? std::nullopt : level_of(kept.least);
}

}  // namespace mj::acoustics
