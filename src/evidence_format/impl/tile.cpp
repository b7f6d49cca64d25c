#include "mj/evidence_format/tile.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

namespace mj::evidence_format {
namespace {

constexpr unsigned kWholeWidth = 256;
constexpr unsigned kHighestLevel = 63;
constexpr unsigned kTileHeight = 8;
constexpr std::string_view kEntries = "entries";
/// Path elements that hold 3 digits each; 64 bits have 20 digits.
constexpr std::size_t kMostElements = 7;

std::string index_path(std::uint64_t index) {
  std::string path = fmt::format("{:03}", index % 1000);
  while ((index /= 1000) > 0) path = fmt::format("x{:03}/{}", index % 1000, path);
  return path;
}

/// What stands before the first `/`, cut off with it; the whole when there is none.
std::string_view take_element(std::string_view& path) {
  const std::size_t slash = path.find('/');
  const std::string_view element = path.substr(0, slash);
  path.remove_prefix(slash == std::string_view::npos ? path.size() : slash + 1);
  return element;
}

std::optional<std::uint64_t> number(std::string_view digits) {
  std::uint64_t value = 0;
  const auto parsed = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  if (parsed.ec != std::errc{} || parsed.ptr != digits.data() + digits.size()) return std::nullopt;
  return value;
}

}  // namespace

std::string Tile::path() const {
  std::string text = level ? fmt::format("{}", *level) : std::string(kEntries);
  text += '/';
  text += index_path(index);
  if (width != kWholeWidth) text += fmt::format(".p/{}", width);
  return text;
}

std::optional<Tile> Tile::parse(std::string_view path) {
  const std::string_view whole = path;
  Tile tile;
  if (const std::string_view first = take_element(path); first != kEntries) {
    const auto level = number(first);
    if (!level || *level > kHighestLevel) return std::nullopt;
    tile.level = static_cast<unsigned>(*level);
  }
  for (std::size_t elements = 0; elements < kMostElements && !path.empty(); ++elements) {
    std::string_view element = take_element(path);
    const bool more = element.starts_with('x');
    if (more) element.remove_prefix(1);
    const bool partial = element.ends_with(".p");
    if (partial) element.remove_suffix(2);
    const auto digits = number(element);
    if (!digits || *digits > 999 || tile.index > (UINT64_MAX - *digits) / 1000) return std::nullopt;
    tile.index = tile.index * 1000 + *digits;
    if (more) continue;
    if (partial) {
      const auto width = number(take_element(path));
      if (!width || *width == 0 || *width >= kWholeWidth) return std::nullopt;
      tile.width = static_cast<unsigned>(*width);
    }
    break;
  }
  // One spelling only: whatever has been read, written again it must be what was given.
  if (tile.path() != whole) return std::nullopt;
  return tile;
}

unsigned tile_width(std::uint64_t size, std::optional<unsigned> level, std::uint64_t index) {
  const unsigned shift = kTileHeight * level.value_or(0);
  const std::uint64_t hashes = shift < 64 ? size >> shift : 0;
  if (index > hashes / kWholeWidth) return 0;
  return static_cast<unsigned>(std::min<std::uint64_t>(hashes - index * kWholeWidth, kWholeWidth));
}

}  // namespace mj::evidence_format
