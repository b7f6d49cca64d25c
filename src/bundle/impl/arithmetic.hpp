#pragma once

#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "document.hpp"
#include "mj/kernel/decimal.hpp"

namespace mj::bundle {

/// Exact arithmetic of docs/formats/bundle.md §3.3. None: the result has more digits than a number may have.

[[nodiscard]] std::optional<Decimal> scaled(Decimal value, Decimal by);
/// Σ/n with exactly `decimals` digits behind the point, half to even. `values` is not empty.
[[nodiscard]] std::optional<Decimal> mean(std::span<const Decimal> values, unsigned decimals);
/// The same of Σ, a − b, Π and a / b; ratio: none also for b = 0.
[[nodiscard]] std::optional<Decimal> sum(std::span<const Decimal> values, unsigned decimals);
[[nodiscard]] std::optional<Decimal> difference(Decimal a, Decimal b, unsigned decimals);
[[nodiscard]] std::optional<Decimal> product(std::span<const Decimal> values, unsigned decimals);
[[nodiscard]] std::optional<Decimal> ratio(Decimal a, Decimal b, unsigned decimals);
/// Between the neighbours of rank 1 + (n − 1)·p. 0 < p < 1. Source: HJ 663-2013 appendix A.
[[nodiscard]] std::optional<Decimal> percentile(std::vector<Decimal> values, Decimal p, unsigned decimals);
/// 10·lg of the mean of 10^(L/10) 能量平均; none for a level beyond ±1000.
[[nodiscard]] std::optional<Decimal> mean_level(std::span<const Decimal> levels, unsigned decimals);
/// None of 0 and below.
[[nodiscard]] std::optional<Decimal> natural_logarithm(Decimal value, unsigned decimals);
[[nodiscard]] std::optional<Decimal> decimal_logarithm(Decimal value, unsigned decimals);
/// Whether two spellings are one number ("+5", "5") or one text.
[[nodiscard]] bool same_value(std::string_view a, std::string_view b);
/// The limit in a text that says that something was not detected 未检出, 0 when it names none; none for other texts.
[[nodiscard]] std::optional<Decimal> detection_limit(std::string_view text);
/// Between the neighbouring break points; none also below the first.
[[nodiscard]] std::optional<Decimal> interpolated(Decimal value, const Table& table);

}  // namespace mj::bundle
