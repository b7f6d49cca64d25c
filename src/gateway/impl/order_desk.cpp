#include "order_desk.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "connection.hpp"
#include "core.hpp"
#include "mj/runtime/coroutine.hpp"

namespace mj::gateway {
namespace {

namespace asio = boost::asio;
using devices::OrderState;

/// No MN begins like this.
constexpr std::string_view kConnectionKey = "#connection ";

asio::awaitable<void> record_last(Core& core, devices::Step step, Place place) {
  std::vector<devices::Step> steps;
  steps.push_back(std::move(step));
  co_await core.journal.record(std::move(steps), std::move(place));
}

}  // namespace

std::string OrderDesk::key_of(const devices::OrderRequest& request) {
  return request.connection ? fmt::format("{}{}", kConnectionKey, *request.connection) : request.device;
}

void OrderDesk::submit(devices::Order order) {
  const std::uint64_t id = order.id.raw();
  if (stopping_ || devices::is_final(order.state) || open_.contains(id) || ended_.contains(id)) return;
  core_.qns.reserve(order.qn);
  order.steps.clear();
  std::string key = key_of(order.request);
  queues_[key].waiting.emplace(id, std::move(order));
  open_.emplace(id, key);
  ++core_.counters.queued;
  start_next(key);
}

void OrderDesk::cancel(devices::OrderId id) {
  const auto found = open_.find(id.raw());
  if (found == open_.end()) return;
  Queue& queue = queues_[found->second];
  if (queue.waiting.contains(id.raw())) {
    const std::string key = found->second;
    end_waiting(queue, id.raw(), OrderState::cancelled, "cancelled", "");
    drop_if_empty(key);
  } else if (queue.running) {
    queue.running->cancel();
  }
}

void OrderDesk::online(const Device& device) {
  if (!queues_.contains(device.mn)) return;
  // Not at once: the frame that brought the device here is still being read.
  asio::post(core_.io, [this, mn = device.mn] { start_next(mn); });
}

void OrderDesk::offline(const Device& device) {
  if (device.conversation != nullptr) device.conversation->line_lost();
}

void OrderDesk::start_next(const std::string& key) {
  const auto found = queues_.find(key);
  if (stopping_ || found == queues_.end()) return;
  Queue& queue = found->second;
  if (queue.running || queue.in_line || queue.waiting.empty()) return;
  const devices::Order& next = queue.waiting.begin()->second;
  const bool restarted = next.state == OrderState::accepted;  // ends at once, device or not
  if (next.request.connection) {
    if (!core_.connections.contains(*next.request.connection) && !restarted) return;  // sweep() ends it
  } else if (!restarted) {
    const Device* device = core_.links.find(next.request.device);
    if (device == nullptr || device->link() == nullptr) return;
  }
  if (running_ >= core_.options.max_conversations) {
    queue.in_line = true;
    line_.push_back(key);
    return;
  }
  devices::Order order = std::move(queue.waiting.extract(queue.waiting.begin()).mapped());
  --core_.counters.queued;
  ++core_.counters.conversations;
  ++running_;
  queue.running = begin(std::move(order));
  asio::co_spawn(core_.io, converse(key, queue.running), runtime::LogFailure{"gateway"});
}

std::shared_ptr<Conversation> OrderDesk::begin(devices::Order order) {
  if (const auto number = order.request.connection) {
    const auto connection = core_.connections.find(*number);
    Connection* through = connection == core_.connections.end() ? nullptr : connection->second.get();
    auto conversation = std::make_shared<Conversation>(core_, std::move(order), nullptr, through);
    if (through != nullptr) through->reception().address(conversation.get());
    return conversation;
  }
  Device& device = core_.links.enter(order.request.device);
  auto conversation = std::make_shared<Conversation>(core_, std::move(order), &device, nullptr);
  device.conversation = conversation.get();
  return conversation;
}

asio::awaitable<void> OrderDesk::converse(std::string key, std::shared_ptr<Conversation> conversation) {
  const Conversation::End end = co_await conversation->run();
  conversation->leave();
  Queue& queue = queues_[key];
  queue.running.reset();
  --running_;
  --core_.counters.conversations;
  if (end == Conversation::End::waiting) {
    queue.waiting.emplace(conversation->order().id.raw(), conversation->order());
    ++core_.counters.queued;
  } else {
    ended(conversation->order().id);
  }
  if (stopping_) co_return;
  start_next(key);
  drop_if_empty(key);
  start_from_line();
}

void OrderDesk::start_from_line() {
  while (!line_.empty() && running_ < core_.options.max_conversations) {
    const std::string key = std::move(line_.front());
    line_.pop_front();
    const auto found = queues_.find(key);
    if (found == queues_.end()) continue;
    found->second.in_line = false;
    start_next(key);
  }
}

void OrderDesk::ended(devices::OrderId id) {
  open_.erase(id.raw());
  ended_.insert(id.raw());
  if (ended_.size() > kRemembered) ended_.erase(ended_.begin());
}

void OrderDesk::end_waiting(Queue& queue, std::uint64_t id, OrderState state, std::string what, std::string note) {
  const devices::Order order = std::move(queue.waiting.extract(id).mapped());
  --core_.counters.queued;
  ended(order.id);
  devices::Step step;
  step.order = order.id;
  step.state = state;
  step.what = std::move(what);
  step.qn = order.qn;
  step.attempt = order.attempts;
  step.note = std::move(note);
  asio::co_spawn(core_.io, record_last(core_, std::move(step), Place{order.request.device, 0, ""}),
                 runtime::LogFailure{"gateway"});
}

void OrderDesk::drop_if_empty(const std::string& key) {
  const auto found = queues_.find(key);
  if (found == queues_.end() || found->second.running || !found->second.waiting.empty()) return;
  queues_.erase(found);
}

void OrderDesk::sweep() {
  const Instant now = core_.clock();
  for (auto queue = queues_.begin(); queue != queues_.end();) {
    auto& [key, content] = *queue++;
    std::vector<std::uint64_t> expired;
    std::vector<std::uint64_t> without_connection;
    for (const auto& [id, order] : content.waiting) {
      if (order.request.expires_at <= now) {
        expired.push_back(id);
      } else if (order.request.connection && !core_.connections.contains(*order.request.connection)) {
        without_connection.push_back(id);
      }
    }
    for (const std::uint64_t id : expired) end_waiting(content, id, OrderState::expired, "expired", "");
    for (const std::uint64_t id : without_connection)
      end_waiting(content, id, OrderState::failed, "line-lost", "the connection that the order names has closed");
    drop_if_empty(std::string(key));
  }
}

void OrderDesk::stop() {
  stopping_ = true;
  for (auto& [key, queue] : queues_) {
    if (queue.running) queue.running->stop();
  }
}

}  // namespace mj::gateway
