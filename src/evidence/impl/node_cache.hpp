#pragma once

#include <array>
#include <memory>
#include <mutex>
#include <vector>

#include "hash_files.hpp"

namespace mj::evidence {

/// Keeps the small trees that tiles are, as far as they are complete, so that a proof needs a few hashes instead of hundreds: of tiles
/// of leaves the upper part (2 KiB each), of the few above them everything (16 KiB each). Memory is bounded: about 40 MiB, which
/// spans 4 million entries.
/// Thread: any; the caller asks only for nodes below a size that was published.
class NodeCache {
 public:
  explicit NodeCache(const HashFiles& files) : files_(files), leaf_tiles_(kLeafTiles), upper_tiles_(kUpperTiles) {}

  /// Reads nodes of the tree over `size` entries, for one proof.
  class Reader {
   public:
    Reader(const NodeCache& cache, std::uint64_t size) : cache_(&cache), size_(size) {}
    /// Errors: damaged when it is not stored.
    Result<Digest> operator()(evidence_format::NodeId id);

   private:
    static constexpr unsigned kGroupHeight = 3;
    Result<Digest> low_node(evidence_format::NodeId id);

    const NodeCache* cache_;
    std::uint64_t size_;
    /// The leaves around the entry: what the lowest steps of its path are made of.
    std::optional<std::uint64_t> group_;
    std::size_t group_width_ = 0;
    std::array<Digest, std::size_t{1} << kGroupHeight> leaves_;
  };
  [[nodiscard]] Reader reader(std::uint64_t size) const { return {*this, size}; }

 private:
  static constexpr std::size_t kLeafTiles = 16384;
  static constexpr std::size_t kUpperTiles = 512;
  static constexpr unsigned kLeafTilesKeptFrom = 3;  ///< height; the lower ones are computed from 8 leaves
  static constexpr std::size_t kLocks = 64;

  struct Summary {
    unsigned tile_level = 0;
    std::uint64_t tile = 0;
    std::size_t width = 0;  ///< hashes of the tile that were there
    std::vector<Digest>
        nodes;  ///< of each height that is kept, one behind the other; those that `width` completes
  };
  using Slot = std::shared_ptr<const Summary>;

  [[nodiscard]] Result<Digest> node(evidence_format::NodeId id, std::uint64_t size) const;
  /// One that knows at least `needed` hashes of the tile; when it has to be read, `there` of them.
  [[nodiscard]] Result<Slot> summary(unsigned tile_level, std::uint64_t tile, std::size_t needed,
                                     std::size_t there) const;

  const HashFiles& files_;
  mutable std::array<std::mutex, kLocks> locks_;  ///< slot i is guarded by lock i % kLocks
  mutable std::vector<Slot> leaf_tiles_;
  mutable std::vector<Slot> upper_tiles_;
};

}  // namespace mj::evidence
