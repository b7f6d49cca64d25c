#pragma once

#include <bitset>
#include <vector>

#include "device_state.hpp"
#include "mj/devices/device_book.hpp"
#include "mj/evidence/log.hpp"
#include "mj/hj212/frame_reader.hpp"
#include "mj/hj212/protocol.hpp"
#include "mj/registry/device_register.hpp"

namespace mj::devices {

/// An event with the connection it came by, for answering it there.
struct NotedEvent {
  DeviceEvent event;
  std::uint64_t connection = 0;
};

/// What frames told that is worth a row of its own.
struct Findings {
  std::vector<NotedEvent> events;
  std::vector<ParameterReading> readings;
};

/// Looks at every frame of every device: counts, deviations, events, parameters. Thread: the consuming one.
class FrameObserver {
 public:
  FrameObserver(const registry::Network& network, const hj212::Protocol& protocol, const Rules& rules,
                DeviceList& devices);

  void observe(const evidence::StoredEntry& stored, const registry::SettingsView& settings, Findings& findings);

 private:
  void look_into(const evidence::StoredEntry& stored, const hj212::FrameReading& reading,
                 const hj212::Profile& profile, DeviceState& device, Findings& findings);
  void read_parameters(const evidence::StoredEntry& stored, std::string_view mn, Findings& findings);
  [[nodiscard]] std::string_view value_of(std::string_view factor, std::string_view key);
  static void note(EventKind kind, std::string_view detail, DeviceState& device,
                   const evidence::StoredEntry& stored, Findings& findings);

  const registry::Network& network_;
  const hj212::Protocol& protocol_;
  const std::int64_t clock_tolerance_ms_;
  DeviceList& devices_;
  hj212::FrameReader reader_;
  std::bitset<10'000> told_by_;
};

}  // namespace mj::devices
