#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "mj/evidence_format/key_ring.hpp"
#include "mj/evidence_format/note.hpp"
#include "mj/kernel/instant.hpp"
#include "mj/kernel/result.hpp"
#include "mj/runtime/clock.hpp"

namespace mj::witness {

/// A log that a witness watches.
struct WatchedLog {
  std::string origin;
  std::vector<evidence_format::VerifierKey> keys;  ///< every one of them must have signed
  /// The statements about its keys; then `keys` stays empty and the keys follow from the size of the checkpoint.
  std::optional<evidence_format::KeyRing> ring;

  /// The log that a key ring speaks of.
  [[nodiscard]] static WatchedLog of(evidence_format::KeyRing ring);
};

/// The list `logs.toml` of a witness's directory. Errors: damaged with file and line. A missing file is an empty list.
[[nodiscard]] Result<std::vector<WatchedLog>> watched_logs(const std::filesystem::path& directory);
/// Adds a log to the list, or replaces its keys, durably; a running witness takes notice by itself. A key ring must extend the one
/// trusted before; one that goes on under another origin (succeed) is added beside the old log, whose end it tells.
/// Errors: conflict for a ring that does not extend, or plain keys for a log with a ring; invalid_input for a log without keys.
Status trust(const std::filesystem::path& directory, const WatchedLog& log);

/// What a witness remembers of a log.
struct Remembered {
  std::string origin;
  std::uint64_t size = 0;
  std::string note;  ///< newest checkpoint, with our cosignature; empty before the first
  Instant at;        ///< of that cosignature
  std::uint64_t cosigned = 0;
  std::uint64_t refused =
      0;  ///< signed checkpoints that contradict what is remembered; each is kept under refused/
  std::string last_refusal;  ///< why, empty = never
  bool watched = true;       ///< false: no longer in the list
};

/// The answer to one request, as HTTP has it.
struct Answer {
  int status = 200;
  std::string content_type = "text/plain; charset=utf-8";
  std::string body;
};

/// A witness 见证方: another department's small service. It remembers the newest checkpoint of each log, and signs a newer one
/// only when that extends it. Source: c2sp.org/tlog-witness, c2sp.org/tlog-cosignature.
/// Thread: every member from any thread; requests for one log are taken one after another.
class Witness {
 public:
  /// Opens the state of the witness: its key (made when missing, PEM encrypted under passphrase_file), its list of logs
  /// (`logs.toml`), what it remembers. `name` may be empty when there is a key already.
  /// Errors: damaged; unavailable; conflict when another process has it open, or the key has another name.
  [[nodiscard]] static Result<std::unique_ptr<Witness>> open(const std::filesystem::path& directory,
                                                             std::string name,
                                                             const std::filesystem::path& passphrase_file,
                                                             runtime::Clock clock);
  ~Witness();
  Witness(const Witness&) = delete;
  Witness& operator=(const Witness&) = delete;

  [[nodiscard]] const evidence_format::VerifierKey& key() const;
  /// trust() for this witness, in force when it returns.
  Status watch(const WatchedLog& log);
  /// By origin.
  [[nodiscard]] std::vector<Remembered> remembered() const;

  /// `POST /add-checkpoint`. The new state is durable before the cosignature is answered. A checkpoint that is signed by the log and
  /// contradicts what is remembered is kept as proof under `refused/` and logged.
  [[nodiscard]] Answer add_checkpoint(std::string_view body);
  /// `GET /<hex of SHA-256 of origin>/checkpoint`.
  [[nodiscard]] Answer checkpoint_of(std::string_view origin_hash) const;

 private:
  struct Impl;
  explicit Witness(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

/// The public key of the witness of a directory. Errors: not_found; damaged.
[[nodiscard]] Result<evidence_format::VerifierKey> read_key(const std::filesystem::path& directory);

}  // namespace mj::witness
