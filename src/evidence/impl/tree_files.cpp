#include "tree_files.hpp"

#include "mj/evidence_format/big_endian.hpp"
#include "mj/evidence_format/proof.hpp"

namespace mj::evidence {
namespace {

constexpr std::size_t kHashBytes = sizeof(Digest);
constexpr std::size_t kOffsetBytes = 8;

}  // namespace

void TreeGrowth::add(const Digest& leaf, Location location) {
  edge.append(leaf, [this](evidence_format::NodeId node, const Digest& hash) {
    if (node.level % kTileHeight != 0) return;  // recomputed from the tile when it is needed
    Bytes& out = hashes[node.level / kTileHeight];
    out.insert(out.end(), hash.begin(), hash.end());
  });
  evidence_format::put_be(offsets, pack(location));
}

Result<TreeFiles> TreeFiles::open(const Layout& layout, storage::File::Mode mode, Faults faults) {
  TreeFiles files(layout, mode, std::move(faults));
  const auto missing_is_damage = [mode](const Error& error) {
    const bool missing = mode == storage::File::Mode::read && error.code() == ErrorCode::not_found;
    return missing ? Error(ErrorCode::damaged, error.text()) : error;
  };
  auto offsets = storage::File::open(layout.offsets(), mode);
  if (!offsets) return missing_is_damage(offsets.error());
  files.offsets_ = std::move(*offsets);
  for (unsigned level = 0; level < kTileLevels; ++level) {
    // Higher levels come into being with the first hash they hold.
    if (level > 0 && !std::filesystem::exists(layout.hashes(level))) continue;
    auto file = storage::File::open(layout.hashes(level), mode);
    if (!file) return missing_is_damage(file.error());
    files.hashes_[level] = std::move(*file);
  }
  return files;
}

Result<storage::File*> TreeFiles::level(unsigned tile_level) {
  auto& file = hashes_[tile_level];
  if (!file) {
    MJ_TRY(file, storage::File::open(layout_.hashes(tile_level), mode_));
    MJ_CHECK(storage::sync_directory(layout_.tree()));
  }
  return &*file;
}

Result<std::uint64_t> TreeFiles::hashes_bytes(unsigned tile_level) const {
  if (!hashes_[tile_level]) return std::uint64_t{0};
  return hashes_[tile_level]->size();
}

Result<std::uint64_t> TreeFiles::size() const {
  MJ_TRY(const std::uint64_t offsets, offsets_bytes());
  MJ_TRY(const std::uint64_t leaves, hashes_bytes(0));
  std::uint64_t size = std::min(offsets / kOffsetBytes, leaves / kHashBytes);
  for (unsigned level = 1; level < kTileLevels; ++level) {
    MJ_TRY(const std::uint64_t bytes, hashes_bytes(level));
    const std::uint64_t there = bytes / kHashBytes;
    if (there < stored_hashes(size, level)) size = ((there + 1) << (kTileHeight * level)) - 1;
  }
  return size;
}

Result<std::uint64_t> TreeFiles::largest_size() const {
  MJ_TRY(const std::uint64_t offsets, offsets_bytes());
  MJ_TRY(const std::uint64_t leaves, hashes_bytes(0));
  return std::max(offsets / kOffsetBytes, leaves / kHashBytes);
}

Status TreeFiles::write(const TreeGrowth& growth) {
  for (unsigned tile_level = 0; tile_level < kTileLevels; ++tile_level) {
    const Bytes& hashes = growth.hashes[tile_level];
    if (hashes.empty()) continue;
    MJ_TRY(storage::File * file, level(tile_level));
    MJ_CHECK(faults_.write_at(*file, stored_hashes(growth.first, tile_level) * kHashBytes, hashes));
  }
  return faults_.write_at(*offsets_, growth.first * kOffsetBytes, growth.offsets);
}

Status TreeFiles::truncate(std::uint64_t size) {
  for (unsigned level = 0; level < kTileLevels; ++level) {
    if (!hashes_[level]) continue;
    MJ_TRY(const std::uint64_t bytes, hashes_[level]->size());
    const std::uint64_t wanted = stored_hashes(size, level) * kHashBytes;
    if (bytes > wanted) MJ_CHECK(hashes_[level]->truncate(wanted));
  }
  MJ_TRY(const std::uint64_t bytes, offsets_bytes());
  if (bytes > size * kOffsetBytes) MJ_CHECK(offsets_->truncate(size * kOffsetBytes));
  return {};
}

Status TreeFiles::sync(std::uint64_t size) {
  for (unsigned level = 0; level < kTileLevels && stored_hashes(size, level) > 0; ++level) {
    MJ_CHECK(faults_.sync_file(*hashes_[level]));
  }
  return faults_.sync_file(*offsets_);
}

Status TreeFiles::read_hashes(unsigned tile_level, std::uint64_t index, std::span<std::byte> out) const {
  const auto& file = hashes_[tile_level];
  std::size_t got = 0;
  if (file) {
    MJ_TRY(got, file->read_at(index * kHashBytes, out));
  }
  if (got != out.size()) {
    return Error(ErrorCode::damaged,
                 fmt::format("tree/hashes.{} ends before hash {}", tile_level, index + out.size() / kHashBytes));
  }
  return {};
}

Result<Digest> TreeFiles::node(evidence_format::NodeId id) const {
  const unsigned tile_level = id.level / kTileHeight;
  const unsigned height = id.level % kTileHeight;
  if (tile_level >= kTileLevels) return Error(ErrorCode::damaged, "the tree has no such level");
  std::vector<Digest> row(std::size_t{1} << height);
  MJ_CHECK(read_hashes(tile_level, id.index << height, std::as_writable_bytes(std::span(row))));
  for (std::size_t width = row.size(); width > 1; width /= 2) {
    for (std::size_t i = 0; i < width / 2; ++i) row[i] = evidence_format::node_hash(row[2 * i], row[2 * i + 1]);
  }
  return row[0];
}

Result<Digest> TreeFiles::root(std::uint64_t size) const {
  return evidence_format::root_from_nodes(size, [this](evidence_format::NodeId id) { return node(id); });
}

Result<evidence_format::TreeEdge> TreeFiles::edge(std::uint64_t size) const {
  std::vector<Digest> hashes;
  for (const evidence_format::NodeId& id : evidence_format::root_nodes(size)) {
    MJ_TRY(const Digest hash, node(id));
    hashes.push_back(hash);
  }
  return evidence_format::TreeEdge::resume(size, hashes);
}

Result<std::vector<Location>> TreeFiles::locations(std::uint64_t first, std::size_t count) const {
  Bytes bytes(count * kOffsetBytes);
  MJ_TRY(const std::size_t got, offsets_->read_at(first * kOffsetBytes, bytes));
  if (got != bytes.size()) {
    return Error(ErrorCode::damaged, fmt::format("tree/offsets ends before entry {}", first + count));
  }
  std::vector<Location> locations;
  locations.reserve(count);
  for (std::size_t i = 0; i < count; ++i) {
    locations.push_back(
        unpack(evidence_format::get_be<std::uint64_t>(BytesView(bytes).subspan(i * kOffsetBytes))));
  }
  return locations;
}

}  // namespace mj::evidence
