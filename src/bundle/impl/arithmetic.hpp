#pragma once

#include <optional>
#include <span>

#include "document.hpp"
#include "mj/kernel/decimal.hpp"

namespace mj::bundle {

/// Exact arithmetic of docs/formats/bundle.md §3.2. None: the result has more digits than a number may have.

[[nodiscard]] std::optional<Decimal> scaled(Decimal value, Decimal by);
/// Σ/n with exactly `decimals` digits behind the point, half to even. `values` is not empty.
[[nodiscard]] std::optional<Decimal> mean(std::span<const Decimal> values, unsigned decimals);
/// Between the neighbouring break points; none also below the first.
[[nodiscard]] std::optional<Decimal> interpolated(Decimal value, const Table& table);

}  // namespace mj::bundle
