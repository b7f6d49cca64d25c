#include "mj/evaluation/period.hpp"

namespace mj::evaluation {
namespace {

constexpr std::int64_t kBeijingMs = 8 * 3'600'000LL;
constexpr std::int64_t kDayMs = 86'400'000;
constexpr std::int64_t kHourMs = 3'600'000;
constexpr std::array<std::string_view, 5> kPeriodWords{"hour", "day", "month", "quarter", "year"};

std::int64_t floor_to(std::int64_t value, std::int64_t step) {
  const std::int64_t rest = value % step;
  return value - (rest < 0 ? rest + step : rest);
}

Instant begin_of(int year, int month, int day = 1, int hour = 0) {
  return from_beijing(BeijingTime{year, month, day, hour}).value_or(Instant{});
}

/// `digits` characters of `text` from `at` as a number; none when one is no digit.
std::optional<int> number_at(std::string_view text, std::size_t at, std::size_t digits) {
  if (at + digits > text.size()) return std::nullopt;
  int value = 0;
  for (std::size_t i = at; i < at + digits; ++i) {
    if (text[i] < '0' || text[i] > '9') return std::nullopt;
    value = value * 10 + (text[i] - '0');
  }
  return value;
}

}  // namespace

std::string_view name(PeriodKind kind) { return kPeriodWords[static_cast<std::size_t>(kind)]; }

std::optional<PeriodKind> parse_period_kind(std::string_view word) {
  const auto found = std::find(kPeriodWords.begin(), kPeriodWords.end(), word);
  if (found == kPeriodWords.end()) return std::nullopt;
  return static_cast<PeriodKind>(found - kPeriodWords.begin());
}

Instant day_begin(Instant at) { return Instant::from_ms(floor_to(at.ms() + kBeijingMs, kDayMs) - kBeijingMs); }

std::int32_t day_number(Instant at) {
  return static_cast<std::int32_t>(floor_to(at.ms() + kBeijingMs, kDayMs) / kDayMs);
}

Instant day_of_number(std::int32_t number) { return Instant::from_ms(std::int64_t{number} * kDayMs - kBeijingMs); }

EvaluationPeriod EvaluationPeriod::of(PeriodKind kind, Instant at) {
  if (kind == PeriodKind::hour) return {kind, Instant::from_ms(floor_to(at.ms(), kHourMs))};
  if (kind == PeriodKind::day) return {kind, day_begin(at)};
  const BeijingTime time = to_beijing(at);
  if (kind == PeriodKind::month) return {kind, begin_of(time.year, time.month)};
  if (kind == PeriodKind::quarter) return {kind, begin_of(time.year, (time.month - 1) / 3 * 3 + 1)};
  return {kind, begin_of(time.year, 1)};
}

Instant EvaluationPeriod::end() const {
  if (kind == PeriodKind::hour) return begin.plus_ms(kHourMs);
  if (kind == PeriodKind::day) return begin.plus_ms(kDayMs);
  const BeijingTime time = to_beijing(begin);
  const int months = kind == PeriodKind::month ? 1 : kind == PeriodKind::quarter ? 3 : 12;
  const int month = time.month - 1 + months;
  return begin_of(time.year + month / 12, month % 12 + 1);
}

std::string EvaluationPeriod::label() const {
  const BeijingTime time = to_beijing(begin);
  switch (kind) {
    case PeriodKind::hour:
      return fmt::format("{:04}-{:02}-{:02}T{:02}", time.year, time.month, time.day, time.hour);
    case PeriodKind::day: return fmt::format("{:04}-{:02}-{:02}", time.year, time.month, time.day);
    case PeriodKind::month: return fmt::format("{:04}-{:02}", time.year, time.month);
    case PeriodKind::quarter: return fmt::format("{:04}-Q{}", time.year, (time.month - 1) / 3 + 1);
    case PeriodKind::year: return fmt::format("{:04}", time.year);
  }
  return {};
}

std::optional<EvaluationPeriod> EvaluationPeriod::parse(PeriodKind kind, std::string_view label) {
  const auto year = number_at(label, 0, 4);
  if (!year || *year < 1) return std::nullopt;
  BeijingTime time{*year, 1, 1};
  if (kind == PeriodKind::quarter) {
    const auto quarter = number_at(label, 6, 1);
    if (label.size() != 7 || label.substr(4, 2) != "-Q" || !quarter || *quarter < 1 || *quarter > 4)
      return std::nullopt;
    time.month = (*quarter - 1) * 3 + 1;
  } else if (kind != PeriodKind::year) {
    const auto month = number_at(label, 5, 2);
    const std::size_t length = kind == PeriodKind::month ? 7 : kind == PeriodKind::day ? 10 : 13;
    if (label.size() != length || label[4] != '-' || !month) return std::nullopt;
    time.month = *month;
    if (length > 7) {
      const auto day = number_at(label, 8, 2);
      if (label[7] != '-' || !day) return std::nullopt;
      time.day = *day;
    }
    if (length > 10) {
      const auto hour = number_at(label, 11, 2);
      if ((label[10] != 'T' && label[10] != ' ') || !hour) return std::nullopt;
      time.hour = *hour;
    }
  } else if (label.size() != 4) {
    return std::nullopt;
  }
  const auto begin = from_beijing(time);
  if (!begin) return std::nullopt;
  return EvaluationPeriod{kind, *begin};
}

std::optional<EvaluationPeriod> EvaluationPeriod::year_before() const {
  BeijingTime time = to_beijing(begin);
  --time.year;
  const auto at = from_beijing(time);
  if (!at) return std::nullopt;
  return EvaluationPeriod{kind, *at};
}

}  // namespace mj::evaluation
