#include "mj/acoustics/spectrum.hpp"

#include <fftw3.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <mutex>
#include <numbers>

#include "mj/acoustics/level_meter.hpp"

namespace mj::acoustics {
namespace {

constexpr double kFrameSeconds = 4;
constexpr std::size_t kOverlap = 4;                 ///< frames over each sample
constexpr double kWindowEnergy = kOverlap * 0.375;  ///< sum of the squared Hann windows over a sample
constexpr double kMostHz = 22'400;
constexpr double kLeastHz = 5;

/// FFTW may execute plans in any thread but make and destroy only one at a time.
std::mutex& planner() {
  static std::mutex mutex;
  return mutex;
}

}  // namespace

struct SpectrumMeter::Body {
  explicit Body(int sample_rate) : rate(sample_rate), flat(Weighting::z, sample_rate) {
    size = 1;
    while (static_cast<double>(size) < kFrameSeconds * rate) size *= 2;
    hop = size / kOverlap;
    frame.assign(size, 0);
    window.resize(size);
    for (std::size_t i = 0; i < size; ++i)
      window[i] = 0.5 - 0.5 * std::cos(2 * std::numbers::pi * static_cast<double>(i) / static_cast<double>(size));
    energy.assign(size / 2 + 1, 0);
    in = fftw_alloc_real(size);
    out = fftw_alloc_complex(size / 2 + 1);
    const std::lock_guard lock(planner());
    plan = fftw_plan_dft_r2c_1d(static_cast<int>(size), in, out, FFTW_ESTIMATE);
  }
  Body(const Body&) = delete;
  Body& operator=(const Body&) = delete;
  ~Body() {
    {
      const std::lock_guard lock(planner());
      fftw_destroy_plan(plan);
    }
    fftw_free(in);
    fftw_free(out);
  }

  /// The newest `hop` samples are in the frame: transform it, add its energy, move on.
  void transform() {
    for (std::size_t i = 0; i < size; ++i) in[i] = frame[i] * window[i];
    fftw_execute(plan);
    for (std::size_t k = 0; k < energy.size(); ++k) {
      const double twice = k == 0 || k == size / 2 ? 1 : 2;
      energy[k] += twice * (out[k][0] * out[k][0] + out[k][1] * out[k][1]);
    }
    std::memmove(frame.data(), frame.data() + hop, (size - hop) * sizeof(double));
    filled = 0;
  }

  void push(std::span<const double> samples) {
    while (!samples.empty()) {
      const std::size_t take = std::min(samples.size(), hop - filled);
      std::copy_n(samples.begin(), take, frame.begin() + static_cast<std::ptrdiff_t>(size - hop + filled));
      filled += take;
      samples = samples.subspan(take);
      if (filled == hop) transform();
    }
  }

  /// Mean square per unit of `energy`.
  [[nodiscard]] double scale() const {
    return 1 / (static_cast<double>(size) * kWindowEnergy * static_cast<double>(std::max<std::int64_t>(1, count)));
  }
  [[nodiscard]] double spacing() const { return static_cast<double>(rate) / static_cast<double>(size); }

  int rate;
  WeightingFilter flat;
  std::size_t size = 1;
  std::size_t hop = 1;
  std::size_t filled = 0;
  std::int64_t count = 0;
  std::vector<double> frame;
  std::vector<double> window;
  std::vector<double> energy;  ///< by frequency
  std::vector<double> piece;
  double* in = nullptr;
  fftw_complex* out = nullptr;
  fftw_plan plan = nullptr;
};

SpectrumMeter::SpectrumMeter(int sample_rate) : body_(std::make_unique<Body>(sample_rate)) {}
SpectrumMeter::SpectrumMeter(SpectrumMeter&&) noexcept = default;
SpectrumMeter& SpectrumMeter::operator=(SpectrumMeter&&) noexcept = default;
SpectrumMeter::~SpectrumMeter() = default;

void SpectrumMeter::add(std::span<const double> samples) {
  body_->piece.assign(samples.begin(), samples.end());
  body_->flat.apply(body_->piece);
  body_->push(body_->piece);
  body_->count += static_cast<std::int64_t>(samples.size());
}

void SpectrumMeter::finish() {
  const std::vector<double> silence(body_->size, 0);  // until the last sample has left the frame
  body_->push(silence);
}

std::vector<SpectrumBand> SpectrumMeter::levels(BandWidth width, double from) const {
  const Body& body = *body_;
  const double spacing = body.spacing();
  std::vector<SpectrumBand> found;
  for (const Band& band : bands(width, from, std::min(kMostHz, body.rate / 2.0))) {
    double sum = 0;
    // A line of the transform stands for the frequencies half a spacing around it; at an edge it belongs to both bands.
    const auto first = static_cast<std::size_t>(std::floor(band.lower / spacing + 0.5));
    const auto last =
        std::min(static_cast<std::size_t>(std::ceil(band.upper / spacing - 0.5)), body.energy.size() - 1);
    for (std::size_t k = first; k <= last; ++k) {
      const double low = std::max(band.lower, (static_cast<double>(k) - 0.5) * spacing);
      const double high = std::min(band.upper, (static_cast<double>(k) + 0.5) * spacing);
      sum += body.energy[k] * std::clamp((high - low) / spacing, 0.0, 1.0);
    }
    found.push_back({band, level_of(sum * body.scale())});
  }
  return found;
}

std::optional<double> SpectrumMeter::equivalent(Weighting weighting) const {
  const Body& body = *body_;
  double sum = 0;
  for (std::size_t k = 0; k < body.energy.size(); ++k) {
    const double frequency = static_cast<double>(k) * body.spacing();
    if (frequency < kLeastHz) continue;
    sum += body.energy[k] * std::pow(10.0, weighting_db(weighting, frequency) / 10);
  }
  return level_of(sum * body.scale());
}

}  // namespace mj::acoustics
