#include "mj/evidence_format/merkle.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <map>

#include "mj/evidence_format/proof.hpp"

namespace mj::evidence_format {
namespace {

Digest digest_of(std::string_view hex) {
  const auto bytes = from_hex(hex);
  Digest digest{};
  std::copy(bytes->begin(), bytes->end(), digest.begin());
  return digest;
}

/// MTH of RFC 6962 §2.1, word for word: the independent implementation that the others are held against.
Digest naive_root(std::span<const Digest> leaves, HashAlgorithm algorithm = HashAlgorithm::sha256) {
  if (leaves.empty()) return empty_root(algorithm);
  if (leaves.size() == 1) return leaves[0];
  std::size_t k = 1;
  while (2 * k < leaves.size()) k *= 2;
  return node_hash(naive_root(leaves.first(k), algorithm), naive_root(leaves.subspan(k), algorithm), algorithm);
}

/// PATH of RFC 6962 §2.1.1, word for word.
std::vector<Digest> naive_path(std::size_t m, std::span<const Digest> leaves,
                               HashAlgorithm algorithm = HashAlgorithm::sha256) {
  if (leaves.size() == 1) return {};
  std::size_t k = 1;
  while (2 * k < leaves.size()) k *= 2;
  std::vector<Digest> path =
      m < k ? naive_path(m, leaves.first(k), algorithm) : naive_path(m - k, leaves.subspan(k), algorithm);
  path.push_back(m < k ? naive_root(leaves.subspan(k), algorithm) : naive_root(leaves.first(k), algorithm));
  return path;
}

/// SUBPROOF of RFC 6962 §2.1.2, word for word.
std::vector<Digest> naive_subproof(std::size_t m, std::span<const Digest> leaves, bool whole,
                                   HashAlgorithm algorithm = HashAlgorithm::sha256) {
  if (m == leaves.size())
    return whole ? std::vector<Digest>{} : std::vector<Digest>{naive_root(leaves, algorithm)};
  std::size_t k = 1;
  while (2 * k < leaves.size()) k *= 2;
  std::vector<Digest> proof = m <= k ? naive_subproof(m, leaves.first(k), whole, algorithm)
                                     : naive_subproof(m - k, leaves.subspan(k), false, algorithm);
  proof.push_back(m <= k ? naive_root(leaves.subspan(k), algorithm) : naive_root(leaves.first(k), algorithm));
  return proof;
}

/// Leaves 0, 1, 2 … and every complete subtree over them.
struct Tree {
  explicit Tree(std::size_t size, HashAlgorithm algorithm = HashAlgorithm::sha256) : edge(algorithm) {
    for (std::size_t i = 0; i < size; ++i) {
      leaves.push_back(leaf_hash(as_bytes(fmt::format("entry {}", i)), algorithm));
      edge.append(leaves.back(), [this](NodeId id, const Digest& hash) { nodes[{id.level, id.index}] = hash; });
    }
  }
  [[nodiscard]] NodeReader reader() const {
    return [this](NodeId id) -> Result<Digest> {
      const auto found = nodes.find({id.level, id.index});
      if (found == nodes.end()) return Error(ErrorCode::not_found, fmt::format("node {}/{}", id.level, id.index));
      return found->second;
    };
  }
  std::vector<Digest> leaves;
  std::map<std::pair<unsigned, std::uint64_t>, Digest> nodes;
  TreeEdge edge;
};

TEST(Merkle, EmptyTreeHasTheRootOfNothing) {
  // RFC 6962 §2.1: MTH({}) = SHA-256().
  EXPECT_EQ(empty_root(), digest_of("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"));
  EXPECT_EQ(TreeEdge().root(), empty_root());
}

TEST(Merkle, Sha256OfTheStandardsExample) {
  // FIPS 180-2 appendix B.1.
  EXPECT_EQ(sha256(as_bytes("abc")),
            digest_of("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"));
}

TEST(Merkle, RootsOfTheReferenceTree) {
  // The eight-leaf tree of the Certificate Transparency reference implementation and its roots at every size.
  const std::vector<std::string> leaves = {
      "", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"};
  const std::vector<std::string> roots = {"6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
                                          "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
                                          "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
                                          "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
                                          "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
                                          "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
                                          "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
                                          "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"};
  TreeEdge tree;
  for (std::size_t i = 0; i < leaves.size(); ++i) {
    tree.append(leaf_hash(*from_hex(leaves[i])), [](NodeId, const Digest&) {});
    EXPECT_EQ(to_hex(tree.root()), roots[i]) << "size " << i + 1;
  }
}

TEST(Merkle, RootNodesCoverTheTreeFromLeftToRight) {
  EXPECT_TRUE(root_nodes(0).empty());
  EXPECT_EQ(root_nodes(1), (std::vector<NodeId>{{0, 0}}));
  EXPECT_EQ(root_nodes(7), (std::vector<NodeId>{{2, 0}, {1, 2}, {0, 6}}));
  EXPECT_EQ(root_nodes(8), (std::vector<NodeId>{{3, 0}}));
  EXPECT_EQ(root_nodes(1ULL << 63U), (std::vector<NodeId>{{63, 0}}));
}

class MerkleBoth : public testing::TestWithParam<HashAlgorithm> {};
INSTANTIATE_TEST_SUITE_P(Algorithms, MerkleBoth, testing::ValuesIn(kHashAlgorithms),
                         [](const auto& info) { return std::string(name(info.param)); });

void expect_proofs_of(std::size_t size, std::size_t step, HashAlgorithm algorithm) {
  const Tree tree(size, algorithm);
  const Digest root = naive_root(tree.leaves, algorithm);
  ASSERT_EQ(tree.edge.root(), root);
  ASSERT_EQ(*root_from_nodes(size, tree.reader(), algorithm), root);
  for (std::size_t index = 0; index < size; index += step) {
    const auto proof = inclusion_proof(index, size, tree.reader(), algorithm);
    ASSERT_TRUE(proof) << proof.error().text();
    ASSERT_EQ(*proof, naive_path(index, tree.leaves, algorithm));
    const auto computed = root_from_inclusion(index, size, tree.leaves[index], *proof, algorithm);
    ASSERT_TRUE(computed);
    ASSERT_EQ(*computed, root);
  }
  for (std::size_t old_size = 0; old_size <= size; old_size += step) {
    const auto proof = consistency_proof(old_size, size, tree.reader(), algorithm);
    ASSERT_TRUE(proof) << proof.error().text();
    if (old_size > 0)
      ASSERT_EQ(*proof, naive_subproof(old_size, tree.leaves, true, algorithm)) << old_size << " in " << size;
    const Digest old_root = naive_root(std::span(tree.leaves).first(old_size), algorithm);
    const Status checked = check_consistency(old_size, old_root, size, root, *proof, algorithm);
    ASSERT_TRUE(checked) << checked.error().text();
  }
}

TEST_P(MerkleBoth, EveryProofOfSmallTreesIsTheOneOfTheRfcAndLeadsToTheRoot) {
  for (std::size_t size = 1; size <= 70; ++size) expect_proofs_of(size, 1, GetParam());
}

TEST_P(MerkleBoth, ProofsAroundPowersOfTwoAreThoseOfTheRfc) {
  for (const std::size_t power : {128U, 256U, 512U}) {
    for (const std::size_t size : {power - 1, power, power + 1}) expect_proofs_of(size, 17, GetParam());
  }
}

/// Every way to spoil a proof that the reference vectors of transparency-dev have.
TEST_P(MerkleBoth, EverySpoiltInclusionProofOfSmallTreesIsRefused) {
  const HashAlgorithm algorithm = GetParam();
  for (const std::size_t size : {1U, 2U, 3U, 4U, 5U, 7U, 8U, 9U, 16U, 17U, 33U}) {
    const Tree tree(size, algorithm);
    const Digest root = tree.edge.root();
    const Digest garbage = sha256(as_bytes("garbage"));
    for (std::size_t index = 0; index < size; ++index) {
      const std::vector<Digest> good = *inclusion_proof(index, size, tree.reader(), algorithm);
      const Digest leaf = tree.leaves[index];
      const auto holds = [&](std::uint64_t at, std::uint64_t of, const Digest& what,
                             const std::vector<Digest>& proof) {
        const auto computed = root_from_inclusion(at, of, what, proof, algorithm);
        return computed && *computed == root;
      };
      ASSERT_TRUE(holds(index, size, leaf, good));
      ASSERT_FALSE(holds(index ^ 2U, size, leaf, good) && (index ^ 2U) != index);
      ASSERT_FALSE(holds(index + 1, size, leaf, good));
      ASSERT_FALSE(holds(index - 1, size, leaf, good));
      ASSERT_FALSE(holds(index, size * 2, leaf, good));
      if (size > 1) ASSERT_FALSE(holds(index, size / 2, leaf, good));
      ASSERT_FALSE(holds(index, size, garbage, good));
      for (const Digest& extra : {garbage, root, leaf}) {
        for (std::size_t at = 0; at <= good.size(); ++at) {
          auto longer = good;
          longer.insert(longer.begin() + static_cast<std::ptrdiff_t>(at), extra);
          ASSERT_FALSE(holds(index, size, leaf, longer));
        }
      }
      for (std::size_t at = 0; at < good.size(); ++at) {
        auto shorter = good;
        shorter.erase(shorter.begin() + static_cast<std::ptrdiff_t>(at));
        ASSERT_FALSE(holds(index, size, leaf, shorter));
        auto twice = good;
        twice.insert(twice.begin() + static_cast<std::ptrdiff_t>(at), good[at]);
        ASSERT_FALSE(holds(index, size, leaf, twice));
        auto changed = good;
        changed[at][3] ^= std::byte{8};
        ASSERT_FALSE(holds(index, size, leaf, changed));
        if (at + 1 < good.size()) {
          auto swapped = good;
          std::swap(swapped[at], swapped[at + 1]);
          ASSERT_FALSE(holds(index, size, leaf, swapped));
        }
      }
    }
  }
}

TEST_P(MerkleBoth, EverySpoiltConsistencyProofOfSmallTreesIsRefused) {
  const HashAlgorithm algorithm = GetParam();
  const Digest garbage = sha256(as_bytes("garbage"));
  for (const std::size_t size : {2U, 3U, 4U, 6U, 7U, 8U, 9U, 16U, 17U, 33U}) {
    const Tree tree(size, algorithm);
    const Digest root = tree.edge.root();
    for (std::size_t old_size = 1; old_size < size; ++old_size) {
      const Digest old_root = naive_root(std::span(tree.leaves).first(old_size), algorithm);
      const std::vector<Digest> good = *consistency_proof(old_size, size, tree.reader(), algorithm);
      const auto holds = [&](std::uint64_t from, const Digest& first, std::uint64_t to, const Digest& second,
                             const std::vector<Digest>& proof) {
        return check_consistency(from, first, to, second, proof, algorithm).has_value();
      };
      ASSERT_TRUE(holds(old_size, old_root, size, root, good));
      ASSERT_FALSE(holds(old_size, root, size, old_root, good)) << "swapped roots";
      ASSERT_FALSE(holds(size, root, old_size, old_root, good)) << "swapped sizes";
      ASSERT_FALSE(holds(old_size, garbage, size, root, good));
      ASSERT_FALSE(holds(old_size, old_root, size, garbage, good));
      ASSERT_FALSE(holds(old_size, old_root, size, root, {}));
      if (old_size > 1) ASSERT_FALSE(holds(old_size - 1, old_root, size, root, good));
      ASSERT_FALSE(holds(old_size + 1, old_root, size, root, good));
      ASSERT_FALSE(holds(old_size, old_root, size * 2, root, good));
      for (std::size_t at = 0; at <= good.size(); ++at) {
        for (const Digest& extra : {garbage, root, old_root}) {
          auto longer = good;
          longer.insert(longer.begin() + static_cast<std::ptrdiff_t>(at), extra);
          ASSERT_FALSE(holds(old_size, old_root, size, root, longer));
        }
        if (at == good.size()) break;
        auto changed = good;
        changed[at][0] ^= std::byte{16};
        ASSERT_FALSE(holds(old_size, old_root, size, root, changed));
        auto shorter = good;
        shorter.erase(shorter.begin() + static_cast<std::ptrdiff_t>(at));
        ASSERT_FALSE(holds(old_size, old_root, size, root, shorter));
      }
    }
  }
}

TEST(Merkle, OneAlgorithmsProofIsNoneOfTheOther) {
  const Tree tree(9);
  const auto proof = *inclusion_proof(3, 9, tree.reader());
  EXPECT_NE(*root_from_inclusion(3, 9, tree.leaves[3], proof, HashAlgorithm::sm3), tree.edge.root());
  EXPECT_FALSE(check_consistency(0, empty_root(), 9, tree.edge.root(), {}, HashAlgorithm::sm3));
}

RC_GTEST_PROP(Merkle, AChangedLeafProofIndexOrRootIsNoticed, ()) {
  const auto size = *rc::gen::inRange<std::size_t>(2, 300);
  const auto index = *rc::gen::inRange<std::size_t>(0, size);
  const Tree tree(size);
  const Digest root = tree.edge.root();
  auto proof = *inclusion_proof(index, size, tree.reader());
  const auto leads_to_root = [&](std::size_t at, const Digest& leaf) {
    const auto computed = root_from_inclusion(at, size, leaf, proof);
    return computed && *computed == root;
  };
  RC_ASSERT(leads_to_root(index, tree.leaves[index]));
  const auto other = *rc::gen::inRange<std::size_t>(0, size);
  if (other != index) {
    RC_ASSERT(!leads_to_root(other, tree.leaves[index]));
    RC_ASSERT(!leads_to_root(index, tree.leaves[other]));
  }
  const auto step = *rc::gen::inRange<std::size_t>(0, proof.size());
  proof[step][*rc::gen::inRange<std::size_t>(0, 32)] ^= std::byte{1};
  RC_ASSERT(!leads_to_root(index, tree.leaves[index]));
  proof.pop_back();
  RC_ASSERT(!root_from_inclusion(index, size, tree.leaves[index], proof));
  proof.push_back(root);
  proof.push_back(root);
  RC_ASSERT(!root_from_inclusion(index, size, tree.leaves[index], proof));
}

RC_GTEST_PROP(Merkle, AHistoryThatWasChangedHasNoConsistencyProof, ()) {
  const auto size = *rc::gen::inRange<std::size_t>(2, 300);
  const auto old_size = *rc::gen::inRange<std::size_t>(1, size);
  const Tree tree(size);
  Digest old_root = naive_root(std::span(tree.leaves).first(old_size));
  auto proof = *consistency_proof(old_size, size, tree.reader());
  RC_ASSERT(check_consistency(old_size, old_root, size, tree.edge.root(), proof).has_value());
  RC_ASSERT(!check_consistency(size, tree.edge.root(), old_size, old_root, proof));
  auto longer = proof;
  longer.push_back(old_root);
  RC_ASSERT(!check_consistency(old_size, old_root, size, tree.edge.root(), longer));
  if (!proof.empty()) {
    auto shorter = proof;
    shorter.pop_back();
    RC_ASSERT(!check_consistency(old_size, old_root, size, tree.edge.root(), shorter));
    auto changed = proof;
    changed[*rc::gen::inRange<std::size_t>(0, proof.size())][7] ^= std::byte{0x80};
    RC_ASSERT(!check_consistency(old_size, old_root, size, tree.edge.root(), changed));
  }
  old_root[0] ^= std::byte{1};
  RC_ASSERT(!check_consistency(old_size, old_root, size, tree.edge.root(), proof));
}

TEST(Merkle, TreesOfOneSizeAreConsistentOnlyWhenEqual) {
  const Tree tree(5);
  Digest other = tree.edge.root();
  EXPECT_TRUE(check_consistency(5, other, 5, other, {}));
  EXPECT_FALSE(check_consistency(5, other, 5, other, {other}));
  other[0] ^= std::byte{1};
  EXPECT_FALSE(check_consistency(5, other, 5, tree.edge.root(), {}));
  EXPECT_FALSE(check_consistency(0, other, 5, tree.edge.root(), {}));
  EXPECT_TRUE(check_consistency(0, empty_root(), 5, tree.edge.root(), {}));
  EXPECT_FALSE(check_consistency(3, other, 5, tree.edge.root(), {}));
  EXPECT_TRUE(check_consistency(0, empty_root(), 0, empty_root(), {}));
  EXPECT_FALSE(check_consistency(0, other, 0, other, {})) << "the empty tree has one root only";
}

TEST(Merkle, ProofsBeyondTheTreeAreRefused) {
  const Tree tree(4);
  EXPECT_FALSE(inclusion_proof(4, 4, tree.reader()));
  EXPECT_FALSE(inclusion_proof(0, 0, tree.reader()));
  EXPECT_FALSE(consistency_proof(5, 4, tree.reader()));
  EXPECT_FALSE(root_from_inclusion(4, 4, tree.leaves[0], {}));
}

RC_GTEST_PROP(Merkle, ATreeResumedFromItsRootNodesGrowsLikeTheOriginal, ()) {
  const auto size = *rc::gen::inRange<std::size_t>(0, 600);
  const auto more = *rc::gen::inRange<std::size_t>(0, 70);
  const Tree whole(size + more);
  std::vector<Digest> hashes;
  for (const NodeId& id : root_nodes(size)) hashes.push_back(*whole.reader()(id));
  TreeEdge resumed = TreeEdge::resume(size, hashes);
  RC_ASSERT(resumed.size() == size);
  RC_ASSERT(resumed.root() == naive_root(std::span(whole.leaves).first(size)));
  for (std::size_t i = size; i < size + more; ++i) {
    resumed.append(whole.leaves[i],
                   [&](NodeId id, const Digest& hash) { RC_ASSERT(*whole.reader()(id) == hash); });
  }
  RC_ASSERT(resumed.root() == whole.edge.root());
}

}  // namespace
}  // namespace mj::evidence_format
