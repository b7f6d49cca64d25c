#include "segment_format.hpp"

#include <xxhash.h>

#include "mj/evidence_format/big_endian.hpp"

namespace mj::evidence {
namespace {

using evidence_format::get_be;
using evidence_format::put_be;

constexpr std::string_view kSegmentMagic = "MJSEGMNT";
constexpr std::uint32_t kSegmentVersion = 1;
constexpr std::size_t kFixedHeaderBytes = 65;
constexpr std::uint32_t kBatchMagic = 0x4D4A4231;  // "MJB1"
constexpr std::size_t kCheckedBatchHeaderBytes = kBatchHeaderBytes - 8;

}  // namespace

Bytes encode(const SegmentHeader& header) {
  Bytes out(as_bytes(kSegmentMagic).begin(), as_bytes(kSegmentMagic).end());
  put_be(out, kSegmentVersion);
  put_be(out, header.number);
  put_be(out, header.first_entry);
  put_be(out, header.seed);
  out.insert(out.end(), header.root.begin(), header.root.end());
  put_be(out, static_cast<std::uint8_t>(header.origin.size()));
  out.insert(out.end(), as_bytes(header.origin).begin(), as_bytes(header.origin).end());
  put_be(out, std::uint64_t{XXH3_64bits(out.data(), out.size())});
  return out;
}

Result<SegmentHeader> decode_segment_header(BytesView bytes, std::size_t& length) {
  const auto refuse = [](std::string_view why) { return Error(ErrorCode::damaged, std::string(why)); };
  if (bytes.size() < kFixedHeaderBytes) return refuse("the segment header is cut short");
  if (as_text(bytes.first(kSegmentMagic.size())) != kSegmentMagic)
    return refuse("the file does not begin as a segment does");
  const std::size_t origin_bytes = get_be<std::uint8_t>(bytes.subspan(64));
  const std::size_t checked = kFixedHeaderBytes + origin_bytes;
  if (bytes.size() < checked + 8) return refuse("the segment header is cut short");
  if (get_be<std::uint64_t>(bytes.subspan(checked)) != XXH3_64bits(bytes.data(), checked)) {
    return refuse("the check of the segment header is wrong");
  }
  if (const auto version = get_be<std::uint32_t>(bytes.subspan(8)); version != kSegmentVersion) {
    return refuse(fmt::format("segment version {} is unknown", version));
  }
  SegmentHeader header;
  header.number = get_be<std::uint32_t>(bytes.subspan(12));
  header.first_entry = get_be<std::uint64_t>(bytes.subspan(16));
  header.seed = get_be<std::uint64_t>(bytes.subspan(24));
  std::copy_n(bytes.begin() + 32, header.root.size(), header.root.begin());
  header.origin = std::string(as_text(bytes.subspan(kFixedHeaderBytes, origin_bytes)));
  length = checked + 8;
  return header;
}

void encode_into(const BatchHeader& header, std::uint64_t seed, std::byte* out) {
  Bytes bytes;
  bytes.reserve(kBatchHeaderBytes);
  put_be(bytes, kBatchMagic);
  put_be(bytes, header.segment);
  put_be(bytes, header.number);
  put_be(bytes, header.first_entry);
  put_be(bytes, header.entries);
  put_be(bytes, header.body_bytes);
  bytes.insert(bytes.end(), header.body_check.begin(), header.body_check.end());
  put_be(bytes, std::uint64_t{XXH3_64bits_withSeed(bytes.data(), bytes.size(), seed)});
  std::copy(bytes.begin(), bytes.end(), out);
}

std::optional<BatchHeader> decode_batch_header(BytesView bytes, std::uint64_t seed) {
  if (bytes.size() < kBatchHeaderBytes || get_be<std::uint32_t>(bytes) != kBatchMagic) return std::nullopt;
  const std::uint64_t check = XXH3_64bits_withSeed(bytes.data(), kCheckedBatchHeaderBytes, seed);
  if (get_be<std::uint64_t>(bytes.subspan(kCheckedBatchHeaderBytes)) != check) return std::nullopt;
  BatchHeader header;
  header.segment = get_be<std::uint32_t>(bytes.subspan(4));
  header.number = get_be<std::uint64_t>(bytes.subspan(8));
  header.first_entry = get_be<std::uint64_t>(bytes.subspan(16));
  header.entries = get_be<std::uint32_t>(bytes.subspan(24));
  header.body_bytes = get_be<std::uint32_t>(bytes.subspan(28));
  std::copy_n(bytes.begin() + 32, header.body_check.size(), header.body_check.begin());
  return header;
}

std::array<std::byte, 16> body_check(BytesView body, std::uint64_t seed) {
  XXH128_canonical_t canonical;
  XXH128_canonicalFromHash(&canonical, XXH3_128bits_withSeed(body.data(), body.size(), seed));
  std::array<std::byte, 16> check;
  std::memcpy(check.data(), canonical.digest, check.size());
  return check;
}

std::uint32_t entry_check(BytesView entry, std::uint64_t seed, std::uint64_t index) {
  return static_cast<std::uint32_t>(XXH3_64bits_withSeed(entry.data(), entry.size(), seed + index));
}

void append_entry(Bytes& out, BytesView entry, std::uint64_t seed, std::uint64_t index) {
  put_be(out, static_cast<std::uint32_t>(entry.size()));
  put_be(out, entry_check(entry, seed, index));
  out.insert(out.end(), entry.begin(), entry.end());
}

Result<BytesView> take_entry(BytesView& bytes, std::uint64_t seed, std::uint64_t index) {
  if (bytes.size() < kEntryPrefixBytes) return Error(ErrorCode::damaged, "the entry is cut short");
  const std::size_t size = get_be<std::uint32_t>(bytes);
  if (size > evidence_format::kMaxEntryBytes || size > bytes.size() - kEntryPrefixBytes) {
    return Error(ErrorCode::damaged, fmt::format("the entry claims {} bytes, more than there are", size));
  }
  const BytesView entry = bytes.subspan(kEntryPrefixBytes, size);
  if (get_be<std::uint32_t>(bytes.subspan(4)) != entry_check(entry, seed, index)) {
    return Error(ErrorCode::damaged, "the check of the entry is wrong");
  }
  bytes = bytes.subspan(kEntryPrefixBytes + size);
  return entry;
}

}  // namespace mj::evidence
