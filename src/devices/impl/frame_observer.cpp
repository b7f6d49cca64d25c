#include "frame_observer.hpp"

#include <charconv>

#include "readings.hpp"

namespace mj::devices {
namespace {

constexpr int kAnnouncement = 1001;
constexpr int kTimeRequest = 1013;
constexpr int kKeyRequest = 1014;
constexpr int kBoot = 2081;
constexpr int kHeartbeat = 9015;        // HJ 212-2025 C.54 as reported, and the surface-water profile
constexpr int kVendorHeartbeat = 9021;  // what vendors use since 2017
constexpr std::string_view kReplySystem =
    "91";  // HJ 212-2017 table 5: every reply has it, whatever the device measures

/// The same kind of event of a device is not noted again before this.
constexpr std::int64_t kPauseMs = 10'000;
/// What comes with every frame once it is wrong, and whatever strangers send.
constexpr std::int64_t kLongPauseMs = 3'600'000;

int command_number(std::string_view cn) {
  int number = 0;
  const auto [end, failure] = std::from_chars(cn.data(), cn.data() + cn.size(), number);
  return cn.size() == 4 && failure == std::errc() && end == cn.data() + cn.size() ? number : -1;
}

/// Takes over what a frame says of itself; bytes that no such value has are passed over.
void assign(std::string& to, std::string_view value) {
  if (to == value) return;
  if (std::all_of(value.begin(), value.end(), [](char c) { return c >= ' ' && c <= '~'; })) to = value;
}

std::string utf8(std::string_view text) { return hj212::to_utf8(text).text; }

}  // namespace

FrameObserver::FrameObserver(const registry::Network& network, const hj212::Protocol& protocol, const Rules& rules,
                             DeviceList& devices)
    : network_(network), protocol_(protocol), clock_tolerance_ms_(rules.clock_tolerance_ms), devices_(devices) {
  for (const std::string& cn : rules.parameters.told_by) {
    if (const int number = command_number(cn); number >= 0) told_by_.set(static_cast<std::size_t>(number));
  }
}

void FrameObserver::note(EventKind kind, std::string_view detail, DeviceState& device,
                         const evidence::StoredEntry& stored, Findings& findings) {
  const bool every_frame = kind == EventKind::password_wrong || kind == EventKind::not_decrypted;
  const std::int64_t pause = device.point == nullptr || every_frame ? kLongPauseMs : kPauseMs;
  std::int64_t& noted = device.noted_ms[static_cast<std::size_t>(kind)];
  const std::int64_t now = stored.entry.received_at.ms();
  if (noted != DeviceState::kNever && std::abs(now - noted) < pause) return;
  noted = now;
  NotedEvent event;
  event.event.entry = stored.index.raw();
  event.event.at = stored.entry.received_at;
  event.event.mn = utf8(device.mn);
  event.event.kind = name(kind);
  event.event.detail = utf8(detail);
  event.event.peer = stored.entry.peer;
  event.connection = stored.entry.connection;
  findings.events.push_back(std::move(event));
}

std::string_view FrameObserver::value_of(std::string_view factor, std::string_view key) {
  for (const hj212::Field& field : reader_.fields()) {
    if (field.factor == factor && field.key == key) return field.value;
  }
  return {};
}

void FrameObserver::read_parameters(const evidence::StoredEntry& stored, std::string_view mn, Findings& findings) {
  for (ToldParameter& told : told_parameters(reader_.fields())) {
    ParameterReading reading;
    reading.mn = mn;
    reading.instrument = std::move(told.instrument);
    reading.name = std::move(told.name);
    reading.value = std::move(told.value);
    reading.at = stored.entry.received_at;
    reading.entry = stored.index.raw();
    findings.readings.push_back(std::move(reading));
  }
}

void FrameObserver::look_into(const evidence::StoredEntry& stored, const hj212::FrameReading& reading,
                              const hj212::Profile& profile, DeviceState& device, Findings& findings) {
  const hj212::Header& header = reading.header;
  if (header.st && *header.st != kReplySystem) assign(device.st, *header.st);
  if (header.pw) assign(device.pw, *header.pw);
  if (const auto dialect = hj212::dialect_of(header); dialect != hj212::Dialect::unknown) device.dialect = dialect;
  const int cn = command_number(header.cn.value_or(""));
  if (cn < 0) return;
  DeviceState* about = &device;
  switch (cn) {
    case kHeartbeat:
    case kVendorHeartbeat: device.heartbeat_at = stored.entry.received_at; break;
    case kAnnouncement: {
      const std::string_view logger = value_of("i23005", "Info");
      if (logger.empty()) break;
      // A logger that has no number yet is known by its serial.
      const registry::Point* point = network_.find_logger(logger);
      if (point != nullptr && !point->device.empty()) about = &devices_.put(point->device);
      note(EventKind::announced, logger, *about, stored, findings);
      break;
    }
    case kTimeRequest: note(EventKind::time_requested, value_of("", "PolId"), device, stored, findings); break;
    case kKeyRequest: {
      // In the surface-water profile 1014 is about the time of the logger.
      const std::string_view created = value_of("", "SKCreateTime");
      const bool key = !created.empty() || (!profile.surface_water && value_of("", "SystemTime").empty());
      if (key) note(EventKind::key_requested, created, device, stored, findings);
      break;
    }
    case kBoot: note(EventKind::boot, value_of("", "RestartTime"), device, stored, findings); break;
    default: break;
  }
  if (told_by_.test(static_cast<std::size_t>(cn)) && about->point != nullptr)
    read_parameters(stored, about->mn, findings);
  about->dirty = true;
}

void FrameObserver::observe(const evidence::StoredEntry& stored, const registry::SettingsView& settings,
                            Findings& findings) {
  const auto& entry = stored.entry;
  const std::uint64_t index = stored.index.raw();
  const hj212::DeviceSettings& in_force = settings.at(entry.device, index);
  const hj212::FrameReading& reading = reader_.read(entry.payload, in_force);
  const bool good = reading.verdict == hj212::Verdict::good;
  const bool cut_right =
      reading.verdict != hj212::Verdict::not_a_frame && reading.verdict != hj212::Verdict::header_incomplete;
  DeviceState& device = devices_.of(entry.device, good || (cut_right && reading.crc != hj212::CrcMatch::none));
  device.dirty = true;
  if (device.frames++ == 0) {
    device.first_seen = entry.received_at;
    device.first_entry = index;
  }
  device.last_seen = entry.received_at;
  device.last_entry = index;
  if (device.connection != entry.connection || device.peer.empty()) {
    device.connection = entry.connection;
    assign(device.peer, entry.peer);
  }
  if (!good) ++device.bad_frames;
  if (reading.encrypted || reading.verdict == hj212::Verdict::not_decrypted) ++device.encrypted_frames;
  if (reading.password_differs) {
    ++device.wrong_passwords;
    const hj212::PasswordRule rule = in_force.profile.password_rule;
    if (rule != hj212::PasswordRule::off)
      note(EventKind::password_wrong, hj212::name(rule), device, stored, findings);
  }
  device.count(hj212::examine(reader_, reading, protocol_, entry.received_at, clock_tolerance_ms_, device.traits),
               index, entry.received_at);
  if (reading.verdict == hj212::Verdict::not_decrypted)
    note(EventKind::not_decrypted, reading.error, device, stored, findings);
  if (good) look_into(stored, reading, in_force.profile, device, findings);
}

}  // namespace mj::devices
