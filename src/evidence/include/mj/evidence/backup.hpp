#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>

#include "mj/kernel/result.hpp"

namespace mj::evidence {

using Progress = std::function<void(std::uint64_t done_bytes, std::uint64_t all_bytes)>;

struct BackupReport {
  std::uint64_t entries = 0;       ///< that the backup's checkpoint covers
  std::uint64_t copied_bytes = 0;  ///< this time
  std::uint64_t bytes = 0;         ///< in all
  std::string checkpoint_note;
};

/// Copies what `destination` lacks of the log at `directory`, while the log is being written: sealed segments once, the newest up
/// to a signed checkpoint; keyring and encrypted keys too. Then verifies the copy. Repeatable and resumable.
/// Errors: conflict when `destination` holds another log, or a longer or different history; damaged; unavailable.
[[nodiscard]] Result<BackupReport> backup(const std::filesystem::path& directory,
                                          const std::filesystem::path& destination, const Progress& progress = {});

/// Puts a verified backup where there is no log. Errors: conflict when `directory` holds one; damaged.
[[nodiscard]] Result<BackupReport> restore(const std::filesystem::path& backup,
                                           const std::filesystem::path& directory, const Progress& progress = {});

}  // namespace mj::evidence
