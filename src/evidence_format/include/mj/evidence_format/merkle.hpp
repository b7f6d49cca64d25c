#pragma once

#include <cstdint>
#include <vector>

#include "mj/evidence_format/hash.hpp"
#include "mj/kernel/bytes.hpp"
#include "mj/kernel/result.hpp"

namespace mj::evidence_format {

/// Recomputes the root from a leaf and its inclusion proof. Errors: invalid_input when index ≥ size or the proof has
/// the wrong length. Source: RFC 9162 §2.1.3.2.
[[nodiscard]] Result<Digest> root_from_inclusion(std::uint64_t index, std::uint64_t size, const Digest& leaf,
                                                 const std::vector<Digest>& proof,
                                                 HashAlgorithm algorithm = HashAlgorithm::sha256);

/// Checks that the tree of `new_size` extends that of `old_size`. Errors: invalid_input with the reason.
/// Source: RFC 9162 §2.1.4.2.
[[nodiscard]] Status check_consistency(std::uint64_t old_size, const Digest& old_root, std::uint64_t new_size,
                                       const Digest& new_root, const std::vector<Digest>& proof,
                                       HashAlgorithm algorithm = HashAlgorithm::sha256);

/// A complete subtree by its place in the tree.
struct NodeId {
  unsigned level = 0;       ///< 0 = leaves
  std::uint64_t index = 0;  ///< from the left within the level
  bool operator==(const NodeId&) const = default;
};

/// Complete subtrees that cover the leaves [0, size).
[[nodiscard]] std::vector<NodeId> root_nodes(std::uint64_t size);

/// Grows a tree leaf by leaf, holding only the right edge (one digest per level).
class TreeEdge {
 public:
  explicit TreeEdge(HashAlgorithm algorithm = HashAlgorithm::sha256) : algorithm_(algorithm) {}

  /// Adds a leaf; calls `emit(NodeId, Digest)` for the leaf and for every subtree it completes.
  template <typename Emit>
  void append(const Digest& leaf, Emit&& emit) {
    Digest hash = leaf;
    std::uint64_t index = size_++;
    unsigned level = 0;
    emit(NodeId{level, index}, hash);
    while (index % 2 == 1) {
      hash = node_hash(edge_[level], hash, algorithm_);
      index /= 2;
      ++level;
      emit(NodeId{level, index}, hash);
    }
    if (level >= edge_.size()) edge_.resize(level + 1);
    edge_[level] = hash;
  }
  [[nodiscard]] std::uint64_t size() const { return size_; }
  [[nodiscard]] Digest root() const;

  /// Continues a tree of `size` leaves whose root_nodes() have these hashes.
  [[nodiscard]] static TreeEdge resume(std::uint64_t size, const std::vector<Digest>& root_node_hashes,
                                       HashAlgorithm algorithm = HashAlgorithm::sha256);

 private:
  HashAlgorithm algorithm_;
  std::uint64_t size_ = 0;
  std::vector<Digest>
      edge_;  ///< edge_[l]: hash of the last complete subtree of level l; meaningful where bit l of size_ is set
};

}  // namespace mj::evidence_format
