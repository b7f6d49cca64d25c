#include "mj/statistics/sample.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include "mj/assess/exact.hpp"

namespace mj::statistics {
namespace {

__extension__ using Wide = __int128;
constexpr std::uint8_t kMostDigits = 18;

constexpr std::array<std::int64_t, kMostDigits + 1> kPowers = [] {
  std::array<std::int64_t, kMostDigits + 1> powers{};
  std::int64_t power = 1;
  for (std::size_t i = 0; i < powers.size(); ++i, power *= i <= kMostDigits ? 10 : 1) powers.at(i) = power;
  return powers;
}();

/// numerator / denominator · 10^-from, rounded half to even to `decimals` digits. Source: GB/T 8170-2008 §3.2.
std::optional<Decimal> rounded(Wide numerator, Wide denominator, std::uint8_t from, std::uint8_t decimals) {
  if (denominator <= 0 || from > kMostDigits || decimals > kMostDigits) return std::nullopt;
  const bool negative = numerator < 0;
  Wide magnitude = negative ? -numerator : numerator;
  const Wide scale = decimals >= from ? kPowers.at(decimals - from) : 1;
  if (__builtin_mul_overflow(magnitude, scale, &magnitude)) return std::nullopt;
  if (decimals < from && __builtin_mul_overflow(denominator, Wide{kPowers.at(from - decimals)}, &denominator))
    return std::nullopt;
  Wide quotient = magnitude / denominator;
  const Wide rest = magnitude % denominator;
  const Wide other = denominator - rest;
  if (rest > other || (rest == other && quotient % 2 != 0)) ++quotient;
  if (quotient > std::numeric_limits<std::int64_t>::max()) return std::nullopt;
  const auto mantissa = static_cast<std::int64_t>(quotient);
  return Decimal{negative ? -mantissa : mantissa, decimals};
}

long double real(Decimal value) {
  return static_cast<long double>(value.mantissa) / static_cast<long double>(kPowers.at(value.decimals));
}

/// The root of an exact number, half to even, from a guess that is about right; the guess where the digits do not fit.
Decimal root(const assess::Exact& of, Decimal guess) {
  // Whether the number is not below the square of the number in the middle between two results.
  const auto beyond = [&](std::int64_t below) -> std::optional<int> {
    const assess::Exact middle(
        Decimal{below * 10 + 5, static_cast<std::uint8_t>(std::min<int>(guess.decimals + 1, kMostDigits))});
    return assess::Exact::compare(of, middle * middle);
  };
  for (int steps = 0; steps < 4; ++steps) {
    const auto above = beyond(guess.mantissa);
    const auto under = guess.mantissa == 0 ? std::optional(1) : beyond(guess.mantissa - 1);
    if (!above || !under) return guess;
    const bool odd = guess.mantissa % 2 != 0;
    if (*above > 0 || (*above == 0 && odd)) {
      ++guess.mantissa;
    } else if (*under < 0 || (*under == 0 && odd)) {
      --guess.mantissa;
    } else {
      return guess;
    }
  }
  return guess;
}

}  // namespace

void Sample::add_square(std::int64_t mantissa) {
  const Wide square = Wide{mantissa} * mantissa;
  squares_fit_ = squares_fit_ && !__builtin_add_overflow(exact_squares_, square, &exact_squares_);
}

bool Sample::rescale(std::uint8_t decimals) {
  const std::int64_t factor = kPowers.at(decimals - decimals_);
  const auto fits = [factor](std::int64_t value) {
    std::int64_t ignored = 0;
    return !__builtin_mul_overflow(value, factor, &ignored);
  };
  if (count_ > 0) {
    Wide sum = 0;
    if (!fits(min_) || !fits(max_) || __builtin_mul_overflow(sum_, Wide{factor}, &sum)) return false;
    min_ *= factor;
    max_ *= factor;
    sum_ = sum;
    squares_fit_ = squares_fit_ && !__builtin_mul_overflow(exact_squares_, Wide{factor}, &exact_squares_) &&
                   !__builtin_mul_overflow(exact_squares_, Wide{factor}, &exact_squares_);
    for (std::int64_t& value : values_) value *= factor;
  }
  decimals_ = decimals;
  return true;
}

bool Sample::add(Decimal value) {
  if (value.decimals > kMostDigits) return false;
  std::int64_t mantissa = value.mantissa;
  if (value.decimals > decimals_) {
    if (!rescale(value.decimals)) return false;
  } else if (__builtin_mul_overflow(mantissa, kPowers.at(decimals_ - value.decimals), &mantissa)) {
    return false;
  }
  ++count_;
  sum_ += mantissa;  // 2^64 values of 2^63 fit into 127 bits
  min_ = std::min(min_, mantissa);
  max_ = std::max(max_, mantissa);
  if (needs_.values) {
    values_.push_back(mantissa);
    sorted_ = false;
  }
  if (needs_.spread || needs_.logs || needs_.energies) {
    const double number = to_double(value);
    if (needs_.spread) add_square(mantissa);
    const double step = number - running_mean_;
    running_mean_ += step / static_cast<double>(count_);
    squares_ += step * (number - running_mean_);
    positive_ = positive_ && number > 0;
    if (needs_.logs && positive_) logs_ += std::log(real(value));
    if (needs_.energies) energies_ += std::pow(10.0L, real(value) / 10);
  }
  return true;
}

std::optional<Decimal> Sample::min() const {
  return count_ == 0 ? std::nullopt : std::optional(Decimal{min_, decimals_});
}

std::optional<Decimal> Sample::max() const {
  return count_ == 0 ? std::nullopt : std::optional(Decimal{max_, decimals_});
}

std::optional<Decimal> Sample::sum() const {
  return count_ == 0 ? std::nullopt : rounded(sum_, 1, decimals_, decimals_);
}

std::optional<Decimal> Sample::mean(std::uint8_t decimals) const {
  return count_ == 0 ? std::nullopt : rounded(sum_, static_cast<Wide>(count_), decimals_, decimals);
}

std::optional<Decimal> Sample::percentile(Decimal percent, std::uint8_t decimals) {
  if (values_.empty() || percent.mantissa < 0 || percent.decimals > 4) return std::nullopt;
  if (!sorted_) std::sort(values_.begin(), values_.end());
  sorted_ = true;
  const Wide hundred = Wide{100} * kPowers.at(percent.decimals);
  const Wide place = static_cast<Wide>(values_.size() - 1) * percent.mantissa;  // (k − 1) in parts of a hundred
  const auto below = static_cast<std::size_t>(place / hundred);
  if (below + 1 >= values_.size()) return rounded(values_.back(), 1, decimals_, decimals);
  const Wide part = place % hundred;
  return rounded(values_[below] * (hundred - part) + values_[below + 1] * part, hundred, decimals_, decimals);
}

std::optional<Decimal> Sample::standard_deviation(std::uint8_t decimals) const {
  if (count_ < 2 || !needs_.spread) return std::nullopt;
  const auto binary = decimal_of(std::sqrt(squares_ / static_cast<double>(count_ - 1)), decimals);
  // n·Σx² − (Σx)² over n·(n − 1) is the variance in units of the last digit squared.
  const auto n = static_cast<Wide>(count_);
  Wide squares = 0;
  Wide square_of_sum = 0;
  if (!binary || !squares_fit_ || __builtin_mul_overflow(exact_squares_, n, &squares) ||
      __builtin_mul_overflow(sum_, sum_, &square_of_sum))
    return binary;
  const assess::Exact unit(Decimal{1, decimals_});
  return root(assess::Exact::of(squares - square_of_sum, n * (n - 1)) * unit * unit, *binary);
}

std::optional<Decimal> Sample::geometric_mean(std::uint8_t decimals) const {
  if (count_ == 0 || !needs_.logs || !positive_) return std::nullopt;
  return decimal_of(std::exp(logs_ / static_cast<long double>(count_)), decimals);
}

std::optional<Decimal> Sample::energy_mean(std::uint8_t decimals) const {
  if (count_ == 0 || !needs_.energies) return std::nullopt;
  return decimal_of(10 * std::log10(energies_ / static_cast<long double>(count_)), decimals);
}

std::optional<Decimal> decimal_of(long double value, std::uint8_t decimals) {
  if (!std::isfinite(value) || decimals > kMostDigits) return std::nullopt;
  return parse_decimal(fmt::format("{:.{}f}", value, decimals));
}

std::optional<Decimal> percentage(std::uint64_t part, std::uint64_t whole, std::uint8_t decimals) {
  if (whole == 0) return std::nullopt;
  return rounded(Wide{100} * static_cast<Wide>(part), static_cast<Wide>(whole), 0, decimals);
}

}  // namespace mj::statistics
