#pragma once

#include <array>
#include <boost/asio/buffer.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/write.hpp>
#include <memory>
#include <span>
#include <string>
#include <variant>

#include "mj/kernel/bytes.hpp"

namespace mj::gateway {

/// The socket of a device, in clear or under TLS. One read and one write may be under way.
class Stream {
 public:
  using Socket = boost::asio::ip::tcp::socket;
  using ErrorCode = boost::system::error_code;

  explicit Stream(Socket socket) : layer_(std::move(socket)) {}
  Stream(Socket socket, boost::asio::ssl::context& context)
      : layer_(std::make_unique<Tls>(std::move(socket), context)) {}

  [[nodiscard]] bool tls() const { return layer_.index() == 1; }

  /// Only under TLS; before anything else.
  template <typename Handler>
  void async_handshake(Handler handler) {
    std::get<1>(layer_)->stream.async_handshake(boost::asio::ssl::stream_base::server, std::move(handler));
  }

  /// handler(error, bytes): the bytes are valid during the call and may be none without an error.
  /// In clear a waiting read holds no memory: all connections read into `shared`, one after another.
  template <typename Handler>
  void async_read(std::span<std::byte> shared, Handler handler) {
    if (auto* plain = std::get_if<0>(&layer_)) {
      plain->async_wait(
          Socket::wait_read, [plain, shared, handler = std::move(handler)](ErrorCode failure) mutable {
            std::size_t got = 0;
            if (!failure) got = plain->read_some(boost::asio::buffer(shared.data(), shared.size()), failure);
            if (failure == boost::asio::error::would_block || failure == boost::asio::error::try_again)
              failure = {};
            handler(failure, BytesView(shared.data(), got));
          });
      return;
    }
    Tls& tls = *std::get<1>(layer_);
    tls.stream.async_read_some(boost::asio::buffer(tls.received),
                               [&tls, handler = std::move(handler)](ErrorCode failure, std::size_t got) mutable {
                                 handler(failure, BytesView(tls.received.data(), got));
                               });
  }

  /// `text` must stay where it is until handler(error, size).
  template <typename Handler>
  void async_write(const std::string& text, Handler handler) {
    if (auto* plain = std::get_if<0>(&layer_)) {
      boost::asio::async_write(*plain, boost::asio::buffer(text), std::move(handler));
    } else {
      boost::asio::async_write(std::get<1>(layer_)->stream, boost::asio::buffer(text), std::move(handler));
    }
  }

  /// At once, also under TLS: frames carry their own length, so a stream cut short cannot pass for a whole one.
  void close() {
    ErrorCode ignored;
    socket().close(ignored);
  }

 private:
  struct Tls {
    Tls(Socket socket, boost::asio::ssl::context& context) : stream(std::move(socket), context) {}
    boost::asio::ssl::stream<Socket> stream;
    std::array<std::byte, 4096> received{};
  };

  [[nodiscard]] Socket& socket() {
    if (auto* plain = std::get_if<0>(&layer_)) return *plain;
    return std::get<1>(layer_)->stream.next_layer();
  }

  std::variant<Socket, std::unique_ptr<Tls>> layer_;
};

}  // namespace mj::gateway
