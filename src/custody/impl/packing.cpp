#include "packing.hpp"

namespace mj::custody {
namespace {

constexpr unsigned kGroupBits = 7;
constexpr unsigned kMore = 0x80;
constexpr std::size_t kNumberBytes = 8;

}  // namespace

std::string pack_entries(const std::vector<std::uint64_t>& entries) {
  Bytes bytes;
  std::uint64_t previous = 0;
  for (const std::uint64_t entry : entries) {
    std::uint64_t rest = entry - previous;
    previous = entry;
    for (; rest >= kMore; rest >>= kGroupBits)
      bytes.push_back(static_cast<std::byte>((rest & (kMore - 1)) | kMore));
    bytes.push_back(static_cast<std::byte>(rest));
  }
  return to_base64(bytes);
}

std::optional<std::vector<std::uint64_t>> unpack_entries(const std::string& text) {
  const auto bytes = from_base64(text);
  if (!bytes) return std::nullopt;
  std::vector<std::uint64_t> entries;
  std::uint64_t number = 0;
  unsigned shift = 0;
  for (const std::byte byte : *bytes) {
    if (shift > 63 - kGroupBits + 1) return std::nullopt;
    number |= std::uint64_t{std::to_integer<unsigned>(byte) & (kMore - 1)} << shift;
    shift += kGroupBits;
    if ((std::to_integer<unsigned>(byte) & kMore) != 0) continue;
    const std::uint64_t entry = entries.empty() ? number : entries.back() + number;
    if (!entries.empty() && entry <= entries.back()) return std::nullopt;
    entries.push_back(entry);
    number = 0;
    shift = 0;
  }
  return shift == 0 ? std::optional(std::move(entries)) : std::nullopt;
}

std::string pack_states(const std::vector<ChainState>& states) {
  Bytes bytes;
  bytes.reserve(states.size() * (kNumberBytes + sizeof(Digest)));
  for (const ChainState& state : states) {
    for (int shift = 56; shift >= 0; shift -= 8) bytes.push_back(static_cast<std::byte>(state.entries >> shift));
    bytes.insert(bytes.end(), state.chain.begin(), state.chain.end());
  }
  return to_base64(bytes);
}

std::optional<std::vector<ChainState>> unpack_states(const std::string& text) {
  const auto bytes = from_base64(text);
  constexpr std::size_t kOne = kNumberBytes + sizeof(Digest);
  if (!bytes || bytes->size() % kOne != 0) return std::nullopt;
  std::vector<ChainState> states(bytes->size() / kOne);
  auto at = bytes->begin();
  for (ChainState& state : states) {
    for (std::size_t i = 0; i < kNumberBytes; ++i)
      state.entries = (state.entries << 8) | std::to_integer<std::uint64_t>(*at++);
    std::copy_n(at, sizeof(Digest), state.chain.begin());
    at += sizeof(Digest);
  }
  return states;
}

std::optional<Digest> unpack_digest(const std::string& text) {
  const auto bytes = from_base64(text);
  Digest digest{};
  if (!bytes || bytes->size() != digest.size()) return std::nullopt;
  std::copy(bytes->begin(), bytes->end(), digest.begin());
  return digest;
}

}  // namespace mj::custody
