#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "mj/kernel/id.hpp"
#include "mj/kernel/instant.hpp"

namespace mj::telemetry {

using SeriesId = Id<struct SeriesIdTag, std::uint32_t>;

/// Length of the interval a value stands for 数据周期.
enum class Period : std::uint8_t { instant = 0, minute = 1, hour = 2, day = 3 };
/// "instant", "minute", "hour", "day". Errors: none for another word.
[[nodiscard]] std::string_view name(Period period);
[[nodiscard]] std::optional<Period> parse_period(std::string_view word);
/// The period a command carries: 2011 instant, 2051 minute, 2061 hour, 2031/2041 day; other uploads are instants.
/// Source: HJ 212-2017 appendix C.
[[nodiscard]] Period period_of(std::string_view cn);

/// What identifies a series 数据序列, in the words of the frame: who, which system, which command, which factor, which key.
struct SeriesKey {
  std::string device;  ///< MN
  std::string st;
  std::string cn;
  std::string factor;  ///< code as received, e.g. "w01018"
  std::string kind;    ///< key as received: Rtd, Avg, Min, Max, Cou, ZsAvg, RS …
  bool operator==(const SeriesKey&) const = default;
};

/// Whether a series came with files of another department: its device is "<source>/<station>". An MN has no slash (HJ 212-2017
/// table 4: letters and digits). No deliveries are expected of it, so nothing of it is ever missing.
[[nodiscard]] inline bool is_imported(std::string_view device) {
  return device.find('/') != std::string_view::npos;
}

/// One value 观测值 of a series.
struct Observation {
  SeriesId series;
  Instant at;  ///< start of the interval, or the sampling instant (HJ 212-2017 table 4, DataTime)
  std::optional<double> number;  ///< none when what was received is no number
  std::string text;              ///< the digits as received
  std::string flag;              ///< device flag 数据标记 as sent; empty when none
  std::uint32_t revision = 0;    ///< 0 for the first value received, then 1, 2 …
  std::uint64_t entry = 0;       ///< evidence index of the frame it came in
};

/// The newest value of a series.
struct Latest {
  SeriesKey key;
  Observation observation;
  Instant received_at;
};

}  // namespace mj::telemetry
