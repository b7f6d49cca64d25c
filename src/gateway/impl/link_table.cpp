#include "link_table.hpp"

namespace mj::gateway {

LinkTable::LinkTable(const Knowledge& knowledge, Limits limits)
    : network_(knowledge.network),
      register_(knowledge.devices),
      limits_(limits),
      view_(register_.settings()),
      position_(register_.position()) {}

void LinkTable::refresh() {
  const std::uint64_t position = register_.position();
  if (position == position_) return;
  position_ = position;
  view_ = register_.settings();
  ++generation_;
}

const hj212::DeviceSettings& LinkTable::settings(Device& device) {
  if (device.settings_of != generation_) {
    device.settings = &view_.now(device.mn);
    device.settings_of = generation_;
  }
  return *device.settings;
}

Device* LinkTable::find(std::string_view mn) {
  const auto found = devices_.find(mn);
  if (found != devices_.end()) return found->second.get();
  return network_.find_device(mn) == nullptr ? nullptr : &enter(mn);
}

Device& LinkTable::enter(std::string_view mn) {
  const auto found = devices_.find(mn);
  if (found != devices_.end()) return *found->second;
  auto device = std::make_unique<Device>();
  device->mn = mn;
  device->registered = network_.find_device(mn) != nullptr;
  return *devices_.emplace(device->mn, std::move(device)).first->second;
}

Connection* LinkTable::claim(Device& device, Connection& connection) {
  const bool was_offline = device.connections.empty();
  std::erase(device.connections, &connection);
  device.connections.push_back(&connection);
  if (was_offline && online_) online_(device);
  const std::size_t limit = limits_.connections_per_device;
  return limit != 0 && device.connections.size() > limit ? device.connections.front() : nullptr;
}

void LinkTable::release(Device& device, const Connection& connection) {
  if (std::erase(device.connections, &connection) == 0 || !device.connections.empty()) return;
  if (offline_) offline_(device);
  forget_if_idle(device);
}

void LinkTable::forget_if_idle(const Device& device) {
  // Strangers come in any number; registered devices are as many as the network has.
  if (device.registered || device.conversation != nullptr || !device.connections.empty()) return;
  devices_.erase(devices_.find(device.mn));
}

std::int64_t LinkTable::charge(Device& device, std::int64_t now_ms) const {
  if (limits_.frames_per_s <= 0) return 0;
  // Frames are paid for in time; a second's worth may come at once.
  constexpr std::int64_t kBurstMs = 1000;
  constexpr double kSecondUs = 1e6;
  const std::int64_t now = now_ms * 1000;
  std::int64_t& paid = device.frames_paid_until_us;
  paid = std::max(paid, now) + static_cast<std::int64_t>(kSecondUs / limits_.frames_per_s);
  return std::max<std::int64_t>((paid - now) / 1000 - kBurstMs, 0);
}

std::vector<std::string> LinkTable::online() const {
  std::vector<std::string> names;
  for (const auto& [mn, device] : devices_) {
    if (!device->connections.empty()) names.push_back(mn);
  }
  std::ranges::sort(names);
  return names;
}

}  // namespace mj::gateway
