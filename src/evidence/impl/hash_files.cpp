#include "hash_files.hpp"

#include "mj/evidence_format/proof.hpp"

namespace mj::evidence {
namespace {

constexpr std::size_t kHashBytes = sizeof(Digest);

}  // namespace

void HashGrowth::add(const Digest& leaf) {
  edge.append(leaf, [this](evidence_format::NodeId node, const Digest& hash) {
    if (node.level % kTileHeight != 0) return;  // recomputed from the tile when it is needed
    Bytes& out = hashes[node.level / kTileHeight];
    out.insert(out.end(), hash.begin(), hash.end());
  });
}

Result<HashFiles> HashFiles::open(const Layout& layout, evidence_format::HashAlgorithm algorithm,
                                  storage::File::Mode mode, Faults faults) {
  HashFiles files(layout, algorithm, mode, std::move(faults));
  for (unsigned level = 0; level < kTileLevels; ++level) {
    // Higher levels come into being with the first hash they hold.
    const std::filesystem::path path = layout.hashes(level, algorithm);
    if (level > 0 && !std::filesystem::exists(path)) continue;
    auto file = storage::File::open(path, mode);
    if (!file) {
      const bool missing = mode == storage::File::Mode::read && file.error().code() == ErrorCode::not_found;
      return missing ? Error(ErrorCode::damaged, file.error().text()) : file.error();
    }
    files.levels_[level] = std::move(*file);
  }
  return files;
}

Result<storage::File*> HashFiles::level(unsigned tile_level) {
  auto& file = levels_[tile_level];
  if (!file) {
    MJ_TRY(file, storage::File::open(layout_.hashes(tile_level, algorithm_), mode_));
    MJ_CHECK(storage::sync_directory(layout_.tree()));
  }
  return &*file;
}

Result<std::uint64_t> HashFiles::bytes(unsigned tile_level) const {
  if (!levels_[tile_level]) return std::uint64_t{0};
  return levels_[tile_level]->size();
}

Result<std::uint64_t> HashFiles::size() const {
  MJ_TRY(const std::uint64_t leaves, bytes(0));
  std::uint64_t size = leaves / kHashBytes;
  for (unsigned level = 1; level < kTileLevels; ++level) {
    MJ_TRY(const std::uint64_t stored, bytes(level));
    const std::uint64_t there = stored / kHashBytes;
    if (there < stored_hashes(size, level)) size = ((there + 1) << (kTileHeight * level)) - 1;
  }
  return size;
}

Status HashFiles::write(std::uint64_t first, const HashGrowth& growth) {
  for (unsigned tile_level = 0; tile_level < kTileLevels; ++tile_level) {
    const Bytes& hashes = growth.hashes[tile_level];
    if (hashes.empty()) continue;
    MJ_TRY(storage::File * file, level(tile_level));
    MJ_CHECK(faults_.write_at(*file, stored_hashes(first, tile_level) * kHashBytes, hashes));
  }
  return {};
}

Status HashFiles::truncate(std::uint64_t size) {
  for (unsigned level = 0; level < kTileLevels; ++level) {
    if (!levels_[level]) continue;
    MJ_TRY(const std::uint64_t stored, levels_[level]->size());
    const std::uint64_t wanted = stored_hashes(size, level) * kHashBytes;
    if (stored > wanted) MJ_CHECK(levels_[level]->truncate(wanted));
  }
  return {};
}

Status HashFiles::sync(std::uint64_t size) {
  for (unsigned level = 0; level < kTileLevels && stored_hashes(size, level) > 0; ++level) {
    MJ_CHECK(faults_.sync_file(*levels_[level]));
  }
  return {};
}

Status HashFiles::read(unsigned tile_level, std::uint64_t index, std::span<std::byte> out) const {
  const auto& file = levels_[tile_level];
  std::size_t got = 0;
  if (file) {
    MJ_TRY(got, file->read_at(index * kHashBytes, out));
  }
  if (got != out.size()) {
    return Error(ErrorCode::damaged, fmt::format("tree/{} ends before hash {}",
                                                 layout_.hashes(tile_level, algorithm_).filename().string(),
                                                 index + out.size() / kHashBytes));
  }
  return {};
}

Result<Digest> HashFiles::node(evidence_format::NodeId id) const {
  const unsigned tile_level = id.level / kTileHeight;
  const unsigned height = id.level % kTileHeight;
  if (tile_level >= kTileLevels) return Error(ErrorCode::damaged, "the tree has no such level");
  std::array<Digest, std::size_t{1} << (kTileHeight - 1)> row;
  const auto stored = std::span(row).first(std::size_t{1} << height);
  MJ_CHECK(read(tile_level, id.index << height, std::as_writable_bytes(stored)));
  for (std::size_t width = stored.size(); width > 1; width /= 2) {
    for (std::size_t i = 0; i < width / 2; ++i) {
      row[i] = evidence_format::node_hash(row[2 * i], row[2 * i + 1], algorithm_);
    }
  }
  return row[0];
}

Result<Digest> HashFiles::root(std::uint64_t size) const {
  return evidence_format::root_from_nodes(
      size, [this](evidence_format::NodeId id) { return node(id); }, algorithm_);
}

Result<evidence_format::TreeEdge> HashFiles::edge(std::uint64_t size) const {
  std::vector<Digest> hashes;
  for (const evidence_format::NodeId& id : evidence_format::root_nodes(size)) {
    MJ_TRY(const Digest hash, node(id));
    hashes.push_back(hash);
  }
  return evidence_format::TreeEdge::resume(size, hashes, algorithm_);
}

}  // namespace mj::evidence
