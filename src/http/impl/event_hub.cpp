#include "mj/http/event_hub.hpp"

#include <utility>

#include <fmt/format.h>

namespace mj::http {

std::vector<std::shared_ptr<const std::string>> Subscription::take() {
  const std::scoped_lock lock(mutex_);
  bytes_ = 0;
  return std::exchange(waiting_, {});
}

bool Subscription::overrun() const {
  const std::scoped_lock lock(mutex_);
  return overrun_;
}

std::shared_ptr<Subscription> EventHub::subscribe(std::function<void()> wake) {
  auto subscription = std::make_shared<Subscription>();
  subscription->wake_ = std::move(wake);
  const std::scoped_lock lock(mutex_);
  std::erase_if(subscriptions_, [](const auto& known) { return known.expired(); });
  if (subscriptions_.size() >= kMaxSubscribers) return nullptr;
  subscriptions_.push_back(subscription);
  return subscription;
}

void EventHub::publish(std::string_view event, std::string_view data) {
  const std::scoped_lock lock(mutex_);
  ++last_id_;
  if (subscriptions_.empty()) return;
  send_locked(
      std::make_shared<const std::string>(fmt::format("id: {}\nevent: {}\ndata: {}\n\n", last_id_, event, data)));
}

void EventHub::heartbeat() {
  const std::scoped_lock lock(mutex_);
  send_locked(std::make_shared<const std::string>(":\n\n"));
}

std::size_t EventHub::subscribers() const {
  const std::scoped_lock lock(mutex_);
  std::size_t count = 0;
  for (const auto& subscription : subscriptions_) count += subscription.expired() ? 0U : 1U;
  return count;
}

void EventHub::send_locked(const std::shared_ptr<const std::string>& text) {
  std::erase_if(subscriptions_, [&text](const auto& known) {
    const auto subscription = known.lock();
    if (!subscription) return true;
    const std::scoped_lock lock(subscription->mutex_);
    if (subscription->bytes_ + text->size() > kMaxWaitingBytes) {
      subscription->overrun_ = true;
      subscription->waiting_.clear();
      subscription->wake_();
      return true;
    }
    subscription->bytes_ += text->size();
    subscription->waiting_.push_back(text);
    if (subscription->waiting_.size() == 1) subscription->wake_();
    return false;
  });
}

}  // namespace mj::http
