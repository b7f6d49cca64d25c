#include <charconv>

#include "mj/hj212/protocol.hpp"
#include "mj/kernel/instant.hpp"
#include "scan.hpp"

namespace mj::hj212 {
namespace {

std::size_t digits_at(std::string_view text) {
  std::size_t count = 0;
  while (count < text.size() && is_digit(text[count])) ++count;
  return count;
}

/// A decimal number that fits completely; a leading plus is allowed. Errors: none.
std::optional<double> read_number(std::string_view text) {
  if (text.starts_with('+')) text.remove_prefix(1);
  double value = 0;
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (failure != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

bool is_number(std::string_view value, const ValueType& type) {
  if (value.starts_with('-') || value.starts_with('+')) value.remove_prefix(1);
  const std::size_t whole = digits_at(value);
  if (whole == 0 || (type.length > 0 && whole > static_cast<std::size_t>(type.length))) return false;
  value.remove_prefix(whole);
  if (value.empty()) return true;
  const std::size_t decimals = value.front() == '.' ? digits_at(value.substr(1)) : 0;
  if (decimals == 0 || decimals + 1 != value.size()) return false;
  return type.length == 0 || decimals <= static_cast<std::size_t>(type.decimals);
}

bool is_time(std::string_view value, int length) {
  return value.size() == static_cast<std::size_t>(length) && digits_at(value) == value.size() &&
         parse_compact(value).has_value();
}

/// `*` at the end of a pattern stands for the rest.
bool matches(std::string_view pattern, std::string_view name) {
  return pattern.ends_with('*') ? name.starts_with(pattern.substr(0, pattern.size() - 1)) : pattern == name;
}

/// 14 digits YYYYMMDDhhmmss, 17 with milliseconds.
constexpr int kSeconds = 14;
constexpr int kMilliseconds = 17;

}  // namespace

std::optional<ValueType> ValueType::parse(std::string_view text) {
  if (text == "any") return ValueType{};
  if (text == "N") return ValueType{Form::number, 0, 0};
  if (text.size() < 2 || (text.front() != 'C' && text.front() != 'N')) return std::nullopt;
  ValueType type{text.front() == 'C' ? Form::characters : Form::number, 0, 0};
  const char* end = text.data() + text.size();
  auto [rest, failure] = std::from_chars(text.data() + 1, end, type.length);
  if (failure != std::errc{} || type.length < 1) return std::nullopt;
  if (rest != end) {
    if (*rest != '.' || type.form == Form::characters) return std::nullopt;
    const auto [last, wrong] = std::from_chars(rest + 1, end, type.decimals);
    if (wrong != std::errc{} || last != end || type.decimals < 1) return std::nullopt;
    return type;
  }
  if (type.form == Form::number && (type.length == kSeconds || type.length == kMilliseconds))
    type.form = Form::time;
  return type;
}

std::string ValueType::text() const {
  if (form == Form::any) return "any";
  std::string text(1, form == Form::characters ? 'C' : 'N');
  if (length > 0) text += std::to_string(length);
  if (decimals > 0) text += fmt::format(".{}", decimals);
  return text;
}

bool ValueType::accepts(std::string_view value) const {
  switch (form) {
    case Form::any: return true;
    case Form::characters: return value.size() <= static_cast<std::size_t>(length);
    case Form::number: return is_number(value, *this);
    case Form::time: return is_time(value, length);
  }
  return false;
}

bool FieldRule::is_about(std::string_view factor, std::string_view field_key) const {
  const std::string_view rule = key;
  const std::size_t dash = rule.find('-');
  if (dash == std::string_view::npos) return factor.empty() && rule == field_key;
  return !factor.empty() && matches(rule.substr(0, dash), factor) && matches(rule.substr(dash + 1), field_key);
}

bool FieldRule::accepts(std::string_view value) const {
  if (value.empty() || !type.accepts(value)) return false;
  if (!one_of.empty() && std::find(one_of.begin(), one_of.end(), value) == one_of.end()) return false;
  if (!min && !max) return true;
  const auto number = read_number(value);
  return number && (!min || *number >= *min) && (!max || *number <= *max);
}

std::string FieldRule::expectation() const {
  std::string text = type.text();
  if (!one_of.empty()) text += fmt::format(", one of {}", fmt::join(one_of, " "));
  if (min && max) {
    text += fmt::format(", {} to {}", *min, *max);
  } else if (min) {
    text += fmt::format(", at least {}", *min);
  } else if (max) {
    text += fmt::format(", at most {}", *max);
  }
  if (!unit.empty()) text += " " + unit;
  return text;
}

const FieldRule* Command::rule(std::string_view factor, std::string_view key) const {
  for (const FieldRule& field : fields) {
    if (field.is_about(factor, key)) return &field;
  }
  return nullptr;
}

}  // namespace mj::hj212
