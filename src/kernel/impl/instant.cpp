#include "mj/kernel/instant.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>

namespace mj {
namespace {

constexpr std::int64_t kBeijingOffsetMs = 8LL * 3600 * 1000;
constexpr std::int64_t kDayMs = 24LL * 3600 * 1000;

constexpr std::int64_t local_day_ms(std::chrono::year_month_day date) {
  return std::chrono::sys_days{date}.time_since_epoch().count() * kDayMs;
}
/// The first and the last millisecond that four digits of a year can write, in Beijing time.
constexpr std::int64_t kFirstMs =
    local_day_ms({std::chrono::year{1}, std::chrono::January, std::chrono::day{1}}) - kBeijingOffsetMs;
constexpr std::int64_t kLastMs =
    local_day_ms({std::chrono::year{9999}, std::chrono::December, std::chrono::day{31}}) + kDayMs - 1 -
    kBeijingOffsetMs;

/// Reads exactly `count` digits at `position`; nullopt when there is anything else.
std::optional<int> digits_at(std::string_view text, std::size_t position, std::size_t count) {
  if (position + count > text.size()) return std::nullopt;
  int value = 0;
  for (std::size_t i = position; i < position + count; ++i) {
    if (text[i] < '0' || text[i] > '9') return std::nullopt;
    value = value * 10 + (text[i] - '0');
  }
  return value;
}

}  // namespace

BeijingTime to_beijing(Instant instant) {
  using namespace std::chrono;
  const std::int64_t in_calendar = std::clamp(instant.ms(), kFirstMs, kLastMs);
  const sys_time<milliseconds> local{milliseconds{in_calendar + kBeijingOffsetMs}};
  const auto day = floor<days>(local);
  const year_month_day date{day};
  const hh_mm_ss clock{local - day};
  BeijingTime time;
  time.year = static_cast<int>(date.year());
  time.month = static_cast<int>(static_cast<unsigned>(date.month()));
  time.day = static_cast<int>(static_cast<unsigned>(date.day()));
  time.hour = static_cast<int>(clock.hours().count());
  time.minute = static_cast<int>(clock.minutes().count());
  time.second = static_cast<int>(clock.seconds().count());
  time.millisecond = static_cast<int>(clock.subseconds().count());
  return time;
}

std::optional<Instant> from_beijing(const BeijingTime& t) {
  using namespace std::chrono;
  // First the plain bounds: chrono's fields are a byte wide, so that month 257 would pass for January.
  if (t.year < 1 || t.year > 9999 || t.month < 1 || t.month > 12 || t.day < 1 || t.day > 31 || t.hour < 0 ||
      t.hour > 23 || t.minute < 0 || t.minute > 59 || t.second < 0 || t.second > 59 || t.millisecond < 0 ||
      t.millisecond > 999) {
    return std::nullopt;
  }
  const year_month_day date{year{t.year}, month{static_cast<unsigned>(t.month)},
                            day{static_cast<unsigned>(t.day)}};
  if (!date.ok()) return std::nullopt;
  const std::int64_t days_since_epoch = sys_days{date}.time_since_epoch().count();
  const std::int64_t of_day =
      ((static_cast<std::int64_t>(t.hour) * 60 + t.minute) * 60 + t.second) * 1000 + t.millisecond;
  return Instant::from_ms(days_since_epoch * kDayMs + of_day - kBeijingOffsetMs);
}

std::optional<Instant> parse_compact(std::string_view digits) {
  if (digits.size() < 14 || digits.size() > 17) return std::nullopt;
  const auto year = digits_at(digits, 0, 4);
  const auto month = digits_at(digits, 4, 2);
  const auto day = digits_at(digits, 6, 2);
  const auto hour = digits_at(digits, 8, 2);
  const auto minute = digits_at(digits, 10, 2);
  const auto second = digits_at(digits, 12, 2);
  if (!year || !month || !day || !hour || !minute || !second) return std::nullopt;
  int fraction_ms = 0;
  if (const std::size_t count = digits.size() - 14; count > 0) {
    const auto fraction = digits_at(digits, 14, count);
    if (!fraction) return std::nullopt;
    fraction_ms = *fraction * (count == 1 ? 100 : count == 2 ? 10 : 1);
  }
  BeijingTime time;
  time.year = *year;
  time.month = *month;
  time.day = *day;
  time.hour = *hour;
  time.minute = *minute;
  time.second = *second;
  time.millisecond = fraction_ms;
  return from_beijing(time);
}

std::string to_compact(Instant instant) {
  const BeijingTime t = to_beijing(instant);
  return fmt::format("{:04}{:02}{:02}{:02}{:02}{:02}", t.year, t.month, t.day, t.hour, t.minute, t.second);
}

std::string to_compact_ms(Instant instant) {
  return fmt::format("{}{:03}", to_compact(instant), to_beijing(instant).millisecond);
}

std::string to_iso(Instant instant) {
  const BeijingTime t = to_beijing(instant);
  std::string text =
      fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}", t.year, t.month, t.day, t.hour, t.minute, t.second);
  if (t.millisecond != 0) text += fmt::format(".{:03}", t.millisecond);
  return text + "+08:00";
}

std::optional<Instant> parse_iso(std::string_view text) {
  BeijingTime time;
  const auto year = digits_at(text, 0, 4);
  const auto month = digits_at(text, 5, 2);
  const auto day = digits_at(text, 8, 2);
  if (!year || !month || !day || text[4] != '-' || text[7] != '-') return std::nullopt;
  time.year = *year;
  time.month = *month;
  time.day = *day;
  std::size_t position = 10;
  std::int64_t zone_ms = kBeijingOffsetMs;
  if (position < text.size()) {
    if (text[position] != 'T' && text[position] != ' ') return std::nullopt;
    const auto hour = digits_at(text, 11, 2);
    const auto minute = digits_at(text, 14, 2);
    if (!hour || !minute || text[13] != ':') return std::nullopt;
    time.hour = *hour;
    time.minute = *minute;
    position = 16;
    if (position < text.size() && text[position] == ':') {
      const auto second = digits_at(text, 17, 2);
      if (!second) return std::nullopt;
      time.second = *second;
      position = 19;
      if (position < text.size() && text[position] == '.') {
        int scale = 100;
        ++position;
        const std::size_t first = position;
        while (position < text.size() && text[position] >= '0' && text[position] <= '9') {
          time.millisecond += scale * (text[position] - '0');
          scale /= 10;
          ++position;
        }
        if (position == first) return std::nullopt;
      }
    }
    const std::string_view zone = text.substr(position);
    if (zone == "Z") {
      zone_ms = 0;
    } else if (zone.size() == 6 && (zone[0] == '+' || zone[0] == '-') && zone[3] == ':') {
      const auto hours = digits_at(zone, 1, 2);
      const auto minutes = digits_at(zone, 4, 2);
      if (!hours || !minutes || *hours > 14 || *minutes > 59) return std::nullopt;
      zone_ms = (*hours * 60LL + *minutes) * 60 * 1000 * (zone[0] == '-' ? -1 : 1);
    } else if (!zone.empty()) {
      return std::nullopt;
    }
  }
  const auto as_beijing = from_beijing(time);
  if (!as_beijing) return std::nullopt;
  return as_beijing->plus_ms(kBeijingOffsetMs - zone_ms);
}

}  // namespace mj
