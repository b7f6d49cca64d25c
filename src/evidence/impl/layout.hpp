#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "mj/kernel/result.hpp"

namespace mj::evidence {

/// Names in the directory of a log; the only place that knows them. docs/formats/evidence-log.md §2.
struct Layout {
  std::filesystem::path root;
  std::string tree_name = "tree";  ///< a rebuild is made under another name

  [[nodiscard]] std::filesystem::path segments() const { return root / "segments"; }
  [[nodiscard]] std::filesystem::path segment(std::uint32_t number) const;
  /// A segment whose header is not yet durable.
  [[nodiscard]] std::filesystem::path new_segment(std::uint32_t number) const;
  [[nodiscard]] std::filesystem::path tree() const { return root / tree_name; }
  [[nodiscard]] std::filesystem::path hashes(unsigned tile_level) const;
  [[nodiscard]] std::filesystem::path offsets() const { return tree() / "offsets"; }
  [[nodiscard]] std::filesystem::path checkpoint() const { return root / "checkpoint"; }
  [[nodiscard]] std::filesystem::path key() const { return root / "key"; }
  [[nodiscard]] std::filesystem::path verifier_key() const { return root / "verifier-key"; }
  [[nodiscard]] std::filesystem::path lock() const { return root / "lock"; }
  /// What recovery set aside: raw bytes are never thrown away.
  [[nodiscard]] std::filesystem::path torn() const { return root / "torn"; }
};

/// Number in a segment's file name; none for any other name.
[[nodiscard]] std::optional<std::uint32_t> segment_number(std::string_view file_name);

struct SegmentNames {
  std::uint32_t count = 0;                        ///< segments 0 … count-1 are there
  std::vector<std::filesystem::path> unfinished;  ///< `.seg.new` files
  std::vector<std::filesystem::path> strangers;   ///< anything else
};

/// Errors: damaged when a segment is missing between others; unavailable when the directory cannot be listed.
[[nodiscard]] Result<SegmentNames> list_segments(const Layout& layout);

}  // namespace mj::evidence
