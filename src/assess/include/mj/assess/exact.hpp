#pragma once

#include <cstdint>
#include <optional>
#include <span>

#include "mj/kernel/decimal.hpp"

namespace mj::assess {

/// A fraction that is kept exactly until it is rounded once 精确分数, so that 100.000…1 never becomes 101. What does not
/// fit into 128 bits is lost for good: round() then gives none and never a wrong figure.
class Exact {
 public:
  __extension__ using Wide = __int128;

  Exact() = default;
  Exact(Decimal value);  // NOLINT(google-explicit-constructor)
  /// Errors: lost when `denominator` is 0.
  static Exact of(Wide numerator, Wide denominator);

  [[nodiscard]] bool lost() const { return denominator_ == 0; }
  friend Exact operator+(const Exact& a, const Exact& b);
  friend Exact operator-(const Exact& a, const Exact& b);
  friend Exact operator*(const Exact& a, const Exact& b);
  /// Lost when `b` is 0.
  friend Exact operator/(const Exact& a, const Exact& b);
  /// −1, 0, 1; none when one is lost or the difference does not fit.
  [[nodiscard]] static std::optional<int> compare(const Exact& a, const Exact& b);

  /// Half to even with exactly so many digits after the point. Source: GB/T 8170-2008 §3.2. Errors: none when lost or too great.
  [[nodiscard]] std::optional<Decimal> round(std::uint8_t decimals) const;
  /// For logarithms and drawing only.
  [[nodiscard]] double approximately() const;

 private:
  Wide numerator_ = 0;
  Wide denominator_ = 1;  ///< > 0; 0 = lost
};

/// A growing sum of decimals with up to 12 digits after the point, for means 求和.
class ExactSum {
 public:
  /// False, and nothing is added, when the value has more digits than fit.
  bool add(Decimal value);
  [[nodiscard]] std::int64_t count() const { return count_; }
  /// The arithmetic mean; lost without values.
  [[nodiscard]] Exact mean() const { return Exact::of(sum_, static_cast<Exact::Wide>(count_) * kUnit); }
  [[nodiscard]] Exact sum() const { return Exact::of(sum_, kUnit); }

 private:
  static constexpr std::int64_t kUnit = 1'000'000'000'000;
  Exact::Wide sum_ = 0;
  std::int64_t count_ = 0;
};

/// The arithmetic mean; lost without values.
[[nodiscard]] Exact mean_of(std::span<const Decimal> values);

/// The percentile of ascending values by linear interpolation: k = 1 + (n − 1)·p, x[s] + (x[s+1] − x[s])·(k − s).
/// Lost without values. Source: HJ 663-2013 annex A.
[[nodiscard]] Exact percentile_of(std::span<const Decimal> ascending, Decimal percent);

}  // namespace mj::assess
