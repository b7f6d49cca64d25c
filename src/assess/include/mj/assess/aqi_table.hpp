#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "mj/kernel/decimal.hpp"
#include "mj/standards/air.hpp"

namespace mj::assess {

/// Most items a report has: the seven of the daily report of 2012, and one to spare.
inline constexpr std::size_t kMostAqiItems = 8;

/// Which report 空气质量指数日报、实时报.
enum class AqiReport { hourly, daily };

/// Outcome of one row of concentrations; no text, so that millions of them cost nothing.
struct AqiVerdict {
  static constexpr std::int16_t kNone = -1;
  std::int16_t aqi = kNone;                           ///< kNone when the standard gives none
  std::uint8_t level = 0;                             ///< 1…6; 0 when there is no index
  std::uint8_t primary = 0;                           ///< bit i: item i is a primary pollutant
  std::array<std::int16_t, kMostAqiItems> iaqi = {};  ///< by item; kNone when there is none
};

/// An edition of HJ 633 prepared for many rows: the index of every rounded concentration is looked up in a table that
/// iaqi() filled, so both always agree. Immutable; shared freely between threads.
class AqiTable {
 public:
  AqiTable(const standards::AqiStandard& standard, AqiReport report);

  /// Values by item in the unit of its break points; bit i of `present` says that value i is there. Bit i of `exempt`
  /// says that the item is not in the programme of the site, so that the row is complete without it (HJ 633-2026 §5.3).
  [[nodiscard]] AqiVerdict evaluate(std::span<const Decimal> values, unsigned present, unsigned exempt = 0) const;

  [[nodiscard]] const standards::AqiStandard& standard() const { return *standard_; }
  /// In the order of the values.
  [[nodiscard]] std::span<const standards::AqiItem> items() const { return *items_; }
  /// Null for level 0.
  [[nodiscard]] const standards::AqiCategory* category(int level) const;

 private:
  struct Column {
    std::uint8_t decimals = 0;
    std::int16_t above = AqiVerdict::kNone;  ///< index beyond the last break point
    std::vector<std::int16_t> index;         ///< by concentration in units of 10^-decimals
  };
  const standards::AqiStandard* standard_;
  const std::vector<standards::AqiItem>* items_;
  std::vector<Column> columns_;
  std::array<std::uint8_t, 501> level_{};
  int publish_incomplete_above_ = -1;  ///< −1: always published
};

}  // namespace mj::assess
