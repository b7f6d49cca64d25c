#pragma once

#include <arpa/inet.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

#include <string>
#include <string_view>

#include "mj/hj212/message.hpp"

namespace mj::gateway {

/// A device with a plain blocking socket.
class Peer {
 public:
  explicit Peer(std::uint16_t port) : socket_(::socket(AF_INET, SOCK_STREAM, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    connected_ = ::connect(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof(address)) == 0;
  }
  ~Peer() { ::close(socket_); }
  Peer(const Peer&) = delete;
  Peer& operator=(const Peer&) = delete;

  void send(std::string_view bytes) const {
    ASSERT_EQ(::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL), static_cast<ssize_t>(bytes.size()));
  }
  void send_segment(std::string_view segment) const { send(hj212::frame(segment)); }
  void finish() const { ::shutdown(socket_, SHUT_WR); }
  void hang_up() const { ::shutdown(socket_, SHUT_RDWR); }
  /// Reads until `size` bytes came, the peer closed or nothing came for `patience_ms`.
  std::string receive(std::size_t size, int patience_ms = 5000) const {
    timeval patience{patience_ms / 1000, (patience_ms % 1000) * 1000};
    ::setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
    std::string text;
    while (text.size() < size) {
      char buffer[4096];
      const ssize_t got = ::recv(socket_, buffer, std::min(sizeof(buffer), size - text.size()), 0);
      closed_by_peer = got == 0;
      if (got <= 0) break;
      text.append(buffer, static_cast<std::size_t>(got));
    }
    return text;
  }
  /// One whole frame by its length; less when nothing came for `patience_ms`.
  std::string receive_frame(int patience_ms = 5000) const {
    std::string head = receive(6, patience_ms);
    if (head.size() < 6) return head;
    return head + receive(static_cast<std::size_t>(std::stoi(head.substr(2))) + 6, patience_ms);
  }
  [[nodiscard]] bool connected() const { return connected_; }
  mutable bool closed_by_peer = false;

 private:
  int socket_;
  bool connected_ = false;
};

/// The value of a header field of a frame, `QN` for example.
inline std::string header_value(std::string_view frame, std::string_view name) {
  const std::string key = std::string(name) + "=";
  const std::size_t at = frame.find(key);
  if (at == std::string_view::npos) return {};
  const std::size_t begin = at + key.size();
  return std::string(frame.substr(begin, frame.find(';', begin) - begin));
}

}  // namespace mj::gateway
