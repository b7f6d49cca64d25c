#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "mj/kernel/bytes.hpp"
#include "mj/kernel/result.hpp"

namespace mj::evidence {

// Bytes of a compressed segment that are not zstd's own: docs/formats/evidence-log.md §5.2. Pure.

/// Segment bytes in one frame: what a random read has to decompress.
inline constexpr std::size_t kFrameBytes = 64U << 10U;
/// A reader takes larger frames too, up to this.
inline constexpr std::size_t kMostFrameBytes = 1U << 20U;

/// One frame of the file, a line of the seek table.
struct CompressedFrame {
  std::uint32_t stored = 0;  ///< bytes in the file
  std::uint32_t bytes = 0;   ///< bytes of the segment; 0 for the identity frame
  std::uint32_t check = 0;   ///< low 32 bits of XXH64 of those bytes
};
[[nodiscard]] std::uint32_t frame_check(BytesView bytes);

/// The seek table of the zstd seekable format 0.1.0, a skippable frame at the end of the file.
inline constexpr std::size_t kSeekTableFooterBytes = 9;
[[nodiscard]] constexpr std::uint64_t seek_table_bytes(std::uint64_t frames) { return 8 + 12 * frames + 9; }
[[nodiscard]] Bytes encode_seek_table(const std::vector<CompressedFrame>& frames);
/// Number of frames that the footer at the end of a file claims. Errors: damaged.
[[nodiscard]] Result<std::uint32_t> decode_seek_table_footer(BytesView footer);
/// The whole skippable frame. Errors: damaged for anything that encode_seek_table() would not have written.
[[nodiscard]] Result<std::vector<CompressedFrame>> decode_seek_table(BytesView table);

/// What the file is: a skippable frame between the data and the seek table. With it every bit of the file is guarded, also
/// those that zstd does not look at.
struct CompressedIdentity {
  std::uint32_t segment = 0;
  std::uint64_t bytes = 0;                   ///< of the segment
  std::array<std::byte, 16> stored_check{};  ///< XXH3-128 of all bytes before this frame
  bool operator==(const CompressedIdentity&) const = default;
};
inline constexpr std::size_t kIdentityBytes = 48;
[[nodiscard]] Bytes encode(const CompressedIdentity& identity);
/// Errors: damaged.
[[nodiscard]] Result<CompressedIdentity> decode_compressed_identity(BytesView frame);

}  // namespace mj::evidence
