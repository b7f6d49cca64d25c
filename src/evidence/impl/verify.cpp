#include "mj/evidence/verify.hpp"

#include <thread>

#include "key_files.hpp"
#include "mj/evidence_format/checkpoint.hpp"
#include "ordered_work.hpp"
#include "segment_check.hpp"

namespace mj::evidence {
namespace {

using evidence_format::Checkpoint;
using evidence_format::NodeId;
using evidence_format::TreeEdge;
using storage::File;

constexpr auto kProgressInterval = std::chrono::milliseconds(100);
constexpr unsigned kMostThreads = 4;

Error damaged(std::string text) { return Error(ErrorCode::damaged, std::move(text)); }

/// Bytes of the tree files when verification began.
struct TreeBytes {
  std::array<std::uint64_t, kTileLevels> hashes{};
  std::uint64_t offsets = 0;
};

Result<TreeBytes> measure(const TreeFiles& tree) {
  TreeBytes bytes;
  for (unsigned level = 0; level < kTileLevels; ++level) {
    MJ_TRY(bytes.hashes[level], tree.hashes_bytes(level));
  }
  MJ_TRY(bytes.offsets, tree.offsets_bytes());
  return bytes;
}

/// Nothing may stand in the tree files that no entry accounts for.
Status check_tree_bytes(const TreeBytes& bytes, std::uint64_t size) {
  for (unsigned level = 0; level < kTileLevels; ++level) {
    const std::uint64_t most = stored_hashes(size, level) * sizeof(Digest);
    if (bytes.hashes[level] > most) {
      return damaged(
          fmt::format("tree/hashes.{} at byte {}: hashes of entries that the segments do not hold ({} entries)",
                      level, most, size));
    }
  }
  if (bytes.offsets > size * 8) {
    return damaged(fmt::format(
        "tree/offsets at byte {}: places of entries that the segments do not hold ({} entries)", size * 8, size));
  }
  return {};
}

Status check_tree_names(const Layout& layout) {
  std::error_code failure;
  for (std::filesystem::directory_iterator entry(layout.tree(), failure), end; !failure && entry != end;
       entry.increment(failure)) {
    bool known = entry->path() == layout.offsets();
    for (unsigned level = 0; level < kTileLevels; ++level) known = known || entry->path() == layout.hashes(level);
    if (!known) return damaged(fmt::format("{} is no part of the log", entry->path().string()));
  }
  return {};
}

/// Joins the segments to one tree and compares it with the higher tile levels and the signed root.
class TreeCheck {
 public:
  TreeCheck(const Checkpoint& checkpoint, const TreeFiles& tree) : checkpoint_(checkpoint), tree_(tree) {}

  [[nodiscard]] const TreeEdge& edge() const { return edge_; }

  Status add(const CheckedSegment& segment, std::uint32_t number, bool last) {
    if (segment.header.first_entry != edge_.size() || segment.header.root != edge_.root()) {
      return damaged(
          fmt::format("segment {:06} at byte 0: it does not continue the tree of the {} entries before it", number,
                      edge_.size()));
    }
    std::array<std::vector<Digest>, kTileLevels> made;
    const std::uint64_t first = edge_.size();
    const auto keep = [&made](NodeId node, const Digest& hash) {
      if (node.level > 0 && node.level % kTileHeight == 0) made[node.level / kTileHeight].push_back(hash);
    };
    for (const Digest& leaf : segment.leaves) {
      edge_.append(leaf, keep);
      if (edge_.size() == checkpoint_.size) {
        MJ_CHECK(compare(first, made));
        MJ_CHECK(check_root());
        for (auto& level : made) level.clear();
      }
    }
    // What is not signed yet is work in progress: recovery makes it anew.
    if (edge_.size() < checkpoint_.size) MJ_CHECK(compare(first, made));
    if (last && edge_.size() < checkpoint_.size) {
      return damaged(fmt::format(
          "segment {:06} at byte {}, entry {}: the signed checkpoint covers {} entries, but the segments end here",
          number, segment.end.offset, edge_.size(), checkpoint_.size));
    }
    if (!last && segment.end.offset != segment.end.size) {
      return damaged(
          fmt::format("segment {:06} at byte {}, entry {}: a sealed segment does not end with a whole batch",
                      number, segment.end.offset, segment.end.next_entry));
    }
    return {};
  }

