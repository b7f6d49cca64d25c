#include "source_model.hpp"

#include <cmath>
#include <numbers>

#include "random.hpp"

namespace mj::simulator {
namespace {

constexpr double kNoiseMemorySeconds = 120;  // readings closer than this resemble each other

std::int64_t power_of_ten(int exponent) {
  std::int64_t result = 1;
  for (int i = 0; i < exponent; ++i) result *= 10;
  return result;
}

double hour_of_day(Instant at) {
  const BeijingTime civil = to_beijing(at);
  return civil.hour + civil.minute / 60.0 + civil.second / 3600.0;
}

}  // namespace

std::int64_t divide_half_even(std::int64_t num, std::int64_t den) {
  const bool negative = num < 0;
  const std::int64_t magnitude = negative ? -num : num;
  std::int64_t quotient = magnitude / den;
  const std::int64_t twice = (magnitude % den) * 2;
  if (twice > den || (twice == den && quotient % 2 != 0)) ++quotient;
  return negative ? -quotient : quotient;
}

std::optional<Decimal> convert_to_reference(Decimal value, Decimal oxygen, double reference_oxygen) {
  const std::int64_t scale = power_of_ten(oxygen.decimals);
  const std::int64_t span = 21 * scale - oxygen.mantissa;
  if (span <= 0) return std::nullopt;
  const std::int64_t reference = 21 * scale - std::llround(reference_oxygen * static_cast<double>(scale));
  return Decimal{divide_half_even(value.mantissa * reference, span), value.decimals};
}

SourceModel::SourceModel(const Source& source, std::uint64_t seed, Instant origin, Instant live_start)
    : source_(source),
      state_(mix(seed, source.device.mn)),
      next_(origin),
      live_start_(live_start),
      memory_(std::exp(-static_cast<double>(source.realtime_s) / kNoiseMemorySeconds)),
      noise_(source.signals.size()) {
  for (double& each : noise_) each = gaussian();
  for (std::size_t i = 0; i < source.signals.size(); ++i) {
    if (source.signals[i].factor == source.oxygen_factor) oxygen_ = i;
  }
  if (source.episode_every_s > 0) episode_from_ms_ = live_start.ms() + source.episode_first_s * 1000;
  reading_.values.resize(source.signals.size());
  reading_.converted.resize(source.signals.size());
}

double SourceModel::uniform() { return unit_interval(next_random(state_)); }

double SourceModel::gaussian() { return bell(next_random(state_)); }

bool SourceModel::running(Instant at) const {
  if (source_.runs_from_hour && source_.runs_to_hour) {
    const int hour = to_beijing(at).hour;
    const int from = *source_.runs_from_hour;
    const int to = *source_.runs_to_hour;
    const bool inside = from <= to ? (hour >= from && hour < to) : (hour >= from || hour < to);
    if (!inside) return false;
  }
  if (source_.pause_every_s > 0 && at >= live_start_) {
    const std::int64_t cycle = at.ms_since(live_start_) / 1000 % (source_.pause_every_s + source_.pause_length_s);
    if (cycle >= source_.pause_every_s) return false;
  }
  return true;
}

double SourceModel::load(Instant at) const {
  const double phase = 2 * std::numbers::pi * (hour_of_day(at) - source_.load_peak_hour) / 24.0;
  return source_.load_low + (1 - source_.load_low) * (0.5 + 0.5 * std::cos(phase));
}

double SourceModel::episode(Instant at) {
  const std::int64_t since = at.ms() - episode_from_ms_;
  if (since < 0) return 0;
  const std::int64_t length = source_.episode_length_s * 1000;
  if (!in_episode_) {
    in_episode_ = true;
    ++episodes_;
  }
  if (since >= length) {
    in_episode_ = false;
    episode_from_ms_ = at.ms() + static_cast<std::int64_t>(static_cast<double>(source_.episode_every_s) * 1000 *
                                                           (0.75 + 0.5 * uniform()));
    return 0;
  }
  // Rises over a fifth of the time, stays, falls over the last two fifths.
  const double share = static_cast<double>(since) / static_cast<double>(length);
  if (share < 0.2) return share / 0.2;
  return share > 0.6 ? (1 - share) / 0.4 : 1.0;
}

const Reading& SourceModel::step() {
  const Instant at = next_;
  next_ = at.plus_ms(source_.realtime_s * 1000);
  const bool runs = running(at);
  const double part = load(at);
  const double height = episode(at);
  reading_.at = at;
  reading_.flag = runs ? 'N' : 'F';
  for (std::size_t i = 0; i < source_.signals.size(); ++i) {
    const Signal& signal = source_.signals[i];
    noise_[i] = memory_ * noise_[i] + std::sqrt(1 - memory_ * memory_) * gaussian();
    double value = signal.stopped;
    if (runs) {
      value = signal.level * (1 - signal.load_share + signal.load_share * part);
      if (signal.peak) value += height * (*signal.peak - value);
      value += noise_[i] * signal.noise * std::abs(signal.level);
      if (signal.level >= 0) value = std::max(value, 0.0);
    }
    const auto scaled = std::llround(value * static_cast<double>(power_of_ten(signal.decimals)));
    reading_.values[i] = Decimal{scaled, static_cast<std::uint8_t>(signal.decimals)};
  }
  for (std::size_t i = 0; i < source_.signals.size(); ++i) {
    reading_.converted[i] =
        source_.signals[i].converted && oxygen_ != SIZE_MAX
            ? convert_to_reference(reading_.values[i], reading_.values[oxygen_], source_.reference_oxygen)
            : std::nullopt;
  }
  return reading_;
}

}  // namespace mj::simulator
