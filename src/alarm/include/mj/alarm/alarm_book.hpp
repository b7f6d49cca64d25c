#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "mj/alarm/alarm.hpp"
#include "mj/alarm/limit.hpp"
#include "mj/evidence/log.hpp"
#include "mj/kernel/result.hpp"
#include "mj/registry/device_register.hpp"
#include "mj/registry/network.hpp"
#include "mj/standards/standard_set.hpp"

namespace mj::alarm {

/// Which alarms to list; newest first.
struct AlarmQuery {
  enum class State { open, cleared, all };
  State state = State::all;
  std::optional<std::string> point = std::nullopt;
  std::optional<std::int64_t> before = std::nullopt;  ///< only ids below
  std::size_t limit = 50;
};

/// The book of alarms 报警台账: a follower of the evidence log that keeps its position and its alarms in one SQLite
/// database, committed together, so that every value is judged exactly once. Alarms are a function of the log, the
/// limits, the standards and the network: when one of those changed, open() begins anew from the log.
/// Thread: consume() from one thread; everything else from any.
class AlarmBook {
 public:
  /// Opens or creates `directory`/alarms.sqlite. Errors: invalid_input when a limit's unit cannot be compared with
  /// that of a point it covers; unavailable when the directory cannot be used. `devices` must outlive the book.
  [[nodiscard]] static Result<std::unique_ptr<AlarmBook>> open(const std::filesystem::path& directory,
                                                               const registry::Network& network,
                                                               const registry::DeviceRegister& devices,
                                                               LimitSet limits, standards::StandardSet standards);
  ~AlarmBook();
  AlarmBook(const AlarmBook&) = delete;
  AlarmBook& operator=(const AlarmBook&) = delete;

  /// Judges the next entries of the log; returns how many were processed (0 = up to date).
  /// Errors: damaged when the log is; unavailable when the database cannot be written. Nothing is half done.
  [[nodiscard]] Result<std::size_t> consume(const evidence::Log& log);
  /// Commits the position also when no alarm changed since; for an orderly stop.
  Status flush();

  /// Entries processed; the next consume() begins here.
  [[nodiscard]] std::uint64_t position() const;

  /// Errors: unavailable when the database cannot be read.
  [[nodiscard]] Result<std::vector<Alarm>> list(const AlarmQuery& query) const;
  /// Errors: not_found.
  [[nodiscard]] Result<Alarm> find(AlarmId id) const;
  /// Open alarms by point; points without one are absent.
  [[nodiscard]] std::map<std::string, std::size_t> open_counts() const;
  /// Canonical codes of the factors of a point with an open alarm, each once.
  [[nodiscard]] std::vector<std::string> open_factors(std::string_view point) const;
  [[nodiscard]] const LimitSet& limits() const;

  /// Records that a person took note: appends a decision to the evidence log, waits until this book has consumed it
  /// and returns the alarm. `now` is the time of the act. Errors: invalid_input for a missing or too long name or
  /// reason; not_found; conflict when it is acknowledged already; unavailable when the log cannot commit or nobody
  /// consumed within the time (then the act is durable and will take effect).
  [[nodiscard]] Result<Alarm> acknowledge(evidence::Log& log, AlarmId id, std::string_view name,
                                          std::string_view reason, Instant now, int timeout_ms = 5000);

  /// Called on the consuming thread after the commit, once per alarm changed in it (its last change). Set before the
  /// first consume().
  void on_change(std::function<void(const Alarm&, Change)> listener);

 private:
  struct Impl;
  explicit AlarmBook(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

/// Deletes the book under `directory`, so that the next open() derives it again from the log.
Status remove_book(const std::filesystem::path& directory);

}  // namespace mj::alarm
