#pragma once

#include <array>
#include <cstdint>
#include <optional>

#include "faults.hpp"
#include "layout.hpp"
#include "mj/evidence_format/merkle.hpp"
#include "mj/storage/file.hpp"
#include "segment_format.hpp"

namespace mj::evidence {

/// Levels of the tree that a tile spans: 2^8 hashes a tile. Source: c2sp.org/tlog-tiles.
inline constexpr unsigned kTileHeight = 8;
/// 8 levels of tiles hold 2^64 entries.
inline constexpr unsigned kTileLevels = 8;

/// Hashes stored at a tile level for a tree of `size` entries.
[[nodiscard]] constexpr std::uint64_t stored_hashes(std::uint64_t size, unsigned tile_level) {
  return size >> (kTileHeight * tile_level);
}

/// What some entries add to the files under tree/.
struct TreeGrowth {
  explicit TreeGrowth(evidence_format::TreeEdge from) : first(from.size()), edge(std::move(from)) {}
  void add(const Digest& leaf, Location location);

  std::uint64_t first;             ///< index of the first entry added
  evidence_format::TreeEdge edge;  ///< the tree with the entries added
  std::array<Bytes, kTileLevels> hashes;
  Bytes offsets;
};

/// The derived files tree/hashes.L and tree/offsets.
/// Thread: one thread writes; any thread may read what lies below a size that was published to it after write().
class TreeFiles {
 public:
  /// Opens the files for reading, or also for writing; creates the first ones. Errors: unavailable; damaged for a
  /// missing file when reading only.
  [[nodiscard]] static Result<TreeFiles> open(const Layout& layout, storage::File::Mode mode, Faults faults = {});

  /// Entries for which every file is long enough.
  [[nodiscard]] Result<std::uint64_t> size() const;
  /// Entries of which any file knows.
  [[nodiscard]] Result<std::uint64_t> largest_size() const;
  /// Bytes of one file; 0 when it is not there.
  [[nodiscard]] Result<std::uint64_t> hashes_bytes(unsigned tile_level) const;
  [[nodiscard]] Result<std::uint64_t> offsets_bytes() const { return offsets_->size(); }

  /// Writes at the places that `growth.first` gives: may be repeated after a failure.
  Status write(const TreeGrowth& growth);
  /// Cuts what does not belong to a tree of `size` entries.
  Status truncate(std::uint64_t size);
  /// Makes the files for `size` entries durable.
  Status sync(std::uint64_t size);

  /// Hash of a complete subtree. Errors: damaged when it is not stored.
  [[nodiscard]] Result<Digest> node(evidence_format::NodeId id) const;
  [[nodiscard]] Result<Digest> root(std::uint64_t size) const;
  [[nodiscard]] Result<evidence_format::TreeEdge> edge(std::uint64_t size) const;
  /// Reads hashes.L from `index` on into `out`, whose size is a multiple of 32. Errors: damaged when there are fewer.
  Status read_hashes(unsigned tile_level, std::uint64_t index, std::span<std::byte> out) const;
  [[nodiscard]] Result<std::vector<Location>> locations(std::uint64_t first, std::size_t count) const;

 private:
  TreeFiles(Layout layout, storage::File::Mode mode, Faults faults)
      : layout_(std::move(layout)), mode_(mode), faults_(std::move(faults)) {}
  Result<storage::File*> level(unsigned tile_level);

  Layout layout_;
  storage::File::Mode mode_;
  Faults faults_;
  std::array<std::optional<storage::File>, kTileLevels> hashes_;
  std::optional<storage::File> offsets_;
};

}  // namespace mj::evidence
