#include <bit>

#include "mj/evidence_format/proof.hpp"

namespace mj::evidence_format {
namespace {

/// Calls visit(node) for the largest complete subtrees that make up the leaves [first, last), from left to right.
template <typename Visit>
Status cover(std::uint64_t first, std::uint64_t last, Visit&& visit) {
  while (first < last) {
    const unsigned aligned = first == 0 ? 63U : static_cast<unsigned>(std::countr_zero(first));
    const auto fitting = static_cast<unsigned>(std::bit_width(last - first)) - 1;
    const unsigned level = std::min(aligned, fitting);
    MJ_CHECK(visit(NodeId{level, first >> level}));
    first += std::uint64_t{1} << level;
  }
  return {};
}

/// Walks the tree over `size` leaves from left to right: leaf(position in the list) for each of the leaves `index_of(i)`,
/// node(NodeId) for what lies between them. Errors: invalid_input when the indices do not ascend below size; those of the visitors.
template <typename IndexOf, typename OnLeaf, typename OnNode>
Status walk(std::uint64_t size, std::size_t count, IndexOf&& index_of, OnLeaf&& on_leaf, OnNode&& on_node) {
  std::uint64_t next = 0;
  for (std::size_t i = 0; i < count; ++i) {
    const std::uint64_t index = index_of(i);
    if (index < next || index >= size) {
      return Error(ErrorCode::invalid_input,
                   fmt::format("entry {} does not stand in ascending order below {}", index, size));
    }
    MJ_CHECK(cover(next, index, on_node));
    MJ_CHECK(on_leaf(i));
    next = index + 1;
  }
  return cover(next, size, on_node);
}

/// Joins complete subtrees that come from left to right.
class Joiner {
 public:
  explicit Joiner(HashAlgorithm algorithm) : algorithm_(algorithm) {}

  void add(NodeId node, Digest hash) {
    while (!parts_.empty() && parts_.back().node.level == node.level && node.index % 2 == 1) {
      hash = node_hash(parts_.back().hash, hash, algorithm_);
      node = NodeId{node.level + 1, node.index / 2};
      parts_.pop_back();
    }
    parts_.push_back(ProofNode{node, hash});
  }

  [[nodiscard]] Digest root() const {
    if (parts_.empty()) return empty_root(algorithm_);
    Digest hash = parts_.back().hash;
    for (auto part = parts_.rbegin() + 1; part != parts_.rend(); ++part) {
      hash = node_hash(part->hash, hash, algorithm_);
    }
    return hash;
  }

 private:
  HashAlgorithm algorithm_;
  std::vector<ProofNode> parts_;  ///< each the left half of something that is not whole yet, or the right edge
};

}  // namespace

Result<std::vector<ProofNode>> common_proof(std::span<const std::uint64_t> indices, std::uint64_t size,
                                            const NodeReader& read) {
  std::vector<ProofNode> proof;
  const auto leaf = [](std::size_t) -> Status { return {}; };
  const auto node = [&](NodeId id) -> Status {
    MJ_TRY(const Digest hash, read(id));
    proof.push_back(ProofNode{id, hash});
    return {};
  };
  MJ_CHECK(walk(size, indices.size(), [&](std::size_t i) { return indices[i]; }, leaf, node));
  return proof;
}

Result<Digest> root_from_common_proof(std::uint64_t size, std::span<const PlacedLeaf> leaves,
                                      std::span<const ProofNode> proof, HashAlgorithm algorithm) {
  Joiner joiner(algorithm);
  std::size_t used = 0;
  const auto leaf = [&](std::size_t i) -> Status {
    joiner.add(NodeId{0, leaves[i].index}, leaves[i].hash);
    return {};
  };
  const auto node = [&](NodeId id) -> Status {
    if (used == proof.size() || proof[used].node != id) {
      return Error(ErrorCode::invalid_input, fmt::format("node {} of the proof is not that of level {}, index {}",
                                                         used, id.level, id.index));
    }
    joiner.add(id, proof[used++].hash);
    return {};
  };
  MJ_CHECK(walk(size, leaves.size(), [&](std::size_t i) { return leaves[i].index; }, leaf, node));
  if (used != proof.size()) {
    return Error(ErrorCode::invalid_input,
                 fmt::format("the proof holds {} nodes, {} are needed", proof.size(), used));
  }
  return joiner.root();
}

}  // namespace mj::evidence_format
