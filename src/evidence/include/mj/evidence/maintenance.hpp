#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "mj/evidence/backup.hpp"
#include "mj/evidence/log.hpp"
#include "mj/kernel/instant.hpp"
#include "mj/kernel/result.hpp"
#include "mj/runtime/clock.hpp"

namespace mj::evidence {

struct MaintenanceOptions {
  bool compress = true;  ///< sealed segments, by zstd
  int compression_level = 3;
  std::uint64_t scrub_bytes_per_s = 8ULL << 20;   ///< 0 = no scrubbing
  std::int64_t scrub_pause_ms = 24LL * 3600'000;  ///< from the end of one pass to the next
};

/// What is known of the health and growth of the log's files.
struct MaintenanceState {
  std::uint64_t scrubbed_bytes = 0;  ///< of the pass under way
  std::uint64_t scrub_bytes = 0;     ///< what the pass has to read; 0 = none under way
  std::optional<Instant> last_pass;  ///< end of the last whole pass
  std::string damage;                ///< first damaged place that a pass found; empty = none
  std::uint64_t raw_bytes = 0;       ///< of all segments before compression
  std::uint64_t stored_bytes = 0;    ///< on disk: segments and trees
  std::uint64_t compressed_segments = 0;
  std::uint64_t segments = 0;
  std::uint64_t retired_segments = 0;
  double bytes_per_day = 0;  ///< growth on disk over the last days that are known; 0 = unknown
  std::uint64_t free_bytes = 0;
  std::optional<Instant> full_at;  ///< when the disk is full at this rate 预计写满时间
};

/// Compresses sealed segments, one at a time, and reads everything again at a limited rate 巡检, comparing it with the tree.
/// Thread: its own, at low priority.
class Maintenance {
 public:
  /// `log` outlives it. `on_damage` is told once of each damaged place, on the maintenance thread.
  [[nodiscard]] static std::unique_ptr<Maintenance> start(const Log& log, const std::filesystem::path& directory,
                                                          MaintenanceOptions options, runtime::Clock clock,
                                                          std::function<void(const std::string&)> on_damage);
  ~Maintenance();
  Maintenance(const Maintenance&) = delete;
  Maintenance& operator=(const Maintenance&) = delete;
  [[nodiscard]] MaintenanceState state() const;
  /// Begins a pass at once.
  void scrub_now();

 private:
  struct Impl;
  explicit Maintenance(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

/// What is known of the files of a log that may be open or not; without the part about scrubbing.
/// Errors: not_found; damaged, unavailable.
[[nodiscard]] Result<MaintenanceState> measure(const std::filesystem::path& directory, Instant now);

struct CompressionReport {
  std::uint64_t segments = 0;  ///< compressed now
  std::uint64_t raw_bytes = 0;
  std::uint64_t stored_bytes = 0;
};
/// Compresses every sealed segment that is still raw; the log may be open. Errors: not_found; damaged; unavailable.
[[nodiscard]] Result<CompressionReport> compress(const std::filesystem::path& directory, int level,
                                                 const Progress& progress = {});

struct ScrubReport {
  std::uint64_t segments = 0;
  std::uint64_t bytes = 0;          ///< of segments before compression
  std::vector<std::string> damage;  ///< every damaged place, at most one a segment
};
/// One pass of what Maintenance does in the background, over a log that may be open or not. `bytes_per_s` 0 = as fast as it goes.
/// Errors: not_found; damaged when keys or checkpoint are; unavailable.
[[nodiscard]] Result<ScrubReport> scrub(const std::filesystem::path& directory, std::uint64_t bytes_per_s,
                                        const Progress& progress = {});

struct Retirement {
  std::string by;
  std::string reason;
  Instant before;                 ///< only sealed segments whose newest entry is older
  std::filesystem::path archive;  ///< a backup that holds them; checked byte by byte first
};
/// Takes old sealed segments off the disk 到期移出 after a decision in the log names them, their digests and the archive. Their
/// hashes stay: proofs of other entries, and of these from the archive, still hold. Without this call nothing is ever removed.
/// The log is open (`log`). Returns the numbers of the segments. Errors: invalid_input; damaged when the archive differs; not_found
/// when nothing is due.
[[nodiscard]] Result<std::vector<std::uint32_t>> retire(Log& log, const std::filesystem::path& directory,
                                                        const Retirement& retirement, runtime::Clock clock);

/// Puts retired segments back from an archive, each compared with the digest that the decision names; the log may be open.
/// Returns their numbers. Errors: not_found when nothing is retired or the archive holds none of it; damaged when the archive differs.
[[nodiscard]] Result<std::vector<std::uint32_t>> bring_back(const std::filesystem::path& directory,
                                                            const std::filesystem::path& archive);

}  // namespace mj::evidence
