#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "mj/evidence/log.hpp"
#include "mj/evidence_format/checkpoint.hpp"
#include "mj/evidence_format/timestamp.hpp"
#include "mj/kernel/instant.hpp"
#include "mj/kernel/result.hpp"
#include "mj/runtime/clock.hpp"

namespace mj::anchoring {

/// Who else remembers our checkpoints, and how often they are asked. Data: evidence.toml of the data directory.
struct Options {
  struct WitnessAt {
    std::string url;  ///< submission prefix, "http://10.0.0.7:8085"
    evidence_format::VerifierKey key;
  };
  std::vector<WitnessAt> witnesses;
  std::size_t quorum = 0;  ///< n of the witnesses above
  std::int64_t witness_interval_ms = 10'000;
  std::string timestamp_url;                  ///< RFC 3161 authority; empty = none
  std::string timestamp_trusted_pem;          ///< certificates that are trusted
  std::int64_t anchor_interval_ms = 300'000;  ///< an anchor entry and a time stamp at most so often
  std::int64_t request_timeout_ms = 5'000;

  /// Errors: invalid_input with file, line and what is wrong; not_found for a certificate file.
  [[nodiscard]] static Result<Options> load(const std::filesystem::path& file);
  [[nodiscard]] evidence_format::WitnessPolicy policy() const;
};

/// An anchor 锚点: a checkpoint with the cosignatures of witnesses and, when there is an authority, a time-stamp response over the
/// SHA-256 of its text. An entry (event `log.anchor`) of the log.
struct Anchor {
  std::uint64_t size = 0;
  std::string note;
  Bytes timestamp;  ///< DER; empty = none
  Instant at;
  std::uint64_t entry = 0;
};

/// How one witness stands.
struct WitnessState {
  std::string name;
  std::string url;
  std::optional<Instant> cosigned_at;  ///< its newest cosignature that we hold
  std::uint64_t cosigned_size = 0;
  std::string trouble;  ///< why the last attempt failed; empty = it did not
};

/// Something that must not be: the log is refused by a witness. Told to people and recorded as event `log.alert`.
struct Alert {
  enum class Kind { rollback, fork, damage };
  Kind kind = Kind::rollback;
  std::string subject;  ///< the witness, or the damaged place
  std::string text;     ///< what and what to do, English
  Instant at;
  std::uint64_t entry = 0;
};

struct State {
  std::vector<WitnessState> witnesses;
  std::size_t quorum = 0;
  std::string witnessed_note;  ///< newest checkpoint that enough witnesses signed; empty = none yet
  std::uint64_t witnessed_size = 0;
  std::optional<Instant> witnessed_at;  ///< when the quorum was reached (the quorum-th newest cosignature)
  std::optional<Instant> stamped_at;    ///< newest time stamp
  std::string stamp_trouble;
  std::vector<Alert> alerts;  ///< newest first, at most 100
  bool refused =
      false;  ///< a witness holds another or longer history than ours: nothing we publish now is trustworthy
};

/// Carries our checkpoints to the witnesses and to the time-stamp authority, and keeps what they answer 检查点锚定.
/// Thread: consume() from one thread, run() from another; everything else from any.
class Anchoring {
 public:
  /// `directory`: of the derived index (anchors.sqlite).
  [[nodiscard]] static Result<std::unique_ptr<Anchoring>> open(const std::filesystem::path& directory,
                                                               evidence::Log& log, Options options,
                                                               runtime::Clock clock);
  ~Anchoring();
  Anchoring(const Anchoring&) = delete;
  Anchoring& operator=(const Anchoring&) = delete;

  /// Asks every witness once whether it knows a longer or another history than the log's: before devices are let in. A witness that
  /// does not answer in time is no objection. Errors: conflict (rollback or fork) with what to do.
  Status check_before_start();
  /// Body of the thread `anchors`.
  void run(const std::stop_token& stop);
  /// Follows the log for anchors and alerts; returns how many entries were read.
  [[nodiscard]] Result<std::size_t> consume();
  [[nodiscard]] std::uint64_t position() const;
  /// Called on the threads above when state() has changed.
  void on_change(std::function<void()> listener);

  /// One round at once: checkpoint, witnesses, anchor. Errors: unavailable when fewer than the quorum signed.
  [[nodiscard]] Result<Anchor> anchor_now();
  [[nodiscard]] State state() const;
  [[nodiscard]] const Options& options() const;
  /// The oldest anchor that covers an entry and that enough witnesses signed (or that is time-stamped, when the quorum is 0).
  [[nodiscard]] Result<std::optional<Anchor>> first_covering(std::uint64_t entry) const;
  [[nodiscard]] Result<std::vector<Anchor>> newest(std::size_t limit) const;
  /// Records and tells of an alert.
  Status raise(const Alert& alert);

 private:
  struct Impl;
  explicit Anchoring(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace mj::anchoring
