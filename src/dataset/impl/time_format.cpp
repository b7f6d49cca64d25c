#include "time_format.hpp"

#include <chrono>

namespace mj::dataset {
namespace {

constexpr std::int64_t kSecondMs = 1000;
constexpr int kFirstYear = 1900;
constexpr int kLastYear = 2199;

}  // namespace

Result<TimeFormat> TimeFormat::parse(std::string_view form) {
  TimeFormat format;
  bool year = false;
  for (std::size_t i = 0; i < form.size(); ++i) {
    Step step;
    if (form[i] != '%') {
      step.literal = form[i];
    } else {
      step.field = ++i < form.size() ? form[i] : '\0';
      if (step.field == '\0' || std::string_view("YmdHMS").find(step.field) == std::string_view::npos)
        return Error(ErrorCode::invalid_input, fmt::format("time format \"{}\": only %Y %m %d %H %M %S", form));
      if (step.field == 'Y') {
        step.least = step.most = 4;
        year = true;
      }
      // Without a character between them only a fixed width tells where one field ends.
      if (!format.steps_.empty() && format.steps_.back().field != 0) {
        step.least = step.most;
        format.steps_.back().least = format.steps_.back().most;
      }
    }
    format.steps_.push_back(step);
  }
  if (!year) return Error(ErrorCode::invalid_input, fmt::format("time format \"{}\" has no year", form));
  return format;
}

std::optional<std::int64_t> TimeFormat::read(std::string_view text) const {
  int year = 0;
  int month = 1;
  int day = 1;
  int hour = 0;
  int minute = 0;
  int second = 0;
  std::size_t at = 0;
  for (const Step& step : steps_) {
    if (step.field == 0) {
      if (at >= text.size() || text[at] != step.literal) return std::nullopt;
      ++at;
      continue;
    }
    int number = 0;
    int digits = 0;
    while (digits < step.most && at < text.size() && text[at] >= '0' && text[at] <= '9') {
      number = number * 10 + (text[at] - '0');
      ++at;
      ++digits;
    }
    if (digits < step.least) return std::nullopt;
    switch (step.field) {
      case 'Y': year = number; break;
      case 'm': month = number; break;
      case 'd': day = number; break;
      case 'H': hour = number; break;
      case 'M': minute = number; break;
      default: second = number; break;
    }
  }
  if (at != text.size() || year < kFirstYear || year > kLastYear) return std::nullopt;
  if (minute > 59 || second > 59 || hour > 24 || (hour == 24 && (minute > 0 || second > 0))) return std::nullopt;
  const std::chrono::year_month_day date(std::chrono::year(year), std::chrono::month(static_cast<unsigned>(month)),
                                         std::chrono::day(static_cast<unsigned>(day)));
  if (!date.ok()) return std::nullopt;
  const std::int64_t days = std::chrono::sys_days(date).time_since_epoch().count();
  return (((days * 24 + hour) * 60 + minute) * 60 + second) * kSecondMs;
}

}  // namespace mj::dataset
