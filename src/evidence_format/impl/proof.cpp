#include "mj/evidence_format/proof.hpp"

#include <bit>

namespace mj::evidence_format {
namespace {

/// Largest power of two below `n` (n ≥ 2): where RFC 6962 splits a tree.
std::uint64_t split_of(std::uint64_t n) { return std::bit_floor(n - 1); }

/// MTH(D[first:last]); `first` is a multiple of the largest subtree in the range, as in every tree the RFC splits.
Result<Digest> range_hash(std::uint64_t first, std::uint64_t last, const NodeReader& read,
                          HashAlgorithm algorithm) {
  std::vector<NodeId> nodes = root_nodes(last - first);
  for (NodeId& node : nodes) node.index += first >> node.level;
  MJ_TRY(Digest hash, read(nodes.back()));
  for (auto node = nodes.rbegin() + 1; node != nodes.rend(); ++node) {
    MJ_TRY(const Digest left, read(*node));
    hash = node_hash(left, hash, algorithm);
  }
  return hash;
}

}  // namespace

Result<Digest> root_from_nodes(std::uint64_t size, const NodeReader& read, HashAlgorithm algorithm) {
  if (size == 0) return empty_root(algorithm);
  return range_hash(0, size, read, algorithm);
}

Result<std::vector<Digest>> inclusion_proof(std::uint64_t index, std::uint64_t size, const NodeReader& read,
                                            HashAlgorithm algorithm) {
  if (index >= size) {
    return Error(ErrorCode::invalid_input, fmt::format("entry {} is not in a tree of {} entries", index, size));
  }
  // PATH(m, D[n]) walked from the root down; the proof is listed from the leaf up.
  std::vector<Digest> proof;
  std::uint64_t first = 0;
  std::uint64_t last = size;
  while (last - first > 1) {
    const std::uint64_t middle = first + split_of(last - first);
    const bool left = index < middle;
    MJ_TRY(const Digest sibling,
           left ? range_hash(middle, last, read, algorithm) : range_hash(first, middle, read, algorithm));
    proof.push_back(sibling);
    (left ? last : first) = middle;
  }
  std::reverse(proof.begin(), proof.end());
  return proof;
}

Result<std::vector<Digest>> consistency_proof(std::uint64_t old_size, std::uint64_t new_size,
                                              const NodeReader& read, HashAlgorithm algorithm) {
  if (old_size > new_size) {
    return Error(ErrorCode::invalid_input,
                 fmt::format("a tree of {} entries does not extend one of {}", new_size, old_size));
  }
  std::vector<Digest> proof;
  if (old_size == 0 || old_size == new_size) return proof;
  // SUBPROOF(m, D[n], b) walked from the root down. `whole` (b): the older tree is the range so far, its root is known.
  std::uint64_t first = 0;
  std::uint64_t last = new_size;
  bool whole = true;
  while (old_size != last) {
    const std::uint64_t middle = first + split_of(last - first);
    if (old_size <= middle) {
      MJ_TRY(const Digest right, range_hash(middle, last, read, algorithm));
      proof.push_back(right);
      last = middle;
    } else {
      MJ_TRY(const Digest left, range_hash(first, middle, read, algorithm));
      proof.push_back(left);
      first = middle;
      whole = false;
    }
  }
  if (!whole) {
    MJ_TRY(const Digest rest, range_hash(first, last, read, algorithm));
    proof.push_back(rest);
  }
  std::reverse(proof.begin(), proof.end());
  return proof;
}

}  // namespace mj::evidence_format
