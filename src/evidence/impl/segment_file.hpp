#pragma once

#include <functional>
#include <variant>

#include "compressed_file.hpp"
#include "layout.hpp"
#include "mj/storage/file.hpp"
#include "origins.hpp"
#include "segment_format.hpp"

namespace mj::evidence {

/// The segment that is appended to: always raw.
struct SegmentFile {
  storage::File file;
  SegmentHeader header;
  std::uint64_t header_bytes = 0;
};

/// Opens a raw segment and checks that it is number `number` of the log. Errors: damaged,
/// unavailable.
[[nodiscard]] Result<SegmentFile> open_segment(const Layout& layout, std::uint32_t number, const Origins& origins,
                                               storage::File::Mode mode);

/// The bytes of a segment for reading, whatever form they are kept in.
class SegmentBytes {
 public:
  /// The raw file counts when both are there: compression was not finished.
  /// Errors: not_found when neither is there; damaged, unavailable.
  [[nodiscard]] static Result<SegmentBytes> open(const Layout& layout, std::uint32_t number);

  /// Bytes of the segment.
  [[nodiscard]] Result<std::uint64_t> size() const;
  [[nodiscard]] Result<std::uint64_t> stored_bytes() const;
  [[nodiscard]] Result<std::size_t> read_at(std::uint64_t offset, std::span<std::byte> out) const;
  [[nodiscard]] const std::filesystem::path& path() const;
  [[nodiscard]] bool compressed() const { return std::holds_alternative<CompressedFile>(file_); }
  /// What a raw file has not: a check over its stored form. Errors: damaged, unavailable.
  [[nodiscard]] Status check_stored_bytes() const;

 private:
  explicit SegmentBytes(std::variant<storage::File, CompressedFile> file) : file_(std::move(file)) {}
  std::variant<storage::File, CompressedFile> file_;
};

/// A segment open for reading, with its header.
struct StoredSegment {
  SegmentBytes bytes;
  SegmentHeader header;
  std::uint64_t header_bytes = 0;
};

/// Opens a segment for reading and checks that it is number `number` of the log.
/// Errors: not_found when it was retired, with the archive that holds it; damaged, unavailable.
[[nodiscard]] Result<StoredSegment> open_stored_segment(const Layout& layout, std::uint32_t number,
                                                        const Origins& origins);

/// What is known of a segment without reading its entries.
struct SegmentSummary {
  SegmentHeader header;
  SegmentForm form = SegmentForm::raw;
  std::uint64_t bytes = 0;         ///< of the segment, in whatever form it is kept
  std::uint64_t stored_bytes = 0;  ///< of its file; 0 when it is retired
};
/// Errors: as open_stored_segment(), except that a retired segment is none.
[[nodiscard]] Result<SegmentSummary> summarise_segment(const Layout& layout, std::uint32_t number,
                                                       const Origins& origins);

/// Reads a segment from its beginning and hands out what is there piece by piece. Errors: those of `visit`.
[[nodiscard]] Status for_each_piece(const SegmentBytes& bytes, std::uint64_t size,
                                    const std::function<Status(std::uint64_t offset, BytesView piece)>& visit);

}  // namespace mj::evidence
