#include "number_text.hpp"

#include <charconv>

#include "mj/kernel/decimal.hpp"

namespace mj::dataset {
namespace {

constexpr int kMaxExponent = 18;
constexpr std::size_t kMaxNumber = 40;

/// The digits of `number` × 10^`shift` in plain notation. Works on the text: any number of digits stays exact.
std::string shifted(std::string_view number, int shift) {
  std::string sign;
  if (!number.empty() && (number.front() == '-' || number.front() == '+')) {
    if (number.front() == '-') sign = "-";
    number.remove_prefix(1);
  }
  const std::size_t point = number.find('.');
  std::string digits(number.substr(0, point));
  std::string fraction(point == std::string_view::npos ? std::string_view() : number.substr(point + 1));
  for (; shift > 0; --shift) {
    digits += fraction.empty() ? '0' : fraction.front();
    if (!fraction.empty()) fraction.erase(0, 1);
  }
  for (; shift < 0; ++shift) {
    fraction.insert(fraction.begin(), digits.empty() ? '0' : digits.back());
    if (!digits.empty()) digits.pop_back();
  }
  const std::size_t first = digits.find_first_not_of('0');
  digits.erase(0, first == std::string::npos ? digits.size() : first);
  if (digits.empty()) digits = "0";
  return sign + digits + (fraction.empty() ? "" : "." + fraction);
}

/// Splits `1.2E+05` into the number and its exponent. False for no number.
bool split_exponent(std::string_view text, std::string_view& number, int& exponent) {
  const std::size_t e = text.find_first_of("eE");
  number = text.substr(0, e);
  exponent = 0;
  if (e == std::string_view::npos) return true;
  std::string_view power = text.substr(e + 1);
  if (!power.empty() && power.front() == '+') {
    power.remove_prefix(1);
    if (power.starts_with('-')) return false;
  }
  const auto [end, failed] = std::from_chars(power.data(), power.data() + power.size(), exponent);
  return failed == std::errc() && end == power.data() + power.size() && exponent >= -kMaxExponent &&
         exponent <= kMaxExponent;
}

/// Whether the text is a decimal number: sign, digits with at most one point.
bool is_number(std::string_view text) {
  if (!text.empty() && (text.front() == '-' || text.front() == '+')) text.remove_prefix(1);
  std::size_t digits = 0;
  std::size_t points = 0;
  for (const char c : text) {
    if (c >= '0' && c <= '9') {
      ++digits;
    } else if (c == '.') {
      ++points;
    } else {
      return false;
    }
  }
  return digits > 0 && points <= 1 && text.size() <= kMaxNumber;
}

bool read_number(std::string_view cell, int shift, std::string& buffer, std::string_view& text) {
  int exponent = 0;
  std::string_view number;
  if (!split_exponent(cell, number, exponent) || !is_number(number)) return false;
  text = cell;
  if (shift + exponent == 0 && number.size() == cell.size()) return true;
  buffer = shifted(number, shift + exponent);
  text = buffer;
  return true;
}

}  // namespace

std::string_view trimmed(std::string_view text) {
  const auto blank = [](char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; };
  while (!text.empty() && blank(text.front())) text.remove_prefix(1);
  while (!text.empty() && blank(text.back())) text.remove_suffix(1);
  return text;
}

CellKind read_cell(std::string_view cell, const Layout& layout, int shift, std::string& buffer,
                   std::string_view& text) {
  cell = trimmed(cell);
  if (cell.empty()) return CellKind::missing;
  for (const std::string& word : layout.missing) {
    if (cell == word) return CellKind::missing;
  }
  if (read_number(cell, shift, buffer, text)) return CellKind::value;
  for (const std::string& mark : layout.below) {
    std::string_view number = cell;
    if (cell == mark && mark.size() > 1 && mark != "＜") {  // "ND": not detected, and nobody says below what
      text = cell;
      return CellKind::value;
    }
    if (cell.starts_with(mark)) {
      number.remove_prefix(mark.size());
      if (!read_number(trimmed(number), shift, buffer, text)) continue;
      buffer = mark + std::string(text);
    } else if (cell.ends_with(mark)) {
      number.remove_suffix(mark.size());
      if (!read_number(trimmed(number), shift, buffer, text)) continue;
      buffer = std::string(text) + mark;
    } else {
      continue;
    }
    text = buffer;
    return CellKind::value;
  }
  return CellKind::unreadable;
}

}  // namespace mj::dataset
