#include "mj/assess/exact.hpp"

#include <cmath>
#include <limits>

namespace mj::assess {
namespace {

using Wide = Exact::Wide;

Wide power_of_ten(unsigned exponent) {
  Wide power = 1;
  for (unsigned i = 0; i < exponent; ++i) power *= 10;
  return power;
}

Wide magnitude(Wide value) { return value < 0 ? -value : value; }

Wide greatest_divisor(Wide a, Wide b) {
  a = magnitude(a);
  b = magnitude(b);
  while (b != 0) {
    // Most figures fit into 64 bits, where a division is many times cheaper.
    if (a <= std::numeric_limits<std::int64_t>::max() && b <= std::numeric_limits<std::int64_t>::max()) {
      auto x = static_cast<std::uint64_t>(a);
      auto y = static_cast<std::uint64_t>(b);
      while (y != 0) {
        const std::uint64_t rest = x % y;
        x = y;
        y = rest;
      }
      return static_cast<Wide>(x);
    }
    const Wide rest = a % b;
    a = b;
    b = rest;
  }
  return a;
}

bool times(Wide a, Wide b, Wide& result) { return !__builtin_mul_overflow(a, b, &result); }

}  // namespace

Exact::Exact(Decimal value) { *this = of(value.mantissa, power_of_ten(value.decimals)); }

Exact Exact::of(Wide numerator, Wide denominator) {
  Exact result;
  result.denominator_ = 0;
  if (denominator == 0) return result;
  const Wide divisor = greatest_divisor(numerator, denominator) * (denominator < 0 ? -1 : 1);
  result.numerator_ = numerator / divisor;
  result.denominator_ = denominator / divisor;
  return result;
}

Exact operator+(const Exact& a, const Exact& b) {
  Exact lost;
  lost.denominator_ = 0;
  if (a.lost() || b.lost()) return lost;
  // The least common denominator keeps long sums small.
  const Wide divisor = greatest_divisor(a.denominator_, b.denominator_);
  Wide left = 0;
  Wide right = 0;
  Wide sum = 0;
  Wide denominator = 0;
  if (!times(a.numerator_, b.denominator_ / divisor, left) ||
      !times(b.numerator_, a.denominator_ / divisor, right) || __builtin_add_overflow(left, right, &sum) ||
      !times(a.denominator_, b.denominator_ / divisor, denominator))
    return lost;
  return Exact::of(sum, denominator);
}

Exact operator-(const Exact& a, const Exact& b) {
  Exact negative = b;
  negative.numerator_ = -negative.numerator_;
  return a + negative;
}

Exact operator*(const Exact& a, const Exact& b) {
  Exact result;
  result.denominator_ = 0;
  if (a.lost() || b.lost()) return result;
  const Exact left = Exact::of(a.numerator_, b.denominator_);
  const Exact right = Exact::of(b.numerator_, a.denominator_);
  Wide numerator = 0;
  Wide denominator = 0;
  if (!times(left.numerator_, right.numerator_, numerator) ||
      !times(left.denominator_, right.denominator_, denominator))
    return result;
  return Exact::of(numerator, denominator);
}

Exact operator/(const Exact& a, const Exact& b) {
  if (b.lost()) return b;
  return a * Exact::of(b.denominator_, b.numerator_);
}

std::optional<int> Exact::compare(const Exact& a, const Exact& b) {
  const Exact difference = a - b;
  if (difference.lost()) return std::nullopt;
  return difference.numerator_ < 0 ? -1 : difference.numerator_ > 0 ? 1 : 0;
}

std::optional<Decimal> Exact::round(std::uint8_t decimals) const {
  Wide scaled = 0;
  if (lost() || decimals > 18 || !times(magnitude(numerator_), power_of_ten(decimals), scaled))
    return std::nullopt;
  Wide quotient = scaled / denominator_;
  const Wide rest = scaled % denominator_;
  const Wide other = denominator_ - rest;
  if (rest > other || (rest == other && quotient % 2 != 0)) ++quotient;
  if (quotient > std::numeric_limits<std::int64_t>::max()) return std::nullopt;
  const auto mantissa = static_cast<std::int64_t>(quotient);
  return Decimal{numerator_ < 0 ? -mantissa : mantissa, decimals};
}

double Exact::approximately() const {
  return lost() ? std::nan("") : static_cast<double>(numerator_) / static_cast<double>(denominator_);
}

bool ExactSum::add(Decimal value) {
  constexpr unsigned kDecimals = 12;
  Wide scaled = 0;
  if (value.decimals > kDecimals || !times(value.mantissa, power_of_ten(kDecimals - value.decimals), scaled) ||
      __builtin_add_overflow(sum_, scaled, &sum_))
    return false;
  ++count_;
  return true;
}

Exact mean_of(std::span<const Decimal> values) {
  Exact sum;
  for (const Decimal& value : values) sum = sum + value;
  return sum / Exact::of(static_cast<Wide>(values.size()), 1);
}

Exact percentile_of(std::span<const Decimal> ascending, Decimal percent) {
  if (ascending.empty()) return Exact::of(0, 0);
  const Wide hundred = 100 * power_of_ten(percent.decimals);
  const Wide place = static_cast<Wide>(ascending.size() - 1) * percent.mantissa;  // (k − 1) in units of 1/hundred
  const auto below = static_cast<std::size_t>(place / hundred);
  const Exact low = ascending[below];
  if (below + 1 >= ascending.size()) return low;
  return low + (Exact(ascending[below + 1]) - low) * Exact::of(place % hundred, hundred);
}

}  // namespace mj::assess
