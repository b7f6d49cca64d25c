#include "mj/gateway/server.hpp"

#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <future>
#include <mutex>
#include <thread>

#include "core.hpp"
#include "listener.hpp"
#include "mj/runtime/log.hpp"
#include "mj/runtime/thread.hpp"
#include "tls.hpp"

namespace mj::gateway {
namespace {

constexpr int kSweepMs = 500;
/// Tables shown are as old as this at most.
constexpr std::int64_t kSnapshotMs = 500;

/// What the gateway thread tells others of its tables.
struct Snapshot {
  std::vector<Link> links;
  std::vector<std::string> online;
};

}  // namespace

struct Server::Impl {
  Impl(ServerOptions options, evidence::Log& log, Knowledge knowledge, runtime::Clock clock)
      : core(std::move(options), log, knowledge, std::move(clock)), sweep_timer(core.io) {}

  void sweep();
  [[nodiscard]] Snapshot make_snapshot() const;
  [[nodiscard]] std::shared_ptr<const Snapshot> snapshot();

  Core core;
  boost::asio::steady_timer sweep_timer;
  std::unique_ptr<Listener> plain;
  std::unique_ptr<Listener> tls;

  std::mutex snapshot_mutex;  ///< guards the next two
  std::shared_ptr<const Snapshot> newest;
  std::int64_t newest_ms = 0;

  std::jthread thread;
};

void Server::Impl::sweep() {
  sweep_timer.expires_after(std::chrono::milliseconds(kSweepMs));
  sweep_timer.async_wait([this](boost::system::error_code failure) {
    if (failure) return;
    core.sweep();
    sweep();
  });
}

Snapshot Server::Impl::make_snapshot() const {
  Snapshot made;
  made.links.reserve(core.connections.size());
  for (const auto& [number, connection] : core.connections) made.links.push_back(connection->link());
  std::ranges::sort(made.links, std::greater<>(), &Link::connection);
  made.online = core.links.online();
  return made;
}

std::shared_ptr<const Snapshot> Server::Impl::snapshot() {
  // Made when somebody asks, so that the gateway thread has no work for tables nobody reads.
  const std::lock_guard lock(snapshot_mutex);
  if (newest && runtime::steady_ms() - newest_ms < kSnapshotMs) return newest;
  auto promise = std::make_shared<std::promise<Snapshot>>();
  std::future<Snapshot> future = promise->get_future();
  boost::asio::post(core.io, [this, promise] { promise->set_value(make_snapshot()); });
  newest = std::make_shared<const Snapshot>(future.get());
  newest_ms = runtime::steady_ms();
  return newest;
}

Result<std::unique_ptr<Server>> Server::start(ServerOptions options, evidence::Log& log, Knowledge knowledge,
                                              runtime::Clock clock) {
  auto impl = std::make_unique<Impl>(std::move(options), log, knowledge, std::move(clock));
  Core& core = impl->core;
  MJ_TRY(core.allowed, AllowList::parse(core.options.allow));
  MJ_TRY(impl->plain, Listener::open(core, core.options.port, nullptr));
  if (core.options.tls) {
    MJ_TRY(auto context, tls_context(*core.options.tls));
    MJ_TRY(impl->tls, Listener::open(core, core.options.tls->port, std::move(context)));
    impl->tls->accept();
  }
  impl->plain->accept();
  impl->sweep();
  impl->thread = runtime::start_thread("gateway", [&core](const std::stop_token&) { core.io.run(); });
  return std::unique_ptr<Server>(new Server(std::move(impl)));
}

Server::Server(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}

Server::~Server() {
  Impl& server = *impl_;
  boost::asio::post(server.core.io, [&server] {
    server.plain->close();
    if (server.tls) server.tls->close();
    server.sweep_timer.cancel();
    server.core.stop();
  });
  if (server.thread.joinable()) server.thread.join();
  // Callbacks of the last commits still point here. They are quick and come within one commit.
  while (server.core.in_flight.load() != 0) std::this_thread::yield();
  // What they posted runs while everything it points to is alive.
  server.core.io.restart();
  server.core.io.poll();
}

std::uint16_t Server::port() const { return impl_->plain->port(); }

std::optional<std::uint16_t> Server::tls_port() const {
  return impl_->tls ? std::optional(impl_->tls->port()) : std::nullopt;
}

Figures Server::figures() const { return impl_->core.counters.figures(); }

void Server::submit(const devices::Order& order) {
  boost::asio::post(impl_->core.io, [&core = impl_->core, order] { core.desk.submit(order); });
}

void Server::cancel(devices::OrderId id) {
  boost::asio::post(impl_->core.io, [&core = impl_->core, id] { core.desk.cancel(id); });
}

std::vector<Link> Server::links() const { return impl_->snapshot()->links; }

std::vector<std::string> Server::online() const { return impl_->snapshot()->online; }

}  // namespace mj::gateway
