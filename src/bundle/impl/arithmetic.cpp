#include "arithmetic.hpp"

#include <boost/multiprecision/cpp_int.hpp>

namespace mj::bundle {
namespace {

/// Wide enough for every product below of numbers with 18 digits and 18 decimals: 2^512 > 10^154.
using Wide = boost::multiprecision::int512_t;

constexpr std::int64_t kMostMantissa = 999'999'999'999'999'999;

/// For products of many numbers.
using Long = boost::multiprecision::cpp_int;

/// exponent ≤ 18.
Wide power_of_ten(unsigned exponent) {
  std::int64_t power = 1;
  for (unsigned i = 0; i < exponent; ++i) power *= 10;
  return power;
}

/// value × 10^18, whole.
Wide whole(Decimal value) { return Wide(value.mantissa) * power_of_ten(kMaxDecimals - value.decimals); }

template <typename Integer>
std::optional<Decimal> fitted(const Integer& mantissa, unsigned decimals) {
  if (decimals > kMaxDecimals || mantissa > kMostMantissa || mantissa < -kMostMantissa) return std::nullopt;
  return Decimal{mantissa.template convert_to<std::int64_t>(), static_cast<std::uint8_t>(decimals)};
}

/// numerator / denominator with `decimals` digits behind the point; denominator > 0.
template <typename Integer>
std::optional<Decimal> divided(const Integer& numerator, const Integer& denominator, unsigned decimals,
                               Table::Rounding rounding) {
  const Integer shifted = numerator * Integer(power_of_ten(decimals));
  Integer quotient = shifted / denominator;
  Integer rest = shifted % denominator;
  if (rest < 0) {  // towards −∞, so that one rule holds on both sides of zero
    quotient -= 1;
    rest += denominator;
  }
  const Integer other = denominator - rest;
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
  return divided<Wide>(sum, power_of_ten(kMaxDecimals) * values.size(), decimals, Table::Rounding::half_even);
}

std::optional<Decimal> sum(std::span<const Decimal> values, unsigned decimals) {
  Wide total = 0;
  for (const Decimal value : values) total += whole(value);
  return divided<Wide>(total, power_of_ten(kMaxDecimals), decimals, Table::Rounding::half_even);
}

std::optional<Decimal> difference(Decimal a, Decimal b, unsigned decimals) {
  return divided<Wide>(whole(a) - whole(b), power_of_ten(kMaxDecimals), decimals, Table::Rounding::half_even);
}

std::optional<Decimal> product(std::span<const Decimal> values, unsigned decimals) {
  Long numerator = 1;
  Long denominator = 1;
  for (const Decimal value : values) {
    numerator *= value.mantissa;
    denominator *= Long(power_of_ten(value.decimals));
  }
  return divided<Long>(numerator, denominator, decimals, Table::Rounding::half_even);
}

std::optional<Decimal> ratio(Decimal a, Decimal b, unsigned decimals) {
  if (b.mantissa == 0) return std::nullopt;
  const bool turned = b.mantissa < 0;
  return divided<Wide>(turned ? Wide(-whole(a)) : whole(a), turned ? Wide(-whole(b)) : whole(b), decimals,
                       Table::Rounding::half_even);
}

std::optional<Decimal> percentile(std::vector<Decimal> values, Decimal p, unsigned decimals) {
  const Wide rank = Wide(p.mantissa) * (values.size() - 1);
  const Wide unit = power_of_ten(p.decimals);
  const auto below = Wide(rank / unit).convert_to<std::size_t>();
  const auto less = [](Decimal a, Decimal b) { return compare(a, b) < 0; };
  const auto low = values.begin() + static_cast<std::ptrdiff_t>(below);
  std::nth_element(values.begin(), low, values.end(), less);
  Wide numerator = whole(*low) * unit;
  // p < 1, so that there is a next one wherever the rank has a fraction.
  if (const Wide part = rank % unit; part != 0)
    numerator += (whole(*std::min_element(low + 1, values.end(), less)) - whole(*low)) * part;
  return divided<Wide>(numerator, unit * power_of_ten(kMaxDecimals), decimals, Table::Rounding::half_even);
}

bool same_value(std::string_view a, std::string_view b) {
  if (a == b) return true;
  const auto left = parse_decimal(a);
  const auto right = parse_decimal(b);
  return left && right && compare(*left, *right) == 0;
}

std::optional<Decimal> detection_limit(std::string_view text) {
  while (text.starts_with(' ')) text.remove_prefix(1);
  while (text.ends_with(' ')) text.remove_suffix(1);
  if (text == "ND" || text == "未检出") return Decimal{};
  constexpr std::string_view kBefore[] = {"<", "＜", "ND"};
  const auto* const mark = std::find_if(std::begin(kBefore), std::end(kBefore),
                                        [&](std::string_view m) { return text.starts_with(m); });
  if (mark != std::end(kBefore)) {
    text.remove_prefix(mark->size());
  } else if (text.ends_with('L') || text.ends_with('l')) {
    text.remove_suffix(1);
  } else {
    return std::nullopt;
  }
  const auto limit = parse_decimal(text);
  return limit && limit->mantissa >= 0 ? limit : std::nullopt;
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
  return divided<Wide>(numerator, width * power_of_ten(kMaxDecimals), table.decimals, table.rounding);
}

}  // namespace mj::bundle
