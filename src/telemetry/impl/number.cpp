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

std::string_view without_blanks(std::string_view text) {
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
  return text;
}

/// The detection limit in a text that says that something was not detected; 0 when it names none. None for other texts.
std::optional<Decimal> detection_limit(std::string_view text) {
  text = without_blanks(text);
  if (text == "ND" || text == "未检出") return Decimal{};
  bool marked = false;
  for (const std::string_view mark : {"<", "＜", "ND"}) {
    if (marked || !text.starts_with(mark)) continue;
    text.remove_prefix(mark.size());
    marked = true;
  }
  if (!marked && (text.ends_with('L') || text.ends_with('l'))) {
    text.remove_suffix(1);
    marked = true;
  }
  if (!marked) return std::nullopt;
  const auto limit = parse_decimal(text);
  if (!limit || limit->mantissa < 0) return std::nullopt;
  return limit;
}

}  // namespace

StoredNumber read_number(std::string_view text) {
  StoredNumber stored;
  const auto decimal = parse_decimal(text);
  if (!decimal) {
    stored.keep_text = true;
    const auto limit = detection_limit(text);
    if (!limit) return stored;
    stored.below_detection = true;
    stored.number = to_double(*limit);
    stored.decimals = limit->decimals;
    return stored;
  }
  stored.number = to_double(*decimal);
  stored.decimals = decimal->decimals;
  stored.keep_text = !is_canonical(text, decimal->mantissa);
  return stored;
}

std::string number_text(double number, std::uint8_t decimals) { return fmt::format("{:.{}f}", number, decimals); }

}  // namespace mj::telemetry
