
#include "compressed_writer.hpp"
#include "damage.hpp"
#include "maintenance_lock.hpp"
#include "mj/evidence/maintenance.hpp"
#include "mj/runtime/log.hpp"
#include "retire_digest.hpp"
#include "retire_marker.hpp"
#include "segment_check.hpp"

namespace mj::evidence {
namespace {

/// A decision must fit into one entry.
constexpr std::size_t kSegmentsInOneDecision = 200;
constexpr std::size_t kLongestWords = 500;

/// What the entries of a segment say about whether it may go.
struct Contents {
  Instant newest;
  bool statement_about_keys = false;
  std::uint64_t next_entry = 0;
};

Result<Contents> contents_of(const StoredSegment& segment) {
  Contents contents;
  contents.newest = Instant::from_ms(std::numeric_limits<std::int64_t>::min());
  MJ_TRY(const SegmentEnd end, scan_segment(segment, [&](const ScannedBatch& batch) {
           return for_each_entry(
               batch, segment.header.seed, [&](std::uint64_t index, Location, BytesView encoded) -> Status {
                 const auto entry = evidence_format::decode(encoded);
                 if (!entry) return entry.error().context(fmt::format("entry {}", index));
                 contents.newest = std::max(contents.newest, entry->received_at);
                 contents.statement_about_keys =
                     contents.statement_about_keys || entry->type == evidence_format::EntryType::key;
                 return {};
               });
         }));
  contents.next_entry = end.next_entry;
  return contents;
}

/// Compares the segment with the archive's, byte by byte.
Result<RetirementLine> compare_with_archive(const StoredSegment& segment, std::uint64_t next_entry,
                                            const Layout& archive) {
  const std::uint32_t number = segment.header.number;
  const auto kept = SegmentBytes::open(archive, number);
  if (!kept && kept.error().code() == ErrorCode::not_found) {
    return damaged(
        fmt::format("the archive {} does not hold segment {:06}: back up first", archive.root.string(), number));
  }
  if (!kept) return kept.error().context(fmt::format("archive {}", archive.root.string()));
  MJ_CHECK(kept->check_stored_bytes());
  MJ_TRY(const std::uint64_t size, segment.bytes.size());
  MJ_TRY(const std::uint64_t kept_size, kept->size());
  SegmentDigest digest;
  Bytes other;
  bool same = kept_size == size;
  if (same) {
    MJ_CHECK(for_each_piece(segment.bytes, size, [&](std::uint64_t offset, BytesView piece) -> Status {
      other.resize(piece.size());
      MJ_TRY(const std::size_t got, kept->read_at(offset, other));
      same = same && got == piece.size() && std::equal(piece.begin(), piece.end(), other.begin());
      return digest.update(piece);
    }));
  }
  if (!same) {
    return damaged(
        fmt::format("segment {:06} in the archive {} is not the one in the log", number, archive.root.string()));
  }
  MJ_TRY(const Digest sha256, digest.finish());
  return RetirementLine{number, segment.header.first_entry, next_entry - 1, size, sha256};
}

/// The sealed segments that are due, each compared with the tree and the archive.
Result<std::vector<RetirementLine>> due(const Layout& layout, const Layout& archive, Instant before,
                                        std::uint64_t signed_size) {
  MJ_TRY(const SegmentNames names, list_segments(layout));
  MJ_TRY(const TreeFiles tree, TreeFiles::open(layout, storage::File::Mode::read));
  std::vector<RetirementLine> lines;
  for (std::uint32_t number = 0; number + 1 < names.count; ++number) {
    if (names.forms[number] == SegmentForm::retired) continue;
    MJ_TRY(const StoredSegment segment, open_stored_segment(layout, number, {}));
    MJ_TRY(const Contents contents, contents_of(segment));
    if (contents.next_entry > signed_size) break;
    if (contents.newest >= before || contents.statement_about_keys) continue;
    std::atomic<std::uint64_t> ignored = 0;
    MJ_CHECK(check_segment(layout, number, {}, tree, signed_size, ignored));
    MJ_TRY(RetirementLine line, compare_with_archive(segment, contents.next_entry, archive));
    lines.push_back(line);
  }
  return lines;
}

Status check_words(const Retirement& retirement, const Layout& layout, Instant now) {
  const auto refuse = [](std::string_view why) { return Error(ErrorCode::invalid_input, std::string(why)); };
  for (const std::string& words : {retirement.by, retirement.reason}) {
    if (words.empty() || words.size() > kLongestWords) return refuse("say who retires segments, and why");
  }
  if (retirement.before > now) return refuse("segments of the future cannot be retired");
  std::error_code failure;
  if (!std::filesystem::is_directory(retirement.archive, failure)) {
    return Error(ErrorCode::not_found, fmt::format("there is no archive {}", retirement.archive.string()));
  }
  if (std::filesystem::equivalent(retirement.archive, layout.root, failure)) {
    return refuse("the log cannot be its own archive");
  }
  return {};
}

/// Puts the marker where the segment was, durably, and only then takes the segment away.
Status take_off(const Layout& layout, const SegmentHeader& header, std::uint64_t decision, BytesView entry,
                std::span<const Location> places) {
  const Bytes marker = encode_retired(header, decision, entry, places_check(places));
  MJ_CHECK(storage::replace_file(layout.retired_segment(header.number), as_text(marker)));
  for (const auto& path : {layout.segment(header.number), layout.compressed_segment(header.number)}) {
    std::error_code failure;
    std::filesystem::remove(path, failure);
    if (failure) {
      return Error(ErrorCode::unavailable, fmt::format("cannot remove {}: {}", path.string(), failure.message()));
    }
  }
  return storage::sync_directory(layout.segments());
}

}  // namespace

Result<std::vector<std::uint32_t>> retire(Log& log, const std::filesystem::path& directory,
                                          const Retirement& retirement, runtime::Clock clock) {
  const Layout layout{directory};
  const Instant now = clock();
  MJ_CHECK(check_words(retirement, layout, now));
  std::error_code failure;
  const Layout archive{std::filesystem::canonical(retirement.archive, failure)};
  MJ_TRY(const storage::File lock, lock_segment_files(layout));
  MJ_CHECK(log.checkpoint());
  MJ_TRY(const std::vector<RetirementLine> lines,
         due(layout, archive, retirement.before, log.newest_checkpoint().checkpoint.size));
  if (lines.empty()) {
    return Error(ErrorCode::not_found,
                 fmt::format("no sealed segment has only entries from before {}", to_iso(retirement.before)));
  }
  MJ_TRY(const TreeFiles tree, TreeFiles::open(layout, storage::File::Mode::read));
  std::vector<std::uint32_t> retired;
  for (std::size_t at = 0; at < lines.size(); at += kSegmentsInOneDecision) {
    const auto begin = lines.begin() + static_cast<std::ptrdiff_t>(at);
    RetirementDecision decision;
    decision.segments.assign(
        begin, begin + static_cast<std::ptrdiff_t>(std::min(kSegmentsInOneDecision, lines.size() - at)));
    decision.archive = archive.root.string();
    decision.by = retirement.by;
    decision.reason = retirement.reason;
    const std::string payload = decision.json();
    evidence_format::Entry entry;
    entry.type = evidence_format::EntryType::decision;
    entry.received_at = now;
    entry.payload = as_bytes(payload);
    Bytes encoded;
    MJ_CHECK(evidence_format::encode(entry, encoded));
    MJ_TRY(const EntryIndex index, log.append_and_wait(entry));
    // Signed before anything goes: a thief of the disk cannot invent the decision afterwards.
    MJ_CHECK(log.checkpoint());
    for (const RetirementLine& line : decision.segments) {
      MJ_TRY(const SegmentSummary segment, summarise_segment(layout, line.segment, {}));
      const auto entries = static_cast<std::size_t>(line.last_entry + 1 - line.first_entry);
      MJ_TRY(const std::vector<Location> places, tree.locations(line.first_entry, entries));
      MJ_CHECK(take_off(layout, segment.header, index.raw(), encoded, places));
      runtime::log(runtime::Level::info, "evidence",
                   "segment {:06} (entries {} to {}) retired to {} by decision {}", line.segment, line.first_entry,
                   line.last_entry, decision.archive, index.raw());
      retired.push_back(line.segment);
    }
  }
  return retired;
}

}  // namespace mj::evidence
