#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "mj/kernel/instant.hpp"

namespace mj::registry {

/// A day of the Beijing calendar 日期: what the register knows holds from a day on.
class Day {
 public:
  constexpr Day() = default;
  /// Days since 1970-01-01.
  static constexpr Day from_number(std::int32_t number) { return Day(number); }
  /// The Beijing day in which a moment lies.
  [[nodiscard]] static Day of(Instant instant);
  [[nodiscard]] constexpr std::int32_t number() const { return number_; }
  [[nodiscard]] constexpr Day plus(std::int32_t days) const { return Day(number_ + days); }
  /// Its first moment, 00:00 Beijing time.
  [[nodiscard]] Instant begin() const;
  constexpr auto operator<=>(const Day&) const = default;

 private:
  explicit constexpr Day(std::int32_t number) : number_(number) {}
  std::int32_t number_ = 0;
};

/// Reads `2026-03-01`, also `2026/3/1`, `20260301` and `2026年3月1日` as department files write it, within 1900…2199.
/// Errors: none for anything else.
[[nodiscard]] std::optional<Day> parse_day(std::string_view text);
/// `2026-03-01`.
[[nodiscard]] std::string to_text(Day day);

}  // namespace mj::registry
