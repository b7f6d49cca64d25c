#include "yesterday_view.hpp"

#include <algorithm>

#include "mj/runtime/clock.hpp"
#include "mj/runtime/log.hpp"
#include "mj/runtime/thread.hpp"

namespace mj::api {
namespace {

constexpr std::int64_t kDayMs = 86'400'000;
constexpr std::int64_t kBeijingMs = 8LL * 3'600'000;
/// Late records may still complete yesterday, slowly.
constexpr std::int64_t kKeepMs = 5LL * 60 * 1000;
/// A small network is counted within this, so that its first list is complete.
constexpr auto kWait = std::chrono::milliseconds(250);

}  // namespace

YesterdayView::YesterdayView(const Services& services)
    : services_(services), thread_(runtime::start_thread("api-yesterday", [this](const std::stop_token& stop) {
        runtime::lower_thread_priority();
        run(stop);
      })) {}

YesterdayView::~YesterdayView() = default;

Instant YesterdayView::yesterday() const {
  const std::int64_t days = (services_.clock().ms() + kBeijingMs) / kDayMs;
  return Instant::from_ms((days - 1) * kDayMs - kBeijingMs);
}

Result<Share> YesterdayView::count(const std::string& mn, Instant day) const {
  MJ_TRY(const auto days, services_.store.completeness(mn, day, day.plus_ms(kDayMs), services_.clock()));
  Share share;
  for (const telemetry::DayCompleteness& row : days) {
    if (row.day != day) continue;
    share.expected += row.expected;
    share.received += row.received;
  }
  return share;
}

bool YesterdayView::is_fresh(const std::string& mn, Instant day) const {
  const auto found = kept_.find(mn);
  return found != kept_.end() && found->second.day == day &&
         runtime::steady_ms() - found->second.counted_ms <= kKeepMs;
}

void YesterdayView::keep(const std::string& mn, const Share& share, Instant day) {
  const std::scoped_lock lock(mutex_);
  kept_[mn] = Kept{share, day, runtime::steady_ms()};
}

Result<Share> YesterdayView::of(const std::string& mn) {
  const Instant day = yesterday();
  MJ_TRY(const Share share, count(mn, day));
  keep(mn, share, day);
  return share;
}

std::unordered_map<std::string, Share> YesterdayView::of_each(const std::vector<std::string>& mns) {
  const Instant day = yesterday();
  std::unordered_map<std::string, Share> known;
  std::unique_lock lock(mutex_);
  for (const std::string& mn : mns) {
    if (!is_fresh(mn, day) && asked_.insert(mn).second) waiting_.push_back(mn);
  }
  if (!asked_.empty()) {
    changed_.notify_all();
    changed_.wait_for(lock, kWait, [this] { return asked_.empty(); });
  }
  for (const std::string& mn : mns) {
    const auto found = kept_.find(mn);
    // One that is counted again keeps its figure meanwhile.
    if (found != kept_.end() && found->second.day == day) known.emplace(mn, found->second.share);
  }
  return known;
}

void YesterdayView::run(const std::stop_token& stop) {
  std::unique_lock lock(mutex_);
  while (changed_.wait(lock, stop, [this] { return !waiting_.empty(); })) {
    const std::string mn = std::move(waiting_.front());
    waiting_.pop_front();
    lock.unlock();
    const Instant day = yesterday();
    const auto share = count(mn, day);
    if (!share && share.error().text() != failure_) {
      failure_ = share.error().text();
      runtime::log(runtime::Level::warning, "api", "completeness of {}: {}", mn, failure_);
    }
    // A failed count is tried again after the same time.
    keep(mn, share ? *share : Share{}, day);
    lock.lock();
    asked_.erase(mn);
    if (asked_.empty()) changed_.notify_all();
  }
}

}  // namespace mj::api
