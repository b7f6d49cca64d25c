#include "intervals.hpp"

#include <algorithm>

namespace mj::statistics {
namespace {

using telemetry::Period;

/// The length of the interval of a period; none where values may come at any distance.
std::optional<std::int64_t> length_of(Period period) {
  constexpr std::int64_t kMinuteMs = 60'000;
  switch (period) {
    case Period::minute: return kMinuteMs;
    case Period::hour: return 60 * kMinuteMs;
    case Period::day: return 24 * 60 * kMinuteMs;
    case Period::instant: break;
  }
  return std::nullopt;
}

/// The most frequent; the least of equally frequent ones. None of nothing.
std::optional<std::int64_t> most_frequent(const std::map<std::int64_t, std::uint64_t>& counts) {
  std::optional<std::int64_t> best;
  std::uint64_t most = 0;
  for (const auto& [value, count] : counts) {
    if (count <= most) continue;
    most = count;
    best = value;
  }
  return best;
}

}  // namespace

void Intervals::learn(std::size_t member, std::size_t factor, const telemetry::ScanSeries& series) {
  Point& point = points_[member * factors_ + factor];
  point.present = true;
  std::map<std::int64_t, std::uint64_t> distances;
  for (std::size_t i = 1; i < series.size(); ++i) ++distances[series.at_ms[i] - series.at_ms[i - 1]];
  if (const auto found = most_frequent(distances); found && *found > 0)
    point.interval_ms = point.interval_ms ? std::min(*point.interval_ms, *found) : *found;
}

std::size_t Intervals::fill(Gathered& gathered, const Selection& selection, Instant until,
                            const SampleNeeds& needs) const {
  const auto least = length_of(gathered.period);
  const Instant end = std::min(selection.to, until);
  std::size_t assumed = 0;
  if (!least || end <= selection.from) return assumed;
  for (std::size_t factor = 0; factor < factors_; ++factor) {
    std::map<std::int64_t, std::uint64_t> others;
    for (std::size_t member = 0; member * factors_ < points_.size(); ++member) {
      const Point& point = points_[member * factors_ + factor];
      if (point.interval_ms) ++others[*point.interval_ms];
    }
    const std::int64_t usual = most_frequent(others).value_or(*least);
    for (std::size_t member = 0; member * factors_ < points_.size(); ++member) {
      const Point& point = points_[member * factors_ + factor];
      if (!point.present) continue;
      assumed += point.interval_ms ? 0 : 1;
      const std::int64_t interval = std::max(point.interval_ms.value_or(usual), *least);
      CellSeries& series = gathered.at(gathered.membership.members[member].subject, factor);
      for (Instant at = selection.from; at < end;) {
        const Span bucket = bucket_of(selection.bucket, at);
        const Instant bucket_end = std::min(bucket.end, end);
        const Instant begin = std::max(bucket.begin, selection.from);
        Cell& cell = series.cells.try_emplace(bucket.begin.ms(), Cell{Sample(needs)}).first->second;
        cell.expected += static_cast<std::uint64_t>((bucket_end.ms_since(begin) + interval - 1) / interval);
        at = bucket_end;
      }
    }
  }
  return assumed;
}

}  // namespace mj::statistics
