#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "event_hub.hpp"
#include "http.hpp"
#include "mj/kernel/result.hpp"

namespace mj::api {

/// The transport: HTTP/1.1 over TCP, the event stream, limits and time-outs. All connections live on one thread; answers are
/// made on two others, so that a slow query never delays an alarm on its way to a browser. The only file with Boost.Beast.
class HttpServer {
 public:
  using Handle = std::function<Answer(const Request&)>;

  /// Binds and listens. Errors: invalid_input when the address is no loopback address; unavailable when the port is taken.
  [[nodiscard]] static Result<std::unique_ptr<HttpServer>> listen(const std::string& address, std::uint16_t port);
  /// Begins to answer. `hub` outlives the server. Called once.
  void serve(Handle handle, EventHub& hub);
  /// Running requests are finished, streams are cut.
  ~HttpServer();
  HttpServer(const HttpServer&) = delete;
  HttpServer& operator=(const HttpServer&) = delete;

  [[nodiscard]] std::uint16_t port() const;
  /// "127.0.0.1:8080"
  [[nodiscard]] std::string binding() const;

 private:
  struct Impl;
  explicit HttpServer(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace mj::api
