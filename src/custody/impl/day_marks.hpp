#pragma once

#include <map>
#include <optional>
#include <set>
#include <vector>

#include "device_chains.hpp"

namespace mj::custody {

/// Where a day ended in the log, and how the chains stood there.
struct Mark {
  std::uint64_t entry = 0;  ///< the first entry that no longer belongs to the day
  std::vector<ChainState> states;
};

/// Where a day ended. Neither: before everything that is known.
struct DayEnd {
  bool open = false;           ///< it goes on to the position of the book
  const Mark* mark = nullptr;  ///< or it ended here
};

/// Finds out where the days end while the log is read 日界. A day ends at the first entry received after it, seen from the last
/// entry received on it: a clock that steps back over midnight, or forward and back again, moves the end.
class DayMarks {
 public:
  /// Of each entry, before it is added to a chain.
  void step(Instant received_at, std::uint64_t entry, const DeviceChains& chains) {
    if (received_at.ms() >= begin_ms_ && received_at.ms() < end_ms_) return;
    change_day(received_at, entry, chains);
  }

  /// Where `day` ended.
  [[nodiscard]] DayEnd find(Instant day) const;
  /// Forgets what no day after `closed` needs.
  void prune(Instant closed);

  [[nodiscard]] std::optional<Instant> first_day() const { return first_day_; }
  [[nodiscard]] std::optional<Instant> current_day() const { return current_day_; }

  [[nodiscard]] const std::map<Instant, Mark>& marks() const { return marks_; }
  /// Days whose mark was made, moved or removed since forget_changes().
  [[nodiscard]] const std::set<Instant>& changed() const { return changed_; }
  void forget_changes() { changed_.clear(); }
  void load(std::optional<Instant> first_day, std::optional<Instant> current_day, std::map<Instant, Mark> marks);

 private:
  void change_day(Instant received_at, std::uint64_t entry, const DeviceChains& chains);
  void enter(Instant day);
  std::int64_t begin_ms_ = 0;  ///< the current day; empty at first
  std::int64_t end_ms_ = 0;
  std::optional<Instant> first_day_;
  std::optional<Instant> current_day_;
  std::map<Instant, Mark> marks_;
  std::set<Instant> changed_;
};

}  // namespace mj::custody
