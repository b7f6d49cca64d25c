#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "mj/evidence_format/merkle.hpp"
#include "mj/kernel/result.hpp"

namespace mj::evidence_format {

/// Gives the hash of a complete subtree, from wherever it is stored.
using NodeReader = std::function<Result<Digest>(NodeId)>;

/// Root of the tree over the first `size` leaves. Source: RFC 6962 §2.1. Errors: those of `read`.
[[nodiscard]] Result<Digest> root_from_nodes(std::uint64_t size, const NodeReader& read);

/// Siblings from the leaf up to the root, as root_from_inclusion() takes them. Source: RFC 6962 §2.1.1.
/// Errors: invalid_input when index ≥ size; those of `read`.
[[nodiscard]] Result<std::vector<Digest>> inclusion_proof(std::uint64_t index, std::uint64_t size,
                                                          const NodeReader& read);

/// Proof for check_consistency(). Source: RFC 6962 §2.1.2. Errors: invalid_input when old_size > new_size; those of `read`.
[[nodiscard]] Result<std::vector<Digest>> consistency_proof(std::uint64_t old_size, std::uint64_t new_size,
                                                            const NodeReader& read);

}  // namespace mj::evidence_format
