#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace mj {

/// A decimal number as an instrument wrote it: `mantissa` × 10^-`decimals`. Exact, so the digits that were
/// received can be shown again and rounding never meets a binary fraction.
struct Decimal {
  std::int64_t mantissa = 0;
  std::uint8_t decimals = 0;  ///< digits after the point, 0…18

  bool operator==(const Decimal&) const = default;
};

/// Reads `-12.30`, `+5`, `.5`, `7.`; surrounding blanks are allowed. Errors: none for anything else (exponents,
/// two points, more than 18 digits).
[[nodiscard]] std::optional<Decimal> parse_decimal(std::string_view text);

/// `12.30` for {1230, 2}.
[[nodiscard]] std::string to_text(Decimal value);

/// The nearest double; only for statistics and drawing.
[[nodiscard]] double to_double(Decimal value);

/// Rounds to `decimals` digits by 四舍六入五成双 (half to even on the exact decimal).
/// Source: GB/T 8170-2008 §3.2.
[[nodiscard]] Decimal round_gb8170(Decimal value, std::uint8_t decimals);

/// −1, 0, 1 for a < b, a = b, a > b; exact, whatever the number of decimals.
[[nodiscard]] int compare(Decimal a, Decimal b);

}  // namespace mj
