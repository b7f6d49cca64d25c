#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "mj/evidence_format/entry.hpp"
#include "mj/kernel/bytes.hpp"
#include "mj/kernel/result.hpp"

namespace mj::evidence {

// Byte layouts of docs/formats/evidence-log.md §5. Pure: bytes in, bytes out.

inline constexpr std::size_t kBatchHeaderBytes = 56;
/// Length and check before each entry.
inline constexpr std::size_t kEntryPrefixBytes = 8;
inline constexpr std::size_t kLongestOrigin = 255;
/// Longest segment header: fixed part, origin, check.
inline constexpr std::size_t kMaxSegmentHeaderBytes = 65 + kLongestOrigin + 8;
/// Longest body of one batch, so that a lying length cannot ask for more memory than this.
inline constexpr std::size_t kMaxBatchBodyBytes = 256U << 20U;

struct SegmentHeader {
  std::uint32_t number = 0;
  std::uint64_t first_entry = 0;
  /// Seeds every check in the segment. Devices never learn it, so bytes they send cannot pass for a batch.
  std::uint64_t seed = 0;
  Digest root{};       ///< of the tree over the entries before this segment
  std::string origin;  ///< name of the log
};

[[nodiscard]] Bytes encode(const SegmentHeader& header);
/// Reads a header at the front of `bytes`; `length` becomes its size. Errors: damaged.
[[nodiscard]] Result<SegmentHeader> decode_segment_header(BytesView bytes, std::size_t& length);

struct BatchHeader {
  std::uint32_t segment = 0;
  std::uint64_t number = 0;  ///< from 0 in each segment
  std::uint64_t first_entry = 0;
  std::uint32_t entries = 0;
  std::uint32_t body_bytes = 0;
  std::array<std::byte, 16> body_check{};  ///< XXH3-128 of the body
};

/// Writes the header into the first kBatchHeaderBytes of `out`.
void encode_into(const BatchHeader& header, std::uint64_t seed, std::byte* out);
/// Nothing when the magic number or the check is wrong.
[[nodiscard]] std::optional<BatchHeader> decode_batch_header(BytesView bytes, std::uint64_t seed);
[[nodiscard]] std::array<std::byte, 16> body_check(BytesView body, std::uint64_t seed);

/// Low 32 bits of XXH3-64 of the entry, seeded with the segment's seed plus the entry's index: one entry can be read
/// alone, and none can stand in another's place.
[[nodiscard]] std::uint32_t entry_check(BytesView entry, std::uint64_t seed, std::uint64_t index);

/// Appends prefix and entry.
void append_entry(Bytes& out, BytesView entry, std::uint64_t seed, std::uint64_t index);
/// Takes prefix and entry off the front of `bytes`. Errors: damaged.
[[nodiscard]] Result<BytesView> take_entry(BytesView& bytes, std::uint64_t seed, std::uint64_t index);

/// Where an entry's prefix stands, as tree/offsets keeps it: 24 bits of segment number, 40 bits of byte offset.
struct Location {
  std::uint32_t segment = 0;
  std::uint64_t offset = 0;
  bool operator==(const Location&) const = default;
};
inline constexpr std::uint32_t kMaxSegments = 1U << 24U;
inline constexpr std::uint64_t kMaxSegmentBytes = 1ULL << 40U;

[[nodiscard]] constexpr std::uint64_t pack(Location location) {
  return (std::uint64_t{location.segment} << 40U) | location.offset;
}
[[nodiscard]] constexpr Location unpack(std::uint64_t packed) {
  return Location{static_cast<std::uint32_t>(packed >> 40U), packed & (kMaxSegmentBytes - 1)};
}

}  // namespace mj::evidence
