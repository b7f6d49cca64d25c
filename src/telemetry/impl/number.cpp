#include "number.hpp"

#include "mj/kernel/decimal.hpp"

namespace mj::telemetry {
namespace {

/// Digits a double carries through text and back.
constexpr int kExactDigits = 15;

/// Whether `number_text(value, decimals)` prints exactly these characters: -?(0|[1-9]d*)(.d+)?, at most 15 digits, no −0.
bool is_canonical(std::string_view text, std::int64_t mantissa) {
  if (!text.empty() && text.front() == '-') {
    if (mantissa == 0) return false;
    text.remove_prefix(1);
  }
  if (text.empty() || text.front() < '0' || text.front() > '9' || text.back() == '.' || text.back() == ' ')
    return false;
  if (text.size() > 1 && text[0] == '0' && text[1] != '.') return false;
  return text.size() <= kExactDigits + (text.find('.') == std::string_view::npos ? 0U : 1U);
}

}  // namespace

StoredNumber read_number(std::string_view text) {
  StoredNumber stored;
  const auto decimal = parse_decimal(text);
  if (!decimal) {
    stored.keep_text = true;
    return stored;
  }
  stored.number = to_double(*decimal);
  stored.decimals = decimal->decimals;
  stored.keep_text = !is_canonical(text, decimal->mantissa);
  return stored;
}

std::string number_text(double number, std::uint8_t decimals) { return fmt::format("{:.{}f}", number, decimals); }

}  // namespace mj::telemetry
