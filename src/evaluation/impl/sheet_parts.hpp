#pragma once

#include <span>
#include <string>

#include "mj/assess/exact.hpp"
#include "mj/evaluation/evaluator.hpp"

namespace mj::evaluation {

/// A value of a point as it stands in a sheet. What was not detected shows its limit and what counts: "0.004L → 0.002".
[[nodiscard]] SheetInput sample_input(const SampleSeries& series, const Sample& sample, std::string label);

/// A result that is an input itself and has a sheet of its own.
[[nodiscard]] SheetInput figure_input(const Figure& figure, std::string label, std::string unit);

/// By which rule the non-detects among `samples` count; nothing when there are none.
[[nodiscard]] std::vector<SheetStep> non_detect_steps(const SampleSeries& series, std::span<const Sample> samples);

/// Writes the values down that a figure is made of, with what counts of non-detects; of more than kMostListedValues the first ones and how many there are.
void explain_values(Explanation& to, std::size_t indicator, const SampleSeries& series,
                    std::span<const Sample> samples, const std::string& label);

/// More values than this are not listed one by one: a year of five minutes, a day of seconds.
inline constexpr std::size_t kMostListedValues = 131'072;
/// A screen shows so many.
inline constexpr std::size_t kMostShownValues = 2000;

/// A step of a calculation that rests on a row of a standard.
[[nodiscard]] SheetStep step_of(standards::Text title, std::string formula, std::string result, std::string unit,
                                const standards::RuleRow* row = nullptr);
/// An exact figure with enough digits that its rounding can be followed.
[[nodiscard]] std::string long_text(const std::optional<assess::Exact>& value);

/// The digits without the zeros at their end.
[[nodiscard]] Decimal without_zeros(Decimal value);

/// A value before it was multiplied by a power of ten.
[[nodiscard]] Decimal before_scale(Decimal value, Decimal scale);

/// "—" when there is none.
[[nodiscard]] std::string shown(const std::optional<Decimal>& value);

}  // namespace mj::evaluation
