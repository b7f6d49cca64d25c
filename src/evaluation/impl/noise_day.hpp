#pragma once

#include "mj/evaluation/derivation.hpp"
#include "noise.hpp"

namespace mj::evaluation {

inline constexpr std::int64_t kNoiseHourMs = 3'600'000;

/// How much of a day has to be there. Source: HJ 906-2017 (UNVERIFIED).
struct NoiseValidity {
  int hour_minutes = 0;
  int day_hours = 0;
  int night_hours = 0;
  [[nodiscard]] static Result<NoiseValidity> load(const standards::StandardSet& standards);
};

/// One part of a day: its usable hours.
struct NoisePart {
  assess::Levels levels;
  int hours = 0;
  Inputs inputs;
};

/// Takes whole hours of samples that have enough minutes.
class NoiseHours {
 public:
  NoiseHours(const SampleSeries& series, const NoiseValidity& rules) : series_(series), rules_(rules) {}

  /// The samples of an hour, also those that do not count; none when too little of it was measured.
  [[nodiscard]] std::span<const Sample> whole(Instant hour) const;
  void add(NoisePart& part, Instant hour) const;
  [[nodiscard]] const SampleSeries& series() const { return series_; }
  [[nodiscard]] const NoiseValidity& rules() const { return rules_; }

 private:
  const SampleSeries& series_;
  const NoiseValidity& rules_;
};

/// Levels exceeded for a share of the time, in %, and the extremes.
inline constexpr std::array<std::pair<NoiseIndicator, int>, 5> kNoiseShares{
    {{kNoiseL10, 10}, {kNoiseL50, 50}, {kNoiseL90, 90}, {kNoiseMax, 0}, {kNoiseMin, 100}}};

/// The figures of a noise day; `limits` are those of its zone and may be null.
struct NoiseDayTerms {
  const EvaluationPeriod& day;
  const standards::StandardSet& standards;
  const assess::NoiseTimes& times;
  const standards::RuleRow* limits = nullptr;
};
/// Writes down what the figure that is asked for is made of: hours, levels, the limit of the zone.
void explain_noise_day(Explanation& to, const NoiseHours& hours, const NoiseDayTerms& terms);

/// Ldn of the levels of day and night, each with as many hours as it has. Source: GB 3096-2008 §3.
[[nodiscard]] Derived derive_day_night(Derivation& derivation, const standards::StandardSet& standards,
                                       const assess::NoiseTimes& times, std::span<const Derived> by_day,
                                       std::span<const Derived> by_night);

}  // namespace mj::evaluation
