#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "mj/kernel/instant.hpp"

namespace mj::evaluation {

/// What a result stands for 评价时段, in Beijing time.
enum class PeriodKind : std::uint8_t { hour = 0, day = 1, month = 2, quarter = 3, year = 4 };
/// "hour" … "year".
[[nodiscard]] std::string_view name(PeriodKind kind);
/// Errors: none for another word.
[[nodiscard]] std::optional<PeriodKind> parse_period_kind(std::string_view word);

/// One hour, day, month, quarter or year.
struct EvaluationPeriod {
  PeriodKind kind = PeriodKind::day;
  Instant begin;  ///< inclusive

  /// The one in which a moment lies.
  [[nodiscard]] static EvaluationPeriod of(PeriodKind kind, Instant at);
  /// `2026`, `2026-Q1`, `2026-03`, `2026-03-01`, `2026-03-01T14`. Errors: none for anything else.
  [[nodiscard]] static std::optional<EvaluationPeriod> parse(PeriodKind kind, std::string_view label);
  [[nodiscard]] std::string label() const;

  [[nodiscard]] Instant end() const;  ///< exclusive
  [[nodiscard]] EvaluationPeriod next() const { return of(kind, end()); }
  /// The same one a year earlier (29 February has none).
  [[nodiscard]] std::optional<EvaluationPeriod> year_before() const;
  auto operator<=>(const EvaluationPeriod&) const = default;
};

/// Midnight that begins the Beijing day of a moment; and its number since 1970-01-01.
[[nodiscard]] Instant day_begin(Instant at);
[[nodiscard]] std::int32_t day_number(Instant at);
[[nodiscard]] Instant day_of_number(std::int32_t number);

}  // namespace mj::evaluation
