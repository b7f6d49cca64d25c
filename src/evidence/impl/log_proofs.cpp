#include "log_impl.hpp"
#include "mj/evidence_format/big_endian.hpp"
#include "mj/evidence_format/proof.hpp"

namespace mj::evidence {

using evidence_format::Checkpoint;
using evidence_format::NodeId;
using evidence_format::Tile;

namespace {

Error too_large(std::uint64_t size, std::uint64_t there) {
  return Error(ErrorCode::not_found, fmt::format("the log has {} entries, not {}", there, size));
}

Error no_entry(std::uint64_t index, std::uint64_t size) {
  return Error(ErrorCode::not_found, fmt::format("the log has {} entries; there is no entry {}", size, index));
}

}  // namespace

Result<Checkpoint> Log::Impl::checkpoint_at(std::uint64_t size) const {
  if (const std::uint64_t there = now().size.entries; size > there) return too_large(size, there);
  Checkpoint made;
  {
    const std::lock_guard guard(state_mutex);
    made.origin = ring.at_size(size).origin;
  }
  made.size = size;
  MJ_TRY(made.root, evidence_format::root_from_nodes(size, sha256_nodes.reader(size)));
  MJ_TRY(made.sm3_root, evidence_format::root_from_nodes(size, sm3_nodes.reader(size), HashAlgorithm::sm3));
  return made;
}

Result<InclusionPath> Log::Impl::path(std::uint64_t index, std::uint64_t size) const {
  if (const std::uint64_t there = now().size.entries; size > there) return too_large(size, there);
  if (index >= size) return no_entry(index, size);
  InclusionPath path;
  path.index = index;
  path.size = size;
  NodeCache::Reader sha256 = sha256_nodes.reader(size);
  NodeCache::Reader sm3 = sm3_nodes.reader(size);
  MJ_TRY(path.leaf, sha256(NodeId{0, index}));
  MJ_TRY(path.path, evidence_format::inclusion_proof(index, size, std::ref(sha256)));
  MJ_TRY(path.sm3_leaf, sm3(NodeId{0, index}));
  MJ_TRY(path.sm3_path, evidence_format::inclusion_proof(index, size, std::ref(sm3), HashAlgorithm::sm3));
  return path;
}

Result<InclusionProof> Log::Impl::prove(std::uint64_t index) {
  if (const std::uint64_t there = now().size.entries; index >= there) return no_entry(index, there);
  InclusionProof proof;
  proof.newest = newest();
  if (proof.newest.checkpoint.size <= index) {
    MJ_TRY(proof.newest, checkpoint());
  }
  const Checkpoint& over = proof.newest.checkpoint;
  MJ_TRY(proof.path, path(index, over.size));
  MJ_TRY(const Digest root,
         evidence_format::root_from_inclusion(index, over.size, proof.path.leaf, proof.path.path));
  MJ_TRY(const Digest sm3_root, evidence_format::root_from_inclusion(index, over.size, proof.path.sm3_leaf,
                                                                     proof.path.sm3_path, HashAlgorithm::sm3));
  if (root != over.root || sm3_root != over.sm3_root) {
    return Error(ErrorCode::damaged,
                 fmt::format("the stored hashes do not lead from entry {} to the signed roots", index));
  }
  return proof;
}

Result<CommonProof> Log::Impl::common_proof(std::span<const std::uint64_t> indices, std::uint64_t size) const {
  if (const std::uint64_t there = now().size.entries; size > there) return too_large(size, there);
  if (!indices.empty() && indices.back() >= size) return no_entry(indices.back(), size);
  CommonProof proof;
  MJ_TRY(proof.sha256, evidence_format::common_proof(indices, size, sha256_nodes.reader(size)));
  MJ_TRY(proof.sm3, evidence_format::common_proof(indices, size, sm3_nodes.reader(size)));
  return proof;
}

Result<ConsistencyProof> Log::Impl::consistency(std::uint64_t old_size, std::uint64_t new_size) const {
  if (const std::uint64_t there = now().size.entries; new_size > there) return too_large(new_size, there);
  if (old_size > new_size) {
    return Error(ErrorCode::not_found,
                 fmt::format("a tree of {} entries does not extend one of {}", new_size, old_size));
  }
  ConsistencyProof proof;
  MJ_TRY(proof.sha256, evidence_format::consistency_proof(old_size, new_size, sha256_nodes.reader(new_size)));
  MJ_TRY(proof.sm3,
         evidence_format::consistency_proof(old_size, new_size, sm3_nodes.reader(new_size), HashAlgorithm::sm3));
  return proof;
}

Result<Bytes> Log::Impl::hash_tile(const Tile& tile, HashAlgorithm algorithm) const {
  const std::uint64_t size = newest().checkpoint.size;
  if (!tile.level || *tile.level >= kTileLevels || tile.width == 0 ||
      evidence_format::tile_width(size, tile.level, tile.index) < tile.width) {
    return Error(ErrorCode::not_found, fmt::format("a tree of {} entries has no tile {}", size, tile.path()));
  }
  Bytes hashes(tile.width * sizeof(Digest));
  MJ_CHECK(tree.read_hashes(*tile.level, tile.index << kTileHeight, hashes, algorithm));
  return hashes;
}

Result<Bytes> Log::Impl::entry_bundle(const Tile& tile) const {
  const std::uint64_t size = newest().checkpoint.size;
  if (tile.width == 0 || evidence_format::tile_width(size, std::nullopt, tile.index) < tile.width) {
    return Error(ErrorCode::not_found, fmt::format("a log of {} entries has no bundle {}", size, tile.path()));
  }
  constexpr std::size_t kNoLimit = SIZE_MAX;
  Bytes bundle;
  Bytes encoded;
  for (std::uint64_t next = tile.index << kTileHeight, left = tile.width; left > 0;) {
    MJ_TRY(const ReadBatch batch, reader.read(tree, size, next, static_cast<std::size_t>(left), kNoLimit));
    for (const StoredEntry& stored : batch.entries) {
      encoded.clear();  // one entry has one encoding: this is what was stored
      MJ_CHECK(evidence_format::encode(stored.entry, encoded));
      evidence_format::put_be(bundle, static_cast<std::uint16_t>(encoded.size()));
      bundle.insert(bundle.end(), encoded.begin(), encoded.end());
    }
    next += batch.entries.size();
    left -= batch.entries.size();
  }
  return bundle;
}

}  // namespace mj::evidence
