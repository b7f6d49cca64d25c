#include "compressed_format.hpp"

#include <xxhash.h>

#include "mj/evidence_format/big_endian.hpp"

namespace mj::evidence {
namespace {

using evidence_format::get_be;
using evidence_format::put_be;

// zstd writes little-endian. Source: facebook/zstd, contrib/seekable_format, version 0.1.0.
constexpr std::uint32_t kSeekTableMagic = 0x184D2A5E;
constexpr std::uint32_t kSeekableMagic = 0x8F92EAB1;
constexpr std::uint8_t kWithChecks = 0x80;
constexpr std::size_t kSkippableHeaderBytes = 8;
constexpr std::size_t kLineBytes = 12;
/// A skippable frame of ours; any of 0x184D2A50…5F would do (RFC 8878 §3.1.2).
constexpr std::uint32_t kIdentityMagic = 0x184D2A5D;
constexpr std::string_view kIdentityName = "MJSEGZST";
constexpr std::uint32_t kIdentityVersion = 1;

void put_le(Bytes& out, std::uint32_t value) {
  for (int i = 0; i < 4; ++i) out.push_back(static_cast<std::byte>(value >> (8 * i)));
}

std::uint32_t get_le(BytesView bytes) {
  std::uint32_t value = 0;
  for (std::size_t i = 0; i < 4; ++i) value |= std::to_integer<std::uint32_t>(bytes[i]) << (8 * i);
  return value;
}

Error refuse(std::string_view why) { return Error(ErrorCode::damaged, std::string(why)); }

}  // namespace

std::uint32_t frame_check(BytesView bytes) {
  return static_cast<std::uint32_t>(XXH64(bytes.data(), bytes.size(), 0));
}

Bytes encode_seek_table(const std::vector<CompressedFrame>& frames) {
  Bytes out;
  out.reserve(seek_table_bytes(frames.size()));
  put_le(out, kSeekTableMagic);
  put_le(out, static_cast<std::uint32_t>(seek_table_bytes(frames.size()) - kSkippableHeaderBytes));
  for (const CompressedFrame& frame : frames) {
    put_le(out, frame.stored);
    put_le(out, frame.bytes);
    put_le(out, frame.check);
  }
  put_le(out, static_cast<std::uint32_t>(frames.size()));
  out.push_back(static_cast<std::byte>(kWithChecks));
  put_le(out, kSeekableMagic);
  return out;
}

Result<std::uint32_t> decode_seek_table_footer(BytesView footer) {
  if (footer.size() != kSeekTableFooterBytes || get_le(footer.subspan(5)) != kSeekableMagic) {
    return refuse("it does not end with a seek table");
  }
  if (footer[4] != static_cast<std::byte>(kWithChecks)) return refuse("the seek table is of an unknown kind");
  return get_le(footer);
}

Result<std::vector<CompressedFrame>> decode_seek_table(BytesView table) {
  if (table.size() < seek_table_bytes(0)) return refuse("the seek table is cut short");
  MJ_TRY(const std::uint32_t count, decode_seek_table_footer(table.last(kSeekTableFooterBytes)));
  if (table.size() != seek_table_bytes(count) || get_le(table) != kSeekTableMagic ||
      get_le(table.subspan(4)) != table.size() - kSkippableHeaderBytes) {
    return refuse("the seek table does not begin where its length says");
  }
  std::vector<CompressedFrame> frames;
  frames.reserve(count);
  for (std::size_t i = 0; i < count; ++i) {
    const BytesView line = table.subspan(kSkippableHeaderBytes + i * kLineBytes, kLineBytes);
    frames.push_back(CompressedFrame{get_le(line), get_le(line.subspan(4)), get_le(line.subspan(8))});
  }
  return frames;
}

Bytes encode(const CompressedIdentity& identity) {
  Bytes out;
  put_le(out, kIdentityMagic);
  put_le(out, kIdentityBytes - kSkippableHeaderBytes);
  out.insert(out.end(), as_bytes(kIdentityName).begin(), as_bytes(kIdentityName).end());
  put_be(out, kIdentityVersion);
  put_be(out, identity.segment);
  put_be(out, identity.bytes);
  out.insert(out.end(), identity.stored_check.begin(), identity.stored_check.end());
  return out;
}

Result<CompressedIdentity> decode_compressed_identity(BytesView frame) {
  if (frame.size() != kIdentityBytes || get_le(frame) != kIdentityMagic ||
      get_le(frame.subspan(4)) != kIdentityBytes - kSkippableHeaderBytes ||
      as_text(frame.subspan(8, kIdentityName.size())) != kIdentityName) {
    return refuse("it does not say that it is a compressed segment");
  }
  if (const auto version = get_be<std::uint32_t>(frame.subspan(16)); version != kIdentityVersion) {
    return refuse(fmt::format("compressed segment version {} is unknown", version));
  }
  CompressedIdentity identity;
  identity.segment = get_be<std::uint32_t>(frame.subspan(20));
  identity.bytes = get_be<std::uint64_t>(frame.subspan(24));
  std::copy_n(frame.begin() + 32, identity.stored_check.size(), identity.stored_check.begin());
  return identity;
}

}  // namespace mj::evidence
