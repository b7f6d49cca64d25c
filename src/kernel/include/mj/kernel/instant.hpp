#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace mj {

/// A moment: milliseconds since 1970-01-01T00:00:00Z. Zones exist only at the edges.
class Instant {
 public:
  constexpr Instant() = default;
  static constexpr Instant from_ms(std::int64_t ms_since_epoch) { return Instant(ms_since_epoch); }
  [[nodiscard]] constexpr std::int64_t ms() const { return ms_; }
  constexpr auto operator<=>(const Instant&) const = default;

  [[nodiscard]] constexpr Instant plus_ms(std::int64_t ms) const { return Instant(ms_ + ms); }
  /// Milliseconds from `earlier` to this moment.
  [[nodiscard]] constexpr std::int64_t ms_since(Instant earlier) const { return ms_ - earlier.ms_; }

 private:
  explicit constexpr Instant(std::int64_t ms) : ms_(ms) {}
  std::int64_t ms_ = 0;
};

/// Beijing civil time 北京时间 (UTC+8 without daylight saving), the clock of HJ 212 and of every screen.
struct BeijingTime {
  int year = 1970;
  int month = 1;  ///< 1…12
  int day = 1;    ///< 1…31
  int hour = 0;
  int minute = 0;
  int second = 0;
  int millisecond = 0;

  bool operator==(const BeijingTime&) const = default;
};

/// A moment outside the years 1…9999 (a damaged record can hold one) is shown as the nearest end of them.
[[nodiscard]] BeijingTime to_beijing(Instant instant);

/// Errors: none when a field is out of range (month 13, 30 February, hour 24 …).
[[nodiscard]] std::optional<Instant> from_beijing(const BeijingTime& time);

/// Digits `YYYYMMDDhhmmss`, optionally followed by 1…3 digits of a fraction of a second, as HJ 212 writes
/// DataTime (N14) and QN (17 digits). Errors: none when it is anything else.
[[nodiscard]] std::optional<Instant> parse_compact(std::string_view digits);

/// `YYYYMMDDhhmmss` in Beijing time (HJ 212 DataTime).
[[nodiscard]] std::string to_compact(Instant instant);
/// `YYYYMMDDhhmmsszzz` in Beijing time (HJ 212 QN).
[[nodiscard]] std::string to_compact_ms(Instant instant);

/// `2026-03-01T14:00:00+08:00`, with milliseconds when they are not zero.
[[nodiscard]] std::string to_iso(Instant instant);

/// Reads `2026-03-01`, `2026-03-01 14:00[:05[.123]]` or with `T`; without a zone it is Beijing time, with `Z` or
/// `+hh:mm` that zone. Errors: none when it is anything else.
[[nodiscard]] std::optional<Instant> parse_iso(std::string_view text);

}  // namespace mj
