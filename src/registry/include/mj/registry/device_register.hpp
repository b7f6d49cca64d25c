#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "mj/evidence/log.hpp"
#include "mj/hj212/profile.hpp"
#include "mj/kernel/instant.hpp"
#include "mj/kernel/result.hpp"
#include "mj/registry/author.hpp"
#include "mj/registry/key_vault.hpp"
#include "mj/registry/network.hpp"

namespace mj::registry {

/// Settings of devices at one moment; immutable, cheap to copy. Hold one for a batch, not for ever.
class SettingsView {
 public:
  /// Settings in force for the entry `entry` of the log: the registered profile, changed by the decisions before it.
  /// For an unknown device the defaults.
  [[nodiscard]] const hj212::DeviceSettings& at(std::string_view mn, std::uint64_t entry) const;
  /// The newest.
  [[nodiscard]] const hj212::DeviceSettings& now(std::string_view mn) const;

 private:
  friend class DeviceRegister;
  struct Content;
  std::shared_ptr<const Content> content_;
};

/// One change of a device's settings, for its history.
struct SettingsChange {
  std::uint64_t entry = 0;
  Instant at;
  std::string device;
  bool is_key = false;
  hj212::Profile profile;   ///< after the change, when it is one of the profile
  std::string key_created;  ///< SKCreateTime 密钥生成时间, 17 digits, when it is a key
  std::string name;         ///< who
  std::string reason;
};

/// Profiles and SM4 keys of devices 现场机档案: what network.toml registers, changed by decisions in the evidence log
/// (`device.profile`, `device.key`: docs/formats/decisions.md). A follower that keeps the few decisions in SQLite with
/// its position. Other followers read entry n only when position() > n.
/// Thread: consume() from one thread; everything else from any.
class DeviceRegister {
 public:
  /// Opens or creates `directory`/register.sqlite, which can be derived again, and the vault's master key, which cannot:
  /// `vault_file`, or `directory`/vault-key when it is empty. `network` must outlive the register.
  [[nodiscard]] static Result<std::unique_ptr<DeviceRegister>> open(const std::filesystem::path& directory,
                                                                    const Network& network,
                                                                    const std::filesystem::path& vault_file = {});
  ~DeviceRegister();
  DeviceRegister(const DeviceRegister&) = delete;
  DeviceRegister& operator=(const DeviceRegister&) = delete;

  /// Takes the next entries of the log; returns how many (0 = up to date).
  [[nodiscard]] Result<std::size_t> consume(const evidence::Log& log);
  [[nodiscard]] std::uint64_t position() const;
  /// Waits until the position is beyond `entries`, the time passes or stop is requested; returns position().
  std::uint64_t wait_beyond(std::uint64_t entries, int timeout_ms, std::stop_token stop) const;
  [[nodiscard]] SettingsView settings() const;

  /// Records a decision and waits until this register has consumed it. Errors: invalid_input (empty name or reason,
  /// unusable profile or key); not_found when the device is not registered; unavailable.
  [[nodiscard]] Result<std::uint64_t> change_profile(evidence::Log& log, std::string_view mn,
                                                     const hj212::Profile& profile, const Author& author,
                                                     Instant now, int timeout_ms = 5000);
  /// `created`: 17 digits as in SKCreateTime. The key is in force from its entry on, beside the ones before it.
  [[nodiscard]] Result<std::uint64_t> add_key(evidence::Log& log, std::string_view mn, const hj212::Sm4Key& key,
                                              std::string_view created, const Author& author, Instant now,
                                              int timeout_ms = 5000);
  /// A fresh random key of 16 letters and digits.
  [[nodiscard]] static hj212::Sm4Key make_key();

  /// Changes of one device, newest first.
  [[nodiscard]] std::vector<SettingsChange> history(std::string_view mn) const;
  /// The key that the decision `entry` recorded. Errors: not_found; damaged when the vault cannot open it.
  [[nodiscard]] Result<hj212::Sm4Key> key_of(std::uint64_t entry) const;
  /// When the newest key of a device was made; none without a key.
  [[nodiscard]] std::optional<Instant> key_created(std::string_view mn) const;

 private:
  struct Impl;
  explicit DeviceRegister(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace mj::registry
