#pragma once

#include <array>
#include <cstdint>
#include <optional>

#include "faults.hpp"
#include "layout.hpp"
#include "mj/evidence_format/merkle.hpp"
#include "mj/storage/file.hpp"

namespace mj::evidence {

/// Levels of the tree that a tile spans: 2^8 hashes a tile. Source: c2sp.org/tlog-tiles.
inline constexpr unsigned kTileHeight = 8;
/// 8 levels of tiles hold 2^64 entries.
inline constexpr unsigned kTileLevels = 8;

/// Hashes stored at a tile level for a tree of `size` entries.
[[nodiscard]] constexpr std::uint64_t stored_hashes(std::uint64_t size, unsigned tile_level) {
  return size >> (kTileHeight * tile_level);
}

/// What some entries add to the files of one hash algorithm.
struct HashGrowth {
  explicit HashGrowth(evidence_format::TreeEdge from) : edge(std::move(from)) {}
  void add(const Digest& leaf);

  evidence_format::TreeEdge edge;  ///< the tree with the entries added
  std::array<Bytes, kTileLevels> hashes;
};

/// The files of one tree: tree/hashes.L (SHA-256) or tree/sm3.L (SM3).
/// Thread: one thread writes; any thread may read what lies below a size that was published to it after write().
class HashFiles {
 public:
  /// Opens the files for reading, or also for writing; creates the first one. Errors: unavailable; damaged for a missing
  /// file when reading only.
  [[nodiscard]] static Result<HashFiles> open(const Layout& layout, evidence_format::HashAlgorithm algorithm,
                                              storage::File::Mode mode, Faults faults);

  [[nodiscard]] evidence_format::HashAlgorithm algorithm() const { return algorithm_; }
  /// Entries for which every level is long enough.
  [[nodiscard]] Result<std::uint64_t> size() const;
  /// Bytes of one level; 0 when it is not there.
  [[nodiscard]] Result<std::uint64_t> bytes(unsigned tile_level) const;

  /// Writes what entries from `first` on add: may be repeated after a failure.
  Status write(std::uint64_t first, const HashGrowth& growth);
  Status truncate(std::uint64_t size);
  Status sync(std::uint64_t size);

  /// Hash of a complete subtree. Errors: damaged when it is not stored.
  [[nodiscard]] Result<Digest> node(evidence_format::NodeId id) const;
  [[nodiscard]] Result<Digest> root(std::uint64_t size) const;
  [[nodiscard]] Result<evidence_format::TreeEdge> edge(std::uint64_t size) const;
  /// Reads a level from `index` on into `out`, whose size is a multiple of 32. Errors: damaged when there are fewer.
  Status read(unsigned tile_level, std::uint64_t index, std::span<std::byte> out) const;

 private:
  HashFiles(Layout layout, evidence_format::HashAlgorithm algorithm, storage::File::Mode mode, Faults faults)
      : layout_(std::move(layout)), algorithm_(algorithm), mode_(mode), faults_(std::move(faults)) {}
  Result<storage::File*> level(unsigned tile_level);

  Layout layout_;
  evidence_format::HashAlgorithm algorithm_;
  storage::File::Mode mode_;
  Faults faults_;
  std::array<std::optional<storage::File>, kTileLevels> levels_;
};

}  // namespace mj::evidence
