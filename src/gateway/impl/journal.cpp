#include "journal.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "mj/evidence_format/entry.hpp"
#include "mj/runtime/log.hpp"

namespace mj::gateway {
namespace {

namespace asio = boost::asio;
constexpr auto kBetweenAttempts = std::chrono::milliseconds(200);

Status add(evidence::Batch& batch, evidence_format::EntryType type, std::string_view payload, const Place& place,
           Instant now) {
  evidence_format::Entry entry;
  entry.type = type;
  entry.received_at = now;
  entry.connection = place.connection;
  entry.peer = place.peer;
  entry.device = place.mn;
  entry.payload = as_bytes(payload);
  return batch.add(entry);
}

}  // namespace

asio::awaitable<Status> Journal::append(evidence::Batch batch) {
  struct Pending {
    explicit Pending(asio::io_context& io) : changed(io, asio::steady_timer::time_point::max()) {}
    std::optional<Status> status;
    asio::steady_timer changed;
  };
  auto pending = std::make_shared<Pending>(io_);
  ++in_flight_;
  const Status queued =
      log_.append(std::move(batch), [this, pending](const Result<evidence::EntryIndex>& committed) {
        Status status = committed ? Status() : Status(committed.error());
        asio::post(io_, [pending, status = std::move(status)] {
          pending->status = status;
          pending->changed.cancel();
        });
        --in_flight_;
      });
  if (!queued) {
    --in_flight_;
    co_return queued;
  }
  while (!pending->status) co_await pending->changed.async_wait(asio::as_tuple(asio::use_awaitable));
  co_return *pending->status;
}

asio::awaitable<Status> Journal::record_sent(const std::string& frame, const devices::Step& step,
                                             const Place& place) {
  evidence::Batch batch;
  const Instant now = clock_();
  const std::string event = devices::encode(step);
  Status added = add(batch, evidence_format::EntryType::sent, frame, place, now);
  if (added) added = add(batch, evidence_format::EntryType::event, event, place, now);
  if (!added) co_return added;
  co_return co_await append(std::move(batch));
}

asio::awaitable<bool> Journal::record(std::vector<devices::Step> steps, Place place) {
  evidence::Batch batch;
  const Instant now = clock_();
  for (const devices::Step& step : steps) {
    const Status added = add(batch, evidence_format::EntryType::event, devices::encode(step), place, now);
    if (!added) {
      runtime::log(runtime::Level::error, "gateway", "a step of order {} cannot be recorded: {}", step.order.raw(),
                   added.error().text());
    }
  }
  if (batch.count() == 0) co_return true;
  while (true) {
    const Status recorded = co_await append(batch);
    if (recorded) co_return true;
    if (stopping_) co_return false;
    co_await pause();
    if (stopping_) co_return false;
  }
}

asio::awaitable<void> Journal::pause() {
  asio::steady_timer timer(io_, kBetweenAttempts);
  co_await timer.async_wait(asio::as_tuple(asio::use_awaitable));
}

}  // namespace mj::gateway
