#include "replay.hpp"

#include "damage.hpp"
#include "mj/evidence_format/entry.hpp"

namespace mj::evidence {
namespace {

using evidence_format::Checkpoint;
using evidence_format::NodeId;

/// Leaves of a retired segment are taken from the tree files in steps.
constexpr std::uint64_t kLeavesAtOnce = 65536;

void append(TreeEdges& edges, const Leaves& leaves) {
  const auto ignore = [](NodeId, const Digest&) {};
  edges.sha256.append(leaves.sha256, ignore);
  edges.sm3.append(leaves.sm3, ignore);
}

class Replay {
 public:
  Replay(const Checkpoint& checkpoint, TreeFiles& tree, std::uint64_t trusted, const TreeFiles* retired,
         TreeEdges edges)
      : checkpoint_(checkpoint), tree_(tree), trusted_(trusted), retired_(retired), edges_(std::move(edges)) {}

  [[nodiscard]] const TreeEdges& edges() const { return edges_; }
  [[nodiscard]] std::vector<KeyEntry> take_key_entries() { return std::move(key_entries_); }

  Status batch(const ScannedBatch& batch, std::uint64_t seed) {
    const std::uint64_t first = batch.header.first_entry;
    const auto known = static_cast<std::size_t>(
        std::min<std::uint64_t>(batch.header.entries, trusted_ > first ? trusted_ - first : 0));
    MJ_TRY(const std::vector<Leaves> stored, tree_.leaves(first, known));
    MJ_TRY(const std::vector<Location> locations, tree_.locations(first, known));

    std::optional<TreeGrowth> growth;
    MJ_CHECK(for_each_entry(batch, seed, [&](std::uint64_t index, Location location, BytesView bytes) -> Status {
      const auto entry = evidence_format::decode(bytes);
      if (!entry) {
        return entry.error().context(
            fmt::format("segment {:06} at byte {}, entry {}", location.segment, location.offset, index));
      }
      if (entry->type == evidence_format::EntryType::key) {
        key_entries_.push_back(KeyEntry{index, std::string(as_text(entry->payload))});
      }
      const Leaves leaves = leaves_of(bytes);
      if (const std::size_t at = index - first; at < known) {
        if (stored[at] != leaves || locations[at] != location) {
          return damaged(fmt::format("segment {:06} at byte {}, entry {}: it is not what the tree files say",
                                     location.segment, location.offset, index));
        }
        append(edges_, leaves);
        return check_root(edges_.sha256, edges_.sm3);
      }
      if (!growth) growth.emplace(edges_);
      growth->add(leaves, location);
      return check_root(growth->sha256.edge, growth->sm3.edge);
    }));
    if (!growth) return {};
    edges_ = growth->edges();
    return tree_.write(*growth);
  }

  /// Takes the leaves up to entry `last` from tree files.
  Status retired(std::uint32_t number, std::uint64_t last) {
    const bool known = last <= trusted_;
    if (!known && retired_ == nullptr) {
      return damaged(fmt::format("the tree files do not hold the hashes of the entries of segment {:06}", number));
    }
    while (edges_.size() < last) {
      const std::uint64_t count = std::min(last - edges_.size(), kLeavesAtOnce);
      const TreeFiles& source = known ? tree_ : *retired_;
      MJ_TRY(const std::vector<Leaves> stored, source.leaves(edges_.size(), static_cast<std::size_t>(count)));
      MJ_TRY(const std::vector<Location> places, source.locations(edges_.size(), static_cast<std::size_t>(count)));
      TreeGrowth growth(edges_);
      for (std::size_t i = 0; i < stored.size(); ++i) {
        growth.add(stored[i], places[i]);
        MJ_CHECK(check_root(growth.sha256.edge, growth.sm3.edge));
      }
      edges_ = growth.edges();
      if (!known) MJ_CHECK(tree_.write(growth));
    }
    return {};
  }

  /// Compares with the signed roots when the trees have just that size.
  Status check_root(const evidence_format::TreeEdge& sha256, const evidence_format::TreeEdge& sm3) const {
    if (sha256.size() != checkpoint_.size) return {};
    if (sha256.root() != checkpoint_.root) {
      return damaged(fmt::format("the root over {} entries is not the one that was signed", sha256.size()));
    }
    if (sm3.root() != checkpoint_.sm3_root) {
      return damaged(fmt::format("the SM3 root over {} entries is not the one that was signed", sm3.size()));
    }
    return {};
  }

 private:
  const Checkpoint& checkpoint_;
  TreeFiles& tree_;
  std::uint64_t trusted_;
  const TreeFiles* retired_;
  TreeEdges edges_;
  std::vector<KeyEntry> key_entries_;
};

}  // namespace

Result<Replayed> replay(const Layout& layout, const std::vector<SegmentHeader>& headers, const Origins& origins,
                        const Checkpoint& checkpoint, TreeFiles& tree, std::uint64_t trusted,
                        const TreeFiles* retired) {
  std::uint32_t number = 0;
  if (trusted > 0) {
    while (number + 1 < headers.size() && headers[number + 1].first_entry <= trusted) ++number;
  }
  MJ_TRY(TreeEdges start, tree.edges(headers[number].first_entry));
  Replay state(checkpoint, tree, trusted, retired, std::move(start));
  MJ_CHECK(state.check_root(state.edges().sha256, state.edges().sm3));
  for (;; ++number) {
    if (headers[number].first_entry != state.edges().size() ||
        headers[number].root != state.edges().sha256.root()) {
      return damaged(
          fmt::format("segment {:06} at byte 0: it does not continue the tree of the {} entries before it", number,
                      state.edges().size()));
    }
    const bool newest = number + 1 == headers.size();
    const auto segment = open_stored_segment(layout, number, origins);
    if (!segment && segment.error().code() == ErrorCode::not_found && !newest) {
      const Status taken = state.retired(number, headers[number + 1].first_entry);
      // Where the segment is says the other error.
      if (!taken) return taken.error().context(segment.error().text());
      continue;
    }
    if (!segment) return segment.error();
    MJ_TRY(const SegmentEnd end, scan_segment(*segment, [&](const ScannedBatch& batch) {
             return state.batch(batch, segment->header.seed);
           }));
    if (newest) {
      if (state.edges().size() < checkpoint.size) {
        return damaged(
            fmt::format("segment {:06} at byte {}: the signed checkpoint covers {} entries, only {} are left",
                        number, end.offset, checkpoint.size, state.edges().size()));
      }
      return Replayed{state.edges(), end, state.take_key_entries()};
    }
    if (end.offset != end.size) {
      return damaged(fmt::format("segment {:06} at byte {}: a sealed segment does not end with a whole batch",
                                 number, end.offset));
    }
  }
}

}  // namespace mj::evidence
