#include "scrub.hpp"

#include "damage.hpp"

namespace mj::evidence {
namespace {

using evidence_format::Checkpoint;
using evidence_format::NodeId;
using evidence_format::TreeEdge;

std::string_view file_stem(HashAlgorithm algorithm) { return algorithm == HashAlgorithm::sm3 ? "sm3" : "hashes"; }

/// Grows one tree over the leaves of a segment and compares what it completes with the files.
Status scrub_tree(const TreeFiles& tree, HashAlgorithm algorithm, const CheckedSegment& segment,
                  std::uint64_t signed_size, const std::optional<Digest>& signed_root) {
  const HashFiles& files = tree.hashes(algorithm);
  const std::uint64_t first = segment.header.first_entry;
  MJ_TRY(TreeEdge edge, files.edge(first));
  if (algorithm == HashAlgorithm::sha256 && edge.root() != segment.header.root) {
    return damaged(fmt::format(
        "segment {:06} at byte 0: its root over the {} entries before it is not that of the tree files",
        segment.header.number, first));
  }
  Status compared;
  const auto compare = [&](NodeId node, const Digest& hash) {
    if (!compared || node.level == 0 || node.level % kTileHeight != 0) return;
    const auto stored = files.node(node);
    if (!stored) {
      compared = stored.error();
    } else if (*stored != hash) {
      compared = damaged(fmt::format("tree/{}.{} at byte {}: it is not the hash of the entries from {} on",
                                     file_stem(algorithm), node.level / kTileHeight, node.index * sizeof(Digest),
                                     node.index << node.level));
    }
  };
  for (const Leaves& leaves : segment.leaves) {
    if (edge.size() == signed_size) break;
    edge.append(algorithm == HashAlgorithm::sm3 ? leaves.sm3 : leaves.sha256, compare);
    MJ_CHECK(compared);
  }
  if (edge.size() == signed_size && signed_root && edge.root() != *signed_root) {
    return damaged(fmt::format("checkpoint: the {} root over {} entries is not the signed one",
                               evidence_format::name(algorithm), signed_size));
  }
  return {};
}

}  // namespace

Result<std::uint64_t> scrub_segment(const Layout& layout, std::uint32_t number, bool newest, const TreeFiles& tree,
                                    const Checkpoint& signed_checkpoint, const Pace& pace) {
  std::atomic<std::uint64_t> done = 0;
  MJ_TRY(const CheckedSegment segment,
         check_segment(layout, number, {}, tree, signed_checkpoint.size, done, pace));
  if (!newest && segment.end.offset != segment.end.size) {
    return damaged(fmt::format("segment {:06} at byte {}: a sealed segment does not end with a whole batch",
                               number, segment.end.offset));
  }
  if (newest && segment.end.next_entry < signed_checkpoint.size) {
    return damaged(
        fmt::format("segment {:06} at byte {}: the signed checkpoint covers {} entries, only {} are left", number,
                    segment.end.offset, signed_checkpoint.size, segment.end.next_entry));
  }
  // Of a segment that the checkpoint does not reach, the header's root is not judged yet either.
  if (segment.header.first_entry <= signed_checkpoint.size) {
    MJ_CHECK(scrub_tree(tree, HashAlgorithm::sha256, segment, signed_checkpoint.size, signed_checkpoint.root));
    MJ_CHECK(scrub_tree(tree, HashAlgorithm::sm3, segment, signed_checkpoint.size, signed_checkpoint.sm3_root));
  }
  return segment.form == SegmentForm::retired ? 0 : segment.end.offset;
}

std::int64_t RateLimit::wait_ms(std::uint64_t bytes, std::int64_t now_ms) {
  if (bytes_per_s_ == 0) return 0;
  free_at_ms_ = std::max(free_at_ms_, static_cast<double>(now_ms)) +
                static_cast<double>(bytes) * 1000 / static_cast<double>(bytes_per_s_);
  return static_cast<std::int64_t>(free_at_ms_) - now_ms;
}

}  // namespace mj::evidence
