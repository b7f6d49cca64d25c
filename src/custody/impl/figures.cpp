#include "figures.hpp"

namespace mj::custody {
namespace {

std::optional<std::uint64_t> explained(const std::vector<Explanation>& explanations, Instant from, Instant to) {
  std::optional<std::uint64_t> newest;
  for (const Explanation& each : explanations) {
    if (each.from <= from && to <= each.to && (!newest || each.entry > *newest)) newest = each.entry;
  }
  return newest;
}

}  // namespace

void put_figures(const telemetry::DeviceDay& day, const std::vector<Explanation>& explanations,
                 std::size_t max_gaps, DayStatement& statement) {
  statement.series.clear();
  statement.gaps.clear();
  statement.more_series = 0;
  statement.more_gaps = 0;
  for (const telemetry::SeriesCount& each : day.series) {
    statement.series.push_back(
        {each.key.st, each.key.cn, each.key.factor, each.key.kind, each.expected, each.received});
  }
  for (const telemetry::MissingIntervals& kind : day.missing) {
    for (const Instant start : kind.starts) {
      const Instant end = start.plus_ms(kind.interval_ms);
      const auto by = explained(explanations, start, end);
      Gap* const last = statement.gaps.empty() ? nullptr : &statement.gaps.back();
      if (last != nullptr && last->st == kind.st && last->cn == kind.cn && last->to == start &&
          last->explained_by == by) {
        last->to = end;
        ++last->intervals;
      } else {
        statement.gaps.push_back({kind.cn, start, end, 1, by, kind.st});
      }
    }
  }
  if (statement.gaps.size() > max_gaps) {
    statement.more_gaps = statement.gaps.size() - max_gaps;
    statement.gaps.resize(max_gaps);
  }
}

}  // namespace mj::custody
