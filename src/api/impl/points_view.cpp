#include "points_view.hpp"

#include <unordered_map>

#include "json.hpp"
#include "points_json.hpp"

namespace mj::api {
namespace {

constexpr std::int64_t kKeepMs = 500;

}  // namespace

PointsView::PointsView(const Services& services) : services_(services) {
  for (const registry::Point& point : services.network.points()) order_.push_back(&point);
  std::sort(order_.begin(), order_.end(), [](const registry::Point* a, const registry::Point* b) {
    return std::tie(a->element, a->id) < std::tie(b->element, b->id);
  });
}

std::shared_ptr<const PointsSnapshot> PointsView::last() const {
  const std::scoped_lock lock(mutex_);
  return last_;
}

std::shared_ptr<const PointsSnapshot> PointsView::read() {
  const auto fresh = [](const auto& snapshot) { return snapshot && runtime::steady_ms() - snapshot->taken_ms <= kKeepMs; };
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
  for (telemetry::Latest& latest : services_.store.latest_all()) {
    // Names of the registry as keys: they outlive the values moved about here.
    const registry::Point* point = services_.network.find_device(latest.key.device);
    if (point != nullptr) by_device[point->device].push_back(std::move(latest));
  }
  const auto open_alarms = services_.alarms.open_counts();
  snapshot->summaries.reserve(order_.size());
  snapshot->array = "[";
  for (const registry::Point* point : order_) {
    const auto values = by_device.find(point->device);
    const bool alarm = open_alarms.contains(point->id);
    const std::vector<std::string> exceeding = alarm ? services_.alarms.open_factors(point->id) : std::vector<std::string>();
    const std::span<const telemetry::Latest> latest =
        values == by_device.end() ? std::span<const telemetry::Latest>() : std::span<const telemetry::Latest>(values->second);
    snapshot->summaries.push_back(to_text(summary_json(services_, *point, latest, exceeding, now)));
    if (snapshot->array.size() > 1) snapshot->array += ',';
    snapshot->array += snapshot->summaries.back();
  }
  snapshot->array += ']';
  return snapshot;
}

std::string PointsView::summary(const registry::Point& point) const {
  const auto latest = services_.store.latest(point.device);
  return to_text(summary_json(services_, point, latest, services_.alarms.open_factors(point.id), services_.clock()));
}

}  // namespace mj::api
