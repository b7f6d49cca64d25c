#include "segment_check.hpp"

#include "damage.hpp"
#include "mj/evidence_format/checkpoint.hpp"
#include "mj/evidence_format/entry.hpp"
#include "retire_marker.hpp"

namespace mj::evidence {
namespace {

constexpr std::size_t kComparedAtOnce = 8192;

/// Compares recomputed leaves and places with the tree files.
Status compare_with_tree(const TreeFiles& tree, std::uint64_t first, std::span<const Leaves> leaves,
                         std::span<const Location> places) {
  for (std::size_t at = 0; at < leaves.size(); at += kComparedAtOnce) {
    const std::size_t count = std::min(kComparedAtOnce, leaves.size() - at);
    MJ_TRY(const std::vector<Leaves> stored, tree.leaves(first + at, count));
    MJ_TRY(const std::vector<Location> offsets, tree.locations(first + at, count));
    for (std::size_t i = 0; i < count; ++i) {
      const std::uint64_t index = first + at + i;
      const Location& place = places[at + i];
      if (stored[i] != leaves[at + i]) {
        return damaged(fmt::format("segment {:06} at byte {}, entry {}: its hash is not the one in tree/{}.0",
                                   place.segment, place.offset, index,
                                   stored[i].sha256 != leaves[at + i].sha256 ? "hashes" : "sm3"));
      }
      if (offsets[i] != place) {
        return damaged(
            fmt::format("tree/offsets at byte {}, entry {}: it names another place than segment {:06} byte {}",
                        index * 8, index, place.segment, place.offset));
      }
    }
  }
  return {};
}

/// True when a checkpoint that is newer than the caller's covers the entry: the segment was retired while he read.
bool signed_meanwhile(const Layout& layout, std::uint64_t entry) {
  const auto text = storage::read_file(layout.checkpoint());
  if (!text) return false;
  const auto note = evidence_format::Note::parse(*text);
  if (!note) return false;
  const auto checkpoint = evidence_format::Checkpoint::parse(note->text);
  return checkpoint && checkpoint->size > entry;
}

/// The entries are elsewhere: what is left must be what the log says was left.
Result<CheckedSegment> check_retired(const Layout& layout, std::uint32_t number, const Origins& origins,
                                     const TreeFiles& tree, std::uint64_t signed_size) {
  MJ_TRY(RetiredSegment retired, read_retired(layout, number));
  const auto wrong = [number](std::string_view why) {
    return damaged(fmt::format("retired segment {:06}: {}", number, why));
  };
  if (const auto origin = origins.at(retired.header.first_entry); origin && retired.header.origin != *origin) {
    return wrong(fmt::format("it belonged to the log \"{}\", not \"{}\"", retired.header.origin, *origin));
  }
  if (retired.decision >= signed_size && !signed_meanwhile(layout, retired.decision)) {
    return wrong(
        fmt::format("the signed checkpoint does not cover decision {} that retired it", retired.decision));
  }
  MJ_TRY(const std::vector<Leaves> decision, tree.leaves(retired.decision, 1));
  if (decision.front() != leaves_of(retired.decision_entry)) {
    return wrong(fmt::format("entry {} of the log is not the decision that retired it", retired.decision));
  }
  CheckedSegment checked;
  checked.form = SegmentForm::retired;
  MJ_TRY(checked.leaves, tree.leaves(retired.first_entry, static_cast<std::size_t>(retired.entries())));
  // Their places are of use again when the segment is brought back.
  MJ_TRY(const std::vector<Location> places, tree.locations(retired.first_entry, checked.leaves.size()));
  if (places_check(places) != retired.places_check) {
    return wrong(fmt::format("tree/offsets from byte {} on does not hold the places of its entries",
                             retired.first_entry * 8));
  }
  checked.end = SegmentEnd{retired.bytes, retired.bytes, retired.last_entry + 1, 0};
  checked.header = std::move(retired.header);
  return checked;
}

}  // namespace

Result<CheckedSegment> check_segment(const Layout& layout, std::uint32_t number, const Origins& origins,
                                     const TreeFiles& tree, std::uint64_t signed_size,
                                     std::atomic<std::uint64_t>& done, const Pace& pace) {
  const auto opened = open_stored_segment(layout, number, origins);
  if (!opened && opened.error().code() == ErrorCode::not_found) {
    return check_retired(layout, number, origins, tree, signed_size);
  }
  if (!opened) return opened.error();
  const StoredSegment& segment = *opened;
  CheckedSegment checked;
  checked.header = segment.header;
  checked.form = segment.bytes.compressed() ? SegmentForm::compressed : SegmentForm::raw;
  std::vector<Location> places;
  const auto visit = [&](const ScannedBatch& batch) -> Status {
    MJ_CHECK(for_each_entry(
        batch, segment.header.seed, [&](std::uint64_t index, Location place, BytesView entry) -> Status {
          const auto decoded = evidence_format::decode(entry);
          if (!decoded) {
            return decoded.error().context(
                fmt::format("segment {:06} at byte {}, entry {}", place.segment, place.offset, index));
          }
          if (decoded->type == evidence_format::EntryType::key) {
            checked.key_entries.push_back(KeyEntry{index, std::string(as_text(decoded->payload))});
          }
          checked.leaves.push_back(leaves_of(entry));
          places.push_back(place);
          return {};
        }));
    const std::uint64_t bytes = kBatchHeaderBytes + batch.body.size();
    done += bytes;
    if (pace) MJ_CHECK(pace(bytes));
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
  MJ_CHECK(segment.bytes.check_stored_bytes());
  checked.end = *end;
  return checked;
}

}  // namespace mj::evidence
