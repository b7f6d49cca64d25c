#include "conversation.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "composer.hpp"
#include "connection.hpp"
#include "core.hpp"

namespace mj::gateway {
namespace {

namespace asio = boost::asio;
using devices::OrderState;
using devices::Step;

/// QnRtn and ExeRtn. Source: HJ 212-2017 tables 6 and 7.
constexpr int kReady = 1;
constexpr int kDone = 1;
constexpr int kNoData = 100;

OrderState state_after(int execution_return) {
  if (execution_return == kDone) return OrderState::done;
  return execution_return == kNoData ? OrderState::no_data : OrderState::failed;
}

}  // namespace

Conversation::Conversation(Core& core, devices::Order order, Device* device, Connection* connection)
    : core_(core), order_(std::move(order)), device_(device), connection_(connection), timer_(core.io) {}

Connection* Conversation::link() const {
  if (lost_) return nullptr;
  return device_ != nullptr ? device_->link() : connection_;
}

void Conversation::leave() {
  if (device_ != nullptr) {
    device_->conversation = nullptr;
    core_.links.forget_if_idle(*device_);
  }
  if (connection_ != nullptr) connection_->reception().address(nullptr);
  device_ = nullptr;
  connection_ = nullptr;
}

Place Conversation::place() const {
  const Connection* through = link();
  if (through == nullptr) return last_place_;
  return Place{order_.request.device, through->number(), through->peer()};
}

Step Conversation::step(OrderState state, std::string what) const {
  Step made;
  made.order = order_.id;
  made.state = state;
  made.what = std::move(what);
  made.qn = order_.qn;
  made.attempt = order_.attempts;
  return made;
}

asio::awaitable<Conversation::End> Conversation::run() {
  last_place_.mn = order_.request.device;
  if (order_.state == OrderState::accepted) {
    // Nobody knows what the device did meanwhile; to ask again could do a thing twice.
    co_return co_await finish(OrderState::interrupted, "interrupted",
                              "the server was restarted during the conversation");
  }
  while (true) {
    if (!co_await send()) co_return co_await give_up();
    while (true) {
      co_await wait();
      Progress progress;
      if (take_heard(progress)) {
        order_.state = progress.steps.empty() ? order_.state : progress.steps.back().state;
        if (!progress.steps.empty() && !co_await core_.journal.record(std::move(progress.steps), place()))
          co_return End::stopped;
        if (devices::is_final(order_.state)) co_return End::over;
        continue;
      }
      if (stopped_ || cancelled_ || lost_) co_return co_await give_up();
      if (asio::steady_timer::clock_type::now() >= deadline_) break;
    }
    if (accepted_) {
      co_return co_await finish(
          OrderState::timed_out, "time-out",
          fmt::format("neither data nor result for {} s after the device accepted", over_time_s_));
    }
    if (sent_ > recount_ || core_.clock() >= order_.request.expires_at) {
      std::string note = fmt::format("no reply to {} requests, {} s each", sent_, over_time_s_);
      co_return co_await finish(OrderState::timed_out, "time-out", std::move(note));
    }
  }
}

/// Records the request and writes it to the device; false when there is nothing to wait for: the caller gives up.
asio::awaitable<bool> Conversation::send() {
  while (!stopped_ && !cancelled_ && link() != nullptr && !expired()) {
    core_.links.refresh();
    const hj212::DeviceSettings& settings =
        device_ != nullptr ? core_.links.settings(*device_) : core_.links.settings_of(order_.request.device);
    over_time_s_ = settings.profile.over_time_s;
    recount_ = settings.profile.recount;
    const Speech& speech = device_ != nullptr ? device_->speech : connection_->speech();
    const Instant now = core_.clock();
    if (order_.qn.empty()) order_.qn = core_.qns.take(now);
    auto request = compose_request(core_.knowledge, order_.request, speech, settings, order_.qn, now);
    if (!request) {
      problem_ = request.error().text();
      co_return false;
    }
    question_ = std::move(request->question);
    last_place_ = place();
    Step made = step(OrderState::sent, order_.attempts == 0 ? "sent" : "resent");
    made.attempt = order_.attempts + 1;
    made.frame_before = true;
    const Status recorded = co_await core_.journal.record_sent(request->bytes, made, last_place_);
    if (!recorded) {
      // Nothing has left, so the order is where it was.
      co_await core_.journal.pause();
      continue;
    }
    order_.attempts = made.attempt;
    order_.state = OrderState::sent;
    ++sent_;
    Connection* through = link();
    if (through == nullptr) co_return false;
    through->send(request->bytes);
    ++core_.counters.requests;
    renew_deadline();
    co_return true;
  }
  co_return false;
}

bool Conversation::expired() const { return sent_ == 0 && core_.clock() >= order_.request.expires_at; }

void Conversation::renew_deadline() {
  deadline_ = asio::steady_timer::clock_type::now() + std::chrono::seconds(over_time_s_);
}

/// Until something is heard, the line or the order ends, or the deadline passes. A reply that is being made durable has
/// been in time and is waited for, whatever else happens.
asio::awaitable<void> Conversation::wait() {
  while (heard_.empty()) {
    const bool ended = stopped_ || cancelled_ || lost_ || asio::steady_timer::clock_type::now() >= deadline_;
    if (ended && awaited_ == 0) co_return;
    timer_.expires_at(ended ? asio::steady_timer::time_point::max() : deadline_);
    co_await timer_.async_wait(asio::as_tuple(asio::use_awaitable));
  }
}

/// What stopped, cancelled, a lost line, or a request that cannot be written mean for the order.
asio::awaitable<Conversation::End> Conversation::give_up() {
  if (stopped_) co_return End::stopped;
  if (!problem_.empty()) co_return co_await finish(OrderState::failed, "result", problem_);
  if (cancelled_) co_return co_await finish(OrderState::cancelled, "cancelled", "");
  if (expired()) co_return co_await finish(OrderState::expired, "expired", "");
  if (accepted_) {
    co_return co_await finish(OrderState::interrupted, "interrupted",
                              "the line was lost after the device had accepted");
  }
  if (device_ == nullptr) {
    co_return co_await finish(OrderState::failed, "line-lost", "the connection that the order names has closed");
  }
  if (sent_ > 0) {
    Step made = step(OrderState::queued, "line-lost");
    made.note = "the line was lost before the device accepted; sent again when it is back";
    order_.state = OrderState::queued;
    std::vector<Step> steps;
    steps.push_back(std::move(made));
    if (!co_await core_.journal.record(std::move(steps), place())) co_return End::stopped;
    if (cancelled_) co_return co_await finish(OrderState::cancelled, "cancelled", "");
  }
  co_return End::waiting;
}

asio::awaitable<Conversation::End> Conversation::finish(OrderState state, std::string what, std::string note) {
  Step made = step(state, std::move(what));
  made.note = std::move(note);
  order_.state = state;
  std::vector<Step> steps;
  steps.push_back(std::move(made));
  const bool recorded = co_await core_.journal.record(std::move(steps), place());
  co_return recorded ? End::over : End::stopped;
}

std::optional<Reply> Conversation::understand(const hj212::Header& header,
                                              const std::vector<hj212::Field>& fields) {
  if (sent_ == 0 || devices::is_final(order_.state)) return std::nullopt;
  auto reply = read_reply(question_, accepted_, header, fields);
  if (reply) ++awaited_;
  return reply;
}

void Conversation::answered(const Reply& reply, std::uint64_t entry) {
  --awaited_;
  heard_.push_back({reply, entry});
  wake();
}

void Conversation::not_recorded() {
  --awaited_;
  wake();
}

void Conversation::cancel() {
  cancelled_ = true;
  wake();
}

void Conversation::line_lost() {
  lost_ = true;
  connection_ = nullptr;
  wake();
}

void Conversation::stop() {
  stopped_ = true;
  wake();
}

bool Conversation::take_heard(Progress& progress) {
  if (heard_.empty()) return false;
  const std::vector<Heard> heard = std::exchange(heard_, {});
  // A result may overtake the last uploads: those that are here count before it ends the conversation.
  for (const bool results : {false, true}) {
    for (const Heard& one : heard) {
      const bool over = !progress.steps.empty() && devices::is_final(progress.steps.back().state);
      if (!over && one.reply.execution_return.has_value() == results) take(one, progress);
    }
  }
  if (progress.renews) renew_deadline();
  return true;
}

void Conversation::accept(Progress& progress) {
  progress.renews = progress.renews || !accepted_;
  accepted_ = true;
}

void Conversation::take(const Heard& heard, Progress& progress) {
  const Reply& reply = heard.reply;
  const auto add = [&](OrderState state, std::string what, std::optional<int> code) {
    Step made = step(state, std::move(what));
    made.code = code;
    made.entry = heard.entry;
    progress.steps.push_back(std::move(made));
  };
  const bool notice = question_.course == hj212::Course::notice;
  if (reply.request_return && !accepted_) {
    // A second 9011 is the answer to a resend and says nothing new, not even when it refuses the repetition.
    if (*reply.request_return != kReady) return add(OrderState::refused, "reply", reply.request_return);
    accept(progress);
    add(notice ? OrderState::done : OrderState::accepted, "reply", reply.request_return);
  }
  if (reply.notice_reply && !accepted_) {
    accept(progress);
    add(notice ? OrderState::done : OrderState::accepted, "reply", std::nullopt);
  }
  if (reply.data) {
    accept(progress);
    progress.renews = true;
    ++order_.data_frames;
    add(OrderState::accepted, "data", std::nullopt);
  }
  if (reply.execution_return && (progress.steps.empty() || !devices::is_final(progress.steps.back().state)))
    add(state_after(*reply.execution_return), "result", reply.execution_return);
}

}  // namespace mj::gateway
