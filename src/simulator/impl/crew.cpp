#include "crew.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace mj::simulator {

void Crew::add(asio::awaitable<void> device) {
  ++playing_;
  asio::co_spawn(io_, std::move(device), [this](const std::exception_ptr& failure) {
    if (failure) fail(failure);
    if (--playing_ == 0) timer_.cancel();
  });
}

void Crew::fail(const std::exception_ptr& failure) {
  failure_ = failure;
  io_.stop();
}

asio::awaitable<void> Crew::ticking(std::function<void()> tick) {
  while (playing_ > 0) {
    timer_.expires_after(std::chrono::seconds(1));
    boost::system::error_code cancelled;
    co_await timer_.async_wait(asio::redirect_error(asio::use_awaitable, cancelled));
    tick();
  }
}

Status Crew::run(std::stop_token stop, std::function<void()> tick) {
  if (tick)
    asio::co_spawn(io_, ticking(std::move(tick)), [this](const std::exception_ptr& failure) {
      if (failure) fail(failure);
    });
  const std::stop_callback stopper(stop, [this] { io_.stop(); });
  try {
    io_.run();
    if (failure_) std::rethrow_exception(failure_);
  } catch (const std::exception& failure) {
    return Error(ErrorCode::internal, fmt::format("a simulated device failed: {}", failure.what()));
  }
  return {};
}

Traffic sum(const Traffic& a, const Traffic& b) {
  return Traffic{.sent = a.sent + b.sent,
                 .answered = a.answered + b.answered,
                 .unanswerable = a.unanswerable + b.unanswerable,
                 .resent = a.resent + b.resent,
                 .given_up = a.given_up + b.given_up,
                 .connects = a.connects + b.connects,
                 .data_time = std::max(a.data_time, b.data_time)};
}

}  // namespace mj::simulator
