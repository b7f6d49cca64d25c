#include "points_view.hpp"

#include <unordered_map>

#include "json.hpp"
#include "points_json.hpp"

namespace mj::api {
namespace {

constexpr std::int64_t kKeepMs = 500;
constexpr std::size_t kUsualSeries = 16;  ///< of one device

}  // namespace

PointsView::PointsView(const Services& services) : services_(services) {
  for (const registry::Point& point : services.network.points())
    order_.push_back({&point, to_text(registered_json(point))});
  std::sort(order_.begin(), order_.end(), [](const Registered& a, const Registered& b) {
    return std::tie(a.point->element, a.point->id) < std::tie(b.point->element, b.point->id);
  });
}

std::shared_ptr<const PointsSnapshot> PointsView::last() const {
  const std::scoped_lock lock(mutex_);
  return last_;
}

std::shared_ptr<const PointsSnapshot> PointsView::read() {
  const auto fresh = [](const auto& snapshot) {
    return snapshot && runtime::steady_ms() - snapshot->taken_ms <= kKeepMs;
  };
  if (auto held = last(); fresh(held)) return held;
  const std::scoped_lock computing(computing_);
  if (auto held = last(); fresh(held)) return held;
  auto snapshot = compute();
  const std::scoped_lock lock(mutex_);
  last_ = snapshot;
  return snapshot;
}

std::shared_ptr<const PointsSnapshot> PointsView::compute() const {
  auto snapshot = std::make_shared<PointsSnapshot>();
  snapshot->taken_ms = runtime::steady_ms();
  const Instant now = services_.clock();
  std::unordered_map<std::string_view, std::vector<telemetry::Latest>> by_device;
  by_device.reserve(order_.size());
  std::vector<telemetry::Latest>* group = nullptr;
  std::string_view group_device;
  for (telemetry::Latest& latest : services_.store.latest_all()) {
    // The series of one device mostly follow one another.
    if (group == nullptr || latest.key.device != group_device) {
      const registry::Point* point = services_.network.find_device(latest.key.device);
      if (point == nullptr) continue;
      group_device = point->device;  // of the registry: outlives the values moved about here
      group = &by_device[group_device];
      if (group->empty()) group->reserve(kUsualSeries);
    }
    group->push_back(std::move(latest));
  }
  const auto open_alarms = services_.alarms.open_counts();
  snapshot->summaries.reserve(order_.size());
  snapshot->array = "[";
  for (const auto& [point, registered] : order_) {
    const auto values = by_device.find(point->device);
    const bool alarm = open_alarms.contains(point->id);
    const std::vector<std::string> exceeding =
        alarm ? services_.alarms.open_factors(point->id) : std::vector<std::string>();
    const std::span<const telemetry::Latest> latest = values == by_device.end()
                                                          ? std::span<const telemetry::Latest>()
                                                          : std::span<const telemetry::Latest>(values->second);
    snapshot->summaries.push_back(
        joined(registered, to_text(condition_json(services_, *point, latest, exceeding, now))));
    if (snapshot->array.size() > 1) snapshot->array += ',';
    snapshot->array += snapshot->summaries.back();
  }
  snapshot->array += ']';
  return snapshot;
}

std::string PointsView::summary(const registry::Point& point) const {
  const auto latest = services_.store.latest(point.device);
  const auto condition =
      condition_json(services_, point, latest, services_.alarms.open_factors(point.id), services_.clock());
  return joined(to_text(registered_json(point)), to_text(condition));
}

}  // namespace mj::api
