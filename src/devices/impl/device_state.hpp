#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "mj/devices/device_book.hpp"
#include "mj/hj212/conformance.hpp"
#include "mj/kernel/instant.hpp"
#include "mj/registry/network.hpp"

namespace mj::devices {

/// Under this name stand together the frames whose MN cannot be believed (a CRC that fits no algorithm) and those of
/// unregistered devices beyond kMostStrangers.
inline constexpr std::string_view kOtherStrangers = "*";
/// Unregistered devices with a record of their own; the rest are counted together.
inline constexpr std::size_t kMostStrangers = 10'000;

enum class EventKind : std::uint8_t {
  password_wrong,
  boot,
  announced,
  key_requested,
  time_requested,
  not_decrypted,
  count_
};
inline constexpr std::size_t kEventKinds = static_cast<std::size_t>(EventKind::count_);
[[nodiscard]] std::string_view name(EventKind kind);

/// How often, first and last, a device departed from the standard in one way.
struct Tally {
  hj212::Deviation deviation = hj212::Deviation::count_;
  std::uint64_t frames = 0;
  std::uint64_t first_entry = 0, last_entry = 0;
  Instant first_at, last_at;
};

/// A device number whose first characters stand where it stands: comparing it does not touch another part of memory.
class ShortName {
 public:
  ShortName() = default;
  explicit ShortName(std::string_view text) : size_(text.size()) { text.copy(head_.data(), head_.size()); }
  /// Whether it can be the name of `text`; certain when that is not longer than the head.
  [[nodiscard]] bool may_be(std::string_view text) const {
    return text.size() == size_ && text.starts_with(std::string_view(head_.data(), std::min(size_, head_.size())));
  }
  [[nodiscard]] bool is_whole() const { return size_ <= head_.size(); }

 private:
  std::size_t size_ = 0;
  std::array<char, 24> head_{};
};

/// What is counted of one device with every frame. Thousands of them are met in turn, so what every frame needs stands
/// together in front.
struct DeviceState {
  ShortName short_mn;
  const registry::Point* point = nullptr;  ///< null: not registered
  Instant last_seen;
  std::uint64_t last_entry = 0;
  std::uint64_t connection = 0;
  std::uint64_t frames = 0, bad_frames = 0, deviating_frames = 0, wrong_passwords = 0, encrypted_frames = 0;
  hj212::Dialect dialect = hj212::Dialect::unknown;
  bool dirty = false;  ///< differs from the database
  std::string st;
  std::string pw;  ///< of the newest good frame; never shown
  hj212::TraitCounts traits;
  std::vector<Tally> tallies;
  std::string mn;
  Instant first_seen;
  std::uint64_t first_entry = 0;
  std::string peer;  ///< of `connection`
  std::optional<Instant> heartbeat_at;
  static constexpr std::int64_t kNever = std::numeric_limits<std::int64_t>::min();
  std::array<std::int64_t, kEventKinds> noted_ms{};  ///< when each kind of event was noted last, or kNever

  DeviceState() { noted_ms.fill(kNever); }
  void count(const hj212::Deviations& deviations, std::uint64_t entry, Instant at);
};

/// States of all devices by MN. Addresses stay. Thread: one at a time.
class DeviceList {
 public:
  explicit DeviceList(const registry::Network& network) : network_(network) { reset(); }

  /// Forgets everything but that the registered devices exist.
  void reset();
  /// Null when it has none.
  [[nodiscard]] DeviceState* find(std::string_view mn) const;
  /// The state of a device that has sent a frame. `believable`: its MN may be taken for what it is.
  [[nodiscard]] DeviceState& of(std::string_view mn, bool believable);
  /// Begins to fetch the state from memory; find() or of() will follow soon.
  void prefetch(std::string_view mn) const;
  /// For restoring: the state of exactly this name.
  [[nodiscard]] DeviceState& put(std::string_view mn);
  /// Calls `visit(DeviceState&)` in no particular order.
  template <typename Visit>
  void each(Visit visit) const {
    for (const auto& state : states_) visit(*state);
  }

 private:
  /// Open addressing by the hash of the MN: a look-up touches one place here and the state.
  struct Slot {
    std::uint64_t hash = 0;
    DeviceState* state = nullptr;
  };
  [[nodiscard]] std::size_t slot_of(std::uint64_t hash, std::string_view mn) const;
  void grow();

  const registry::Network& network_;
  std::vector<std::unique_ptr<DeviceState>> states_;
  std::vector<Slot> slots_;  ///< a power of two, at most half of them taken
  std::size_t strangers_ = 0;
};

/// What is shown of a state, without the guess and the open orders.
[[nodiscard]] DeviceRecord to_record(const DeviceState& state);

}  // namespace mj::devices
