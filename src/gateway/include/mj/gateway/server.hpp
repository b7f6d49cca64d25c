#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "mj/devices/order.hpp"
#include "mj/evidence/log.hpp"
#include "mj/hj212/protocol.hpp"
#include "mj/kernel/instant.hpp"
#include "mj/kernel/result.hpp"
#include "mj/registry/device_register.hpp"
#include "mj/registry/network.hpp"
#include "mj/runtime/clock.hpp"

namespace mj::gateway {

/// Encrypted transport 传输加密 (TLS 1.2 and newer) on a port of its own.
struct TlsOptions {
  std::uint16_t port = 0;             ///< 0 = any free port
  std::filesystem::path certificate;  ///< PEM chain
  std::filesystem::path key;          ///< PEM
  std::filesystem::path client_ca;    ///< PEM; when set, devices must show a certificate of it
};

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
  std::optional<TlsOptions> tls;
  std::vector<std::string> allow;          ///< networks that may connect 白名单, "203.0.113.0/24"; empty: all
  std::size_t max_connections_per_ip = 0;  ///< further ones are closed at once; 0 = no limit
  std::size_t max_connections_per_mn =
      4;                               ///< beyond it the oldest connection of the device is closed; 0 = no limit
  double max_frames_per_s_per_mn = 0;  ///< reading from a faster device pauses; 0 = no limit
  std::size_t max_conversations = 20'000;  ///< at the same time, one per device

  /// Reads `gateway.toml`. Errors: not_found; invalid_input with file, line and what is wrong.
  [[nodiscard]] static Result<ServerOptions> load(const std::filesystem::path& file);
};

/// What the gateway has seen since it started.
struct Figures {
  std::uint64_t connections = 0;  ///< open now
  std::uint64_t accepted = 0;     ///< connections accepted
  std::uint64_t refused = 0;      ///< connections over the limit
  std::uint64_t frames = 0;       ///< frames received
  std::uint64_t bytes = 0;
  std::uint64_t answers = 0;          ///< 9014 and 9013 sent
  std::uint64_t not_committed = 0;    ///< frames the log could not take: not answered, the device sends them again
  std::uint64_t timed_out = 0;        ///< connections closed for an incomplete frame or silence
  std::uint64_t not_allowed = 0;      ///< connections refused by the allow-list or the limit per address
  std::uint64_t wrong_passwords = 0;  ///< frames with another password than the registered one
  std::uint64_t requests = 0;         ///< frames of host commands sent, resends included
  std::uint64_t conversations = 0;    ///< running now
  std::uint64_t queued = 0;           ///< orders that wait for their device
};

/// One connection of the connection table 连接表.
struct Link {
  std::uint64_t connection = 0;
  std::string peer;
  bool tls = false;
  std::vector<std::string> devices;  ///< MNs seen on it, newest first, at most four
  Instant since;
  Instant last_byte_at;
  std::uint64_t frames = 0;
  std::uint64_t bytes = 0;
  std::uint64_t junk_bytes = 0;
};

/// What the gateway needs to know of devices. All references outlive the server.
struct Knowledge {
  const registry::Network& network;
  const registry::DeviceRegister& devices;
  const hj212::Protocol& protocol;
};

/// The HJ 212 gateway 数据接收网关 and the host side of its conversations 上位机. Source: HJ 212-2017 §6.1, §6.5 (handshakes),
/// §6.2 (time-outs and resends), §6.3.1 (frame).
class Server {
 public:
  /// Listens and serves on a thread of its own. `log` must outlive the server.
  /// Errors: unavailable when the address cannot be bound or the certificate cannot be read; invalid_input.
  [[nodiscard]] static Result<std::unique_ptr<Server>> start(ServerOptions options, evidence::Log& log,
                                                             Knowledge knowledge, runtime::Clock clock);
  /// Stops accepting, closes the connections and joins the thread.
  ~Server();
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  [[nodiscard]] std::uint16_t port() const;
  /// Port of the TLS listener; none without one.
  [[nodiscard]] std::optional<std::uint16_t> tls_port() const;
  [[nodiscard]] Figures figures() const;

  /// Takes up an order 下发命令: at once when the device is online and no other conversation of its runs, otherwise when
  /// that comes to be; orders of a device are served in the order of their ids. Every step goes to the evidence log as
  /// an event; a request frame is durable there before it leaves. An order submitted twice is served once; one that is
  /// `accepted` already (the server was restarted in between) ends as `interrupted`; one that is `sent` goes on with the
  /// same QN. Any thread.
  void submit(const devices::Order& order);
  /// Ends the order as cancelled: a queued one is dropped, a running one is waited for no longer. Any thread.
  void cancel(devices::OrderId id);

  /// The connection table, newest first. Any thread; the state of at most half a second ago.
  [[nodiscard]] std::vector<Link> links() const;
  /// Devices that can be spoken to now, ordered. Any thread.
  [[nodiscard]] std::vector<std::string> online() const;

 private:
  struct Impl;
  explicit Server(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace mj::gateway
