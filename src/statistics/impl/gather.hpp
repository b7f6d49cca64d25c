#pragma once

#include <functional>
#include <map>
#include <string>
#include <unordered_map>
#include <vector>

#include "limit_finder.hpp"
#include "membership.hpp"
#include "mj/statistics/sample.hpp"
#include "mj/statistics/table.hpp"

namespace mj::statistics {

/// What a bucket of one subject and factor holds.
struct Cell {
  Sample sample;
  std::uint64_t used = 0;    ///< valid values that came in
  std::uint64_t judged = 0;  ///< values with a limit
  std::uint64_t exceeded = 0;
  std::uint64_t expected = 0;  ///< intervals; 0 where nobody knows
};

/// One subject and factor: its buckets by their beginning.
struct CellSeries {
  std::map<std::int64_t, Cell> cells;
  std::uint8_t decimals = 0;  ///< most digits after the point of the values that came in
};

/// All cells of a question, and what was counted on the way.
struct Gathered {
  Membership membership;
  telemetry::Period period = telemetry::Period::hour;
  std::string kind;
  std::vector<std::string> units;  ///< of the factors, as the table has them
  std::vector<CellSeries> series;  ///< subject by subject, factor by factor
  std::vector<Note> notes;
  std::uint64_t position = 0;

  [[nodiscard]] CellSeries& at(std::size_t subject, std::size_t factor) {
    return series[subject * units.size() + factor];
  }
};

/// A value that counts, and where it comes from.
struct UsedValue {
  std::size_t member = 0;  ///< place in Membership::members
  const telemetry::SeriesKey* series = nullptr;
  Instant at;
  std::uint64_t entry = 0;
  Decimal received;  ///< in the unit of the device; of what was not detected the detection limit
  const standards::RuleRow* not_detected = nullptr;  ///< by which a part of it counts; null: it was detected
  std::string_view unit;                             ///< of the device
  std::string_view flag;
};

/// One subject of a question, and what else is asked of it. The others are read only where the answer depends on them.
struct Focus {
  std::size_t subject = 0;
  std::optional<Span> window;                   ///< only values of this time count; none: all of the question's
  std::function<Status(const UsedValue&)> use;  ///< hears of each value that counts; may be empty
};

/// What the cells must hold.
struct GatherNeeds {
  SampleNeeds sample;
  bool expected = false;
  bool judged = false;
};

[[nodiscard]] Result<Gathered> gather(const Sources& sources, const TableQuery& query, const GatherNeeds& needs,
                                      const Patience& patience, const Focus* focus = nullptr);

}  // namespace mj::statistics
