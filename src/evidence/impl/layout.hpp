#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "mj/evidence_format/hash.hpp"
#include "mj/evidence_format/note.hpp"
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
  /// The compressed form of a sealed segment.
  [[nodiscard]] std::filesystem::path compressed_segment(std::uint32_t number) const;
  /// What stands in the place of a segment that was retired.
  [[nodiscard]] std::filesystem::path retired_segment(std::uint32_t number) const;
  [[nodiscard]] std::filesystem::path tree() const { return root / tree_name; }
  /// `tree/hashes.L` (SHA-256) and `tree/sm3.L`.
  [[nodiscard]] std::filesystem::path hashes(
      unsigned tile_level,
      evidence_format::HashAlgorithm algorithm = evidence_format::HashAlgorithm::sha256) const;
  [[nodiscard]] std::filesystem::path offsets() const { return tree() / "offsets"; }
  [[nodiscard]] std::filesystem::path checkpoint() const { return root / "checkpoint"; }
  /// The public statements about the keys of the log.
  [[nodiscard]] std::filesystem::path keyring() const { return root / "keyring"; }
  [[nodiscard]] std::filesystem::path keys() const { return root / "keys"; }
  /// The private half of a key of statement `number`, encrypted.
  [[nodiscard]] std::filesystem::path key(std::uint64_t number, evidence_format::KeyKind kind) const;
  [[nodiscard]] std::filesystem::path recovery_key() const { return keys() / "recovery.pem"; }
  /// Where the passphrase of the keys lies unless the operator names another file.
  [[nodiscard]] std::filesystem::path passphrase() const { return keys() / "passphrase"; }
  [[nodiscard]] std::filesystem::path lock() const { return root / "lock"; }
  /// What recovery set aside: raw bytes are never thrown away.
  [[nodiscard]] std::filesystem::path torn() const { return root / "torn"; }
};

/// The forms in which a segment is kept. When several are there the first one counts.
enum class SegmentForm : std::uint8_t { raw, compressed, retired };

struct SegmentName {
  std::uint32_t number = 0;
  SegmentForm form = SegmentForm::raw;
};
/// What a file name in segments/ says; none for any other name.
[[nodiscard]] std::optional<SegmentName> segment_name(std::string_view file_name);

struct SegmentNames {
  std::uint32_t count = 0;         ///< segments 0 … count-1 are there
  std::vector<SegmentForm> forms;  ///< of each, the one that counts
  std::vector<std::filesystem::path>
      superseded;  ///< forms that do not count: left by a crash, or just being replaced
  std::vector<std::filesystem::path> unfinished;  ///< files that do not have their name yet
  std::vector<std::filesystem::path> strangers;   ///< anything else
};

/// Errors: damaged when a segment is missing between others; unavailable when the directory cannot be listed.
[[nodiscard]] Result<SegmentNames> list_segments(const Layout& layout);

}  // namespace mj::evidence
