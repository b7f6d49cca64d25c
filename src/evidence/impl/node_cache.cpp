#include "node_cache.hpp"

namespace mj::evidence {
namespace {

using evidence_format::NodeId;

constexpr std::size_t kTileWidth = std::size_t{1} << kTileHeight;

/// Where the nodes of a height begin when those from `kept_from` on are kept.
constexpr std::size_t begin_of(unsigned height, unsigned kept_from) {
  return (2 * kTileWidth >> kept_from) - (2 * kTileWidth >> height);
}

/// Replaces the nodes of a height by those of the next one.
void climb(std::span<Digest> row, std::size_t complete, evidence_format::HashAlgorithm algorithm) {
  for (std::size_t i = 0; i < complete; ++i) {
    row[i] = evidence_format::node_hash(row[2 * i], row[2 * i + 1], algorithm);
  }
}

}  // namespace

Result<Digest> NodeCache::Reader::operator()(NodeId id) {
  return id.level < kGroupHeight ? low_node(id) : cache_->node(id, size_);
}

Result<Digest> NodeCache::Reader::low_node(NodeId id) {
  const std::uint64_t first = id.index << id.level;
  const std::uint64_t group = first >> kGroupHeight;
  if (group_ != group) {
    const std::uint64_t begin = group << kGroupHeight;
    group_width_ = begin >= size_ ? 0 : std::min<std::uint64_t>(leaves_.size(), size_ - begin);
    MJ_CHECK(cache_->files_.read(0, begin, std::as_writable_bytes(std::span(leaves_).first(group_width_))));
    group_ = group;
  }
  const auto at = static_cast<std::size_t>(first - (group << kGroupHeight));
  const std::size_t width = std::size_t{1} << id.level;
  if (at + width > group_width_) return Error(ErrorCode::damaged, "the tree has no such node yet");
  std::array<Digest, std::size_t{1} << (kGroupHeight - 1)> row;
  std::copy_n(leaves_.begin() + static_cast<std::ptrdiff_t>(at), width, row.begin());
  for (std::size_t left = width / 2; left > 0; left /= 2) climb(row, left, cache_->files_.algorithm());
  return row[0];
}

Result<Digest> NodeCache::node(NodeId id, std::uint64_t size) const {
  const unsigned tile_level = id.level / kTileHeight;
  const unsigned height = id.level % kTileHeight;
  if (tile_level >= kTileLevels) return Error(ErrorCode::damaged, "the tree has no such level");
  const std::uint64_t tile = id.index >> (kTileHeight - height);
  const std::size_t place = id.index & ((kTileWidth >> height) - 1);
  const std::size_t needed = (place + 1) << height;
  const std::uint64_t stored = stored_hashes(size, tile_level);
  const std::uint64_t before = tile * kTileWidth;
  const std::size_t there = stored <= before ? 0 : std::min<std::uint64_t>(stored - before, kTileWidth);
  if (there < needed) return Error(ErrorCode::damaged, "the tree has no such node yet");
  MJ_TRY(const Slot kept, summary(tile_level, tile, needed, there));
  return kept->nodes[begin_of(height, tile_level == 0 ? kLeafTilesKeptFrom : 0) + place];
}

Result<NodeCache::Slot> NodeCache::summary(unsigned tile_level, std::uint64_t tile, std::size_t needed,
                                           std::size_t there) const {
  auto& slots = tile_level == 0 ? leaf_tiles_ : upper_tiles_;
  const std::size_t place =
      (tile + std::uint64_t{tile_level} * 67) % slots.size();  // levels above the first begin at different slots
  std::mutex& lock = locks_[place % kLocks];
  {
    const std::lock_guard guard(lock);
    const Slot& slot = slots[place];
    if (slot && slot->tile == tile && slot->tile_level == tile_level && slot->width >= needed) return slot;
  }
  std::array<Digest, kTileWidth> row;
  MJ_CHECK(files_.read(tile_level, tile * kTileWidth, std::as_writable_bytes(std::span(row).first(there))));
  const unsigned kept_from = tile_level == 0 ? kLeafTilesKeptFrom : 0;
  auto made = std::make_shared<Summary>();
  made->tile_level = tile_level;
  made->tile = tile;
  made->width = there;
  made->nodes.resize(begin_of(kTileHeight, kept_from));
  for (unsigned height = 0; height < kTileHeight; ++height) {
    if (height > 0) climb(row, there >> height, files_.algorithm());
    if (height < kept_from) continue;
    std::copy_n(row.begin(), there >> height,
                made->nodes.begin() + static_cast<std::ptrdiff_t>(begin_of(height, kept_from)));
  }
  const std::lock_guard guard(lock);
  slots[place] = made;
  return Slot(std::move(made));
}

}  // namespace mj::evidence
