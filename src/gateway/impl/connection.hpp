#pragma once

#include <boost/asio/ip/address.hpp>
#include <boost/asio/steady_timer.hpp>
#include <cstdint>
#include <memory>
#include <string>

#include "mj/gateway/server.hpp"
#include "reception.hpp"
#include "stream.hpp"

namespace mj::gateway {

struct Core;

/// One TCP connection of a device. Lives as long as the server or a pending operation holds it; gateway thread only.
class Connection : public std::enable_shared_from_this<Connection> {
 public:
  Connection(Core& core, Stream stream, std::uint64_t number, const boost::asio::ip::tcp::endpoint& peer);

  /// Begins with the handshake when the stream is under TLS.
  void start();
  void read();
  /// Called now and then: gives up on incomplete frames, silent peers and handshakes that take too long.
  void check(std::int64_t now_ms);
  /// Records what is left, tells the devices and conversations, and leaves the table.
  void close();
  void send(std::string_view text);

  [[nodiscard]] std::uint64_t number() const { return number_; }
  [[nodiscard]] const std::string& peer() const { return reception_.peer(); }
  [[nodiscard]] const Speech& speech() const { return reception_.speech(); }
  [[nodiscard]] Reception& reception() { return reception_; }
  [[nodiscard]] Link link() const;

 private:
  void read_in(BytesView bytes);
  void commit(Received received);
  /// Tells conversations of frames that are durable from entry `first` on, or never will be.
  static void tell(const std::vector<HeardFrame>& heard, std::optional<std::uint64_t> first);
  void pause(std::int64_t ms);
  void write();

  Core& core_;
  Stream stream_;
  std::uint64_t number_;
  boost::asio::ip::address address_;
  Reception reception_;
  boost::asio::steady_timer pause_timer_;
  Instant since_;
  Instant last_byte_at_;
  std::int64_t last_byte_ms_;
  std::int64_t incomplete_since_ms_ = 0;
  std::uint64_t frames_ = 0;
  std::uint64_t bytes_ = 0;
  std::uint64_t junk_total_ = 0;
  std::size_t unanswered_bytes_ = 0;
  std::size_t junk_bytes_ = 0;  ///< since the last frame
  std::string unsent_;
  std::string in_write_;
  bool shaking_hands_ = false;
  bool reading_ = false;
  bool writing_ = false;
  bool paused_ = false;
  bool closed_ = false;
};

}  // namespace mj::gateway
