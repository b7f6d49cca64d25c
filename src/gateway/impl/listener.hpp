#pragma once

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <memory>

#include "core.hpp"
#include "mj/kernel/result.hpp"

namespace mj::gateway {

/// Accepts connections on one port, in clear or under TLS.
class Listener {
 public:
  /// `tls` null: in clear. Errors: unavailable when the port cannot be bound; invalid_input for the address.
  [[nodiscard]] static Result<std::unique_ptr<Listener>> open(Core& core, std::uint16_t port,
                                                              std::unique_ptr<boost::asio::ssl::context> tls);

  /// Accepts until close().
  void accept();
  void close();
  [[nodiscard]] std::uint16_t port() const { return port_; }

 private:
  Listener(Core& core, std::unique_ptr<boost::asio::ssl::context> tls);

  Core& core_;
  std::unique_ptr<boost::asio::ssl::context> tls_;
  boost::asio::ip::tcp::acceptor acceptor_;
  boost::asio::steady_timer pause_timer_;
  std::uint16_t port_ = 0;
};

}  // namespace mj::gateway
