#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "mj/evidence_format/merkle.hpp"
#include "mj/kernel/result.hpp"

namespace mj::evidence_format {

/// Gives the hash of a complete subtree, from wherever it is stored.
using NodeReader = std::function<Result<Digest>(NodeId)>;

/// Root of the tree over the first `size` leaves. Source: RFC 6962 §2.1. Errors: those of `read`.
[[nodiscard]] Result<Digest> root_from_nodes(std::uint64_t size, const NodeReader& read,
                                             HashAlgorithm algorithm = HashAlgorithm::sha256);

/// Siblings from the leaf up to the root, as root_from_inclusion() takes them. Source: RFC 6962 §2.1.1.
/// Errors: invalid_input when index ≥ size; those of `read`.
[[nodiscard]] Result<std::vector<Digest>> inclusion_proof(std::uint64_t index, std::uint64_t size,
                                                          const NodeReader& read,
                                                          HashAlgorithm algorithm = HashAlgorithm::sha256);

/// Proof for check_consistency(). Source: RFC 6962 §2.1.2. Errors: invalid_input when old_size > new_size; those of `read`.
[[nodiscard]] Result<std::vector<Digest>> consistency_proof(std::uint64_t old_size, std::uint64_t new_size,
                                                            const NodeReader& read,
                                                            HashAlgorithm algorithm = HashAlgorithm::sha256);

/// The hash of a complete subtree inside a proof of many entries.
struct ProofNode {
  NodeId node;
  Digest hash{};
  bool operator==(const ProofNode&) const = default;
};

/// The fewest hashes that lead from the leaves `indices` (ascending, each once) to the root over `size` leaves: those of the
/// largest complete subtrees that hold none of them, from left to right. Errors: invalid_input when indices are not
/// ascending below size; those of `read`.
[[nodiscard]] Result<std::vector<ProofNode>> common_proof(std::span<const std::uint64_t> indices,
                                                          std::uint64_t size, const NodeReader& read);

/// A leaf and its place.
struct PlacedLeaf {
  std::uint64_t index = 0;
  Digest hash{};
};

/// Recomputes the root from leaves (ascending) and their common proof. Errors: invalid_input when the nodes are not exactly
/// those that are needed, in order.
[[nodiscard]] Result<Digest> root_from_common_proof(std::uint64_t size, std::span<const PlacedLeaf> leaves,
                                                    std::span<const ProofNode> proof,
                                                    HashAlgorithm algorithm = HashAlgorithm::sha256);

}  // namespace mj::evidence_format
