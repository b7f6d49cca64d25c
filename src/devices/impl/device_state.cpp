#include "device_state.hpp"

namespace mj::devices {
namespace {

constexpr std::size_t kFirstSlots = 1024;

std::uint64_t hash_of(std::string_view mn) { return std::hash<std::string_view>{}(mn); }

}  // namespace

std::string_view name(EventKind kind) {
  switch (kind) {
    case EventKind::password_wrong: return "password-wrong";
    case EventKind::boot: return "boot";
    case EventKind::announced: return "announced";
    case EventKind::key_requested: return "key-requested";
    case EventKind::time_requested: return "time-requested";
    case EventKind::not_decrypted: return "not-decrypted";
    case EventKind::count_: break;
  }
  return "unknown";
}

void DeviceState::count(const hj212::Deviations& deviations, std::uint64_t entry, Instant at) {
  if (deviations.none()) return;
  ++deviating_frames;
  for (std::size_t number = 0; number < hj212::kDeviationCount; ++number) {
    if (!deviations.test(number)) continue;
    const auto deviation = static_cast<hj212::Deviation>(number);
    auto tally = std::find_if(tallies.begin(), tallies.end(),
                              [deviation](const Tally& other) { return other.deviation == deviation; });
    if (tally == tallies.end()) tally = tallies.insert(tally, Tally{deviation, 0, entry, entry, at, at});
    ++tally->frames;
    tally->last_entry = entry;
    tally->last_at = at;
  }
}

void DeviceList::reset() {
  states_.clear();
  slots_.assign(kFirstSlots, Slot{});
  strangers_ = 0;
  for (const registry::Point& point : network_.points()) {
    if (!point.device.empty()) static_cast<void>(put(point.device));
  }
}

/// The slot that holds the state of `mn`, or the free one where it belongs.
std::size_t DeviceList::slot_of(std::uint64_t hash, std::string_view mn) const {
  const std::size_t mask = slots_.size() - 1;
  for (std::size_t at = hash & mask;; at = (at + 1) & mask) {
    const Slot& slot = slots_[at];
    if (slot.state == nullptr) return at;
    if (slot.hash != hash || !slot.state->short_mn.may_be(mn)) continue;
    if (slot.state->short_mn.is_whole() || slot.state->mn == mn) return at;
  }
}

void DeviceList::grow() {
  std::vector<Slot> old(slots_.size() * 2);
  old.swap(slots_);
  for (const Slot& slot : old) {
    if (slot.state != nullptr) slots_[slot_of(slot.hash, slot.state->mn)] = slot;
  }
}

DeviceState* DeviceList::find(std::string_view mn) const { return slots_[slot_of(hash_of(mn), mn)].state; }

void DeviceList::prefetch(std::string_view mn) const {
  const std::uint64_t hash = hash_of(mn);
  const Slot& slot = slots_[hash & (slots_.size() - 1)];
  if (slot.state == nullptr) return;
  const char* state = reinterpret_cast<const char*>(slot.state);
  // The front and the counts of traits, of which each frame adds to most.
  constexpr std::size_t kLine = 64;
  constexpr std::size_t kFetched = offsetof(DeviceState, tallies) + sizeof(DeviceState::tallies);
  for (std::size_t at = 0; at < kFetched; at += kLine) __builtin_prefetch(state + at, 1);
}

DeviceState& DeviceList::put(std::string_view mn) {
  const std::uint64_t hash = hash_of(mn);
  if (const std::size_t at = slot_of(hash, mn); slots_[at].state != nullptr) return *slots_[at].state;
  if ((states_.size() + 1) * 2 > slots_.size()) grow();
  auto state = std::make_unique<DeviceState>();
  state->mn = mn;
  state->short_mn = ShortName(mn);
  state->point = network_.find_device(mn);
  if (state->point == nullptr && mn != kOtherStrangers) ++strangers_;
  slots_[slot_of(hash, mn)] = {hash, state.get()};
  return *states_.emplace_back(std::move(state));
}

DeviceState& DeviceList::of(std::string_view mn, bool believable) {
  if (DeviceState* known = find(mn); known != nullptr && (believable || known->point != nullptr)) return *known;
  const bool printable = std::all_of(mn.begin(), mn.end(), [](char c) { return c > ' ' && c <= '~'; });
  return put(believable && printable && strangers_ < kMostStrangers ? mn : kOtherStrangers);
}

DeviceRecord to_record(const DeviceState& state) {
  DeviceRecord record;
  record.mn = state.mn;
  if (state.point != nullptr) {
    record.point = state.point->id;
    record.vendor = state.point->vendor;
  }
  record.first_seen = state.first_seen;
  record.last_seen = state.last_seen;
  record.first_entry = state.first_entry;
  record.last_entry = state.last_entry;
  record.peer = state.peer;
  record.connection = state.connection;
  record.st = state.st;
  if (!state.pw.empty()) record.password_shape = fmt::format("{} characters", state.pw.size());
  record.frames = state.frames;
  record.bad_frames = state.bad_frames;
  record.deviating_frames = state.deviating_frames;
  for (const Tally& tally : state.tallies) record.deviations += tally.frames;
  record.wrong_passwords = state.wrong_passwords;
  record.encrypted_frames = state.encrypted_frames;
  record.heartbeat_at = state.heartbeat_at;
  return record;
}

}  // namespace mj::devices
