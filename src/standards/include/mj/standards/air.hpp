#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "mj/kernel/decimal.hpp"
#include "mj/standards/source.hpp"

namespace mj::standards {

/// A point of the piecewise linear index 空气质量分指数断点.
struct Breakpoint {
  int iaqi = 0;
  Decimal concentration;
};

/// What happens above the last break point of a column.
enum class AboveTop {
  hold,   ///< the index stays at the last break point
  leave,  ///< the pollutant is not evaluated from this column
};

/// One pollutant of the real-time or the daily report 实时报、日报项目: which value it takes and the column that judges it.
struct AqiItem {
  std::string pollutant;      ///< name in the standard, e.g. "PM2.5"
  std::string factor;         ///< canonical factor code that carries it
  std::string period;         ///< averaging period of the value: "1h", "24h", "8h" (daily maximum), "1h_max"
  std::string column;         ///< averaging period of the column used (PM takes the 24 h columns)
  std::string unit;           ///< unit of the break points
  std::uint8_t decimals = 0;  ///< digits after the point to which the concentration is rounded first
  AboveTop above_top = AboveTop::hold;
  std::vector<Breakpoint> breakpoints;  ///< ascending, from 0
  std::string clause;
  Verification verification = Verification::unverified;
};

/// A category of the index 空气质量指数类别.
struct AqiCategory {
  int level = 0;    ///< 1…6
  Text name;        ///< 优 / excellent
  Text level_name;  ///< 一级 / level 1
  int lo = 0;
  int hi = 0;
  std::string rgb;  ///< "#00e400"
};

/// An edition of the technical regulation on the ambient air quality index 环境空气质量指数（AQI）技术规定.
struct AqiStandard {
  Edition edition;
  std::vector<AqiItem> hourly;          ///< the items of the real-time report that an hour of data can give
  std::vector<AqiItem> daily;           ///< the items of the daily report; empty when the tables have none
  std::vector<AqiCategory> categories;  ///< ascending
  int index_min = 0;
  int primary_above = 50;  ///< primary pollutants are named above this index
  /// With an item missing the index is given only above this; none = always given from the others.
  std::optional<int> publish_incomplete_above;
};

}  // namespace mj::standards
