#include "mj/gateway/server.hpp"

#include <atomic>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/write.hpp>
#include <thread>
#include <unordered_set>

#include "mj/runtime/log.hpp"
#include "mj/runtime/thread.hpp"
#include "reception.hpp"

namespace mj::gateway {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

constexpr std::size_t kReadBytes = 256 << 10;
constexpr int kSweepMs = 500;
constexpr int kRefusedPauseMs = 50;
/// A peer that does not read its answers is disconnected beyond this.
constexpr std::size_t kMaxUnsentBytes = 1 << 20;

std::string peer_name(const tcp::socket& socket) {
  error_code failure;
  const tcp::endpoint endpoint = socket.remote_endpoint(failure);
  if (failure) return "unknown";
  const std::string address = endpoint.address().to_string();
  return endpoint.address().is_v6() ? fmt::format("[{}]:{}", address, endpoint.port())
                                    : fmt::format("{}:{}", address, endpoint.port());
}

}  // namespace

struct Server::Impl {
  Impl(ServerOptions server_options, evidence::Log& evidence_log, const registry::Network& registered,
       runtime::Clock wall_clock)
      : options(std::move(server_options)),
        log(evidence_log),
        network(registered),
        clock(std::move(wall_clock)),
        acceptor(io),
        sweep_timer(io),
        read_buffer(kReadBytes) {}

  class Connection;

  Status listen();
  void accept();
  void sweep();

  ServerOptions options;
  evidence::Log& log;
  const registry::Network& network;
  runtime::Clock clock;
  asio::io_context io{1};
  tcp::acceptor acceptor;
  asio::steady_timer sweep_timer;
  std::vector<std::byte> read_buffer;  ///< shared: a connection's bytes go on into its own framer at once
  std::unordered_set<std::shared_ptr<Connection>> connections;
  std::uint64_t next_connection = 0;
  std::uint16_t port = 0;

  std::atomic<std::uint64_t> open{0}, accepted{0}, refused{0}, frames{0}, bytes{0}, answers{0}, not_committed{0},
      timed_out{0};
  /// Commits whose callback has not run yet; the destructor waits for them because they point here.
  std::atomic<std::uint64_t> in_flight{0};
  std::jthread thread;
};

/// One device. Lives as long as the server or a pending operation holds it; touched by the gateway thread only.
class Server::Impl::Connection : public std::enable_shared_from_this<Connection> {
 public:
  Connection(Impl& server, tcp::socket socket, std::uint64_t number)
      : server_(server),
        socket_(std::move(socket)),
        reception_(server.network, number, peer_name(socket_), server.options.max_segment),
        pause_timer_(server.io),
        last_byte_ms_(runtime::steady_ms()) {}

  void read() {
    if (closed_ || reading_ || unanswered_bytes_ > server_.options.max_unanswered_bytes || paused_) return;
    reading_ = true;
    socket_.async_wait(tcp::socket::wait_read, [self = shared_from_this()](error_code failure) {
      self->reading_ = false;
      if (failure) return self->close();
      self->read_available();
      self->read();
    });
  }

  /// Called now and then: gives up on incomplete frames and silent peers.
  void check(std::int64_t now_ms) {
    if (closed_) return;
    const std::int64_t silence = now_ms - last_byte_ms_;
    if (reception_.pending() > 0) {
      if (silence >= server_.options.tail_wait_ms) commit(reception_.take_without_tail(server_.clock()));
      if (reception_.pending() > 0 && now_ms - incomplete_since_ms_ >= server_.options.incomplete_timeout_ms) {
        ++server_.timed_out;
        return close();
      }
    } else if (silence >= server_.options.idle_timeout_ms) {
      ++server_.timed_out;
      return close();
    }
  }

  void close() {
    if (closed_) return;
    closed_ = true;
    commit(reception_.take_rest(server_.clock()));
    error_code ignored;
    socket_.close(ignored);
    pause_timer_.cancel();
    --server_.open;
    server_.connections.erase(shared_from_this());
  }

