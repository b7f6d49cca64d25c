#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "mj/http/event_hub.hpp"
#include "mj/http/message.hpp"
#include "mj/kernel/result.hpp"

namespace mj::http {

/// Who may reach a server, and what it takes in.
struct ServerOptions {
  std::string address = "127.0.0.1";
  std::uint16_t port = 0;     ///< 0 = any free one
  bool loopback_only = true;  ///< refuses any other address: right for every service without a login
  std::string name = "http";  ///< of its threads and log lines, at most 7 characters
  std::size_t workers = 2;    ///< threads that make answers
  std::size_t max_connections = 256;
  std::uint64_t max_body_bytes = 64U << 10;
  /// Targets that take a file: bodies up to this size, only so many at once; others are answered with 503.
  std::function<bool(std::string_view target)> takes_files;  ///< none: no target does
  std::uint64_t max_file_bytes = 64U << 20;
  std::size_t max_files_at_once = 4;
  std::vector<Header> headers;      ///< on every answer, besides those that forbid sniffing and framing
  Refusal refusal = plain_refusal;  ///< words what the transport itself has to refuse
};

/// The transport: HTTP/1.1 over TCP, the event stream, limits and time-outs. All connections live on one thread; answers are
/// made on others, so that a slow query never delays an event on its way to a browser. The only file with Boost.Beast.
class Server {
 public:
  /// Makes the answer to a request, on one of the worker threads. An exception is answered with 500 and logged.
  using Handle = std::function<Answer(const Request&)>;

  /// Binds and listens. Errors: invalid_input when the address is none, or is no loopback address and must be one;
  /// unavailable when the port is taken.
  [[nodiscard]] static Result<std::unique_ptr<Server>> listen(ServerOptions options);
  /// Begins to answer. Called once. Without a hub no answer may be a stream; `hub` outlives the server.
  void serve(Handle handle, EventHub* hub = nullptr);
  /// Running requests are finished, streams are cut.
  ~Server();
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  [[nodiscard]] std::uint16_t port() const;
  /// "127.0.0.1:8080"
  [[nodiscard]] std::string binding() const;

 private:
  struct Impl;
  explicit Server(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace mj::http
