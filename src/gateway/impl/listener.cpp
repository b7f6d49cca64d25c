#include "listener.hpp"

#include "mj/runtime/log.hpp"

namespace mj::gateway {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

constexpr auto kAfterFailure = std::chrono::milliseconds(50);
constexpr int kBacklog = 4096;

}  // namespace

Listener::Listener(Core& core, std::unique_ptr<asio::ssl::context> tls)
    : core_(core), tls_(std::move(tls)), acceptor_(core.io), pause_timer_(core.io) {}

Result<std::unique_ptr<Listener>> Listener::open(Core& core, std::uint16_t port,
                                                 std::unique_ptr<asio::ssl::context> tls) {
  const ServerOptions& options = core.options;
  error_code failure;
  const auto address = asio::ip::make_address(options.address, failure);
  if (failure) return Error(ErrorCode::invalid_input, fmt::format("\"{}\" is not an IP address", options.address));
  std::unique_ptr<Listener> listener(new Listener(core, std::move(tls)));
  tcp::acceptor& acceptor = listener->acceptor_;
  const tcp::endpoint endpoint(address, port);
  if (acceptor.open(endpoint.protocol(), failure); failure)
    return Error(ErrorCode::unavailable, failure.message());
  acceptor.set_option(tcp::acceptor::reuse_address(true), failure);
  if (acceptor.bind(endpoint, failure); failure) {
    return Error(ErrorCode::unavailable,
                 fmt::format("cannot listen on {}:{}: {}; choose another port with {}", options.address, port,
                             failure.message(), listener->tls_ ? "[tls] port" : "--hj212-port"));
  }
  if (acceptor.listen(kBacklog, failure); failure) return Error(ErrorCode::unavailable, failure.message());
  listener->port_ = acceptor.local_endpoint(failure).port();
  return listener;
}

void Listener::accept() {
  acceptor_.async_accept([this](error_code failure, tcp::socket socket) {
    if (failure == asio::error::operation_aborted || !acceptor_.is_open()) return;
    if (failure) {
      // Out of descriptors, for example: the pending connection stays in the backlog, so try again a little later.
      runtime::log(runtime::Level::warning, "gateway", "cannot accept a connection: {}", failure.message());
      pause_timer_.expires_after(kAfterFailure);
      pause_timer_.async_wait([this](error_code stopped) {
        if (!stopped) accept();
      });
      return;
    }
    core_.enter(std::move(socket), tls_.get());
    accept();
  });
}

void Listener::close() {
  error_code ignored;
  acceptor_.close(ignored);
  pause_timer_.cancel();
}

}  // namespace mj::gateway
