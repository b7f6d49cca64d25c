#pragma once

#include <array>
#include <span>
#include <vector>

namespace mj::acoustics {

/// Frequency weighting 频率计权. `z` is flat; like an instrument it takes the constant part away.
enum class Weighting { a, c, z };

/// The weighting in dB at a frequency in Hz. Source: IEC 61672-1:2013 annex E; GB/T 3785.1-2010.
[[nodiscard]] double weighting_db(Weighting weighting, double frequency);

/// Weights samples as they come: high passes with the poles of the standard, and a short symmetric filter for what sampling
/// does to the treble. Up to 0.4 of the sampling rate within 0.05 dB of the formula (tested at 16, 44.1 and 48 kHz); the output is
/// kTaps/2 samples late.
class WeightingFilter {
 public:
  WeightingFilter(Weighting weighting, int sample_rate);
  /// In place, whatever the sizes of the pieces.
  void apply(std::span<double> samples);

 private:
  static constexpr std::size_t kTaps = 129;
  struct HighPass {
    double gain = 1;
    double feedback = 0;
    double before = 0;  ///< last input
    double value = 0;   ///< last output
  };
  [[nodiscard]] double poles_response(double frequency, int sample_rate) const;

  std::vector<HighPass> poles_;
  std::vector<double> taps_;                ///< empty when there is nothing to mend
  std::array<double, 2 * kTaps> recent_{};  ///< twice the last samples, so that they always lie in a row
  std::size_t place_ = 0;
  bool begun_ = false;
};

}  // namespace mj::acoustics
