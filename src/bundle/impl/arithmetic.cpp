#include "arithmetic.hpp"

#include <boost/multiprecision/cpp_int.hpp>

namespace mj::bundle {
namespace {

/// Wide enough for every product below of numbers with 18 digits and 18 decimals: 2^512 > 10^154.
using Wide = boost::multiprecision::int512_t;

constexpr std::int64_t kMostMantissa = 999'999'999'999'999'999;

/// exponent ≤ 18.
Wide power_of_ten(unsigned exponent) {
  std::int64_t power = 1;
  for (unsigned i = 0; i < exponent; ++i) power *= 10;
  return power;
}

/// value × 10^18, whole.
Wide whole(Decimal value) { return Wide(value.mantissa) * power_of_ten(kMaxDecimals - value.decimals); }

std::optional<Decimal> fitted(const Wide& mantissa, unsigned decimals) {
  if (decimals > kMaxDecimals || mantissa > kMostMantissa || mantissa < -kMostMantissa) return std::nullopt;
  return Decimal{mantissa.convert_to<std::int64_t>(), static_cast<std::uint8_t>(decimals)};
}

/// numerator / denominator with `decimals` digits behind the point; denominator > 0.
std::optional<Decimal> divided(const Wide& numerator, const Wide& denominator, unsigned decimals,
                               Table::Rounding rounding) {
  const Wide shifted = numerator * power_of_ten(decimals);
  Wide quotient = shifted / denominator;
  Wide rest = shifted % denominator;
  if (rest < 0) {  // towards −∞, so that one rule holds on both sides of zero
    quotient -= 1;
    rest += denominator;
  }
  const Wide other = denominator - rest;
  const bool up =
      rounding == Table::Rounding::up ? rest != 0 : rest > other || (rest == other && quotient % 2 != 0);
  if (up) quotient += 1;
  return fitted(quotient, decimals);
}

}  // namespace

std::optional<Decimal> scaled(Decimal value, Decimal by) {
  Wide product = Wide(value.mantissa) * by.mantissa;
  unsigned decimals = value.decimals + 0U + by.decimals;
  while (decimals > 0 && product % 10 == 0) {
    product /= 10;
    --decimals;
  }
  return fitted(product, decimals);
}

std::optional<Decimal> mean(std::span<const Decimal> values, unsigned decimals) {
  Wide sum = 0;
  for (const Decimal value : values) sum += whole(value);
  return divided(sum, power_of_ten(kMaxDecimals) * values.size(), decimals, Table::Rounding::half_even);
}

std::optional<Decimal> interpolated(Decimal value, const Table& table) {
  const auto above = std::find_if(table.rows.begin(), table.rows.end(),
                                  [&](const TableRow& row) { return compare(*row.low, value) > 0; });
  if (above == table.rows.begin()) return std::nullopt;
  if (above == table.rows.end()) return table.rows.back().index;
  const TableRow& low = *std::prev(above);
  const Wide width = whole(*above->low) - whole(*low.low);
  const Wide numerator =
      whole(low.index) * width + (whole(above->index) - whole(low.index)) * (whole(value) - whole(*low.low));
  return divided(numerator, width * power_of_ten(kMaxDecimals), table.decimals, table.rounding);
}

}  // namespace mj::bundle
