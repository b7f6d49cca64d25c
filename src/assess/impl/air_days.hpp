#pragma once

#include <array>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "mj/assess/air_day.hpp"
#include "mj/assess/sheet.hpp"
#include "sheet_reader.hpp"

namespace mj::assess {

/// The six pollutants in the order of the columns.
inline constexpr std::array<std::string_view, 6> kAirColumns{"pm25", "pm10", "so2", "no2", "co", "o3"};

/// Valid values of one day, by pollutant; o3 is the daily maximum 8 h mean.
struct AirDay {
  Instant at;  ///< midnight that begins it
  std::array<std::optional<Decimal>, 6> values;
};

/// The days of one site or city.
struct AirSite {
  std::string code;
  std::string group;
  std::vector<AirDay> days;  ///< ascending
};

/// Reads daily rows, or hourly rows that are averaged to valid days; the rows of a site must be in the order of time.
/// Means are rounded as HJ 633 rounds the concentrations of the daily report. Errors: invalid_input with row and column.
[[nodiscard]] Result<std::vector<AirSite>> read_air_days(SheetReader& reader,
                                                         const standards::StandardSet& standards,
                                                         const AirYearSheet& sheet);

/// Cities from their sites: on each day and for each pollutant the mean of the sites that have a value, when enough
/// have one. Source: HJ 663 §6.1.4.
[[nodiscard]] Result<std::vector<AirSite>> cities_of(const std::vector<AirSite>& sites,
                                                     const standards::StandardSet& standards);

}  // namespace mj::assess
