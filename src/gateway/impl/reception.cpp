#include "reception.hpp"

#include "connection.hpp"
#include "core.hpp"
#include "mj/evidence_format/entry.hpp"
#include "mj/runtime/log.hpp"

namespace mj::gateway {
namespace {

/// The entry format allows 255 bytes for the device and 65,535 in all; junk is cut into entries of this size.
constexpr std::size_t kMaxDevice = 255;
constexpr std::size_t kJunkEntry = 60'000;
/// A buffer below this is not worth giving back.
constexpr std::size_t kSmallPush = 4096;

/// Whether a frame reads the same by both.
bool read_alike(const hj212::DeviceSettings& a, const hj212::DeviceSettings& b) {
  return &a == &b ||
         (a.keys.empty() && b.keys.empty() && a.profile.crc == b.profile.crc &&
          a.profile.password == b.profile.password && a.profile.password_rule == b.profile.password_rule);
}

}  // namespace

Reception::Reception(Core& core, Connection& owner, std::uint64_t connection, std::string peer)
    : core_(core),
      owner_(&owner),
      connection_(connection),
      peer_(std::move(peer)),
      framer_(hj212::FramerLimits{core.options.max_segment}) {}

void Reception::push(BytesView bytes) {
  largest_push_ = std::max(largest_push_, bytes.size());
  framer_.push(bytes);
}

void Reception::shrink() {
  if (framer_.pending() > 0 || largest_push_ <= kSmallPush) return;
  framer_ = hj212::Framer(hj212::FramerLimits{core_.options.max_segment});
  largest_push_ = 0;
}

/// Most connections carry one device: the settings of the last frame are tried first, and a frame is read again only when it is
/// of another device that reads differently.
const hj212::FrameReading& Reception::read(const hj212::Piece& piece) {
  LinkTable& links = core_.links;
  settings_ = device_ != nullptr ? &links.settings(*device_) : &links.standard_settings();
  const hj212::FrameReading& reading = core_.reader.read(piece, *settings_);
  const std::string_view mn = reading.header.mn.value_or(std::string_view());
  if (device_ != nullptr && device_->mn == mn) return reading;
  Device* device = mn.empty() ? nullptr : links.find(mn);
  // A stranger stays known only as long as it is claimed, so one that others have claimed is not kept here.
  if (device != nullptr && !device->registered && !has_claimed(*device)) device = nullptr;
  device_ = device;
  const hj212::DeviceSettings& settings = device != nullptr ? links.settings(*device) : links.standard_settings();
  const bool alike = read_alike(*settings_, settings);
  settings_ = &settings;
  return alike ? reading : core_.reader.read(piece, settings);
}

void Reception::add(const hj212::Piece& piece, Instant now, Received& received) {
  evidence_format::Entry entry;
  entry.received_at = now;
  entry.connection = connection_;
  entry.peer = peer_;
  const hj212::FrameReading* reading = nullptr;
  if (piece.framed) {
    reading = &read(piece);
    entry.type = evidence_format::EntryType::frame;
    entry.device = reading->header.mn.value_or("").substr(0, kMaxDevice);
    ++received.frames;
  } else {
    entry.type = evidence_format::EntryType::junk;
    received.junk_bytes += piece.bytes.size();
  }
  for (std::size_t begin = 0; begin < piece.bytes.size(); begin += kJunkEntry) {
    entry.payload = as_bytes(piece.bytes.substr(begin, kJunkEntry));
    if (const Status added = received.batch.add(entry); !added) {
      runtime::log(runtime::Level::error, "gateway", "bytes from {} cannot be recorded: {}", peer_,
                   added.error().text());
      return;
    }
  }
  if (reading == nullptr) return;
  received.wrong_passwords += reading->password_differs ? 1U : 0U;
  if (reading->verdict == hj212::Verdict::good) use(*reading, received);
}

void Reception::use(const hj212::FrameReading& reading, Received& received) {
  const std::string_view mn = reading.header.mn.value_or(std::string_view());
  if (owner_ != nullptr && !mn.empty()) claim(mn, received);
  (device_ != nullptr ? device_->speech : stranger_).note(reading, *settings_);
  if (addressed_ != nullptr) hear(*addressed_, reading, core_.reader, received);
  if (device_ != nullptr && device_->conversation != nullptr)
    hear(*device_->conversation, reading, core_.reader, received);

  const hj212::Answer answer = core_.knowledge.protocol.answer_for(reading.header, reading.area);
  if (answer == hj212::Answer::none) return;
  received.answers += hj212::answer_frame(reading.header, answer, settings_->profile.crc);
  ++received.answer_count;
}

void Reception::claim(std::string_view mn, Received& received) {
  if (device_ == nullptr) {
    if (strangers_ >= kStrangers) return;
    device_ = &core_.links.enter(mn);
    // The settings of a stranger are the standard ones, by which the frame was read.
  }
  if (recent_[0] != device_) seen(device_);
  if (device_->link() != owner_) {
    if (!has_claimed(*device_)) {
      claimed_.push_back(device_);
      if (!device_->registered) ++strangers_;
    }
    if (Connection* surplus = core_.links.claim(*device_, *owner_))
      received.surplus.push_back(surplus->shared_from_this());
  }
  if (core_.options.max_frames_per_s_per_mn > 0)
    received.pause_ms = std::max(received.pause_ms, core_.links.charge(*device_, core_.steady_now_ms));
}

void Reception::seen(Device* device) {
  auto place = std::ranges::find(recent_, device);
  if (place == recent_.end()) --place;
  std::rotate(recent_.begin(), place, place + 1);
  recent_[0] = device;
}

bool Reception::has_claimed(const Device& device) const {
  // The owner is in the device's short list while it is open.
  return owner_ != nullptr && std::ranges::find(device.connections, owner_) != device.connections.end();
}

void Reception::hear(Conversation& conversation, const hj212::FrameReading& reading, hj212::FrameReader& reader,
                     Received& received) {
  if (const auto reply = conversation.understand(reading.header, reader.fields()))
    received.heard.push_back({conversation.shared_from_this(), *reply, received.batch.count() - 1});
}

void Reception::leave_devices() {
  const Connection* owner = std::exchange(owner_, nullptr);
  device_ = nullptr;
  recent_ = {};
  for (Device* device : std::exchange(claimed_, {})) core_.links.release(*device, *owner);
}

std::vector<std::string> Reception::recent_devices() const {
  std::vector<std::string> names;
  for (const Device* device : recent_) {
    if (device != nullptr) names.push_back(device->mn);
  }
  return names;
}

const Speech& Reception::speech() const {
  return recent_[0] != nullptr && stranger_.st.empty() ? recent_[0]->speech : stranger_;
}

Received Reception::take(Instant now) {
  Received received;
  while (const auto piece = framer_.next()) add(*piece, now, received);
  return received;
}

Received Reception::take_without_tail(Instant now) {
  Received received;
  hj212::Framer attempt = framer_;
  attempt.finish();
  const auto piece = attempt.next();
  // In cipher the CRC is that of the clear text, so it seems wrong here; its four digits are there nevertheless.
  const bool whole = piece && piece->framed &&
                     (piece->error.empty() ||
                      (piece->error.kind == hj212::Fault::Kind::crc_wrong && piece->error.given_size == 4));
  if (whole && attempt.pending() == 0) {
    add(*piece, now, received);
    framer_ = hj212::Framer(hj212::FramerLimits{core_.options.max_segment});
  }
  return received;
}

Received Reception::take_rest(Instant now) {
  framer_.finish();
  Received received = take(now);
  framer_ = hj212::Framer(hj212::FramerLimits{core_.options.max_segment});
  return received;
}

}  // namespace mj::gateway