 private:
  void read_available() {
    error_code failure;
    const bool was_complete = reception_.pending() == 0;
    const std::size_t got = socket_.read_some(asio::buffer(server_.read_buffer), failure);
    if (failure == asio::error::would_block || failure == asio::error::try_again) return;
    if (failure) return close();
    server_.bytes += got;
    last_byte_ms_ = runtime::steady_ms();
    reception_.push(BytesView(server_.read_buffer.data(), got));
    Received received = reception_.take(server_.clock());
    if (was_complete || received.batch.count() > 0) incomplete_since_ms_ = last_byte_ms_;
    junk_bytes_ = received.frames > 0 ? 0 : junk_bytes_ + received.junk_bytes;
    commit(std::move(received));
    if (junk_bytes_ > server_.options.max_junk_bytes) close();
  }

  void commit(Received received) {
    if (received.batch.count() == 0) return;
    server_.frames += received.frames;
    const std::size_t size = received.batch.bytes();
    const std::uint64_t frame_count = received.frames;
    unanswered_bytes_ += size;
    ++server_.in_flight;
    const Status queued = server_.log.append(
        std::move(received.batch),
        [self = shared_from_this(), size, frame_count, answer_count = received.answer_count,
         answers = std::move(received.answers)](const Result<evidence::EntryIndex>& committed) mutable {
          Impl& server = self->server_;
          if (!committed) {
            server.not_committed += frame_count;
            answers.clear();
          } else {
            server.answers += answer_count;
          }
          asio::post(server.io, [self = std::move(self), size, text = std::move(answers)]() mutable {
            self->unanswered_bytes_ -= size;
            self->send(std::move(text));
            self->read();
          });
          --server.in_flight;
        });
    if (!queued) {
      // Full queue or failing disk: nothing is answered, the device sends again; reading pauses so that the log can recover.
      --server_.in_flight;
      server_.not_committed += frame_count;
      unanswered_bytes_ -= size;
      pause();
    }
  }

  void pause() {
    if (closed_ || paused_) return;
    paused_ = true;
    pause_timer_.expires_after(std::chrono::milliseconds(kRefusedPauseMs));
    pause_timer_.async_wait([self = shared_from_this()](error_code failure) {
      self->paused_ = false;
      if (!failure) self->read();
    });
  }

  void send(std::string text) {
    if (closed_ || text.empty()) return;
    unsent_ += text;
    if (unsent_.size() > kMaxUnsentBytes) return close();
    if (!writing_) write();
  }

  void write() {
    writing_ = true;
    in_write_.swap(unsent_);
    unsent_.clear();
    asio::async_write(socket_, asio::buffer(in_write_),
                      [self = shared_from_this()](error_code failure, std::size_t) {
                        self->writing_ = false;
                        if (failure) return self->close();
                        if (!self->closed_ && !self->unsent_.empty()) self->write();
                      });
  }

  Impl& server_;
  tcp::socket socket_;
  Reception reception_;
  asio::steady_timer pause_timer_;
  std::int64_t last_byte_ms_;
  std::int64_t incomplete_since_ms_ = 0;
  std::size_t unanswered_bytes_ = 0;
  std::size_t junk_bytes_ = 0;
  std::string unsent_;
  std::string in_write_;
  bool reading_ = false;
  bool writing_ = false;
  bool paused_ = false;
  bool closed_ = false;
};

