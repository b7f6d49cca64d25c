#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "mj/kernel/result.hpp"

namespace mj::dataset {

/// What a file of another department holds.
enum class Kind : std::uint8_t {
  values,    ///< series of measured values 监测数据
  points,    ///< a directory of monitoring points 点位名录
  regions,   ///< a directory of regions 行政区划
  geometry,  ///< shapes of regions or rivers (GeoJSON) 几何
  unfit,     ///< known, but nothing for this platform; the reason is said
};
[[nodiscard]] std::string_view name(Kind kind);

/// How long the interval is that a value stands for; `instant` for a reading or a sample.
enum class Period : std::uint8_t { instant, minute, hour, day };
[[nodiscard]] std::string_view name(Period period);
/// The command of HJ 212-2017 whose records have this period: 2011, 2051, 2061, 2031.
[[nodiscard]] std::string_view command_of(Period period);

/// One column of values.
struct Column {
  std::string column;       ///< its name in the header
  std::string factor;       ///< HJ 212 code; empty when the file does not say it: then the importer has to
  std::string kind;         ///< Avg, Rtd, … as in HJ 212
  std::string unit;         ///< in the file
  std::string stored_unit;  ///< of the stored values; equal to `unit` times ten to the power −`shift`
  int shift = 0;            ///< stored = value × 10^shift: −3 from µg/m³ to mg/m³
  std::string station;      ///< station code when each column is a station of its own; else empty
  std::string when;         ///< only in rows whose factor column holds this word; else empty
  bool operator==(const Column&) const = default;
};

/// When a row was measured.
struct TimeColumns {
  std::vector<std::string> columns;  ///< joined by one blank
  std::vector<std::string> formats;  ///< %Y %m %d %H %M %S and literal characters; the first that fits
  int zone_minutes = 480;            ///< east of Greenwich
  bool label_is_end = false;    ///< the time names the end of the interval, as CNEMC does; stored is its start
  std::int64_t interval_s = 0;  ///< of one value; 0 for instants
  bool operator==(const TimeColumns&) const = default;
};

/// Who measured it.
struct StationColumns {
  std::vector<std::string> columns;  ///< joined by `separator`
  std::string separator = "/";
  std::string constant;  ///< instead of columns
  bool operator==(const StationColumns&) const = default;
};

/// A column whose word about the row becomes the flag of its values 数据标记.
struct StatusColumn {
  std::string column;  ///< empty when there is none
  std::map<std::string, std::string> flags;
  bool operator==(const StatusColumn&) const = default;
};

/// How a directory becomes records of the register. A template holds `{column}`.
struct RecordTemplate {
  std::string kind;       ///< of the record: point, region …
  std::string id;         ///< template; `{#}` stands for 10 hexadecimal digits of the SHA-256 of `reporters`
  std::string reporters;  ///< template of the series' device; empty when there is none
  std::string same_name;  ///< template: a record of this name is the same one, whatever its id; may be empty
  std::string region;     ///< template: name of the region it lies in; places tell it better, where there are any
  std::string region_within;  ///< template: name of a region above that one
  /// Day (2018-02-21) from which a list of the past says nothing: what only it knows is stopped then. Empty: it holds still.
  std::string stopped;
  std::map<std::string, std::string> attributes;  ///< attribute → template
  bool operator==(const RecordTemplate&) const = default;
};

struct Title {
  std::string zh;
  std::string en;
  bool operator==(const Title&) const = default;
};

/// How to know a file that the names of its columns do not tell.
struct Match {
  std::vector<std::string> columns;   ///< all of them must be there (unfit files only)
  std::vector<std::string> optional;  ///< used or ignored columns that may be missing
  std::string file;                   ///< name with * for any characters; empty for any
  std::string begins;                 ///< first characters of the file
  bool operator==(const Match&) const = default;
};

/// How the files of one source are laid out 数据布局: a [[layout]] of datasets/*.toml. With the header of a file (`columns`,
/// `header_line`, `delimiter`) it is bound: enough to read any part of that file alone.
struct Layout {
  std::string id;
  Title title;
  Kind kind = Kind::values;
  std::string source;   ///< first part of the device of its series, e.g. "cnemc"; no slash
  std::string element;  ///< air, surface_water, noise …; empty when there is none
  std::string st;       ///< system code of HJ 212, e.g. "22"
  Period period = Period::hour;
  Match match;
  StationColumns station;
  TimeColumns time;
  StatusColumn status;
  std::string factor_column;  ///< of long tables: which factor the row is about
  std::vector<Column> values;
  std::vector<std::string> missing;            ///< words for "no value", besides the empty cell
  std::vector<std::string> below;              ///< marks before or after a detection limit: "<", "L"
  std::map<std::string, std::string> ignored;  ///< column → why
  RecordTemplate record;
  std::string reason;  ///< why unfit

  std::vector<std::string> columns;  ///< header of the file, as read
  std::size_t header_line = 0;       ///< last line of the header, from 1; rows begin after it. 0 = no header
  char delimiter = ',';
  bool operator==(const Layout&) const = default;

  /// What the importer has to say because the file does not: "factor", "unit", "station".
  [[nodiscard]] std::vector<std::string> unsaid() const;
};

/// Errors: invalid_input, saying what is wrong.
[[nodiscard]] Status check(const Layout& layout);

/// The whole layout as one JSON object, the same text for the same layout.
[[nodiscard]] std::string to_json(const Layout& layout);
/// Errors: invalid_input for anything that to_json() does not write or check() refuses.
[[nodiscard]] Result<Layout> from_json(std::string_view text);

}  // namespace mj::dataset
