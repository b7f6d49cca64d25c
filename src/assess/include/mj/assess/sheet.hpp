#pragma once

#include <functional>
#include <span>
#include <string>
#include <string_view>

#include "mj/assess/aqi_table.hpp"
#include "mj/kernel/result.hpp"
#include "mj/standards/standard_set.hpp"

namespace mj::assess {

// Evaluation of whole tables, for use without a server 批量评价: CSV rows in, CSV or JSON rows out. Columns are found by
// name, whatever their order; other columns are ignored; lines before the header that begin with # are comments. A
// cell that is empty or NA, /, -, —, * or null is a missing value. Errors: invalid_input that names row, line and
// column; nothing of that row is written.

/// Fills the buffer and says how many bytes; 0 is the end.
using ByteSource = std::function<Result<std::size_t>(std::span<char>)>;
/// Takes output as it comes.
using ByteSink = std::function<Status(std::string_view)>;

enum class SheetFormat { csv, json };

/// What every evaluation of a table wants.
struct SheetRun {
  const standards::StandardSet& standards;
  ByteSource input;
  ByteSink output;
  SheetFormat format = SheetFormat::csv;
  std::string standard;  ///< id of the edition to use; empty = the one in force at the time of the data
};

struct AqiSheet {
  AqiReport report = AqiReport::hourly;
  bool label_is_start = false;  ///< `time` names the beginning of the hour; as published it is its end
  bool english = false;         ///< names of the categories
};
/// Air quality index row by row; a cell `/` says that the site does not measure the item (HJ 633-2026 §5.3).
/// Rows are read, judged and written one after the other. Returns the number of rows.
/// Source: HJ 633-2012, HJ 633-2026.
[[nodiscard]] Result<std::size_t> aqi_sheet(const SheetRun& run, const AqiSheet& sheet);

/// Over what the values of a section are averaged before they are judged.
enum class WaterPeriod { row, month, quarter, year };

struct WaterSheet {
  WaterPeriod period = WaterPeriod::row;
  std::string group_by;  ///< a column: judge groups of sections (river, basin, district) instead of sections
};
/// Class of sections, row by row or of means; with `group_by` shares of classes and status of groups. Returns the
/// number of rows read. Source: GB 3838-2002; 环办〔2011〕22号.
[[nodiscard]] Result<std::size_t> water_sheet(const SheetRun& run, const WaterSheet& sheet);

/// Waters that are judged by other limits.
enum class WaterScheme {
  drinking,       ///< surface sources of drinking water: class III, and tables 2 and 3 of GB 3838
  groundwater,    ///< GB/T 14848
  black_odorous,  ///< urban waters
};
/// Row by row. Returns the number of rows.
[[nodiscard]] Result<std::size_t> other_water_sheet(const SheetRun& run, WaterScheme scheme);

struct AirYearSheet {
  AqiReport rows =
      AqiReport::daily;         ///< daily values (o3 is the daily maximum 8 h mean), or hours to be averaged first
  bool label_is_start = false;  ///< of hours
  bool by_month = false;        ///< months instead of years; months have no verdict
  bool by_pollutant = false;    ///< one row for each pollutant with all its statistics
  std::string group_by;         ///< a column (city): judge the mean of its sites instead of single sites
  int grade = 2;                ///< of the limits, 1 or 2
  std::string scheme = "rank2014";  ///< of the composite index
};
/// Statistics, verdict, composite index and rank over years or months; a year is judged by the standard in force on its
/// last day. Source: HJ 663; GB 3095; 环办〔2014〕64号.
[[nodiscard]] Result<std::size_t> air_year_sheet(const SheetRun& run, const AirYearSheet& sheet);

struct CwqiSheet {
  std::string group_by = "district";
  bool calculation = false;  ///< the calculation sheet behind every rank instead of the ranking
};
/// City water quality index of districts, ranked by level and by change. Source: 环办监测〔2017〕51号.
[[nodiscard]] Result<std::size_t> cwqi_sheet(const SheetRun& run, const CwqiSheet& sheet);

/// Trophic level index of lakes row by row. Source: 环办〔2011〕22号 二(二)2.
[[nodiscard]] Result<std::size_t> tli_sheet(const SheetRun& run);

enum class NoiseReport {
  levels,    ///< statistics of points from series of levels
  regional,  ///< grade of cities by the mean of their grid
  road,      ///< grade of cities by the length-weighted mean of their roads
};
/// What a row of statistics covers. `day` begins at 06:00, so that a night belongs to the day on which it starts.
enum class NoiseSpan { all, day, hour };

struct NoiseSheet {
  NoiseReport report = NoiseReport::levels;
  NoiseSpan span = NoiseSpan::all;
};
/// Levels, compliance of function zones and boundaries, grades. Source: GB 3096-2008, GB 12348-2008 …, HJ 640-2012.
[[nodiscard]] Result<std::size_t> noise_sheet(const SheetRun& run, const NoiseSheet& sheet);
/// Structure-borne noise in rooms, in dB(A) and by octave band, row by row. Source: GB 12348-2008 §4.2 (default), GB 22337-2008.
[[nodiscard]] Result<std::size_t> indoor_noise_sheet(const SheetRun& run);

struct SoilSheet {
  bool by_sample = false;  ///< one row for each sample with its Nemerow index
};
/// Risk of farm land (columns land, ph) or construction land (land_class). Source: GB 15618-2018, GB 36600-2018.
[[nodiscard]] Result<std::size_t> soil_sheet(const SheetRun& run, const SoilSheet& sheet);

struct EmissionSheet {
  std::string category;   ///< grade or table of the standard, unless a column says it
  std::string unit_type;  ///< of a stack, unless a column says it
};
/// Limits, oxygen, compliance and mass of outlets, item by item. Source: the standard named.
[[nodiscard]] Result<std::size_t> emission_sheet(const SheetRun& run, const EmissionSheet& sheet);

/// Over what the samples of precipitation are put together.
enum class RainPeriod { all, month, year };
struct RainSheet {
  RainPeriod period = RainPeriod::all;
  std::string group_by;  ///< a column (city); empty = station
};
/// Volume-weighted pH, frequency of acid samples, grade. Source: HJ 165-2020; practice of the national reports.
[[nodiscard]] Result<std::size_t> rain_sheet(const SheetRun& run, const RainSheet& sheet);

enum class RadiationReport {
  gamma,  ///< dose rates against the natural background
  emf,    ///< fields of many frequencies against the limits of public exposure
};
/// What a row of dose rates covers.
enum class RadiationSpan { all, month, day };
struct RadiationSheet {
  RadiationReport report = RadiationReport::gamma;
  RadiationSpan span = RadiationSpan::all;
  std::string
      region;  ///< whose background counts where the table has none: code of a province, "nation"; empty = none
};
/// Source: HJ 1157-2021, HJ 61-2021; GB 8702-2014.
[[nodiscard]] Result<std::size_t> radiation_sheet(const SheetRun& run, const RadiationSheet& sheet);

struct EcologySheet {
  std::string index = "EI";  ///< "EI" (HJ 192-2015) or "EQI" (环监测〔2021〕99号)
  bool english = false;      ///< names of grades and changes
};
/// Index, grade and change since the last row of the region, row by row. Source: HJ 192-2015; 环监测〔2021〕99号.
[[nodiscard]] Result<std::size_t> ecology_sheet(const SheetRun& run, const EcologySheet& sheet);

}  // namespace mj::assess
