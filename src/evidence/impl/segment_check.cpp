#include "segment_check.hpp"

#include "mj/evidence_format/entry.hpp"

namespace mj::evidence {
namespace {

constexpr std::size_t kComparedAtOnce = 8192;

/// Compares recomputed leaves and places with the tree files.
Status compare_with_tree(const TreeFiles& tree, std::uint64_t first, std::span<const Digest> leaves,
                         std::span<const Location> places) {
  for (std::size_t at = 0; at < leaves.size(); at += kComparedAtOnce) {
    const std::size_t count = std::min(kComparedAtOnce, leaves.size() - at);
    std::vector<Digest> stored(count);
    MJ_CHECK(tree.read_hashes(0, first + at, std::as_writable_bytes(std::span(stored))));
    MJ_TRY(const std::vector<Location> offsets, tree.locations(first + at, count));
    for (std::size_t i = 0; i < count; ++i) {
      const std::uint64_t index = first + at + i;
      const Location& place = places[at + i];
      if (stored[i] != leaves[at + i]) {
        return Error(ErrorCode::damaged,
                     fmt::format("segment {:06} at byte {}, entry {}: its hash is not the one in tree/hashes.0",
                                 place.segment, place.offset, index));
      }
      if (offsets[i] != place) {
        return Error(
            ErrorCode::damaged,
            fmt::format("tree/offsets at byte {}, entry {}: it names another place than segment {:06} byte {}",
                        index * 8, index, place.segment, place.offset));
      }
    }
  }
  return {};
}

}  // namespace

Result<CheckedSegment> check_segment(const Layout& layout, std::uint32_t number, std::string_view origin,
                                     const TreeFiles& tree, std::uint64_t signed_size,
                                     std::atomic<std::uint64_t>& done) {
  MJ_TRY(const SegmentFile segment, open_segment(layout, number, origin, storage::File::Mode::read));
  CheckedSegment checked;
  checked.header = segment.header;
  std::vector<Location> places;
  const auto visit = [&](const ScannedBatch& batch) -> Status {
    MJ_CHECK(for_each_entry(
        batch, segment.header.seed, [&](std::uint64_t index, Location place, BytesView entry) -> Status {
          if (auto decoded = evidence_format::decode(entry); !decoded) {
            return decoded.error().context(
                fmt::format("segment {:06} at byte {}, entry {}", place.segment, place.offset, index));
          }
          checked.leaves.push_back(evidence_format::leaf_hash(entry));
          places.push_back(place);
          return {};
        }));
    done += kBatchHeaderBytes + batch.body.size();
    return {};
  };
  auto end = scan_segment(segment, visit);

  // The entries before a damaged batch come first in the report, too.
  const std::uint64_t first = segment.header.first_entry;
  const auto covered = static_cast<std::size_t>(
      std::min<std::uint64_t>(checked.leaves.size(), signed_size > first ? signed_size - first : 0));
  MJ_CHECK(
      compare_with_tree(tree, first, std::span(checked.leaves).first(covered), std::span(places).first(covered)));
  if (!end) return end.error();
  checked.end = *end;
  return checked;
}

}  // namespace mj::evidence
