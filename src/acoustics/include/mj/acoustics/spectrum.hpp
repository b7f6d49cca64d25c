#pragma once

#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "mj/acoustics/bands.hpp"
#include "mj/acoustics/weighting.hpp"

namespace mj::acoustics {

/// Level of a band over the whole recording, dB relative to a full-scale sine.
struct SpectrumBand {
  Band band;
  std::optional<double> level;  ///< none for silence
};

/// Spectrum of a recording by octaves or thirds of them 倍频程频谱. Frames of at least 4 s under a Hann window that overlap by three
/// quarters: every sample counts alike, so the energy of all frequencies together is that of the recording. A sine within a
/// band is 0.3 dB right; beyond the band it is weaker than class 1 of IEC 61260-1:2014 demands.
class SpectrumMeter {
 public:
  explicit SpectrumMeter(int sample_rate);
  SpectrumMeter(SpectrumMeter&&) noexcept;
  SpectrumMeter& operator=(SpectrumMeter&&) noexcept;
  ~SpectrumMeter();

  void add(std::span<const double> samples);
  /// Ends the recording; nothing may be added afterwards.
  void finish();

  /// After finish(): bands that lie within `from` Hz … half the sampling rate, at most 22.4 kHz.
  [[nodiscard]] std::vector<SpectrumBand> levels(BandWidth width, double from = 8.9) const;
  /// After finish(): equivalent level by the formula of the weighting, from 5 Hz on. None for silence.
  [[nodiscard]] std::optional<double> equivalent(Weighting weighting) const;

 private:
  struct Body;
  std::unique_ptr<Body> body_;
};

}  // namespace mj::acoustics
