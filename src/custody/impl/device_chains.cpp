#include "device_chains.hpp"

#include "mj/custody/custody_book.hpp"

namespace mj::custody {

std::optional<DeviceNumber> DeviceChains::find(std::string_view mn) const {
  const auto found = by_mn_.find(mn);
  return found == by_mn_.end() ? std::nullopt : std::optional(found->second);
}

DeviceNumber DeviceChains::find_or_add(std::string_view mn) {
  if (const auto found = by_mn_.find(mn); found != by_mn_.end()) return found->second;
  const auto number = static_cast<DeviceNumber>(devices_.size());
  Device& device = devices_.emplace_back();
  device.mn = mn;
  device.state.chain = chain_start(mn);
  device.stated.at.chain = device.state.chain;
  device.tail.device = number;
  device.tail.chain_before = device.state.chain;
  by_mn_.emplace(device.mn, number);
  touch(number);
  return number;
}

void DeviceChains::append(DeviceNumber number, std::uint64_t entry, const Digest& leaf) {
  touch(number);
  Device& device = devices_[number];
  device.tail.entries.push_back(entry);
  device.state.chain = chain_next(device.state.chain, leaf);
  ++device.state.entries;
  if (device.tail.entries.size() < kBlockEntries) return;
  Block next{number, device.tail.number + 1, device.state.chain, {}};
  full_.push_back(std::exchange(device.tail, std::move(next)));
}

void DeviceChains::note_stated(DeviceNumber number, const Stated& stated) {
  touch(number);
  devices_[number].stated = stated;
}

std::vector<ChainState> DeviceChains::states() const {
  std::vector<ChainState> states;
  states.reserve(devices_.size());
  for (const Device& device : devices_) states.push_back(device.state);
  return states;
}

void DeviceChains::forget_changes() {
  for (const DeviceNumber number : dirty_) devices_[number].dirty = false;
  dirty_.clear();
  full_.clear();
}

void DeviceChains::load(Device device) {
  const auto number = static_cast<DeviceNumber>(devices_.size());
  device.tail.device = number;
  by_mn_.emplace(device.mn, number);
  devices_.push_back(std::move(device));
}

void DeviceChains::touch(DeviceNumber number) {
  Device& device = devices_[number];
  if (device.dirty) return;
  device.dirty = true;
  dirty_.push_back(number);
}

}  // namespace mj::custody
