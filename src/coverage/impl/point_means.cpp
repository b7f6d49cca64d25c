#include <algorithm>

#include "mj/coverage/redundancy.hpp"

namespace mj::coverage {
namespace {

constexpr std::int64_t kHourMs = 3'600'000;

struct HourSum {
  double sum = 0;
  std::size_t count = 0;
};

/// Means by hour or by Beijing day; a day of fewer hours than kFewestHours is left out.
BucketMeans means_of(const std::map<std::int64_t, HourSum>& hours, Bucket bucket) {
  std::map<std::int64_t, HourSum> sums;
  for (const auto& [hour, running] : hours) {
    const double value = running.sum / static_cast<double>(running.count);
    HourSum& into = sums[bucket == Bucket::hour ? hour : (hour + 8) / 24];
    into.sum += value;
    ++into.count;
  }
  BucketMeans means;
  for (const auto& [number, running] : sums) {
    if (bucket == Bucket::day && running.count < kFewestHours) continue;
    means.emplace(number, running.sum / static_cast<double>(running.count));
  }
  return means;
}

/// Canonical and older codes of a factor, under which devices may have sent it.
std::vector<std::string> codes_of(const standards::StandardSet& standards, const std::string& factor) {
  const standards::Factor* known = standards.factor(factor);
  if (known == nullptr) return {factor};
  std::vector<std::string> codes{known->code};
  if (!known->code_2005.empty()) codes.push_back(known->code_2005);
  return codes;
}

}  // namespace

Result<Redundancy> find_redundancy(const Inventory& inventory, const telemetry::Store& store,
                                   const standards::StandardSet& standards, RedundancyRequest request) {
  if (request.to <= request.from) return Error(ErrorCode::invalid_input, "to must be later than from");
  telemetry::ScanQuery query;
  query.factors = codes_of(standards, request.factor);
  query.kinds = {"Avg"};
  query.periods = {telemetry::Period::hour};
  query.from = request.from;
  query.to = request.to;
  std::vector<PointSeries> points;
  for (const registry::PointView& point : inventory.points().points()) {
    if (point.element != request.element || point.reporters.empty() || !point.lon || !point.lat) continue;
    if (!request.region.empty() && !inventory.lies_in(inventory.region_of(point), request.region)) continue;
    query.groups.push_back(point.reporters);
    points.push_back({point.id, point.name, {*point.lon, *point.lat}, {}});
  }
  if (points.empty()) return compare(std::move(request), {});

  const Bucket bucket = request.bucket;
  const auto visit = [&](const telemetry::ScanGroup& group) -> Status {
    std::map<std::int64_t, HourSum> hours;
    std::vector<int> good;  // by form: 1 a measurement, 0 none, −1 not asked yet
    for (const telemetry::ScanSeries& series : group.series) {
      good.assign(series.forms.size(), -1);
      for (std::size_t i = 0; i < series.size(); ++i) {
        if (!series.has_number(i) || series.below_detection(i)) continue;
        int& measurement = good[series.form[i]];
        if (measurement < 0) measurement = standards.flag(series.flag(i)).measurement ? 1 : 0;
        if (measurement == 0) continue;
        HourSum& hour = hours[series.at_ms[i] / kHourMs];
        hour.sum += series.number[i];
        ++hour.count;
      }
    }
    points[group.group].means = means_of(hours, bucket);
    return {};
  };
  MJ_TRY(const auto scanned, store.scan(query, visit));
  (void)scanned;
  std::erase_if(points, [](const PointSeries& point) { return point.means.empty(); });
  return compare(std::move(request), std::move(points));
}

}  // namespace mj::coverage
