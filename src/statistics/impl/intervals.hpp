#pragma once

#include <map>
#include <optional>
#include <vector>

#include "gather.hpp"
#include "mj/telemetry/scan.hpp"

namespace mj::statistics {

/// How often each point measures each factor, and how many values that makes 应测数. The interval of a point is the most
/// frequent distance between its values; where it has fewer than two, the most frequent of the other points.
class Intervals {
 public:
  Intervals(std::size_t members, std::size_t factors) : factors_(factors), points_(members * factors) {}
  /// The point has the factor although it may have no value in the range.
  void has(std::size_t member, std::size_t factor) { points_[member * factors_ + factor].present = true; }
  /// Takes the distances of a series that was scanned.
  void learn(std::size_t member, std::size_t factor, const telemetry::ScanSeries& series);
  /// Puts the expected numbers into all cells, and cells where there should have been values. `until`: nothing is expected behind it.
  /// Returns how many points' intervals were assumed.
  std::size_t fill(Gathered& gathered, const Selection& selection, Instant until, const SampleNeeds& needs) const;

 private:
  struct Point {
    bool present = false;
    std::optional<std::int64_t> interval_ms;
  };
  std::size_t factors_;
  std::vector<Point> points_;
};

}  // namespace mj::statistics
