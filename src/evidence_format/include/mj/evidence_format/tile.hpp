#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace mj::evidence_format {

/// A tile of c2sp.org/tlog-tiles: 256 hashes of a level, or 256 entries; fewer at the right edge of the tree.
struct Tile {
  std::optional<unsigned> level;  ///< none = entry bundle
  std::uint64_t index = 0;
  unsigned width = 256;  ///< 1…256; below 256 = partial

  /// "3/x001/x234/067.p/8", "entries/000": what follows `tile/`. None for any other spelling.
  [[nodiscard]] static std::optional<Tile> parse(std::string_view path);
  [[nodiscard]] std::string path() const;
  bool operator==(const Tile&) const = default;
};

/// Hashes (or entries) of tile (level, index) that a tree of `size` entries has: 0…256.
[[nodiscard]] unsigned tile_width(std::uint64_t size, std::optional<unsigned> level, std::uint64_t index);

}  // namespace mj::evidence_format
