#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "mj/hj212/frame_reader.hpp"
#include "mj/hj212/message.hpp"
#include "mj/hj212/profile.hpp"

namespace mj::gateway {

class Connection;
class Conversation;

/// How the newest good frames spoke: requests to the device are written alike.
struct Speech {
  std::string st;  ///< of the newest frame that is no reply
  std::string pw;
  hj212::Dialect dialect = hj212::Dialect::unknown;
  std::optional<hj212::Sm4Key> key;  ///< under which its newest frame in cipher was
  std::optional<std::uint8_t> flag;

  void note(const hj212::FrameReading& reading, const hj212::DeviceSettings& settings);
};

/// A device 现场机 while it is connected or registered and seen. Stays where it is; gateway thread only.
struct Device {
  std::string mn;
  bool registered = false;
  Speech speech;
  std::vector<Connection*>
      connections;  ///< that brought good frames of it; the one of the newest frame is the last
  Conversation* conversation = nullptr;             ///< running now
  const hj212::DeviceSettings* settings = nullptr;  ///< cached by LinkTable
  std::uint64_t settings_of = 0;                    ///< generation of the cache
  std::int64_t frames_paid_until_us = 0;            ///< limit of frames/s: steady time up to which it has sent

  /// The connection to speak through; null when it is offline.
  [[nodiscard]] Connection* link() const { return connections.empty() ? nullptr : connections.back(); }
};

}  // namespace mj::gateway
