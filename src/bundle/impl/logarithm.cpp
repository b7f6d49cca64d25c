#include <map>

#include <boost/multiprecision/cpp_dec_float.hpp>
#include <boost/multiprecision/cpp_int.hpp>

#include "arithmetic.hpp"

namespace mj::bundle {
namespace {

/// 100 digits: far below the error of 10^-40 that the format allows.
using Real = boost::multiprecision::cpp_dec_float_100;
using Whole = boost::multiprecision::cpp_int;

/// Decimals at which a computed result counts as exact.
constexpr unsigned kExactDecimals = 30;
constexpr std::int64_t kMostLevel = 1000;

Real real(Decimal value) {
  // By its text: a power of ten would be a second rounding.
  return Real(fmt::format("{}e-{}", value.mantissa, value.decimals));
}

/// numerator / divisor, half to even.
Whole rounded(const Whole& numerator, const Whole& divisor) {
  Whole quotient = numerator / divisor;
  Whole rest = numerator % divisor;
  if (rest < 0) {
    quotient -= 1;
    rest += divisor;
  }
  const Whole twice = rest * 2;
  if (twice > divisor || (twice == divisor && quotient % 2 != 0)) quotient += 1;
  return quotient;
}

/// value × 10^kDigits, whole. Through the text: the library's own conversion has undefined behaviour at 0.
constexpr unsigned kDigits = 40;
Whole whole_of(const Real& value) {
  std::string text = value.str(kDigits, std::ios_base::fixed);
  const bool negative = text.starts_with('-');
  std::erase_if(text, [](char c) { return c == '-' || c == '.'; });
  text.erase(0, text.find_first_not_of('0'));  // a leading zero would make it octal
  const Whole digits(text.empty() ? "0" : text);
  return negative ? Whole(-digits) : digits;
}

/// Rounded to kExactDecimals and then to `decimals`.
std::optional<Decimal> twice_rounded(const Real& value, unsigned decimals) {
  const auto power = [](unsigned exponent) { return Whole(boost::multiprecision::pow(Whole(10), exponent)); };
  const Whole exact = rounded(whole_of(value), power(kDigits - kExactDecimals));
  const Whole result = rounded(exact, power(kExactDecimals - decimals));
  constexpr std::int64_t kMost = 999'999'999'999'999'999;
  if (result > kMost || result < -kMost) return std::nullopt;
  return Decimal{result.convert_to<std::int64_t>(), static_cast<std::uint8_t>(decimals)};
}

}  // namespace

std::optional<Decimal> mean_level(std::span<const Decimal> levels, unsigned decimals) {
  std::map<std::pair<std::int64_t, std::uint8_t>, Real> energies;  // levels repeat
  Real sum = 0;
  for (const Decimal level : levels) {
    const Decimal most{kMostLevel, 0};
    if (compare(level, most) > 0 || compare(level, Decimal{-kMostLevel, 0}) < 0) return std::nullopt;
    const auto [place, added] = energies.try_emplace({level.mantissa, level.decimals});
    if (added) place->second = pow(Real(10), real(level) / 10);
    sum += place->second;
  }
  return twice_rounded(log10(sum / levels.size()) * 10, decimals);
}

std::optional<Decimal> natural_logarithm(Decimal value, unsigned decimals) {
  if (value.mantissa <= 0) return std::nullopt;
  return twice_rounded(log(real(value)), decimals);
}

std::optional<Decimal> decimal_logarithm(Decimal value, unsigned decimals) {
  if (value.mantissa <= 0) return std::nullopt;
  return twice_rounded(log10(real(value)), decimals);
}

}  // namespace mj::bundle
