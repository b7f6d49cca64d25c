#pragma once

#include <cstdint>
#include <optional>

#include "hash_files.hpp"
#include "segment_format.hpp"

namespace mj::evidence {

using evidence_format::HashAlgorithm;

/// The right edges of both trees over the same entries.
struct TreeEdges {
  evidence_format::TreeEdge sha256{HashAlgorithm::sha256};
  evidence_format::TreeEdge sm3{HashAlgorithm::sm3};

  [[nodiscard]] std::uint64_t size() const { return sha256.size(); }
};

/// Both leaves of an entry.
struct Leaves {
  Digest sha256{};
  Digest sm3{};
  bool operator==(const Leaves&) const = default;
};
[[nodiscard]] inline Leaves leaves_of(BytesView entry) {
  return {evidence_format::leaf_hash(entry), evidence_format::leaf_hash(entry, HashAlgorithm::sm3)};
}

/// What some entries add to the files under tree/. The parts may be grown by different threads.
struct TreeGrowth {
  explicit TreeGrowth(const TreeEdges& from) : first(from.size()), sha256(from.sha256), sm3(from.sm3) {}
  void add(const Leaves& leaves, Location location);
  void add_location(Location location);
  [[nodiscard]] TreeEdges edges() const { return {sha256.edge, sm3.edge}; }

  std::uint64_t first;  ///< index of the first entry added
  HashGrowth sha256;
  HashGrowth sm3;
  Bytes offsets;
};

/// The derived files tree/hashes.L, tree/sm3.L and tree/offsets.
/// Thread: one thread writes; any thread may read what lies below a size that was published to it after write().
class TreeFiles {
 public:
  /// Opens the files for reading, or also for writing; creates the first ones. Errors: unavailable; damaged for a
  /// missing file when reading only.
  [[nodiscard]] static Result<TreeFiles> open(const Layout& layout, storage::File::Mode mode, Faults faults = {});

  [[nodiscard]] const HashFiles& hashes(HashAlgorithm algorithm) const {
    return algorithm == HashAlgorithm::sm3 ? sm3_ : sha256_;
  }
  /// Entries for which every file is long enough.
  [[nodiscard]] Result<std::uint64_t> size() const;
  /// Entries of which any file knows.
  [[nodiscard]] Result<std::uint64_t> largest_size() const;
  [[nodiscard]] Result<std::uint64_t> offsets_bytes() const { return offsets_.size(); }

  /// Writes at the places that `growth.first` gives: may be repeated after a failure.
  Status write(const TreeGrowth& growth);
  /// Cuts what does not belong to a tree of `size` entries.
  Status truncate(std::uint64_t size);
  /// Makes the files for `size` entries durable.
  Status sync(std::uint64_t size);

  [[nodiscard]] Result<TreeEdges> edges(std::uint64_t size) const;
  /// Reads hashes of a level from `index` on into `out`, whose size is a multiple of 32. Errors: damaged when there are fewer.
  Status read_hashes(unsigned tile_level, std::uint64_t index, std::span<std::byte> out,
                     HashAlgorithm algorithm = HashAlgorithm::sha256) const {
    return hashes(algorithm).read(tile_level, index, out);
  }
  [[nodiscard]] Result<std::vector<Location>> locations(std::uint64_t first, std::size_t count) const;
  /// Both leaves of entries [first, first + count).
  [[nodiscard]] Result<std::vector<Leaves>> leaves(std::uint64_t first, std::size_t count) const;

 private:
  TreeFiles(HashFiles sha256, HashFiles sm3, storage::File offsets, Faults faults)
      : sha256_(std::move(sha256)),
        sm3_(std::move(sm3)),
        offsets_(std::move(offsets)),
        faults_(std::move(faults)) {}

  HashFiles sha256_;
  HashFiles sm3_;
  storage::File offsets_;
  Faults faults_;
};

}  // namespace mj::evidence
