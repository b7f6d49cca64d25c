#include "connection.hpp"

#include <boost/asio/post.hpp>

#include "allow_list.hpp"
#include "core.hpp"

namespace mj::gateway {
namespace {

namespace asio = boost::asio;
using boost::system::error_code;

constexpr std::int64_t kRefusedPauseMs = 50;
/// A peer that does not read what it is sent is disconnected beyond this.
constexpr std::size_t kMaxUnsentBytes = 1 << 20;
/// A buffer that a burst made grow beyond this is given back.
constexpr std::size_t kSmallBuffer = 1024;

std::string peer_name(const asio::ip::tcp::endpoint& endpoint) {
  const asio::ip::address address = plain_address(endpoint.address());
  return address.is_v6() ? fmt::format("[{}]:{}", address.to_string(), endpoint.port())
                         : fmt::format("{}:{}", address.to_string(), endpoint.port());
}

}  // namespace

Connection::Connection(Core& core, Stream stream, std::uint64_t number, const asio::ip::tcp::endpoint& peer)
    : core_(core),
      stream_(std::move(stream)),
      number_(number),
      address_(plain_address(peer.address())),
      reception_(core, *this, number, peer_name(peer)),
      pause_timer_(core.io),
      since_(core.clock()),
      last_byte_at_(since_),
      last_byte_ms_(runtime::steady_ms()) {}

void Connection::start() {
  if (!stream_.tls()) return read();
  shaking_hands_ = true;
  stream_.async_handshake([self = shared_from_this()](error_code failure) {
    self->shaking_hands_ = false;
    if (failure) return self->close();
    self->read();
  });
}

void Connection::read() {
  if (closed_ || reading_ || paused_ || unanswered_bytes_ > core_.options.max_unanswered_bytes) return;
  reading_ = true;
  stream_.async_read(core_.read_buffer, [self = shared_from_this()](error_code failure, BytesView bytes) {
    self->reading_ = false;
    // Also with a failure: under TLS the last bytes may come with the end.
    if (!bytes.empty() && !self->closed_) self->read_in(bytes);
    if (failure) return self->close();
    self->read();
  });
}

void Connection::read_in(BytesView bytes) {
  const bool was_complete = reception_.pending() == 0;
  core_.counters.bytes += bytes.size();
  bytes_ += bytes.size();
  last_byte_ms_ = runtime::steady_ms();
  last_byte_at_ = core_.clock();
  core_.steady_now_ms = last_byte_ms_;
  core_.links.refresh();
  reception_.push(bytes);
  Received received = reception_.take(last_byte_at_);
  if (was_complete || received.batch.count() > 0) incomplete_since_ms_ = last_byte_ms_;
  junk_bytes_ = received.frames > 0 ? 0 : junk_bytes_ + received.junk_bytes;
  if (received.pause_ms > 0) pause(received.pause_ms);
  commit(std::move(received));
  if (junk_bytes_ > core_.options.max_junk_bytes) close();
}

void Connection::commit(Received received) {
  if (received.batch.count() == 0) return;
  core_.counters.frames += received.frames;
  core_.counters.wrong_passwords += received.wrong_passwords;
  frames_ += received.frames;
  junk_total_ += received.junk_bytes;
  const std::size_t size = received.batch.bytes();
  const std::uint64_t frame_count = received.frames;
  const std::vector<std::shared_ptr<Connection>> surplus = std::move(received.surplus);
  // Shared, because the log keeps a copyable callback, and without heard frames nothing is allocated.
  auto heard = received.heard.empty() ? nullptr
                                      : std::make_shared<const std::vector<HeardFrame>>(std::move(received.heard));
  unanswered_bytes_ += size;
  ++core_.in_flight;
  const Status queued = core_.log.append(
      std::move(received.batch),
      [self = shared_from_this(), size, frame_count, heard, answer_count = received.answer_count,
       answers = std::move(received.answers)](const Result<evidence::EntryIndex>& committed) mutable {
        Core& core = self->core_;
        std::optional<std::uint64_t> first;
        if (committed) {
          first = committed->raw();
          core.counters.answers += answer_count;
        } else {
          core.counters.not_committed += frame_count;
          answers.clear();
        }
        asio::post(core.io,
                   [self = std::move(self), size, text = std::move(answers), heard = std::move(heard), first] {
                     self->unanswered_bytes_ -= size;
                     self->send(text);
                     if (heard) tell(*heard, first);
                     self->read();
                   });
        --core.in_flight;
      });
  if (!queued) {
    // Full queue or failing disk: nothing is answered, the device sends again; reading pauses so that the log can recover.
    --core_.in_flight;
    core_.counters.not_committed += frame_count;
    unanswered_bytes_ -= size;
    if (heard) tell(*heard, std::nullopt);
    pause(kRefusedPauseMs);
  }
  for (const auto& connection : surplus) connection->close();
}

void Connection::tell(const std::vector<HeardFrame>& heard, std::optional<std::uint64_t> first) {
  for (const HeardFrame& frame : heard) {
    if (first) {
      frame.conversation->answered(frame.reply, *first + frame.offset);
    } else {
      frame.conversation->not_recorded();
    }
  }
}

void Connection::check(std::int64_t now_ms) {
  if (closed_) return;
  if (paused_) return;  // it is our doing that nothing comes
  const std::int64_t silence = now_ms - last_byte_ms_;
  if (shaking_hands_) {
    if (silence < core_.options.incomplete_timeout_ms) return;
    ++core_.counters.timed_out;
    return close();
  }
  if (reception_.pending() > 0) {
    if (silence >= core_.options.tail_wait_ms) commit(reception_.take_without_tail(core_.clock()));
    if (reception_.pending() > 0 && now_ms - incomplete_since_ms_ >= core_.options.incomplete_timeout_ms) {
      ++core_.counters.timed_out;
      return close();
    }
  } else if (silence >= core_.options.idle_timeout_ms) {
    ++core_.counters.timed_out;
    return close();
  }
  if (silence < core_.options.tail_wait_ms) return;
  reception_.shrink();
  if (unsent_.empty() && unsent_.capacity() > kSmallBuffer) std::string().swap(unsent_);
  if (!writing_ && in_write_.capacity() > kSmallBuffer) std::string().swap(in_write_);
}

void Connection::close() {
  if (closed_) return;
  closed_ = true;
  const auto self = shared_from_this();  // the table may hold the last reference
  reception_.leave_devices();
  commit(reception_.take_rest(core_.clock()));
  if (Conversation* conversation = reception_.addressed()) conversation->line_lost();
  stream_.close();
  pause_timer_.cancel();
  core_.leave(number_, address_);
}

void Connection::pause(std::int64_t ms) {
  if (closed_ || paused_) return;
  paused_ = true;
  pause_timer_.expires_after(std::chrono::milliseconds(ms));
  pause_timer_.async_wait([self = shared_from_this()](error_code failure) {
    self->paused_ = false;
    if (!failure) self->read();
  });
}

void Connection::send(std::string_view text) {
  if (closed_ || text.empty()) return;
  unsent_ += text;
  if (unsent_.size() > kMaxUnsentBytes) return close();
  if (!writing_) write();
}

void Connection::write() {
  writing_ = true;
  in_write_.swap(unsent_);
  unsent_.clear();
  stream_.async_write(in_write_, [self = shared_from_this()](error_code failure, std::size_t) {
    self->writing_ = false;
    if (failure) return self->close();
    if (!self->closed_ && !self->unsent_.empty()) self->write();
  });
}

Link Connection::link() const {
  Link link;
  link.connection = number_;
  link.peer = peer();
  link.tls = stream_.tls();
  link.devices = reception_.recent_devices();
  link.since = since_;
  link.last_byte_at = last_byte_at_;
  link.frames = frames_;
  link.bytes = bytes_;
  link.junk_bytes = junk_total_;
  return link;
}

}  // namespace mj::gateway
