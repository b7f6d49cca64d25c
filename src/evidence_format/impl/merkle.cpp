#include "mj/evidence_format/merkle.hpp"

#include <bit>

namespace mj::evidence_format {

Result<Digest> root_from_inclusion(std::uint64_t index, std::uint64_t size, const Digest& leaf,
                                   const std::vector<Digest>& proof, HashAlgorithm algorithm) {
  if (index >= size) {
    return Error(ErrorCode::invalid_input, fmt::format("entry {} is not in a tree of {} entries", index, size));
  }
  // RFC 9162 §2.1.3.2: fn and sn walk from the leaf and from the last leaf up to the root.
  std::uint64_t fn = index;
  std::uint64_t sn = size - 1;
  Digest hash = leaf;
  for (const Digest& sibling : proof) {
    if (sn == 0) return Error(ErrorCode::invalid_input, "the inclusion proof is longer than the path to the root");
    if (fn % 2 == 1 || fn == sn) {
      hash = node_hash(sibling, hash, algorithm);
      while (fn % 2 == 0 && fn != 0) {
        fn >>= 1U;
        sn >>= 1U;
      }
    } else {
      hash = node_hash(hash, sibling, algorithm);
    }
    fn >>= 1U;
    sn >>= 1U;
  }
  if (sn != 0) return Error(ErrorCode::invalid_input, "the inclusion proof is shorter than the path to the root");
  return hash;
}

Status check_consistency(std::uint64_t old_size, const Digest& old_root, std::uint64_t new_size,
                         const Digest& new_root, const std::vector<Digest>& proof, HashAlgorithm algorithm) {
  const auto refuse = [](std::string_view why) { return Error(ErrorCode::invalid_input, std::string(why)); };
  if (old_size > new_size) return refuse("the older tree is larger than the newer one");
  if (old_size == 0 && old_root != empty_root(algorithm)) {
    return refuse("the older root is not the root of the empty tree");
  }
  if (old_size == new_size) {
    if (!proof.empty()) return refuse("trees of one size need no consistency proof");
    if (old_root != new_root) return refuse("two roots of one tree size: the history was forked");
    return {};
  }
  if (old_size == 0) {
    // Everything extends the empty tree; its root is known and there is nothing to prove.
    if (!proof.empty()) return refuse("the empty tree needs no consistency proof");
    return {};
  }
  if (proof.empty()) return refuse("the consistency proof is empty");

  // RFC 9162 §2.1.4.2. A complete older tree is itself the first node of the proof and is left out of it.
  auto next = proof.begin();
  Digest fr = old_root;
  if (!std::has_single_bit(old_size)) fr = *next++;
  Digest sr = fr;
  std::uint64_t fn = old_size - 1;
  std::uint64_t sn = new_size - 1;
  while (fn % 2 == 1) {
    fn >>= 1U;
    sn >>= 1U;
  }
  for (; next != proof.end(); ++next) {
    if (sn == 0) return refuse("the consistency proof is too long");
    if (fn % 2 == 1 || fn == sn) {
      fr = node_hash(*next, fr, algorithm);
      sr = node_hash(*next, sr, algorithm);
      while (fn % 2 == 0 && fn != 0) {
        fn >>= 1U;
        sn >>= 1U;
      }
    } else {
      sr = node_hash(sr, *next, algorithm);
    }
    fn >>= 1U;
    sn >>= 1U;
  }
  if (sn != 0) return refuse("the consistency proof is too short");
  if (fr != old_root) return refuse("the proof does not lead to the older root");
  if (sr != new_root) return refuse("the proof does not lead to the newer root: the older tree was changed");
  return {};
}

std::vector<NodeId> root_nodes(std::uint64_t size) {
  std::vector<NodeId> nodes;
  for (unsigned level = 64; level-- > 0;) {
    if ((size >> level) % 2 == 1) {
      // `size >> level` is odd: the subtree is the last of its level, the larger ones stand before it.
      nodes.push_back(NodeId{level, (size >> level) - 1});
    }
  }
  return nodes;
}

Digest TreeEdge::root() const {
  if (size_ == 0) return empty_root(algorithm_);
  auto level = static_cast<unsigned>(std::countr_zero(size_));
  Digest hash = edge_[level];
  while (++level < edge_.size()) {
    if ((size_ >> level) % 2 == 1) hash = node_hash(edge_[level], hash, algorithm_);
  }
  return hash;
}

TreeEdge TreeEdge::resume(std::uint64_t size, const std::vector<Digest>& root_node_hashes,
                          HashAlgorithm algorithm) {
  TreeEdge tree(algorithm);
  tree.size_ = size;
  tree.edge_.resize(static_cast<std::size_t>(std::bit_width(size)));
  const std::vector<NodeId> nodes = root_nodes(size);
  for (std::size_t i = 0; i < nodes.size() && i < root_node_hashes.size(); ++i) {
    tree.edge_[nodes[i].level] = root_node_hashes[i];
  }
  return tree;
}

}  // namespace mj::evidence_format
