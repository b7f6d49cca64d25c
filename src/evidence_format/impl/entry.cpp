#include "mj/evidence_format/entry.hpp"

#include "mj/evidence_format/big_endian.hpp"

namespace mj::evidence_format {
namespace {

constexpr std::uint8_t kVersion = 1;
constexpr std::size_t kLongestText = 255;
/// version, type, received_at, connection
constexpr std::size_t kFixedBytes = 1 + 1 + 8 + 8;

bool known(std::uint8_t type) {
  switch (EntryType{type}) {
    case EntryType::frame:
    case EntryType::junk:
    case EntryType::decision:
    case EntryType::sent:
    case EntryType::event:
    case EntryType::key:
    case EntryType::import:
    case EntryType::mark:
    case EntryType::configuration: return true;
  }
  return false;
}

void put_text(Bytes& out, std::string_view text) {
  put_be(out, static_cast<std::uint8_t>(text.size()));
  const BytesView bytes = as_bytes(text);
  out.insert(out.end(), bytes.begin(), bytes.end());
}

}  // namespace

Status encode(const Entry& entry, Bytes& out_appended) {
  const auto refuse = [](std::string text) { return Error(ErrorCode::invalid_input, std::move(text)); };
  if (!known(static_cast<std::uint8_t>(entry.type))) {
    return refuse(fmt::format("entry type {} is unknown", static_cast<int>(entry.type)));
  }
  if (entry.peer.size() > kLongestText) return refuse("the peer address is longer than 255 bytes");
  if (entry.device.size() > kLongestText) return refuse("the device number is longer than 255 bytes");
  const std::size_t size = kFixedBytes + 1 + entry.peer.size() + 1 + entry.device.size() + entry.payload.size();
  if (size > kMaxEntryBytes) {
    return refuse(
        fmt::format("the entry would take {} bytes; at most {} can be stored as one", size, kMaxEntryBytes));
  }
  put_be(out_appended, kVersion);
  put_be(out_appended, static_cast<std::uint8_t>(entry.type));
  put_be(out_appended, entry.received_at.ms());
  put_be(out_appended, entry.connection);
  put_text(out_appended, entry.peer);
  put_text(out_appended, entry.device);
  out_appended.insert(out_appended.end(), entry.payload.begin(), entry.payload.end());
  return {};
}

Result<Entry> decode(BytesView bytes) {
  const auto refuse = [](std::string text) { return Error(ErrorCode::damaged, std::move(text)); };
  if (bytes.size() > kMaxEntryBytes) return refuse("the entry is longer than 65535 bytes");
  if (bytes.size() < kFixedBytes + 2) return refuse("the entry is shorter than its fixed fields");
  if (const auto version = get_be<std::uint8_t>(bytes); version != kVersion) {
    return refuse(fmt::format("entry version {} is unknown", version));
  }
  const auto type = get_be<std::uint8_t>(bytes.subspan(1));
  if (!known(type)) return refuse(fmt::format("entry type {} is unknown", type));

  Entry entry;
  entry.type = EntryType{type};
  entry.received_at = Instant::from_ms(get_be<std::int64_t>(bytes.subspan(2)));
  entry.connection = get_be<std::uint64_t>(bytes.subspan(10));
  BytesView rest = bytes.subspan(kFixedBytes);
  for (std::string_view* text : {&entry.peer, &entry.device}) {
    if (rest.empty()) return refuse("the entry ends before the device number");
    const std::size_t length = get_be<std::uint8_t>(rest);
    if (rest.size() < 1 + length) return refuse("a text field runs over the end of the entry");
    *text = as_text(rest.subspan(1, length));
    rest = rest.subspan(1 + length);
  }
  entry.payload = rest;
  return entry;
}

}  // namespace mj::evidence_format