Status Server::Impl::listen() {
  error_code failure;
  const auto address = asio::ip::make_address(options.address, failure);
  if (failure) return Error(ErrorCode::invalid_input, fmt::format("\"{}\" is not an IP address", options.address));
  const tcp::endpoint endpoint(address, options.port);
  if (acceptor.open(endpoint.protocol(), failure); failure)
    return Error(ErrorCode::unavailable, failure.message());
  acceptor.set_option(tcp::acceptor::reuse_address(true), failure);
  if (acceptor.bind(endpoint, failure); failure) {
    return Error(ErrorCode::unavailable,
                 fmt::format("cannot listen on {}:{}: {}; choose another port with --hj212-port", options.address,
                             options.port, failure.message()));
  }
  if (acceptor.listen(4096, failure); failure) return Error(ErrorCode::unavailable, failure.message());
  port = acceptor.local_endpoint(failure).port();
  return {};
}

void Server::Impl::accept() {
  acceptor.async_accept([this](error_code failure, tcp::socket socket) {
    if (failure == asio::error::operation_aborted) return;
    if (failure) {
      // Out of descriptors, for example: the pending connection stays in the backlog, so try again a little later.
      runtime::log(runtime::Level::warning, "gateway", "cannot accept a connection: {}", failure.message());
      auto timer = std::make_shared<asio::steady_timer>(io, std::chrono::milliseconds(kRefusedPauseMs));
      timer->async_wait([this, timer](error_code stopped) {
        if (!stopped) accept();
      });
      return;
    }
    if (connections.size() >= options.max_connections) {
      ++refused;
    } else {
      ++accepted;
      ++open;
      error_code ignored;
      socket.non_blocking(true, ignored);
      socket.set_option(tcp::no_delay(true), ignored);
      auto connection = std::make_shared<Connection>(*this, std::move(socket), next_connection++);
      connections.insert(connection);
      connection->read();
    }
    accept();
  });
}

void Server::Impl::sweep() {
  sweep_timer.expires_after(std::chrono::milliseconds(kSweepMs));
  sweep_timer.async_wait([this](error_code failure) {
    if (failure) return;
    const std::int64_t now = runtime::steady_ms();
    const std::vector<std::shared_ptr<Connection>> current(connections.begin(), connections.end());
    for (const auto& connection : current) connection->check(now);
    sweep();
  });
}

Result<std::unique_ptr<Server>> Server::start(ServerOptions options, evidence::Log& log,
                                              const registry::Network& network, runtime::Clock clock) {
  auto impl = std::make_unique<Impl>(std::move(options), log, network, std::move(clock));
  MJ_CHECK(impl->listen());
  // Numbers stay unique over restarts and small enough for a JSON number: seconds since 2020, then a counter.
  constexpr std::int64_t k2020 = 1'577'836'800;
  impl->next_connection =
      static_cast<std::uint64_t>(std::max<std::int64_t>(impl->clock().ms() / 1000 - k2020, 0)) * 1'000'000;
  Impl& server = *impl;
  server.accept();
  server.sweep();
  server.thread = runtime::start_thread("gateway", [&server](const std::stop_token&) { server.io.run(); });
  return std::unique_ptr<Server>(new Server(std::move(impl)));
}

Server::Server(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}

Server::~Server() {
  Impl& server = *impl_;
  asio::post(server.io, [&server] {
    error_code ignored;
    server.acceptor.close(ignored);
    server.sweep_timer.cancel();
    const std::vector<std::shared_ptr<Impl::Connection>> current(server.connections.begin(),
                                                                 server.connections.end());
    for (const auto& connection : current) connection->close();
  });
  if (server.thread.joinable()) server.thread.join();
  // Callbacks of the last commits still point here. They are quick and come within one commit.
  while (server.in_flight.load() != 0) std::this_thread::yield();
}

std::uint16_t Server::port() const { return impl_->port; }

Figures Server::figures() const {
  Figures figures;
  figures.connections = impl_->open;
  figures.accepted = impl_->accepted;
  figures.refused = impl_->refused;
  figures.frames = impl_->frames;
  figures.bytes = impl_->bytes;
  figures.answers = impl_->answers;
  figures.not_committed = impl_->not_committed;
  figures.timed_out = impl_->timed_out;
  return figures;
}

}  // namespace mj::gateway
