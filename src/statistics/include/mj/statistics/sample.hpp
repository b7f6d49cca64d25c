#pragma once

#include <cstdint>
#include <limits>
#include <optional>
#include <vector>

#include "mj/kernel/decimal.hpp"

namespace mj::statistics {

/// What a sample has to remember for the statistics asked of it.
struct SampleNeeds {
  bool values = false;    ///< every value: percentiles
  bool spread = false;    ///< standard deviation
  bool logs = false;      ///< geometric mean
  bool energies = false;  ///< energetic mean of levels
};

/// Values that are summarised 样本. Sums, extremes and percentiles are exact; a result is rounded once, by GB/T 8170, to as many digits
/// as its caller wants. A standard deviation is rounded from the exact variance where its squares fit into 128 bits; means of logarithms and
/// energies are computed in binary (64 bits of fraction) and then rounded.
class Sample {
 public:
  explicit Sample(SampleNeeds needs = {}) : needs_(needs) {}

  /// False, and nothing is added, when the value has more digits than fit beside the others (18 in all).
  bool add(Decimal value);

  [[nodiscard]] std::uint64_t count() const { return count_; }
  /// Most digits after the point among the values.
  [[nodiscard]] std::uint8_t decimals() const { return decimals_; }

  // None of an empty sample, and where the result does not fit.
  [[nodiscard]] std::optional<Decimal> min() const;
  [[nodiscard]] std::optional<Decimal> max() const;
  [[nodiscard]] std::optional<Decimal> sum() const;
  [[nodiscard]] std::optional<Decimal> mean(std::uint8_t decimals) const;
  /// k = 1 + (n − 1)·p, x[s] + (x[s+1] − x[s])·(k − s). Sorts the values. Source: HJ 663-2013 annex A.
  [[nodiscard]] std::optional<Decimal> percentile(Decimal percent, std::uint8_t decimals);
  /// Of a sample (n − 1); none of fewer than two values.
  [[nodiscard]] std::optional<Decimal> standard_deviation(std::uint8_t decimals) const;
  /// None when a value is not above 0.
  [[nodiscard]] std::optional<Decimal> geometric_mean(std::uint8_t decimals) const;
  /// 10·lg(mean of 10^(L/10)): the equivalent level of levels of equal duration. Source: GB 3096-2008 §3.3.
  [[nodiscard]] std::optional<Decimal> energy_mean(std::uint8_t decimals) const;

 private:
  bool rescale(std::uint8_t decimals);
  void add_square(std::int64_t mantissa);

  __extension__ using Wide = __int128;
  SampleNeeds needs_;
  std::uint64_t count_ = 0;
  std::uint8_t decimals_ = 0;  ///< of all mantissas below
  Wide sum_ = 0;
  std::int64_t min_ = std::numeric_limits<std::int64_t>::max();
  std::int64_t max_ = std::numeric_limits<std::int64_t>::min();
  Wide exact_squares_ = 0;  ///< of the mantissas, while they fit
  bool squares_fit_ = true;
  double running_mean_ = 0;  ///< Welford's recurrence, for when they do not
  double squares_ = 0;
  long double logs_ = 0;
  long double energies_ = 0;
  bool positive_ = true;
  bool sorted_ = false;
  std::vector<std::int64_t> values_;
};

/// A binary number as a decimal with so many digits. None when it is no finite number or too great.
[[nodiscard]] std::optional<Decimal> decimal_of(long double value, std::uint8_t decimals);

/// part / whole in percent. None of nothing.
[[nodiscard]] std::optional<Decimal> percentage(std::uint64_t part, std::uint64_t whole, std::uint8_t decimals);

}  // namespace mj::statistics
