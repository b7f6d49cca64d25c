#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <map>
#include <set>

#include "mj/evidence_format/proof.hpp"

namespace mj::evidence_format {
namespace {

/// Leaves 0, 1, 2 … and every complete subtree over them.
struct Grown {
  Grown(std::size_t size, HashAlgorithm algorithm) : edge(algorithm) {
    for (std::size_t i = 0; i < size; ++i) {
      leaves.push_back(leaf_hash(as_bytes(fmt::format("entry {}", i)), algorithm));
      edge.append(leaves.back(), [this](NodeId id, const Digest& hash) { nodes[{id.level, id.index}] = hash; });
    }
  }
  [[nodiscard]] NodeReader reader() const {
    return [this](NodeId id) -> Result<Digest> { return nodes.at({id.level, id.index}); };
  }
  [[nodiscard]] std::vector<PlacedLeaf> placed(const std::vector<std::uint64_t>& indices) const {
    std::vector<PlacedLeaf> result;
    for (const std::uint64_t index : indices) result.push_back({index, leaves[static_cast<std::size_t>(index)]});
    return result;
  }
  std::vector<Digest> leaves;
  std::map<std::pair<unsigned, std::uint64_t>, Digest> nodes;
  TreeEdge edge;
};

/// docs/formats/bundle.md §2, word for word: of all complete subtrees that hold none of the entries those that lie in no other.
std::vector<NodeId> by_definition(std::uint64_t size, const std::vector<std::uint64_t>& indices) {
  const auto holds_none = [&](unsigned level, std::uint64_t index) {
    const std::uint64_t first = index << level;
    const std::uint64_t last = (index + 1) << level;
    if (last > size) return false;
    return std::none_of(indices.begin(), indices.end(), [&](std::uint64_t i) { return i >= first && i < last; });
  };
  std::map<std::uint64_t, NodeId> from_left;
  for (unsigned level = 0; level < 12; ++level) {
    for (std::uint64_t index = 0; (index + 1) << level <= size; ++index) {
      if (holds_none(level, index) && !holds_none(level + 1, index / 2))
        from_left[index << level] = {level, index};
    }
  }
  std::vector<NodeId> result;
  for (const auto& [first, node] : from_left) result.push_back(node);
  return result;
}

RC_GTEST_PROP(CommonProof, HoldsTheLargestSubtreesWithoutTheEntriesAndLeadsToTheRoot, ()) {
  const HashAlgorithm algorithm = *rc::gen::element(HashAlgorithm::sha256, HashAlgorithm::sm3);
  const auto size = *rc::gen::inRange<std::size_t>(0, 200);
  const auto chosen = *rc::gen::container<std::set<std::uint64_t>>(rc::gen::inRange<std::uint64_t>(0, 200));
  std::vector<std::uint64_t> indices;
  for (const std::uint64_t index : chosen)
    if (index < size) indices.push_back(index);
  const Grown tree(size, algorithm);
  const auto proof = common_proof(indices, size, tree.reader());
  RC_ASSERT(proof.has_value());
  std::vector<NodeId> places;
  for (const ProofNode& node : *proof) places.push_back(node.node);
  RC_ASSERT(places == by_definition(size, indices));
  const auto leaves = tree.placed(indices);
  const auto root = root_from_common_proof(size, leaves, *proof, algorithm);
  RC_ASSERT(root.has_value());
  RC_ASSERT(*root == tree.edge.root());

  // Spoilt in every way that leaves the form intact.
  if (!leaves.empty()) {
    auto changed = leaves;
    changed[*rc::gen::inRange<std::size_t>(0, changed.size())].hash[5] ^= std::byte{2};
    RC_ASSERT(*root_from_common_proof(size, changed, *proof, algorithm) != tree.edge.root());
    auto missing = leaves;
    missing.erase(missing.begin() +
                  static_cast<std::ptrdiff_t>(*rc::gen::inRange<std::size_t>(0, missing.size())));
    RC_ASSERT(!root_from_common_proof(size, missing, *proof, algorithm));
    auto twice = leaves;
    twice.push_back(twice.back());
    RC_ASSERT(!root_from_common_proof(size, twice, *proof, algorithm));
  }
  if (!proof->empty()) {
    const auto at = *rc::gen::inRange<std::size_t>(0, proof->size());
    auto changed = *proof;
    changed[at].hash[31] ^= std::byte{1};
    RC_ASSERT(*root_from_common_proof(size, leaves, changed, algorithm) != tree.edge.root());
    auto moved = *proof;
    moved[at].node.index += 1;
    RC_ASSERT(!root_from_common_proof(size, leaves, moved, algorithm));
    auto missing = *proof;
    missing.erase(missing.begin() + static_cast<std::ptrdiff_t>(at));
    RC_ASSERT(!root_from_common_proof(size, leaves, missing, algorithm));
    auto more = *proof;
    more.push_back(more[at]);
    RC_ASSERT(!root_from_common_proof(size, leaves, more, algorithm));
    if (proof->size() > 1) {
      auto reversed = *proof;
      std::reverse(reversed.begin(), reversed.end());
      RC_ASSERT(!root_from_common_proof(size, leaves, reversed, algorithm));
    }
  }
}

TEST(CommonProof, OfOneEntryHoldsTheNodesOfItsPathWhereTheTreeIsComplete) {
  const Grown tree(8, HashAlgorithm::sha256);
  const auto path = *inclusion_proof(5, 8, tree.reader());
  const std::vector<std::uint64_t> indices{5};
  const auto proof = *common_proof(indices, 8, tree.reader());
  // From left to right: leaves 0-3, leaf 4, leaves 6-7; the path lists them from the leaf up.
  ASSERT_EQ(proof.size(), 3U);
  EXPECT_EQ(proof[0], (ProofNode{{2, 0}, path[2]}));
  EXPECT_EQ(proof[1], (ProofNode{{0, 4}, path[0]}));
  EXPECT_EQ(proof[2], (ProofNode{{1, 3}, path[1]}));
}

TEST(CommonProof, IndicesThatDoNotAscendBelowTheSizeAreRefused) {
  const Grown tree(8, HashAlgorithm::sha256);
  for (const std::vector<std::uint64_t>& indices :
       std::vector<std::vector<std::uint64_t>>{{8}, {3, 3}, {4, 3}, {0, UINT64_MAX}}) {
    EXPECT_FALSE(common_proof(indices, 8, tree.reader()));
  }
  const std::vector<PlacedLeaf> swapped{{3, tree.leaves[3]}, {2, tree.leaves[2]}};
  EXPECT_FALSE(root_from_common_proof(8, swapped, {}));
}

}  // namespace
}  // namespace mj::evidence_format
