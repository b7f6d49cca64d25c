#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>

#include "mj/kernel/bytes.hpp"
#include "mj/kernel/result.hpp"

namespace mj::evidence {

struct VerifyReport {
  std::uint64_t size = 0;   ///< entries
  std::uint64_t bytes = 0;  ///< bytes read and hashed
  Digest root{};
  Digest sm3_root{};
  /// Bytes behind the last whole batch of the newest segment: a commit under way, or one that a crash cut off and the
  /// next start will set aside.
  std::uint64_t torn_tail_bytes = 0;
  std::uint64_t key_statements = 0;
  std::uint64_t retired_segments = 0;  ///< of them only hashes and places were checked
  std::uint64_t retired_entries = 0;
  std::string checkpoint_note;  ///< the newest signed checkpoint, which was checked against the recomputed tree
};

/// Reads the whole log at `directory` from disk, recomputes every hash and compares segments, tree files, keyring and
/// the signed checkpoint. Does not need the server to be stopped and changes nothing.
/// Errors: damaged with the first damaged place ("segment 000003 at byte 8812, entry 1291: …"); unavailable when it cannot be read.
[[nodiscard]] Result<VerifyReport> verify(
    const std::filesystem::path& directory,
    const std::function<void(std::uint64_t done_bytes, std::uint64_t all_bytes)>& progress = {});

}  // namespace mj::evidence
