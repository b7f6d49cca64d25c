#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "device.hpp"
#include "mj/gateway/server.hpp"
#include "mj/registry/device_register.hpp"

namespace mj::gateway {

/// Which connection speaks for which device, and by which settings its frames are read. Gateway thread only.
class LinkTable {
 public:
  struct Limits {
    std::size_t connections_per_device = 0;  ///< 0 = none
    double frames_per_s = 0;                 ///< 0 = none
  };

  LinkTable(const Knowledge& knowledge, Limits limits);

  /// Called when a device can be spoken to again, and when its last connection is gone.
  void on_online(std::function<void(Device&)> listener) { online_ = std::move(listener); }
  void on_offline(std::function<void(Device&)> listener) { offline_ = std::move(listener); }

  /// Takes the newest settings when the register has moved on: called once for each read of a connection.
  void refresh();
  /// Settings in force now. Valid until the next refresh().
  [[nodiscard]] const hj212::DeviceSettings& settings(Device& device);
  [[nodiscard]] const hj212::DeviceSettings& settings_of(std::string_view mn) const { return view_.now(mn); }
  /// Those of a device that is not registered.
  [[nodiscard]] const hj212::DeviceSettings& standard_settings() const { return view_.now({}); }

  /// A device that is connected or registered; null otherwise.
  [[nodiscard]] Device* find(std::string_view mn);
  /// The device, known from now on until release() has taken its last connection.
  [[nodiscard]] Device& enter(std::string_view mn);

  /// A good frame came through the connection: it speaks for the device now. Returns a connection that is one too many
  /// for the device, the one silent longest; null when there is none.
  [[nodiscard]] Connection* claim(Device& device, Connection& connection);
  /// The connection has closed.
  void release(Device& device, const Connection& connection);
  /// Drops a stranger that has neither connection nor conversation; the reference is dead then.
  void forget_if_idle(const Device& device);

  /// Counts a frame; returns for how many milliseconds the device shall not be read to keep its frames/s.
  [[nodiscard]] std::int64_t charge(Device& device, std::int64_t now_ms) const;

  /// Devices with a connection, ordered.
  [[nodiscard]] std::vector<std::string> online() const;

 private:
  struct TextHash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>{}(text); }
  };

  const registry::Network& network_;
  const registry::DeviceRegister& register_;
  Limits limits_;
  registry::SettingsView view_;
  std::uint64_t position_;
  std::uint64_t generation_ = 1;
  std::unordered_map<std::string, std::unique_ptr<Device>, TextHash, std::equal_to<>> devices_;
  std::function<void(Device&)> online_;
  std::function<void(Device&)> offline_;
};

}  // namespace mj::gateway
