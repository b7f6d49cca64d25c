#pragma once

#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "mj/registry/device_register.hpp"

namespace mj::registry {

/// Keys of a device that still open frames: the newest and those before it, for frames under way while one is exchanged
/// and for one exchange that the device did not take. HJ 212-2025 lets re-sent old data use the new key.
inline constexpr std::size_t kKeysHonoured = 4;

struct SettingsView::Content {
  struct Version {
    std::uint64_t after = 0;  ///< in force for the entries behind this one
    hj212::DeviceSettings settings;
  };
  struct TextHash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>{}(text); }
  };
  using Versions = std::unordered_map<std::string, std::vector<Version>, TextHash, std::equal_to<>>;
  using Registered = std::unordered_map<std::string, hj212::DeviceSettings, TextHash, std::equal_to<>>;

  std::shared_ptr<const Registered> registered;  ///< profiles of the network file that are not the default
  Versions changed;

  /// What the network registers, without decisions.
  [[nodiscard]] static std::shared_ptr<const Content> of(const Network& network);
  void change(std::string_view mn, std::uint64_t after, hj212::DeviceSettings settings);
  [[nodiscard]] const hj212::DeviceSettings& at(std::string_view mn, std::uint64_t entry) const;
  [[nodiscard]] const hj212::DeviceSettings& newest(std::string_view mn) const;

 private:
  [[nodiscard]] const hj212::DeviceSettings& base(std::string_view mn) const;
  hj212::DeviceSettings standard_;
};

}  // namespace mj::registry
