#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "conversation.hpp"
#include "device.hpp"
#include "mj/evidence/log.hpp"
#include "mj/hj212/frame_reader.hpp"
#include "mj/hj212/framer.hpp"
#include "mj/kernel/instant.hpp"

namespace mj::gateway {

struct Core;

/// A frame of a read that may be a reply: its conversation is told when the read is durable.
struct HeardFrame {
  std::shared_ptr<Conversation> conversation;
  Reply reply;
  std::size_t offset = 0;  ///< which entry of the batch
};

/// What one read of a connection becomes: entries for the log, and what happens once they are durable.
struct Received {
  evidence::Batch batch;
  std::string answers;
  std::vector<HeardFrame> heard;
  std::uint64_t frames = 0;
  std::uint64_t answer_count = 0;
  std::uint64_t wrong_passwords = 0;
  std::size_t junk_bytes = 0;
  std::int64_t pause_ms = 0;                         ///< the device is above its frames/s
  std::vector<std::shared_ptr<Connection>> surplus;  ///< above the limit of a device, to be closed
};

/// Turns the bytes of one connection into entries, answers and replies to conversations; no sockets, no clock of its own.
class Reception {
 public:
  Reception(Core& core, Connection& owner, std::uint64_t connection, std::string peer);

  void push(BytesView bytes);
  /// Everything that is complete now.
  [[nodiscard]] Received take(Instant now);
  /// Silence: takes a frame that lacks only its line end; leaves anything else waiting. Empty when there is none.
  [[nodiscard]] Received take_without_tail(Instant now);
  /// The stream ended or stood still too long: takes what there is.
  [[nodiscard]] Received take_rest(Instant now);
  /// Bytes waiting for the rest of their frame.
  [[nodiscard]] std::size_t pending() const { return framer_.pending(); }
  /// Gives the memory of a burst back.
  void shrink();

  /// No device is spoken to through this connection from now on.
  void leave_devices();
  /// MNs of its newest frames, newest first.
  [[nodiscard]] std::vector<std::string> recent_devices() const;
  [[nodiscard]] const Speech& speech() const;
  [[nodiscard]] const std::string& peer() const { return peer_; }
  /// The conversation whose order names this connection, whatever MN replies.
  void address(Conversation* conversation) { addressed_ = conversation; }
  [[nodiscard]] Conversation* addressed() const { return addressed_; }

 private:
  void add(const hj212::Piece& piece, Instant now, Received& received);
  const hj212::FrameReading& read(const hj212::Piece& piece);
  void use(const hj212::FrameReading& reading, Received& received);
  void claim(std::string_view mn, Received& received);
  void seen(Device* device);
  static void hear(Conversation& conversation, const hj212::FrameReading& reading, hj212::FrameReader& reader,
                   Received& received);
  [[nodiscard]] bool has_claimed(const Device& device) const;

  /// Devices named in the connection table.
  static constexpr std::size_t kShown = 4;
  /// Unregistered MNs that one connection may speak for; more of them are recorded and answered all the same.
  static constexpr std::size_t kStrangers = 16;

  Core& core_;
  Connection* owner_;  ///< null once the connection has closed
  std::uint64_t connection_;
  std::string peer_;
  hj212::Framer framer_;
  Device* device_ = nullptr;  ///< of the last frame; null when it is a stranger that does not count as a device
  const hj212::DeviceSettings* settings_ = nullptr;  ///< by which the last frame was read
  Conversation* addressed_ = nullptr;
  Speech stranger_;               ///< of frames without a device
  std::vector<Device*> claimed_;  ///< devices that this connection has spoken for
  std::array<Device*, kShown> recent_{};
  std::size_t strangers_ = 0;
  std::size_t largest_push_ = 0;
};

}  // namespace mj::gateway
