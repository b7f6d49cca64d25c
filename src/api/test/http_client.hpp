#pragma once

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "json.hpp"

namespace mj::api::test {

/// A TCP connection to the server under test. Plain sockets: a test may send what no client library would.
class Connection {
 public:
  explicit Connection(std::uint16_t port) : socket_(::socket(AF_INET, SOCK_STREAM, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    connected_ = ::connect(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
  }
  ~Connection() { ::close(socket_); }
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  [[nodiscard]] bool connected() const { return connected_; }
  void send(std::string_view text) const {
    while (!text.empty()) {
      const auto sent = ::send(socket_, text.data(), text.size(), MSG_NOSIGNAL);
      if (sent <= 0) return;
      text.remove_prefix(static_cast<std::size_t>(sent));
    }
  }
  /// What comes next; empty at the end of the connection, none when nothing came in time.
  [[nodiscard]] std::optional<std::string> receive(int timeout_ms) const {
    pollfd waiting{socket_, POLLIN, 0};
    if (::poll(&waiting, 1, timeout_ms) <= 0) return std::nullopt;
    char bytes[65536];
    const auto got = ::recv(socket_, bytes, sizeof bytes, 0);
    return got <= 0 ? std::string() : std::string(bytes, static_cast<std::size_t>(got));
  }
  [[nodiscard]] std::string receive_all() const {
    std::string all;
    for (;;) {
      const auto part = receive(10'000);
      if (!part || part->empty()) return all;
      all += *part;
    }
  }

 private:
  int socket_;
  bool connected_ = false;
};

struct Reply {
  int status = 0;
  std::string head;  ///< status line and headers
  std::string body;

  [[nodiscard]] Json json() const { return Json::parse(body, nullptr, false); }
  /// Value of a header, empty when absent. Names are compared as the server writes them.
  [[nodiscard]] std::string header(std::string_view name) const {
    const std::size_t at = head.find("\r\n" + std::string(name) + ": ");
    if (at == std::string::npos) return {};
    const std::size_t begin = at + name.size() + 4;
    return head.substr(begin, head.find("\r\n", begin) - begin);
  }
};

inline Reply reply_of(const std::string& all) {
  Reply reply;
  const std::size_t end = all.find("\r\n\r\n");
  if (end == std::string::npos || all.size() < 12) return reply;
  reply.status = std::stoi(all.substr(9, 3));
  reply.head = all.substr(0, end + 2);
  reply.body = all.substr(end + 4);
  return reply;
}

/// Sends bytes, reads until the server closes.
inline Reply converse(std::uint16_t port, std::string_view bytes) {
  const Connection connection(port);
  connection.send(bytes);
  return reply_of(connection.receive_all());
}

inline Reply get(std::uint16_t port, std::string_view target, std::string_view headers = {}) {
  return converse(port, fmt::format("GET {} HTTP/1.1\r\nHost: 127.0.0.1:{}\r\nConnection: close\r\n{}\r\n", target,
                                    port, headers));
}

inline Reply post(std::uint16_t port, std::string_view target, std::string_view body,
                  std::string_view headers = "Content-Type: application/json\r\n") {
  return converse(
      port,
      fmt::format("POST {} HTTP/1.1\r\nHost: 127.0.0.1:{}\r\nConnection: close\r\nContent-Length: {}\r\n{}\r\n{}",
                  target, port, body.size(), headers, body));
}

/// A browser's EventSource.
class EventStream {
 public:
  explicit EventStream(std::uint16_t port) : connection_(port) {
    connection_.send(fmt::format("GET /api/events HTTP/1.1\r\nHost: localhost:{}\r\n\r\n", port));
    // The first line of the stream tells that the subscription stands.
    while (head_.find("retry: 2000\n\n") == std::string::npos) {
      const auto part = connection_.receive(5000);
      if (!part || part->empty()) return;
      head_ += *part;
    }
    rest_ = head_.substr(head_.find("retry: 2000\n\n") + 13);
    head_.resize(head_.find("\r\n\r\n") + 2);
  }
  [[nodiscard]] const std::string& head() const { return head_; }

  struct Event {
    std::uint64_t id = 0;
    std::string name;  ///< empty for a comment
    Json data;
  };
  /// The next event of any name.
  std::optional<Event> next(int timeout_ms) {
    const auto until = std::chrono::steady_clock::now() + std::chrono::milliseconds(timeout_ms);
    for (;;) {
      if (const std::size_t end = rest_.find("\n\n"); end != std::string::npos) {
        const std::string block = rest_.substr(0, end + 1);
        rest_.erase(0, end + 2);
        return event_of(block);
      }
      const auto left =
          std::chrono::duration_cast<std::chrono::milliseconds>(until - std::chrono::steady_clock::now()).count();
      if (left <= 0) return std::nullopt;
      const auto part = connection_.receive(static_cast<int>(left));
      if (!part || part->empty()) return std::nullopt;
      rest_ += *part;
    }
  }
  /// The next event of this name; others are passed over.
  std::optional<Event> next(std::string_view name, int timeout_ms) {
    const auto until = std::chrono::steady_clock::now() + std::chrono::milliseconds(timeout_ms);
    for (;;) {
      const auto left =
          std::chrono::duration_cast<std::chrono::milliseconds>(until - std::chrono::steady_clock::now()).count();
      auto event = next(static_cast<int>(std::max<std::int64_t>(left, 0)));
      if (!event || event->name == name) return event;
    }
  }

 private:
  static Event event_of(const std::string& block) {
    const auto field = [&block](const std::string& name) {
      const std::size_t at = ("\n" + block).find("\n" + name + ": ");
      return at == std::string::npos
                 ? std::string()
                 : block.substr(at + name.size() + 2, block.find('\n', at) - at - name.size() - 2);
    };
    Event event;
    event.name = field("event");
    if (event.name.empty()) return event;
    event.id = std::stoull(field("id"));
    event.data = Json::parse(field("data"), nullptr, false);
    return event;
  }

  Connection connection_;
  std::string head_;
  std::string rest_;
};

}  // namespace mj::api::test
