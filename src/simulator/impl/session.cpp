#include "session.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/error.hpp>
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

DeviceGroup group_of(const Device& device, std::vector<Signal> signals, std::int64_t realtime_s,
                     std::int64_t minute_min) {
  DeviceGroup group;
  group.model.signals = std::move(signals);
  group.name = device.mn;
  group.device = device;
  group.realtime_s = realtime_s;
  group.minute_min = minute_min;
  group.scheduled = false;
  group.sends[static_cast<std::size_t>(Record::realtime)] = true;
  return group;
}

}  // namespace

HostSide::HostSide(const Device& spoken, std::vector<Signal> signals, hj212::Protocol tables,
                   std::int64_t realtime_s, std::int64_t minute_min, FieldDevice::RecordsOf records, Instant now)
    : protocol(std::move(tables)),
      group(group_of(spoken, std::move(signals), realtime_s, minute_min)),
      device(group, 0, std::move(records), 1, now) {}

Session::Session(asio::io_context& io, Target target, AnswerPolicy policy, runtime::Clock clock,
                 const Device& device, Traffic& traffic, HostSide* host)
    : io_(io),
      target_(std::move(target)),
      policy_(policy),
      clock_(std::move(clock)),
      device_(device),
      traffic_(traffic),
      host_(host),
      socket_(io),
      timer_(io) {}

std::string Session::next_qn() {
  if (host_ != nullptr) return host_->device.next_qn(clock_());
  last_qn_ms_ = std::max(clock_().ms(), last_qn_ms_ + 1);
  return to_compact_ms(Instant::from_ms(last_qn_ms_));
}

Turn Session::turn() { return Turn{clock_(), host_->protocol, host_->report, {}, false}; }

std::string Session::frame(std::string_view qn, std::string_view cn, std::string_view cp, bool resent) {
  if (host_ != nullptr) device_.pw = host_->device.password();  // a host may have changed it
  return upload_frame(device_, qn, cn, cp, resent);
}

void Session::close() {
  error_code ignored;
  socket_.close(ignored);
  framer_ = hj212::Framer();
  if (host_ != nullptr) host_->device.lost(clock_());
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
        socket_.non_blocking(true, failure);
        ++traffic_.connects;
        if (host_ != nullptr) {
          Turn mine = turn();
          host_->device.connected(mine);
          std::vector<Emission> line = std::move(mine.line);
          co_await speak(std::move(line));
        }
        co_return;
      }
    }
    co_await pause(wait_ms);
    wait_ms = std::min(wait_ms * 2, policy_.reconnect_max_ms);
  }
}

bool Session::take_pieces(const std::string& qn, Turn* mine) {
  bool found = false;
  while (const auto piece = framer_.next()) {
    // Answers come in the CRC of HJ 212, or in the one the device itself uses.
    if (!piece->framed) continue;
    if (piece->crc.match != hj212::CrcMatch::hj && !hj212::accepts(device_.crc, piece->crc.match)) continue;
    const auto reading = hj212::read_header(piece->segment);
    const auto& header = reading.header;
    if (header.qn == qn && (header.cn == "9014" || header.cn == "9013")) {
      found = true;
    } else if (mine != nullptr) {
      host_->device.take(host_->reader, host_->reader.read(*piece, host_->device.settings()), *mine);
    }
  }
  return found;
}

asio::awaitable<void> Session::speak(std::vector<Emission> emissions) {
  std::string bytes;
  for (const Emission& each : emissions) bytes += each.bytes;
  if (bytes.empty() || !socket_.is_open()) co_return;
  error_code failure;
  co_await asio::async_write(socket_, asio::buffer(bytes), asio::redirect_error(asio::use_awaitable, failure));
  if (failure) close();
}

asio::awaitable<bool> Session::listen(std::int64_t until_steady_ms, std::string qn) {
  while (socket_.is_open()) {
    std::int64_t left = until_steady_ms - runtime::steady_ms();
    if (left <= 0) co_return false;
    if (host_ != nullptr) {
      const Instant next = host_->device.next_wake();
      const Instant at = clock_();
      if (next <= at) {
        Turn mine = turn();
        host_->device.wake(mine);
        std::vector<Emission> line = std::move(mine.line);
        co_await speak(std::move(line));
        if (mine.disconnect) close();
        continue;
      }
      if (next < at.plus_ms(left)) left = next.ms_since(at);
    }
    timer_.expires_after(std::chrono::milliseconds(left));
    error_code read_failure;
    error_code timer_failure;
    // Waits for readiness and reads then: a read that the timer cancels could take bytes with it.
    auto reading = socket_.async_wait(asio::ip::tcp::socket::wait_read,
                                      asio::redirect_error(asio::use_awaitable, read_failure));
    auto waiting = timer_.async_wait(asio::redirect_error(asio::use_awaitable, timer_failure));
    const auto first = co_await (std::move(reading) || std::move(waiting));
    if (first.index() == 1) continue;
    std::size_t got = 0;
    if (!read_failure) got = socket_.read_some(asio::buffer(received_), read_failure);
    if (read_failure == asio::error::would_block) continue;  // readiness may be of earlier bytes
    if (read_failure) {
      close();
      co_return false;
    }
    framer_.push(as_bytes(std::string_view(received_.data(), got)));
    if (host_ == nullptr) {
      if (take_pieces(qn, nullptr)) co_return true;
      continue;
    }
    Turn mine = turn();
    const bool came = take_pieces(qn, &mine);
    std::vector<Emission> line = std::move(mine.line);
    co_await speak(std::move(line));
    if (came) co_return true;
  }
  co_return false;
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
    const bool came = co_await listen(runtime::steady_ms() + policy_.timeout_ms, qn);
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
  const std::string bytes = frame(qn, cn, cp, resent);
  co_await deliver(bytes, qn);
  traffic_.data_time = std::max(traffic_.data_time, data_time);
}

asio::awaitable<void> Session::wait_until(std::int64_t steady_ms) {
  std::int64_t left = steady_ms - runtime::steady_ms();
  while (left > 0) {
    const bool beat = left > kHeartbeatMs && sends_heartbeats(device_);
    const std::int64_t rest_until = runtime::steady_ms() + (beat ? kHeartbeatMs : left);
    if (socket_.is_open()) (void)co_await listen(rest_until, std::string());
    if (const std::int64_t rest = rest_until - runtime::steady_ms(); rest > 0) co_await pause(rest);
    if (beat) {
      const std::string qn = next_qn();
      const std::string bytes = frame(qn, "9015", "", false);
      co_await deliver(bytes, qn);
    }
    left = steady_ms - runtime::steady_ms();
  }
}

}  // namespace mj::simulator
