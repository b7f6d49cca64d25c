#include "mj/evidence/verify.hpp"

#include <thread>

#include "damage.hpp"
#include "key_files.hpp"
#include "mj/evidence_format/checkpoint.hpp"
#include "ordered_work.hpp"
#include "segment_check.hpp"

namespace mj::evidence {
namespace {

using evidence_format::Checkpoint;
using evidence_format::KeyRing;
using evidence_format::NodeId;
using evidence_format::TreeEdge;
using storage::File;

constexpr auto kProgressInterval = std::chrono::milliseconds(100);
constexpr unsigned kMostThreads = 4;

/// Bytes of the tree files when verification began.
struct TreeBytes {
  std::array<std::uint64_t, kTileLevels> sha256{};
  std::array<std::uint64_t, kTileLevels> sm3{};
  std::uint64_t offsets = 0;
};

Result<TreeBytes> measure(const TreeFiles& tree) {
  TreeBytes bytes;
  for (unsigned level = 0; level < kTileLevels; ++level) {
    MJ_TRY(bytes.sha256[level], tree.hashes(HashAlgorithm::sha256).bytes(level));
    MJ_TRY(bytes.sm3[level], tree.hashes(HashAlgorithm::sm3).bytes(level));
  }
  MJ_TRY(bytes.offsets, tree.offsets_bytes());
  return bytes;
}

std::string file_of(const Layout& layout, unsigned level, HashAlgorithm algorithm) {
  return "tree/" + layout.hashes(level, algorithm).filename().string();
}

/// Nothing may stand in the tree files that no entry accounts for.
Status check_tree_bytes(const Layout& layout, const TreeBytes& bytes, std::uint64_t size) {
  for (const HashAlgorithm algorithm : evidence_format::kHashAlgorithms) {
    for (unsigned level = 0; level < kTileLevels; ++level) {
      const std::uint64_t most = stored_hashes(size, level) * sizeof(Digest);
      if ((algorithm == HashAlgorithm::sm3 ? bytes.sm3 : bytes.sha256)[level] > most) {
        return damaged(fmt::format("{} at byte {}: hashes of entries that the segments do not hold ({} entries)",
                                   file_of(layout, level, algorithm), most, size));
      }
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
    for (const HashAlgorithm algorithm : evidence_format::kHashAlgorithms) {
      for (unsigned level = 0; level < kTileLevels; ++level)
        known = known || entry->path() == layout.hashes(level, algorithm);
    }
    if (!known) return damaged(fmt::format("{} is no part of the log", entry->path().string()));
  }
  return {};
}

/// Whether the process was killed while it made the log: it has keys and a checkpoint of nothing, no tree, and no entry was
/// ever written. Opening it makes the rest.
Result<bool> is_unfinished(const Layout& layout, const Checkpoint& checkpoint, const Origins& origins) {
  std::error_code failure;
  if (checkpoint.size > 0 || checkpoint.root != evidence_format::empty_root()) return false;
  MJ_TRY(const SegmentNames names, list_segments(layout));
  if (names.count > 1) return false;
  const bool tree = std::filesystem::exists(layout.tree(), failure);
  if (failure || (tree && !std::filesystem::is_empty(layout.tree(), failure)) || failure) return false;
  if (names.count == 0) return true;
  const auto first = summarise_segment(layout, 0, origins);
  return first && first->bytes == encode(first->header).size();
}

/// Joins the leaves of one algorithm to one tree and compares it with the higher tile levels and the signed root.
class TreeCheck {
 public:
  TreeCheck(const Layout& layout, const HashFiles& files, std::uint64_t signed_size, const Digest& signed_root)
      : layout_(layout),
        files_(files),
        signed_size_(signed_size),
        signed_root_(signed_root),
        edge_(files.algorithm()) {}

  [[nodiscard]] const TreeEdge& edge() const { return edge_; }

  Status add(std::span<const Leaves> leaves, Digest Leaves::* which) {
    std::array<std::vector<Digest>, kTileLevels> made;
    const std::uint64_t first = edge_.size();
    const auto keep = [&made](NodeId node, const Digest& hash) {
      if (node.level > 0 && node.level % kTileHeight == 0) made[node.level / kTileHeight].push_back(hash);
    };
    for (const Leaves& both : leaves) {
      edge_.append(both.*which, keep);
      if (edge_.size() == signed_size_) {
        MJ_CHECK(compare(first, made));
        MJ_CHECK(check_root());
        for (auto& level : made) level.clear();
      }
    }
    // What is not signed yet is work in progress: recovery makes it anew.
    if (edge_.size() < signed_size_) MJ_CHECK(compare(first, made));
    return {};
  }

  /// Compares the root with the signed one when the tree has just that size.
  Status check_root() const {
    if (edge_.size() != signed_size_ || edge_.root() == signed_root_) return {};
    return damaged(fmt::format("checkpoint: the {} root over {} entries is {}, not the signed {}",
                               evidence_format::name(files_.algorithm()), edge_.size(), to_base64(edge_.root()),
                               to_base64(signed_root_)));
  }

 private:
  Status compare(std::uint64_t first_entry, const std::array<std::vector<Digest>, kTileLevels>& made) const {
    for (unsigned level = 1; level < kTileLevels; ++level) {
      if (made[level].empty()) continue;
      const std::uint64_t first = stored_hashes(first_entry, level);
      std::vector<Digest> stored(made[level].size());
      MJ_CHECK(files_.read(level, first, std::as_writable_bytes(std::span(stored))));
      const auto [mine, theirs] = std::mismatch(made[level].begin(), made[level].end(), stored.begin());
      if (mine != made[level].end()) {
        const std::uint64_t index = first + static_cast<std::uint64_t>(mine - made[level].begin());
        return damaged(fmt::format("{} at byte {}: it is not the hash of the entries from {} on",
                                   file_of(layout_, level, files_.algorithm()), index * sizeof(Digest),
                                   index << (kTileHeight * level)));
      }
    }
    return {};
  }

  const Layout& layout_;
  const HashFiles& files_;
  std::uint64_t signed_size_;
  Digest signed_root_;
  TreeEdge edge_;
};

/// Both trees over all segments, and the statements about keys that stand in them.
class LogCheck {
 public:
  LogCheck(const Layout& layout, const TreeFiles& tree, const Checkpoint& checkpoint, const KeyRing& ring)
      : tree_(tree),
        checkpoint_(checkpoint),
        ring_(ring),
        sha256_(layout, tree.hashes(HashAlgorithm::sha256), checkpoint.size, checkpoint.root),
        sm3_(layout, tree.hashes(HashAlgorithm::sm3), checkpoint.size, *checkpoint.sm3_root) {}

  [[nodiscard]] const TreeEdge& sha256() const { return sha256_.edge(); }
  [[nodiscard]] const TreeEdge& sm3() const { return sm3_.edge(); }

  Status begin() const {
    MJ_CHECK(sha256_.check_root());
    return sm3_.check_root();
  }

  Status add(const CheckedSegment& segment, std::uint32_t number, bool last) {
    if (segment.header.first_entry != sha256().size() || segment.header.root != sha256().root()) {
      return damaged(
          fmt::format("segment {:06} at byte 0: it does not continue the tree of the {} entries before it", number,
                      sha256().size()));
    }
    MJ_CHECK(sha256_.add(segment.leaves, &Leaves::sha256));
    MJ_CHECK(sm3_.add(segment.leaves, &Leaves::sm3));
    for (const KeyEntry& entry : segment.key_entries) MJ_CHECK(check_key_entry(entry));
    if (last && sha256().size() < checkpoint_.size) {
      return damaged(fmt::format(
          "segment {:06} at byte {}, entry {}: the signed checkpoint covers {} entries, but the segments end here",
          number, segment.end.offset, sha256().size(), checkpoint_.size));
    }
    if (!last && segment.end.offset != segment.end.size) {
      return damaged(
          fmt::format("segment {:06} at byte {}, entry {}: a sealed segment does not end with a whole batch",
                      number, segment.end.offset, segment.end.next_entry));
    }
    return {};
  }

  /// Every later statement of the keyring must be the entry that it says, also where the segment was retired.
  Status check_ring() const {
    for (const KeyRing::Member& member : ring_.members()) {
      if (!member.entry) continue;
      if (*member.entry >= sha256().size()) {
        return damaged(fmt::format("keyring: statement {} is said to be entry {}, the log has {}",
                                   member.statement.number, *member.entry, sha256().size()));
      }
      Bytes encoded;
      MJ_CHECK(evidence_format::encode(key_entry(member.statement, member.note), encoded));
      MJ_TRY(const std::vector<Leaves> stored, tree_.leaves(*member.entry, 1));
      if (stored.front() != leaves_of(encoded)) {
        return damaged(fmt::format("keyring: statement {} is not what entry {} of the log holds",
                                   member.statement.number, *member.entry));
      }
    }
    return {};
  }

 private:
  Status check_key_entry(const KeyEntry& entry) {
    const auto known = [&](const KeyRing::Member& member) { return member.entry == entry.index; };
    const auto& members = ring_.members();
    if (std::any_of(members.begin(), members.end(), known)) return {};  // compared by check_ring()
    if (entry.index < checkpoint_.size) {
      return damaged(fmt::format("keyring: the statement of entry {} is missing", entry.index));
    }
    // Keys are being changed, or a crash came between entry and file.
    if (Status fits = ring_.add(entry.index, entry.note); !fits)
      return fits.error().context(fmt::format("entry {}", entry.index));
    return {};
  }

  const TreeFiles& tree_;
  const Checkpoint& checkpoint_;
  KeyRing ring_;
  TreeCheck sha256_;
  TreeCheck sm3_;
};

}  // namespace

Result<VerifyReport> verify(
    const std::filesystem::path& directory,
    const std::function<void(std::uint64_t done_bytes, std::uint64_t all_bytes)>& progress) {
  const Layout layout{directory};
  // The order matters while a writer is at work: what is read first can only be behind what is read later.
  auto note = storage::read_file(layout.checkpoint());
  if (!note && note.error().code() == ErrorCode::not_found) return damaged("checkpoint: it is missing");
  if (!note) return note.error();
  MJ_TRY(const KeyRing ring, read_ring(layout));
  MJ_TRY(const Checkpoint checkpoint, evidence_format::open_checkpoint(*note, ring));
  const Origins origins(ring);
  MJ_TRY(const bool unfinished, is_unfinished(layout, checkpoint, origins));
  if (unfinished) {
    VerifyReport nothing;
    nothing.root = checkpoint.root;
    nothing.sm3_root = *checkpoint.sm3_root;
    nothing.key_statements = ring.members().size();
    nothing.checkpoint_note = std::move(*note);
    return nothing;
  }
  MJ_CHECK(check_tree_names(layout));
  MJ_TRY(const TreeFiles tree, TreeFiles::open(layout, File::Mode::read));
  MJ_TRY(const TreeBytes tree_bytes, measure(tree));
  MJ_TRY(const SegmentNames names, list_segments(layout));
  if (!names.strangers.empty())
    return damaged(fmt::format("{} is no part of the log", names.strangers.front().string()));
  if (names.count == 0) return damaged("segment 000000 is missing");

  std::uint64_t all_bytes = 0;
  for (std::uint32_t number = 0; number < names.count; ++number) {
    // Of use for the progress only: what is wrong with a segment is told in its turn.
    const auto segment = summarise_segment(layout, number, origins);
    if (segment && segment->form != SegmentForm::retired) all_bytes += segment->bytes;
  }

  LogCheck check(layout, tree, checkpoint, ring);
  MJ_CHECK(check.begin());
  VerifyReport report;
  std::atomic<std::uint64_t> done = 0;
  const unsigned threads =
      std::clamp(std::thread::hardware_concurrency(), 1U, std::min(kMostThreads, names.count));
  OrderedWork<Result<CheckedSegment>> work(names.count, threads, [&](std::uint32_t number) {
    return check_segment(layout, number, origins, tree, checkpoint.size, done);
  });
  for (std::uint32_t number = 0; number < names.count;) {
    const auto segment = work.next(kProgressInterval);
    if (segment) {
      if (!*segment) return segment->error();
      MJ_CHECK(check.add(**segment, number, number + 1 == names.count));
      if ((*segment)->form == SegmentForm::retired) {
        ++report.retired_segments;
        report.retired_entries += (*segment)->leaves.size();
      } else {
        report.bytes += (*segment)->end.offset;
      }
      report.torn_tail_bytes = (*segment)->end.size - (*segment)->end.offset;
      ++number;
    }
    if (progress) progress(std::min(done.load(), all_bytes), all_bytes);
  }
  MJ_CHECK(check.check_ring());
  MJ_CHECK(check_tree_bytes(layout, tree_bytes, check.sha256().size()));
  if (progress) progress(all_bytes, all_bytes);
  report.size = check.sha256().size();
  report.root = check.sha256().root();
  report.sm3_root = check.sm3().root();
  report.key_statements = ring.members().size();
  report.checkpoint_note = std::move(*note);
  return report;
}

}  // namespace mj::evidence
