#include "cell_format.hpp"

#include <charconv>
#include <chrono>
#include <cmath>

#include <fmt/format.h>

namespace mj::workbook {

CellFormat format_of_code(std::string_view code) {
  CellFormat format;
  code = code.substr(0, code.find(';'));  // the section of positive numbers
  bool quoted = false;
  bool bracket = false;
  bool minutes = false;  // m: months, or minutes beside hours and seconds
  for (std::size_t i = 0; i < code.size(); ++i) {
    const char c = code[i];
    if (c == '"') quoted = !quoted;
    if (quoted || c == '"') continue;
    if (c == '\\' || c == '_' || c == '*') {
      ++i;
      continue;
    }
    if (c == '[') bracket = true;
    if (c == ']') bracket = false;
    const char lower = static_cast<char>(c | 0x20);
    if (bracket && !((lower == 'h' || lower == 's' || lower == 'm') && i > 0 && code[i - 1] == '[')) continue;
    if (code.substr(i).starts_with("General")) {
      i += 6;
      continue;
    }
    if (lower == 'y' || lower == 'd') format.date = true;
    if (lower == 'h' || lower == 's') format.time = true;
    if (lower == 'm') minutes = true;
  }
  if (minutes && !format.time) format.date = true;
  if (!format.date && !format.time) {
    const std::size_t point = code.find('.');
    if (point != std::string_view::npos &&
        code.substr(0, point).find_first_not_of("#,0") == std::string_view::npos &&
        code.substr(point + 1).find_first_not_of('0') == std::string_view::npos && code.size() - point <= 16)
      format.decimals = static_cast<int>(code.size() - point - 1);
  }
  return format;
}

CellFormat format_of_number(unsigned id) {
  if (id == 2 || id == 4) return {.decimals = 2};
  // 27…36 and 50…58: dates of the East Asian editions, of which 32…35 and 55, 56 show a time.
  if ((id >= 14 && id <= 17) || (id >= 27 && id <= 31) || id == 36 || (id >= 50 && id <= 54) || id == 57 ||
      id == 58)
    return {.date = true};
  if (id == 22) return {.date = true, .time = true};
  if ((id >= 18 && id <= 21) || (id >= 32 && id <= 35) || (id >= 45 && id <= 47) || id == 55 || id == 56)
    return {.time = true};
  return {};
}

std::optional<std::string> date_text(double serial, CellFormat format, bool from_1904) {
  namespace chrono = std::chrono;
  constexpr double kLastDay = 2'958'466;  // the day after 9999-12-31
  if (!(serial >= 0 && serial < kLastDay)) return std::nullopt;
  const auto seconds = static_cast<std::int64_t>(std::llround(serial * 86'400.0));
  const std::int64_t day = seconds / 86'400;
  const std::int64_t rest = seconds % 86'400;
  std::string clock = fmt::format("{:02}:{:02}:{:02}", rest / 3600, rest / 60 % 60, rest % 60);
  if (!format.date && day == 0) return clock;
  chrono::sys_days start = chrono::sys_days(chrono::year(1904) / 1 / 1);
  if (!from_1904) {
    if (day == 60) return std::nullopt;  // the 29th of February 1900, which never was
    start = chrono::sys_days(chrono::year(1899) / 12 / (day < 60 ? 31 : 30));
  }
  const chrono::year_month_day date(start + chrono::days(day));
  if (static_cast<int>(date.year()) > 9999) return std::nullopt;
  const std::string text = fmt::format("{:04}-{:02}-{:02}", static_cast<int>(date.year()),
                                       static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()));
  return rest == 0 && !format.time ? text : text + "T" + clock;
}

std::optional<std::string> number_text(std::string_view stored, CellFormat format) {
  double value = 0;
  const auto [end, failure] = std::from_chars(stored.data(), stored.data() + stored.size(), value);
  if (failure != std::errc() || end != stored.data() + stored.size() || !std::isfinite(value)) return std::nullopt;
  char buffer[512];
  const auto written = std::to_chars(buffer, buffer + sizeof buffer, value, std::chars_format::fixed);
  if (written.ec != std::errc()) return std::nullopt;
  std::string text(buffer, written.ptr);
  if (text == "-0") text = "0";
  if (format.decimals > 0) {
    const std::size_t point = text.find('.');
    const std::size_t has = point == std::string::npos ? 0 : text.size() - point - 1;
    if (point == std::string::npos) text += '.';
    if (const auto wanted = static_cast<std::size_t>(format.decimals); has < wanted)
      text.append(wanted - has, '0');
  }
  return text;
}

}  // namespace mj::workbook
