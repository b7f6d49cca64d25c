#include "mj/statistics/bucket.hpp"

#include <array>
#include <charconv>
#include <limits>

namespace mj::statistics {
namespace {

constexpr std::array<std::string_view, 7> kBucketNames{"hour", "day", "month", "season", "quarter", "year", "all"};
constexpr std::array<std::string_view, 4> kSeasons{"spring", "summer", "autumn", "winter"};
constexpr std::int64_t kHourMs = 3'600'000;
constexpr std::int64_t kDayMs = 24 * kHourMs;

Instant month_begin(int year, int month) {
  BeijingTime time;
  time.year = year + (month - 1) / 12;
  time.month = (month - 1) % 12 + 1;
  return from_beijing(time).value_or(Instant::from_ms(std::numeric_limits<std::int64_t>::max()));
}

/// Months `first` … `first + length − 1` of a year; `first` may be beyond December.
Span months(int year, int first, int length) {
  return {month_begin(year, first), month_begin(year, first + length)};
}

std::optional<int> digits(std::string_view text) {
  int value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size() || text.empty() || text[0] == '-')
    return std::nullopt;
  return value;
}

}  // namespace

std::string_view name(Bucket bucket) { return kBucketNames.at(static_cast<std::size_t>(bucket)); }

std::optional<Bucket> parse_bucket(std::string_view word) {
  for (std::size_t i = 0; i < kBucketNames.size(); ++i) {
    if (kBucketNames.at(i) == word) return static_cast<Bucket>(i);
  }
  return std::nullopt;
}

registry::LocalName title(Bucket bucket) {
  switch (bucket) {
    case Bucket::hour: return {"小时", "hour"};
    case Bucket::day: return {"日", "day"};
    case Bucket::month: return {"月", "month"};
    case Bucket::season: return {"季节", "season"};
    case Bucket::quarter: return {"季度", "quarter"};
    case Bucket::year: return {"年", "year"};
    case Bucket::all: return {"全部时段", "all time"};
  }
  return {};
}

Span bucket_of(Bucket bucket, Instant at) {
  const BeijingTime time = to_beijing(at);
  switch (bucket) {
    case Bucket::hour:
    case Bucket::day: {
      BeijingTime start{time.year, time.month, time.day, bucket == Bucket::hour ? time.hour : 0, 0, 0, 0};
      const Instant begin = from_beijing(start).value_or(at);
      return {begin, begin.plus_ms(bucket == Bucket::hour ? kHourMs : kDayMs)};
    }
    case Bucket::month: return months(time.year, time.month, 1);
    case Bucket::quarter: return months(time.year, (time.month - 1) / 3 * 3 + 1, 3);
    case Bucket::season: {
      // January and February belong to the winter that began in December.
      const int year = time.month < 3 ? time.year - 1 : time.year;
      const int month = time.month < 3 ? time.month + 12 : time.month;
      return months(year, month / 3 * 3, 3);
    }
    case Bucket::year: return months(time.year, 1, 12);
    case Bucket::all: break;
  }
  return {Instant::from_ms(std::numeric_limits<std::int64_t>::min()),
          Instant::from_ms(std::numeric_limits<std::int64_t>::max())};
}

std::string label(Bucket bucket, Instant begin) {
  const BeijingTime time = to_beijing(begin);
  switch (bucket) {
    case Bucket::hour:
      return fmt::format("{:04}-{:02}-{:02} {:02}:00", time.year, time.month, time.day, time.hour);
    case Bucket::day: return fmt::format("{:04}-{:02}-{:02}", time.year, time.month, time.day);
    case Bucket::month: return fmt::format("{:04}-{:02}", time.year, time.month);
    case Bucket::season:
      return fmt::format("{:04} {}", time.year, kSeasons.at(static_cast<std::size_t>(season_of(bucket, begin))));
    case Bucket::quarter: return fmt::format("{:04}-Q{}", time.year, season_of(bucket, begin) + 1);
    case Bucket::year: return fmt::format("{:04}", time.year);
    case Bucket::all: return "all";
  }
  return {};
}

int season_of(Bucket bucket, Instant begin) {
  const BeijingTime time = to_beijing(begin);
  switch (bucket) {
    case Bucket::hour: return time.hour;
    case Bucket::month: return time.month - 1;
    case Bucket::season: return time.month / 3 % 4 == 0 ? 3 : time.month / 3 - 1;
    case Bucket::quarter: return (time.month - 1) / 3;
    case Bucket::day:
    case Bucket::year:
    case Bucket::all: break;
  }
  return 0;
}

std::size_t count_buckets(Bucket bucket, Instant from, Instant to, std::size_t most) {
  if (bucket == Bucket::all) return 1;
  std::size_t count = 0;
  for (Instant at = from; at < to && count <= most; at = bucket_of(bucket, at).end) ++count;
  return count;
}

std::optional<NamedPeriod> parse_named_period(std::string_view text) {
  const auto year = digits(text.substr(0, 4));
  if (text.size() < 4 || !year || *year < 1900 || *year > 2199) return std::nullopt;
  if (text.size() == 4) return NamedPeriod{Bucket::year, months(*year, 1, 12)};
  if (text.size() != 7 || text[4] != '-') return std::nullopt;
  if (text[5] == 'Q') {
    const auto quarter = digits(text.substr(6));
    if (!quarter || *quarter < 1 || *quarter > 4) return std::nullopt;
    return NamedPeriod{Bucket::quarter, months(*year, *quarter * 3 - 2, 3)};
  }
  const auto month = digits(text.substr(5));
  if (!month || *month < 1 || *month > 12) return std::nullopt;
  return NamedPeriod{Bucket::month, months(*year, *month, 1)};
}

}  // namespace mj::statistics
