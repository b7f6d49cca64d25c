#include "backup_files.hpp"
#include "maintenance_lock.hpp"
#include "mj/evidence/maintenance.hpp"
#include "retire_digest.hpp"
#include "retire_marker.hpp"
#include "segment_file.hpp"

namespace mj::evidence {
namespace {

/// Compares the bytes with the digest that the decision names.
Status compare_with_decision(const SegmentBytes& bytes, const RetiredSegment& retired) {
  MJ_CHECK(bytes.check_stored_bytes());
  MJ_TRY(const std::uint64_t size, bytes.size());
  SegmentDigest digest;
  MJ_CHECK(for_each_piece(bytes, size, [&](std::uint64_t, BytesView piece) { return digest.update(piece); }));
  MJ_TRY(const Digest sha256, digest.finish());
  if (size == retired.bytes && sha256 == retired.sha256) return {};
  return Error(ErrorCode::damaged, fmt::format("{} is not the segment that decision {} retired",
                                               bytes.path().string(), retired.decision));
}

}  // namespace

Result<std::vector<std::uint32_t>> bring_back(const std::filesystem::path& directory,
                                              const std::filesystem::path& archive) {
  const Layout layout{directory};
  const Layout from{archive};
  MJ_TRY(const storage::File lock, lock_segment_files(layout));
  MJ_TRY(const SegmentNames names, list_segments(layout));
  std::vector<std::uint32_t> brought;
  std::size_t retired_segments = 0;
  for (std::uint32_t number = 0; number < names.count; ++number) {
    if (names.forms[number] != SegmentForm::retired) continue;
    ++retired_segments;
    MJ_TRY(const RetiredSegment retired, read_retired(layout, number));
    const auto bytes = SegmentBytes::open(from, number);
    if (!bytes && bytes.error().code() == ErrorCode::not_found) continue;
    if (!bytes) return bytes.error().context(fmt::format("archive {}", archive.string()));
    MJ_CHECK(compare_with_decision(*bytes, retired));
    const auto to = bytes->compressed() ? layout.compressed_segment(number) : layout.segment(number);
    MJ_CHECK(copy_file_whole(bytes->path(), to, false, {}));
    MJ_TRY(const SegmentBytes copy, SegmentBytes::open(layout, number));
    MJ_CHECK(compare_with_decision(copy, retired));
    MJ_CHECK(remove_durably(layout.retired_segment(number)));
    brought.push_back(number);
  }
  if (retired_segments == 0) return Error(ErrorCode::not_found, "no segment of this log is retired");
  if (brought.empty()) {
    return Error(ErrorCode::not_found, fmt::format("the archive {} holds none of the {} retired segments",
                                                   archive.string(), retired_segments));
  }
  return brought;
}

}  // namespace mj::evidence
