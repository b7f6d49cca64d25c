#include "mj/kernel/decimal.hpp"

#include <array>
#include <charconv>

namespace mj {
namespace {

constexpr int kMaxDigits = 18;

constexpr std::array<std::int64_t, 19> kPowersOfTen = [] {
  std::array<std::int64_t, 19> powers{};
  std::int64_t power = 1;
  for (auto& slot : powers) {
    slot = power;
    if (power <= 100'000'000'000'000'000) power *= 10;
  }
  return powers;
}();

constexpr std::array<double, 19> kDoublePowers = [] {
  std::array<double, 19> powers{};
  double power = 1;
  for (auto& slot : powers) {
    slot = power;
    power *= 10;
  }
  return powers;
}();

}  // namespace

std::optional<Decimal> parse_decimal(std::string_view text) {
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
  bool negative = false;
  if (!text.empty() && (text.front() == '-' || text.front() == '+')) {
    negative = text.front() == '-';
    text.remove_prefix(1);
  }
  std::int64_t mantissa = 0;
  int digits = 0;
  int significant = 0;
  int decimals = 0;
  bool point = false;
  for (const char c : text) {
    if (c == '.') {
      if (point) return std::nullopt;
      point = true;
      continue;
    }
    if (c < '0' || c > '9') return std::nullopt;
    ++digits;
    if (mantissa != 0 || c != '0') ++significant;
    if (significant > kMaxDigits || (point && decimals == kMaxDigits)) return std::nullopt;
    mantissa = mantissa * 10 + (c - '0');
    if (point) ++decimals;
  }
  if (digits == 0) return std::nullopt;
  return Decimal{negative ? -mantissa : mantissa, static_cast<std::uint8_t>(decimals)};
}

std::string to_text(Decimal value) {
  const bool negative = value.mantissa < 0;
  std::string digits = std::to_string(negative ? -value.mantissa : value.mantissa);
  if (value.decimals > 0) {
    if (digits.size() <= value.decimals) digits.insert(0, value.decimals + 1U - digits.size(), '0');
    digits.insert(digits.size() - value.decimals, 1, '.');
  }
  return negative ? "-" + digits : digits;
}

double to_double(Decimal value) {
  // Both numbers are exact doubles up to 2^53, so the division rounds once; beyond, it would round twice.
  constexpr std::int64_t kExactDoubles = 1LL << 53;
  if (value.mantissa >= -kExactDoubles && value.mantissa <= kExactDoubles) {
    return static_cast<double>(value.mantissa) / kDoublePowers.at(value.decimals);
  }
  const std::string text = to_text(value);
  double nearest = 0;
  std::from_chars(text.data(), text.data() + text.size(), nearest);
  return nearest;
}

Decimal round_gb8170(Decimal value, std::uint8_t decimals) {
  if (decimals >= value.decimals) {
    // More digits than the value has: nothing to round, and zeros must not be invented.
    return value;
  }
  const std::int64_t divisor = kPowersOfTen.at(static_cast<std::size_t>(value.decimals - decimals));
  std::int64_t quotient = value.mantissa / divisor;
  const std::int64_t rest = value.mantissa % divisor;
  const std::int64_t twice = (rest < 0 ? -rest : rest);
  const bool above = twice > divisor - twice;
  const bool half = twice == divisor - twice;
  if (above || (half && quotient % 2 != 0)) quotient += value.mantissa < 0 ? -1 : 1;
  return Decimal{quotient, decimals};
}

int compare(Decimal a, Decimal b) {
  __extension__ using Wide = __int128;
  const std::uint8_t decimals = a.decimals > b.decimals ? a.decimals : b.decimals;
  const Wide left =
      static_cast<Wide>(a.mantissa) * kPowersOfTen.at(static_cast<std::size_t>(decimals - a.decimals));
  const Wide right =
      static_cast<Wide>(b.mantissa) * kPowersOfTen.at(static_cast<std::size_t>(decimals - b.decimals));
  return left < right ? -1 : left > right ? 1 : 0;
}

}  // namespace mj
