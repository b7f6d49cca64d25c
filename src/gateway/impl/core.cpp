#include "core.hpp"

namespace mj::gateway {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

constexpr std::size_t kReadBytes = 256 << 10;

/// Numbers of connections stay unique over restarts and small enough for a JSON number: seconds since 2020, then a counter.
std::uint64_t first_connection(Instant now) {
  constexpr std::int64_t k2020 = 1'577'836'800;
  return static_cast<std::uint64_t>(std::max<std::int64_t>(now.ms() / 1000 - k2020, 0)) * 1'000'000;
}

}  // namespace

Core::Core(ServerOptions server_options, evidence::Log& evidence_log, Knowledge known, runtime::Clock wall_clock)
    : options(std::move(server_options)),
      log(evidence_log),
      knowledge(known),
      clock(std::move(wall_clock)),
      read_buffer(kReadBytes),
      links(knowledge, {options.max_connections_per_mn, options.max_frames_per_s_per_mn}),
      journal(io, log, clock, in_flight),
      desk(*this),
      per_address(options.max_connections_per_ip),
      next_connection(first_connection(clock())) {
  links.on_online([this](Device& device) { desk.online(device); });
  links.on_offline([this](Device& device) { desk.offline(device); });
}

void Core::enter(tcp::socket socket, asio::ssl::context* tls) {
  error_code failure;
  const tcp::endpoint peer = socket.remote_endpoint(failure);
  if (failure) return;  // gone already
  const asio::ip::address address = plain_address(peer.address());
  if (connections.size() >= options.max_connections) {
    ++counters.refused;
    return;
  }
  if (!allowed.allows(address) || !per_address.enter(address)) {
    ++counters.not_allowed;
    return;
  }
  ++counters.accepted;
  ++counters.open;
  socket.non_blocking(true, failure);
  socket.set_option(tcp::no_delay(true), failure);
  const std::uint64_t number = next_connection++;
  auto connection = std::make_shared<Connection>(
      *this, tls != nullptr ? Stream(std::move(socket), *tls) : Stream(std::move(socket)), number, peer);
  connections.emplace(number, connection);
  connection->start();
}

void Core::leave(std::uint64_t number, const asio::ip::address& address) {
  --counters.open;
  per_address.leave(address);
  connections.erase(number);
}

void Core::sweep() {
  const std::int64_t now = runtime::steady_ms();
  std::vector<std::shared_ptr<Connection>> current;
  current.reserve(connections.size());
  for (const auto& [number, connection] : connections) current.push_back(connection);
  for (const auto& connection : current) connection->check(now);
  desk.sweep();
}

void Core::stop() {
  journal.stop();
  desk.stop();
  std::vector<std::shared_ptr<Connection>> current;
  for (const auto& [number, connection] : connections) current.push_back(connection);
  for (const auto& connection : current) connection->close();
}

}  // namespace mj::gateway
