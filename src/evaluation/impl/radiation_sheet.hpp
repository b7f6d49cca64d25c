#pragma once

#include <map>

#include "element_sheet.hpp"
#include "item_values.hpp"
#include "mj/assess/emf.hpp"
#include "mj/assess/gamma.hpp"

namespace mj::evaluation {

/// Figures of radiation 辐射环境评价指标, in the order of Evaluator::indicators.
enum RadiationIndicator : std::size_t { kGammaMean, kGammaMax, kGammaAbove, kEmfSum, kEmfRate };

inline constexpr std::string_view kDoseUnit = "nGy/h";
inline constexpr int kDoseDigits = 3;            // significant; HJ 1157-2021 (UNVERIFIED)
inline constexpr std::uint8_t kEmfDecimals = 4;  // of a sum of ratios as it is told

/// Whether it rained when a dose rate was read: a usable reading of rain of the same time above 0.
class RainBeside {
 public:
  explicit RainBeside(std::span<const Sample> rains) : rains_(rains) {}
  /// The reading of a time, null when there is none. Times ascend from call to call.
  [[nodiscard]] const Sample* at(std::int64_t ms);

 private:
  std::span<const Sample> rains_;
  std::size_t next_ = 0;
};

/// Writes down what the figure of dose rates that is asked for is made of; `rain` may be null.
void explain_gamma(Explanation& to, const Context& context, const SampleSeries& dose, const SampleSeries* rain,
                   const EvaluationPeriod& period, const assess::GammaSummary& summary);

/// A field of one frequency that takes part in the sums, and the series it was read from.
struct EmfPart {
  const SampleSeries* series = nullptr;
  char field = 'E';  ///< E, B, H, S
  Decimal value;     ///< the greatest of the period
};
/// The fields of a place by frequency ("50Hz").
struct EmfFrequency {
  assess::EmfComponent component;
  std::vector<EmfPart> parts;
};
using EmfFrequencies = std::map<std::string, EmfFrequency>;

/// Writes down what the sum of ratios is made of; `told` is the figure.
void explain_fields(Explanation& to, const Context& context, const EvaluationPeriod& period,
                    const EmfFrequencies& fields, const assess::EmfVerdict& verdict, std::optional<Decimal> told);

}  // namespace mj::evaluation
