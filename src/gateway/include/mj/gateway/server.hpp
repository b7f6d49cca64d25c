#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "mj/evidence/log.hpp"
#include "mj/kernel/result.hpp"
#include "mj/registry/network.hpp"
#include "mj/runtime/clock.hpp"

namespace mj::gateway {

struct ServerOptions {
  std::string address = "127.0.0.1";
  std::uint16_t port = 9212;                   ///< 0 = any free port
  std::size_t max_connections = 20000;         ///< further ones are closed at once
  int incomplete_timeout_ms = 10'000;          ///< a frame must be complete this long after its first byte
  int tail_wait_ms = 1'500;                    ///< a frame without CRLF is taken after this much silence
  int idle_timeout_ms = 70 * 60 * 1000;        ///< a device that only uploads hours stays connected
  std::size_t max_segment = 8192;              ///< longest data segment, bytes
  std::size_t max_unanswered_bytes = 1 << 20;  ///< reading from a peer pauses while this much of it is not durable
  std::size_t max_junk_bytes = 64 << 10;       ///< a peer that sends this much without one frame is disconnected
};

/// What the gateway has seen since it started.
struct Figures {
  std::uint64_t connections = 0;  ///< open now
  std::uint64_t accepted = 0;     ///< connections accepted
  std::uint64_t refused = 0;      ///< connections over the limit
  std::uint64_t frames = 0;       ///< frames received
  std::uint64_t bytes = 0;
  std::uint64_t answers = 0;        ///< 9014 and 9013 sent
  std::uint64_t not_committed = 0;  ///< frames the log could not take: not answered, the device sends them again
  std::uint64_t timed_out = 0;      ///< connections closed for an incomplete frame or silence
};

/// The HJ 212 gateway 数据接收网关. Source: HJ 212-2017 §6.1 (handshakes), §6.3.1 (frame).
class Server {
 public:
  /// Listens and serves on a thread of its own. `log` and `network` must outlive the server.
  /// Errors: unavailable when the address cannot be bound.
  [[nodiscard]] static Result<std::unique_ptr<Server>> start(ServerOptions options, evidence::Log& log,
                                                             const registry::Network& network,
                                                             runtime::Clock clock);
  /// Stops accepting, closes the connections and joins the thread.
  ~Server();
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  [[nodiscard]] std::uint16_t port() const;
  [[nodiscard]] Figures figures() const;

 private:
  struct Impl;
  explicit Server(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace mj::gateway
