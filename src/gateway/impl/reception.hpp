#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "mj/evidence/log.hpp"
#include "mj/hj212/framer.hpp"
#include "mj/kernel/instant.hpp"
#include "mj/registry/network.hpp"

namespace mj::gateway {

/// What one read of a connection becomes: entries for the log and the answers to send once they are durable.
struct Received {
  evidence::Batch batch;
  std::string answers;
  std::uint64_t frames = 0;
  std::uint64_t answer_count = 0;
  std::size_t junk_bytes = 0;
};

/// Turns the bytes of one connection into entries and answers; no sockets, no clock of its own.
class Reception {
 public:
  Reception(const registry::Network& network, std::uint64_t connection, std::string peer, std::size_t max_segment);

  void push(BytesView bytes) { framer_.push(bytes); }
  /// Everything that is complete now.
  [[nodiscard]] Received take(Instant now);
  /// Silence: takes a frame that lacks only its line end; leaves anything else waiting. Empty when there is none.
  [[nodiscard]] Received take_without_tail(Instant now);
  /// The stream ended or stood still too long: takes what there is.
  [[nodiscard]] Received take_rest(Instant now);
  /// Bytes waiting for the rest of their frame.
  [[nodiscard]] std::size_t pending() const { return framer_.pending(); }

 private:
  void add(const hj212::Piece& piece, Instant now, Received& received);

  const registry::Network& network_;
  std::uint64_t connection_;
  std::string peer_;
  std::size_t max_segment_;
  hj212::Framer framer_;
};

}  // namespace mj::gateway
