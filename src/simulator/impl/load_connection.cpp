#include <boost/asio/buffer.hpp>
#include <boost/asio/write.hpp>

#include "answer_scan.hpp"
#include "durations.hpp"
#include "load_run.hpp"

namespace mj::simulator {
namespace {

using boost::system::error_code;

constexpr std::size_t kReadBuffer = 64 * 1024;

/// How many of `all` things, dealt in turn, connection `index` of `connections` gets.
std::uint64_t share(std::uint64_t all, std::uint32_t index, std::uint32_t connections) {
  return all / connections + (index < all % connections ? 1 : 0);
}

/// Frames that the devices of connection `index` send when all devices together send `max_frames`, each equally many.
std::uint64_t quota(const LoadOptions& options, std::uint32_t index) {
  if (options.max_frames == 0) return UINT64_MAX;
  const std::uint64_t rounds = options.max_frames / options.plan.devices;
  const auto left =
      static_cast<std::uint32_t>(options.max_frames % options.plan.devices);  // the first devices send one more
  return rounds * share(options.plan.devices, index, options.connections) +
         share(left, index, options.connections);
}

}  // namespace

LoadConnection::LoadConnection(asio::io_context& io, LoadShared& shared, std::uint32_t index)
    : io_(io),
      shared_(shared),
      index_(index),
      devices_(static_cast<std::uint32_t>(share(shared.options.plan.devices, index, shared.options.connections))),
      request_base_(std::uint64_t{shared.options.first_sequence} * devices_),
      quota_(quota(shared.options, index)),
      socket_(io),
      retry_(io),
      retry_ms_(shared.options.reconnect_min_ms),
      incoming_(kReadBuffer) {}

std::uint32_t LoadConnection::device(std::uint64_t frame) const {
  return index_ + static_cast<std::uint32_t>(frame % devices_) * shared_.options.connections;
}

std::uint32_t LoadConnection::sequence(std::uint64_t frame) const {
  return shared_.options.first_sequence + static_cast<std::uint32_t>(frame / devices_);
}

std::uint64_t LoadConnection::due(std::int64_t now_ns) const {
  if (shared_.options.rate <= 0) return quota_;
  // Frame n of connection i is planned at (n·connections + i) / rate, so the connections take turns.
  const double slots = static_cast<double>(now_ns - shared_.began_ns) * 1e-9 * shared_.options.rate - index_;
  if (slots < 0) return 0;
  return std::min(quota_, static_cast<std::uint64_t>(slots / shared_.options.connections) + 1);
}

std::int64_t LoadConnection::planned_ns(std::uint64_t frame, std::int64_t now_ns) const {
  if (shared_.options.rate <= 0) return now_ns;
  const double slot = static_cast<double>(frame) * shared_.options.connections + index_;
  return shared_.began_ns + static_cast<std::int64_t>(slot / shared_.options.rate * 1e9);
}

void LoadConnection::append(std::uint64_t frame) {
  const std::size_t at = building_.size();
  building_.resize(at + shared_.writer.size());
  shared_.writer.write(building_.data() + at, device(frame), sequence(frame), request_base_ + frame);
}

void LoadConnection::pump(std::int64_t now_ns) {
  if (!up_ || stopped_) return;
  if (shared_.sending) {
    const std::uint64_t limit = due(now_ns);
    while (in_flight_.size() < shared_.options.window && front_ + in_flight_.size() < limit) {
      const std::uint64_t frame = front_ + in_flight_.size();
      append(frame);
      in_flight_.push_back({planned_ns(frame, now_ns), false});
      ++shared_.report.sent;
    }
  }
  flush();
}

void LoadConnection::flush() {
  if (writing_ || building_.empty()) return;
  writing_ = true;
  outgoing_.swap(building_);
  building_.clear();
  asio::async_write(socket_, asio::buffer(outgoing_),
                    [self = shared_from_this(), epoch = epoch_](const error_code& failure, std::size_t) {
                      if (epoch != self->epoch_) return;
                      self->writing_ = false;
                      if (failure) {
                        self->lost();
                      } else {
                        self->flush();
                      }
                    });
}

void LoadConnection::connect() {
  if (stopped_) return;
  socket_ = asio::ip::tcp::socket(io_);
  socket_.async_connect(shared_.endpoint, [self = shared_from_this(), epoch = epoch_](const error_code& failure) {
    if (epoch != self->epoch_) return;
    if (failure) {
      self->lost();
    } else {
      self->connected();
    }
  });
}

void LoadConnection::connected() {
  error_code ignored;
  socket_.set_option(asio::ip::tcp::no_delay(true), ignored);
  up_ = true;
  up_since_ns_ = steady_ns();
  if (was_up_) ++shared_.report.reconnects;
  was_up_ = true;
  filled_ = 0;
  building_.clear();
  // The device kept what was not acknowledged and sends exactly the same bytes again.
  for (std::size_t i = 0; i < in_flight_.size(); ++i) {
    if (in_flight_[i].acked) continue;
    append(front_ + i);
    ++shared_.report.resent;
  }
  read();
  pump(up_since_ns_);
}

void LoadConnection::lost() {
  ++epoch_;
  up_ = false;
  writing_ = false;
  error_code ignored;
  socket_.close(ignored);
  if (stopped_) return;
  retry_.expires_after(std::chrono::milliseconds(retry_ms_));
  retry_ms_ = std::min(retry_ms_ * 2, shared_.options.reconnect_max_ms);
  retry_.async_wait([self = shared_from_this(), epoch = epoch_](const error_code& cancelled) {
    if (!cancelled && epoch == self->epoch_) self->connect();
  });
}

void LoadConnection::stop() {
  stopped_ = true;
  ++epoch_;
  error_code ignored;
  socket_.close(ignored);
  retry_.cancel();
}

void LoadConnection::check_timeout(std::int64_t now_ns) {
  if (!up_ || in_flight_.empty()) return;
  const std::int64_t waiting_since = std::max(in_flight_.front().sent_ns, up_since_ns_);
  if (now_ns - waiting_since > shared_.options.answer_timeout_ms * kNsPerMs) lost();
}

void LoadConnection::read() {
  const auto space = asio::buffer(incoming_.data() + filled_, incoming_.size() - filled_);
  socket_.async_read_some(space,
                          [self = shared_from_this(), epoch = epoch_](const error_code& failure, std::size_t got) {
                            if (epoch != self->epoch_) return;
                            self->filled_ += got;
                            if (got > 0) self->take_answers();
                            if (failure) {
                              self->lost();
                            } else {
                              self->pump(steady_ns());
                              self->read();
                            }
                          });
}

void LoadConnection::take_answers() {
  const std::int64_t now_ns = steady_ns();
  std::string_view rest(incoming_.data(), filled_);
  ScannedAnswer answer;
  while (const std::size_t used = AnswerScan::take(rest, answer)) {
    if (answer.valid && accept_answer(answer.qn, answer.mn, now_ns)) {
      retry_ms_ = shared_.options.reconnect_min_ms;
    } else {
      ++shared_.report.strange_answers;
    }
    rest.remove_prefix(used);
  }
  std::memmove(incoming_.data(), rest.data(), rest.size());
  filled_ = rest.size();
}

bool LoadConnection::accept_answer(std::string_view qn, std::string_view mn, std::int64_t now_ns) {
  if (qn.size() != 17 || mn.size() != 24) return false;
  if (qn.substr(0, 14) != qn_digits_) {
    const auto moment = parse_compact(qn);
    if (!moment) return false;
    const std::int64_t since = moment->ms_since(Instant::from_ms(LoadFrameWriter::kQnBaseMs));
    if (since < 0) return false;
    qn_second_ = static_cast<std::uint64_t>(since) / 1000;
    qn_digits_ = qn.substr(0, 14);
  }
  std::uint64_t thousandths = 0;
  for (const char c : qn.substr(14)) {
    if (c < '0' || c > '9') return false;
    thousandths = thousandths * 10 + static_cast<std::uint64_t>(c - '0');
  }
  const std::uint64_t request = qn_second_ * 1000 + thousandths;
  if (request < request_base_ + front_ || request - request_base_ - front_ >= in_flight_.size()) return false;
  const std::uint64_t frame = request - request_base_;
  InFlight& entry = in_flight_[frame - front_];
  if (entry.acked || !LoadFrameWriter::is_mn(mn, device(frame))) return false;
  entry.acked = true;
  ++shared_.report.acked;
  shared_.last_ack_ns = now_ns;
  shared_.report.latency.add(static_cast<std::uint64_t>(std::max<std::int64_t>(0, now_ns - entry.sent_ns)) / 1000);
  while (!in_flight_.empty() && in_flight_.front().acked) {
    in_flight_.pop_front();
    ++front_;
  }
  return true;
}

void LoadConnection::write_log(AckedLog& log) const {
  const std::uint64_t sent = front_ + in_flight_.size();
  for (std::uint32_t j = 0; j < devices_; ++j) {
    const std::uint32_t id = index_ + j * shared_.options.connections;
    const auto sequences_before = [&](std::uint64_t frames) {  // frames 0…frames−1 hold so many of this device
      return static_cast<std::uint32_t>((frames + devices_ - 1 - j) / devices_);
    };
    log.sent_end[id] = shared_.options.first_sequence + sequences_before(sent);
    if (const std::uint32_t prefix = sequences_before(front_); prefix > 0) {
      log.acked.push_back({id, shared_.options.first_sequence, shared_.options.first_sequence + prefix - 1});
    }
  }
  for (std::size_t i = 0; i < in_flight_.size(); ++i) {
    if (!in_flight_[i].acked) continue;
    const std::uint64_t frame = front_ + i;
    log.acked.push_back({device(frame), sequence(frame), sequence(frame)});
  }
}

}  // namespace mj::simulator
