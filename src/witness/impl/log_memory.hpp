#pragma once

#include <cstdint>
#include <filesystem>
#include <mutex>
#include <optional>
#include <string>

#include "mj/evidence_format/checkpoint.hpp"
#include "mj/kernel/bytes.hpp"
#include "mj/kernel/result.hpp"
#include "mj/witness/witness.hpp"

namespace mj::witness {

/// The name of a log in addresses and files: lower-case hexadecimal SHA-256 of its origin. Source: c2sp.org/tlog-witness.
[[nodiscard]] std::string origin_hash(std::string_view origin);

/// The newest checkpoint of a log that this witness cosigned.
struct Cosigned {
  evidence_format::Checkpoint checkpoint;
  std::string note;               ///< signatures of the log, then ours
  std::int64_t unix_seconds = 0;  ///< of our signature
  std::uint64_t count = 0;        ///< cosignatures given for this log so far
};

/// The file `state/<origin hash>`: a line `cosigned <count>`, an empty line, the note. Our own signature in the note guards it.
/// Errors: damaged.
[[nodiscard]] Result<Cosigned> read_state(const std::filesystem::path& file,
                                          const evidence_format::VerifierKey& own);
/// Replaces it durably.
Status write_state(const std::filesystem::path& file, const Cosigned& state);

/// A checkpoint that a log signed and that does not follow from what is remembered, kept as proof.
struct Refusal {
  Instant at;
  bool contradiction =
      false;  ///< two signed roots of one size. Otherwise only the proof is wrong, which anybody can have sent
  std::string checkpoint;  ///< text of the submitted one
  std::string reason;
  std::string remembered;  ///< note with our cosignature
  std::string submitted;   ///< body of the request
};
/// Refusals under `refused/<origin hash>/`. Each checkpoint is kept once, and at most 100 of a log and kind.
struct Refusals {
  std::uint64_t count = 0;
  std::string newest_reason;
};
[[nodiscard]] Result<Refusals> read_refusals(const std::filesystem::path& directory);
/// True when it was not kept before.
[[nodiscard]] Result<bool> keep_refusal(const std::filesystem::path& directory, const Refusal& refusal);

/// All that is known of one log. Thread: `mutex` guards everything but the origin.
struct LogMemory {
  explicit LogMemory(std::string name) : origin(std::move(name)) {}

  const std::string origin;
  mutable std::mutex mutex;
  std::optional<WatchedLog> watched;  ///< none: no longer in the list
  std::optional<Cosigned> newest;
  Refusals refusals;

  [[nodiscard]] std::uint64_t size() const { return newest ? newest->checkpoint.size : 0; }
};

}  // namespace mj::witness
