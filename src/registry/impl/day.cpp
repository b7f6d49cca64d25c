#include "mj/registry/day.hpp"

#include <charconv>

#include <fmt/format.h>

namespace mj::registry {
namespace {

constexpr std::int64_t kDayMs = 86'400'000;
constexpr std::int64_t kBeijingMs = 8 * 3'600'000;
constexpr int kFirstYear = 1900;
constexpr int kLastYear = 2199;

/// Takes digits off the front; none when there are fewer than `least` or more than `most`.
std::optional<int> take_digits(std::string_view& text, std::size_t least, std::size_t most) {
  std::size_t count = 0;
  while (count < text.size() && count < most && text[count] >= '0' && text[count] <= '9') ++count;
  int value = 0;
  if (count < least || std::from_chars(text.data(), text.data() + count, value).ec != std::errc()) {
    return std::nullopt;
  }
  text.remove_prefix(count);
  return value;
}

bool take(std::string_view& text, std::string_view what) {
  if (!text.starts_with(what)) return false;
  text.remove_prefix(what.size());
  return true;
}

}  // namespace

Day Day::of(Instant instant) {
  const std::int64_t local = instant.ms() + kBeijingMs;
  const std::int64_t number = local >= 0 ? local / kDayMs : -((-local + kDayMs - 1) / kDayMs);
  return Day(static_cast<std::int32_t>(number));
}

Instant Day::begin() const { return Instant::from_ms(number_ * kDayMs - kBeijingMs); }

std::optional<Day> parse_day(std::string_view text) {
  const auto year = take_digits(text, 4, 4);
  if (!year) return std::nullopt;
  std::optional<int> month;
  std::optional<int> day;
  if (take(text, "年")) {
    month = take_digits(text, 1, 2);
    if (!month || !take(text, "月")) return std::nullopt;
    day = take_digits(text, 1, 2);
    if (!take(text, "日")) return std::nullopt;
  } else if (!text.empty() && (text.front() == '-' || text.front() == '/' || text.front() == '.')) {
    const std::string_view separator = text.substr(0, 1);
    text.remove_prefix(1);
    month = take_digits(text, 1, 2);
    if (!take(text, separator)) return std::nullopt;
    day = take_digits(text, 1, 2);
  } else {
    month = take_digits(text, 2, 2);
    day = take_digits(text, 2, 2);
  }
  // A workbook writes a day as a moment at midnight.
  if (!take(text, " 00:00:00")) take(text, "T00:00:00");
  if (!month || !day || !text.empty() || *year < kFirstYear || *year > kLastYear) return std::nullopt;
  const auto instant = from_beijing({.year = *year, .month = *month, .day = *day});
  if (!instant) return std::nullopt;
  return Day::of(*instant);
}

std::string to_text(Day day) {
  const BeijingTime time = to_beijing(day.begin());
  return fmt::format("{:04}-{:02}-{:02}", time.year, time.month, time.day);
}

}  // namespace mj::registry
