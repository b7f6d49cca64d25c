#include "session.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>

#include "mj/hj212/message.hpp"
#include "upload.hpp"

namespace mj::simulator {
namespace {

using boost::system::error_code;
using namespace asio::experimental::awaitable_operators;  // NOLINT(google-build-using-namespace): operators only

// HJ 212-2025 names no interval for 9015; half a minute keeps the usual idle limits of address translation away.
constexpr std::int64_t kHeartbeatMs = 30'000;

}  // namespace

Session::Session(asio::io_context& io, Target target, AnswerPolicy policy, runtime::Clock clock,
                 const Device& device, Traffic& traffic)
    : io_(io),
      target_(std::move(target)),
      policy_(policy),
      clock_(std::move(clock)),
      device_(device),
      traffic_(traffic),
      socket_(io),
      timer_(io) {}

std::string Session::next_qn() {
  last_qn_ms_ = std::max(clock_().ms(), last_qn_ms_ + 1);
  return to_compact_ms(Instant::from_ms(last_qn_ms_));
}

void Session::close() {
  error_code ignored;
  socket_.close(ignored);
  framer_ = hj212::Framer();
}

asio::awaitable<void> Session::pause(std::int64_t ms) {
  timer_.expires_after(std::chrono::milliseconds(ms));
  error_code ignored;
  co_await timer_.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
}

asio::awaitable<void> Session::connect() {
  std::int64_t wait_ms = policy_.reconnect_min_ms;
  asio::ip::tcp::resolver resolver(io_);
  for (;;) {
    close();
    error_code failure;
    const std::string port = fmt::format("{}", target_.port);
    const auto found =
        co_await resolver.async_resolve(target_.host, port, asio::redirect_error(asio::use_awaitable, failure));
    if (!failure && !found.empty()) {
      co_await socket_.async_connect(found.begin()->endpoint(),
                                     asio::redirect_error(asio::use_awaitable, failure));
      if (!failure) {
        socket_.set_option(asio::ip::tcp::no_delay(true), failure);
        ++traffic_.connects;
        co_return;
      }
    }
    co_await pause(wait_ms);
    wait_ms = std::min(wait_ms * 2, policy_.reconnect_max_ms);
  }
}

bool Session::answered(const std::string& qn) {
  bool found = false;
  while (const auto piece = framer_.next()) {
    if (!piece->framed || !hj212::accepts(hj212::CrcRule::hj, piece->crc.match)) continue;
    const auto reading = hj212::read_header(piece->segment);
    const auto& header = reading.header;
    found = found || (header.qn == qn && (header.cn == "9014" || header.cn == "9013"));
  }
  return found;
}

asio::awaitable<bool> Session::await_answer(const std::string& qn) {
  timer_.expires_after(std::chrono::milliseconds(policy_.timeout_ms));
  for (;;) {
    error_code read_failure;
    error_code timer_failure;
    const auto buffer = asio::buffer(received_);
    auto reading = socket_.async_read_some(buffer, asio::redirect_error(asio::use_awaitable, read_failure));
    auto waiting = timer_.async_wait(asio::redirect_error(asio::use_awaitable, timer_failure));
    const auto first = co_await (std::move(reading) || std::move(waiting));
    if (first.index() == 1) co_return false;
    if (read_failure) {
      close();
      co_return false;
    }
    framer_.push(as_bytes(std::string_view(received_.data(), std::get<0>(first))));
    if (answered(qn)) co_return true;
  }
}

asio::awaitable<void> Session::deliver(const std::string& frame, const std::string& qn) {
  const bool wants_answer = wants_answers(device_);
  int waited = 0;  // how often an answer did not come in time
  for (std::uint64_t tries = 0;; ++tries) {
    if (!socket_.is_open()) co_await connect();
    if (tries > 0) ++traffic_.resent;
    error_code failure;
    co_await asio::async_write(socket_, asio::buffer(frame), asio::redirect_error(asio::use_awaitable, failure));
    if (failure) {
      close();
      co_await pause(policy_.reconnect_min_ms);
      continue;  // a lost line does not use up the resends: the device keeps the frame
    }
    if (tries == 0) ++traffic_.sent;
    if (!wants_answer) {
      ++traffic_.unanswerable;
      co_return;
    }
    const bool came = co_await await_answer(qn);
    if (came) {
      ++traffic_.answered;
      co_return;
    }
    if (!socket_.is_open()) {
      co_await pause(policy_.reconnect_min_ms);
      continue;
    }
    if (waited++ == policy_.resends) {
      ++traffic_.given_up;
      close();  // HJ 212-2017 §6.2: communication unavailable, end
      co_return;
    }
  }
}

asio::awaitable<void> Session::upload(std::string cn, std::string cp, Instant data_time, bool resent) {
  const std::string qn = next_qn();
  const std::string frame = upload_frame(device_, qn, cn, cp, resent);
  co_await deliver(frame, qn);
  traffic_.data_time = std::max(traffic_.data_time, data_time);
}

asio::awaitable<void> Session::wait_until(std::int64_t steady_ms) {
  std::int64_t left = steady_ms - runtime::steady_ms();
  while (left > 0) {
    const bool beat = left > kHeartbeatMs && sends_heartbeats(device_);
    co_await pause(beat ? kHeartbeatMs : left);
    if (beat) {
      const std::string qn = next_qn();
      const std::string frame = upload_frame(device_, qn, "9015", "", false);
      co_await deliver(frame, qn);
    }
    left = steady_ms - runtime::steady_ms();
  }
}

}  // namespace mj::simulator
