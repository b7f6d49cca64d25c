#include "replay.hpp"

#include "mj/evidence_format/entry.hpp"

namespace mj::evidence {
namespace {

using evidence_format::Checkpoint;
using evidence_format::NodeId;
using evidence_format::TreeEdge;

Error damaged(std::string text) { return Error(ErrorCode::damaged, std::move(text)); }

class Replay {
 public:
  Replay(const Checkpoint& checkpoint, TreeFiles& tree, std::uint64_t trusted, TreeEdge edge)
      : checkpoint_(checkpoint), tree_(tree), trusted_(trusted), edge_(std::move(edge)) {}

  [[nodiscard]] const TreeEdge& edge() const { return edge_; }

  Status batch(const ScannedBatch& batch, std::uint64_t seed) {
    const std::uint64_t first = batch.header.first_entry;
    const auto known = static_cast<std::size_t>(
        std::min<std::uint64_t>(batch.header.entries, trusted_ > first ? trusted_ - first : 0));
    std::vector<Digest> leaves(known);
    MJ_CHECK(tree_.read_hashes(0, first, std::as_writable_bytes(std::span(leaves))));
    MJ_TRY(const std::vector<Location> locations, tree_.locations(first, known));

    std::optional<TreeGrowth> growth;
    MJ_CHECK(for_each_entry(batch, seed, [&](std::uint64_t index, Location location, BytesView entry) -> Status {
      if (auto decoded = evidence_format::decode(entry); !decoded) {
        return decoded.error().context(
            fmt::format("segment {:06} at byte {}, entry {}", location.segment, location.offset, index));
      }
      const Digest leaf = evidence_format::leaf_hash(entry);
      if (const std::size_t at = index - first; at < known) {
        if (leaves[at] != leaf || locations[at] != location) {
          return damaged(fmt::format("segment {:06} at byte {}, entry {}: it is not what the tree files say",
                                     location.segment, location.offset, index));
        }
        edge_.append(leaf, [](NodeId, const Digest&) {});
        return check_root(edge_);
      }
      if (!growth) growth.emplace(edge_);
      growth->add(leaf, location);
      return check_root(growth->edge);
    }));
    if (!growth) return {};
    edge_ = growth->edge;
    return tree_.write(*growth);
  }

  /// Compares with the signed root when the tree has just that size.
  Status check_root(const TreeEdge& edge) const {
    if (edge.size() != checkpoint_.size || edge.root() == checkpoint_.root) return {};
    return damaged(fmt::format("the root over {} entries is not the one that was signed", edge.size()));
  }

 private:
  const Checkpoint& checkpoint_;
  TreeFiles& tree_;
  std::uint64_t trusted_;
  TreeEdge edge_;
};

}  // namespace

Result<Replayed> replay(const Layout& layout, const std::vector<SegmentHeader>& headers,
                        const Checkpoint& checkpoint, TreeFiles& tree, std::uint64_t trusted) {
  std::uint32_t number = 0;
  if (trusted > 0) {
    while (number + 1 < headers.size() && headers[number + 1].first_entry <= trusted) ++number;
  }
  MJ_TRY(TreeEdge start, tree.edge(headers[number].first_entry));
  Replay state(checkpoint, tree, trusted, std::move(start));
  MJ_CHECK(state.check_root(state.edge()));
  for (;; ++number) {
    if (headers[number].first_entry != state.edge().size() || headers[number].root != state.edge().root()) {
      return damaged(
          fmt::format("segment {:06} at byte 0: it does not continue the tree of the {} entries before it", number,
                      state.edge().size()));
    }
    MJ_TRY(const SegmentFile segment, open_segment(layout, number, checkpoint.origin, storage::File::Mode::read));
    MJ_TRY(const SegmentEnd end, scan_segment(segment, [&](const ScannedBatch& batch) {
             return state.batch(batch, segment.header.seed);
           }));
    if (number + 1 == headers.size()) {
      if (state.edge().size() < checkpoint.size) {
        return damaged(
            fmt::format("segment {:06} at byte {}: the signed checkpoint covers {} entries, only {} are left",
                        number, end.offset, checkpoint.size, state.edge().size()));
      }
      return Replayed{state.edge(), end};
    }
    if (end.offset != end.size) {
      return damaged(fmt::format("segment {:06} at byte {}: a sealed segment does not end with a whole batch",
                                 number, end.offset));
    }
  }
}

}  // namespace mj::evidence
