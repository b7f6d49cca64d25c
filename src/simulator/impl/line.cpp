#include "line.hpp"

#include "durations.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/write.hpp>

namespace mj::simulator {
namespace {

using boost::system::error_code;
constexpr std::int64_t kGlueMs = 2'000;  // how long a frame is kept back for another one to be glued to

}  // namespace

Line::Line(asio::io_context& io, std::uint32_t number, const LineListener& listener, std::vector<char>& common,
           asio::ssl::context* tls)
    : socket_(io), tls_(tls), listener_(listener), common_(common), number_(number) {}

void Line::close() {
  ++generation_;
  error_code ignored;
  socket_.close(ignored);
  secure_.reset();
  framer_ = hj212::Framer();
  queue_.clear();
  writing_.clear();
  hold_until_ = kNever;
  pausing_ = false;
  state_ = State::down;
}

void Line::fail() {
  const bool was_up = state_ == State::up;
  close();
  listener_.down(number_, was_up);
}

void Line::connect(const asio::ip::tcp::endpoint& endpoint) {
  close();
  state_ = State::connecting;
  socket_.async_connect(endpoint, [this, generation = generation_](const error_code& failure) {
    if (generation != generation_) return;
    if (failure) return fail();
    error_code ignored;
    socket_.set_option(asio::ip::tcp::no_delay(true), ignored);
    socket_.non_blocking(true, ignored);
    if (tls_ == nullptr) return opened();
    secure_ = std::make_unique<Secure>(socket_, *tls_);
    secure_->stream.async_handshake(asio::ssl::stream_base::client, [this, generation](const error_code& refused) {
      if (generation != generation_) return;
      if (refused) return fail();
      opened();
    });
  });
}

void Line::opened() {
  state_ = State::up;
  read();
  listener_.up(number_);
}

void Line::read() {
  if (secure_) {
    secure_->stream.async_read_some(asio::buffer(secure_->received),
                                    [this, generation = generation_](const error_code& failure, std::size_t got) {
                                      if (generation != generation_) return;
                                      if (failure) return fail();
                                      listener_.bytes(number_,
                                                      as_bytes(std::string_view(secure_->received.data(), got)));
                                      if (generation == generation_) read();
                                    });
    return;
  }
  socket_.async_wait(asio::ip::tcp::socket::wait_read, [this, generation = generation_](error_code failure) {
    if (generation != generation_) return;
    std::size_t got = 0;
    if (!failure) got = socket_.read_some(asio::buffer(common_), failure);
    if (failure == asio::error::would_block) return read();  // readiness may be of earlier bytes
    if (failure) return fail();
    listener_.bytes(number_, as_bytes(std::string_view(common_.data(), got)));
    if (generation == generation_) read();
  });
}

void Line::write(std::vector<Emission> emissions, Instant now) {
  if (state_ != State::up || emissions.empty()) return;
  queue_.insert(queue_.end(), std::make_move_iterator(emissions.begin()),
                std::make_move_iterator(emissions.end()));
  flush(now);
}

void Line::wake(Instant now) {
  if (now >= hold_until_) flush(now);
}

void Line::flush(Instant now) {
  if (state_ != State::up || !writing_.empty()) return;
  std::size_t taken = 0;
  for (; taken < queue_.size(); ++taken) {
    const Emission& next = queue_[taken];
    const bool alone = next.with_next && taken + 1 == queue_.size();
    if (next.pause_ms > 0 || alone) {
      if (taken > 0) break;  // a pause begins when what goes before is written
      if (hold_until_ == kNever || (next.pause_ms > 0 && !pausing_)) {
        pausing_ = next.pause_ms > 0;
        hold_until_ = now.plus_ms(pausing_ ? next.pause_ms : kGlueMs);
      }
      if (now < hold_until_) return;
    }
    pausing_ = false;
    hold_until_ = kNever;
    writing_ += next.bytes;
  }
  queue_.erase(queue_.begin(), queue_.begin() + static_cast<std::ptrdiff_t>(taken));
  if (writing_.empty()) return;
  const auto done = [this, generation = generation_](const error_code& failure, std::size_t) {
    if (generation != generation_) return;
    writing_.clear();
    if (failure) return fail();
    flush(listener_.now());
    listener_.written(number_);
  };
  if (secure_) {
    asio::async_write(secure_->stream, asio::buffer(writing_), done);
  } else {
    asio::async_write(socket_, asio::buffer(writing_), done);
  }
}

}  // namespace mj::simulator
