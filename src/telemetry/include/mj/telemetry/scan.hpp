#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <vector>

#include "mj/kernel/decimal.hpp"
#include "mj/kernel/instant.hpp"
#include "mj/kernel/result.hpp"
#include "mj/telemetry/observation.hpp"

namespace mj::telemetry {

/// Which current values to read, of many series at once.
struct ScanQuery {
  /// Devices that are visited together, e.g. all that report for one point. Empty = each device by itself. A device may
  /// stand in one group only; one without values is nothing.
  std::vector<std::vector<std::string>> groups;
  std::vector<std::string> factors;  ///< empty = all
  std::vector<std::string> kinds;    ///< Avg, Rtd …; empty = all
  std::vector<Period> periods;       ///< empty = all
  Instant from;                      ///< inclusive
  Instant to;                        ///< exclusive
};

/// How a value was written.
struct ScanForm {
  std::uint8_t decimals = 0;
  bool digits_kept = false;  ///< its digits are not canonical (or more than 15): the number may be rounded
  std::uint32_t revision = 0;
  std::string flag;  ///< device flag 数据标记 as sent; empty when none
  bool below_detection =
      false;  ///< was not detected 未检出: the number is the detection limit, 0 when none was told
};

/// The values of one series, ascending in time; valid during the visit.
struct ScanSeries {
  SeriesId id;
  const SeriesKey* key = nullptr;
  std::span<const std::int64_t> at_ms;
  std::span<const double> number;  ///< a detection limit where below_detection(); NaN when it is no number
  std::span<const std::uint32_t> form;
  std::span<const std::uint64_t> entry;
  std::span<const ScanForm> forms;  ///< of the whole scan

  [[nodiscard]] std::size_t size() const { return at_ms.size(); }
  [[nodiscard]] Instant at(std::size_t i) const { return Instant::from_ms(at_ms[i]); }
  [[nodiscard]] const std::string& flag(std::size_t i) const { return forms[form[i]].flag; }
  /// Whether the number is a detection limit that the value stayed below ("0.004L"); what it counts for is for rules to say.
  [[nodiscard]] bool below_detection(std::size_t i) const { return forms[form[i]].below_detection; }
  /// False when what was received is neither a number nor a detection limit.
  [[nodiscard]] bool has_number(std::size_t i) const { return number[i] == number[i]; }
  /// The value exactly as received, up to 15 digits. Only where has_number().
  [[nodiscard]] Decimal decimal(std::size_t i) const;
};

/// All series of a group that have values in the range.
struct ScanGroup {
  std::size_t group = 0;           ///< place in ScanQuery::groups; without groups, the number of the visit
  std::vector<ScanSeries> series;  ///< by device, ST, CN, factor, kind
};

/// Told of one group after the other, in no particular order of groups. An error ends the scan and is returned.
using ScanVisitor = std::function<Status(const ScanGroup&)>;

/// What is told before the first visit and after each part of a scan.
struct ScanProgress {
  std::uint64_t done = 0;   ///< values visited
  std::uint64_t total = 0;  ///< values to visit
};

struct ScanSummary {
  std::uint64_t values = 0;
  std::uint64_t position =
      0;  ///< entries of the log that the values are derived from: all parts saw the same state
};

/// A device whose values changed, and between which data times.
struct ChangedRange {
  std::string device;
  Instant from;  ///< first data time that changed
  Instant to;    ///< just behind the last
};

/// What the store took from entries of the log since a position.
struct Changes {
  std::uint64_t position = 0;        ///< what changes before are the next question's
  std::vector<ChangedRange> ranges;  ///< by device
};

}  // namespace mj::telemetry
