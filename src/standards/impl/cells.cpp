#include "cells.hpp"

#include <charconv>

namespace mj::standards {

std::optional<Instant> day_begin(std::string_view day) {
  if (day.size() != 10) return std::nullopt;
  return parse_iso(day);
}

std::optional<Instant> day_end(std::string_view day) {
  const auto begin = day_begin(day);
  if (!begin) return std::nullopt;
  constexpr std::int64_t kDayMs = 24LL * 60 * 60 * 1000;  // Beijing time has no daylight saving
  return begin->plus_ms(kDayMs);
}

std::string day_text(Instant at) {
  const BeijingTime time = to_beijing(at);
  return fmt::format("{:04}-{:02}-{:02}", time.year, time.month, time.day);
}

std::string last_day_text(Instant end) { return day_text(end.plus_ms(-1)); }

void Cells::fail(std::string_view column, std::string_view what) {
  if (error_) return;
  error_.emplace(ErrorCode::invalid_input,
                 fmt::format("{}:{}: column {}: {}", table_.origin_of(row_), row_.line, column, what));
}

std::string Cells::text(std::string_view column) {
  const auto found = std::find(table_.header.begin(), table_.header.end(), column);
  if (found == table_.header.end()) {
    fail(column, "there is no such column");
    return {};
  }
  return row_.cells[static_cast<std::size_t>(found - table_.header.begin())];
}

std::string Cells::required(std::string_view column) {
  std::string cell = text(column);
  if (cell.empty()) fail(column, "the cell is empty");
  return cell;
}

std::optional<int> Cells::optional_integer(std::string_view column, int lowest, int highest) {
  const std::string cell = text(column);
  if (cell.empty()) return std::nullopt;
  int value = 0;
  const auto [end, failure] = std::from_chars(cell.data(), cell.data() + cell.size(), value);
  if (failure != std::errc{} || end != cell.data() + cell.size() || value < lowest || value > highest) {
    fail(column, fmt::format("\"{}\" is not a whole number from {} to {}", cell, lowest, highest));
  }
  return value;
}

int Cells::integer(std::string_view column, int lowest, int highest) {
  const auto value = optional_integer(column, lowest, highest);
  if (!value) fail(column, "the cell is empty");
  return value.value_or(0);
}

Decimal Cells::decimal(std::string_view column) {
  const std::string cell = required(column);
  const auto value = parse_decimal(cell);
  if (!value) fail(column, fmt::format("\"{}\" is not a decimal number", cell));
  return value.value_or(Decimal{});
}

Text Cells::name(std::string_view stem) {
  Text name{required(std::string(stem) + "_zh"), text(std::string(stem) + "_en")};
  if (name.en.empty()) name.en = name.zh;
  return name;
}

Validity Cells::validity() {
  Validity validity = edition_;
  if (const std::string from = text("valid_from"); !from.empty()) {
    const auto begin = day_begin(from);
    if (!begin) fail("valid_from", fmt::format("\"{}\" is not a day such as 2026-03-01", from));
    validity.from = begin.value_or(Instant{});
  }
  if (const std::string to = text("valid_to"); !to.empty()) {
    validity.to = day_end(to);
    if (!validity.to) fail("valid_to", fmt::format("\"{}\" is not a day such as 2026-02-28", to));
  }
  if (validity.to && *validity.to <= validity.from) fail("valid_to", "ends before it begins");
  return validity;
}

Verification Cells::verification() { return word("verification", parse_verification); }

}  // namespace mj::standards