  /// Compares the root with the signed one when the tree has just that size.
  Status check_root() const {
    if (edge_.size() != checkpoint_.size || edge_.root() == checkpoint_.root) return {};
    return damaged(fmt::format("checkpoint: the root over {} entries is {}, not the signed {}", edge_.size(),
                               to_base64(edge_.root()), to_base64(checkpoint_.root)));
  }

 private:
  Status compare(std::uint64_t first_entry, const std::array<std::vector<Digest>, kTileLevels>& made) const {
    for (unsigned level = 1; level < kTileLevels; ++level) {
      if (made[level].empty()) continue;
      const std::uint64_t first = stored_hashes(first_entry, level);
      std::vector<Digest> stored(made[level].size());
      MJ_CHECK(tree_.read_hashes(level, first, std::as_writable_bytes(std::span(stored))));
      const auto [mine, theirs] = std::mismatch(made[level].begin(), made[level].end(), stored.begin());
      if (mine != made[level].end()) {
        const std::uint64_t index = first + static_cast<std::uint64_t>(mine - made[level].begin());
        return damaged(fmt::format("tree/hashes.{} at byte {}: it is not the hash of the entries from {} on",
                                   level, index * sizeof(Digest), index << (kTileHeight * level)));
      }
    }
    return {};
  }

  const Checkpoint& checkpoint_;
  const TreeFiles& tree_;
  TreeEdge edge_;
};

}  // namespace

Result<VerifyReport> verify(
    const std::filesystem::path& directory,
    const std::function<void(std::uint64_t done_bytes, std::uint64_t all_bytes)>& progress) {
  const Layout layout{directory};
  // The order matters while a writer is at work: what is read first can only be behind what is read later.
  MJ_TRY(const evidence_format::VerifierKey key, read_verifier_key(layout));
  auto note = storage::read_file(layout.checkpoint());
  if (!note && note.error().code() == ErrorCode::not_found) return damaged("checkpoint: it is missing");
  if (!note) return note.error();
  MJ_TRY(const Checkpoint checkpoint, evidence_format::open_checkpoint(*note, key));
  if (checkpoint.origin != key.name)
    return damaged(fmt::format("checkpoint: it is one of the log \"{}\"", checkpoint.origin));
  MJ_CHECK(check_tree_names(layout));
  MJ_TRY(const TreeFiles tree, TreeFiles::open(layout, File::Mode::read));
  MJ_TRY(const TreeBytes tree_bytes, measure(tree));
  MJ_TRY(const SegmentNames names, list_segments(layout));
  if (!names.strangers.empty())
    return damaged(fmt::format("{} is no part of the log", names.strangers.front().string()));
  if (names.count == 0) return damaged("segment 000000 is missing");

  std::uint64_t all_bytes = 0;
  for (std::uint32_t number = 0; number < names.count; ++number) {
    std::error_code failure;
    const std::uint64_t bytes = std::filesystem::file_size(layout.segment(number), failure);
    if (!failure) all_bytes += bytes;
  }

  TreeCheck check(checkpoint, tree);
  MJ_CHECK(check.check_root());
  VerifyReport report;
  std::atomic<std::uint64_t> done = 0;
  const unsigned threads =
      std::clamp(std::thread::hardware_concurrency(), 1U, std::min(kMostThreads, names.count));
  OrderedWork<Result<CheckedSegment>> work(names.count, threads, [&](std::uint32_t number) {
    return check_segment(layout, number, checkpoint.origin, tree, checkpoint.size, done);
  });
  for (std::uint32_t number = 0; number < names.count;) {
    const auto segment = work.next(kProgressInterval);
    if (segment) {
      if (!*segment) return segment->error();
      MJ_CHECK(check.add(**segment, number, number + 1 == names.count));
      report.bytes += (*segment)->end.offset;
      report.torn_tail_bytes = (*segment)->end.size - (*segment)->end.offset;
      ++number;
    }
    if (progress) progress(std::min(done.load(), all_bytes), all_bytes);
  }
  MJ_CHECK(check_tree_bytes(tree_bytes, check.edge().size()));
  if (progress) progress(all_bytes, all_bytes);
  report.size = check.edge().size();
  report.root = check.edge().root();
  report.checkpoint_note = std::move(*note);
  return report;
}

}  // namespace mj::evidence
