#pragma once

#include <filesystem>
#include <functional>
#include <memory>

#include "mj/evidence/log.hpp"
#include "mj/storage/file.hpp"

namespace mj::evidence {

/// How the log writes and syncs; tests put failing disks in its place. Empty = storage::File itself.
struct Faults {
  std::function<Status(storage::File&, std::uint64_t offset, BytesView)> write;
  std::function<Status(storage::File&)> sync;

  Status write_at(storage::File& file, std::uint64_t offset, BytesView bytes) const {
    return write ? write(file, offset, bytes) : file.write_at(offset, bytes);
  }
  Status sync_file(storage::File& file) const { return sync ? sync(file) : file.sync(); }
};

struct CommitTimes;

/// Log::open() on a disk that fails as told, and where the time of its commits went. For tests and measurements.
struct FaultyLog {
  [[nodiscard]] static Result<std::unique_ptr<Log>> open(const std::filesystem::path& directory,
                                                         LogOptions options, Faults faults);
  /// Only while nothing is being committed.
  [[nodiscard]] static CommitTimes commit_times(const Log& log);
};

}  // namespace mj::evidence
