#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "mj/kernel/bytes.hpp"
#include "mj/kernel/instant.hpp"

namespace mj::custody {

using DeviceNumber = std::uint32_t;

/// How far a chain is.
struct ChainState {
  std::uint64_t entries = 0;
  Digest chain{};
};

/// The end of a device's newest statement.
struct Stated {
  std::optional<Instant> day;
  std::uint64_t to = 0;
  ChainState at;
};

/// Which entries are a device's, from sequence number 256 × `number` on.
struct Block {
  DeviceNumber device = 0;
  std::uint64_t number = 0;
  Digest chain_before{};
  std::vector<std::uint64_t> entries;
};
inline constexpr std::size_t kBlockEntries = 256;

/// The chains of all devices as they stand at the position of the book. Devices are numbered from 0 as they are met.
class DeviceChains {
 public:
  struct Device {
    std::string mn;
    ChainState state;
    Stated stated;
    Block tail;          ///< the block that is being filled
    bool dirty = false;  ///< since the last commit
  };

  [[nodiscard]] std::optional<DeviceNumber> find(std::string_view mn) const;
  DeviceNumber find_or_add(std::string_view mn);
  /// Adds the next entry of a device.
  void append(DeviceNumber device, std::uint64_t entry, const Digest& leaf);
  /// Takes note of a statement that the log holds.
  void note_stated(DeviceNumber device, const Stated& stated);

  [[nodiscard]] const Device& at(DeviceNumber device) const { return devices_[device]; }
  [[nodiscard]] std::size_t size() const { return devices_.size(); }
  /// All states by number.
  [[nodiscard]] std::vector<ChainState> states() const;

  /// Devices changed since forget_changes(), and the blocks that have become full.
  [[nodiscard]] const std::vector<DeviceNumber>& dirty() const { return dirty_; }
  [[nodiscard]] const std::vector<Block>& full() const { return full_; }
  void forget_changes();
  /// A device as it was committed; they come in the order of their numbers.
  void load(Device device);

 private:
  void touch(DeviceNumber number);
  struct TextHash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>{}(text); }
  };
  std::vector<Device> devices_;
  std::unordered_map<std::string, DeviceNumber, TextHash, std::equal_to<>> by_mn_;
  std::vector<DeviceNumber> dirty_;
  std::vector<Block> full_;
};

}  // namespace mj::custody
