#pragma once

#include <mutex>
#include <unordered_set>

#include "book_table.hpp"
#include "day_marks.hpp"
#include "device_chains.hpp"
#include "mj/custody/custody_book.hpp"
#include "mj/outbox/outbox.hpp"

namespace mj::custody {

struct CustodyBook::Impl {
  Impl(const registry::Network& registered, Rules the_rules) : network(registered), rules(the_rules) {}

  const registry::Network& network;
  const Rules rules;

  /// Guards everything below. Held while a batch is read and while SQL runs, never while the series store is asked.
  mutable std::mutex mutex;
  std::unique_ptr<BookTable> table;
  DeviceChains chains;
  DayMarks marks;
  std::unordered_map<std::string, std::vector<Explanation>> explanations;  ///< by device
  BookTable::Book book;         ///< book.position: entries processed, not necessarily committed
  std::uint64_t committed = 0;  ///< position in the table
  std::vector<std::pair<DeviceNumber, StatementRow>> new_statements;  ///< since the last commit
  std::vector<Explanation> new_explanations;
  std::unordered_set<std::string> explained;  ///< devices whose closed days an explanation may have changed
  bool reload = false;                        ///< memory and table may differ: read the table again
  const evidence::Log* log = nullptr;

  /// What the log held when the day `day` was found to be over.
  struct Required {
    Instant day;
    std::uint64_t size = 0;
  };
  std::optional<Required> required;
  std::uint64_t said_until = 0;  ///< statements that were relayed stand before this entry
  Bytes encoded;                 ///< reused from entry to entry
  /// outbox::relay; tests of dying processes put another in its place.
  std::function<Result<outbox::Relayed>(soci::session&, evidence::Log&)> relay = outbox::relay;

  Status load();
  Status commit();
  Status commit_if_dirty();
  Status begin_anew();
  Status step(const evidence::StoredEntry& stored);
  void take_statement(const evidence::StoredEntry& stored);
  void take_explanation(const evidence::StoredEntry& stored);

  /// The day to close next; none when all that are over are closed.
  [[nodiscard]] std::optional<Instant> due(Instant now) const;
  /// Statements to make now.
  struct Round {
    std::optional<Instant> closing;    ///< the day that is closed
    Instant from;                      ///< first day that is looked at again
    Instant to;                        ///< end of the last
    std::vector<std::string> devices;  ///< empty = all
  };
  [[nodiscard]] Result<std::optional<Round>> begin_round(evidence::Log& to_log, const telemetry::Store& store,
                                                         Instant now);
  /// Figures of days that were stated: device number → said, by day.
  using SaidByDay = std::map<Instant, std::unordered_map<DeviceNumber, BookTable::Said>>;
  struct Figures {
    std::unordered_map<std::string, DayStatement> closing;  ///< figures only, of the day that is closed
    std::vector<DayStatement> revised;                      ///< figures, device, day and revision
  };
  [[nodiscard]] Result<Figures> read_figures(const telemetry::Store& store, const Round& round,
                                             const SaidByDay& said) const;
  [[nodiscard]] Result<std::vector<DayStatement>> close(Instant day, Figures& figures) const;
  [[nodiscard]] Result<std::vector<DayStatement>> revise(Figures& figures);
  [[nodiscard]] Result<std::size_t> say(evidence::Log& to_log, std::vector<DayStatement> statements,
                                        std::optional<Instant> closing, Instant now);

  /// The statements that payloads with their entries hold. Errors: damaged.
  [[nodiscard]] static Result<std::vector<DayStatement>> read_statements(
      const std::vector<std::pair<std::uint64_t, std::string>>& payloads);
  /// Runs `use` on the table with everything read so far in it.
  template <typename Use>
  auto with_table(Use&& use) -> decltype(use(*table)) {
    const std::lock_guard lock(mutex);
    if (Status done = commit_if_dirty(); !done) return done.error();
    try {
      return use(*table);
    } catch (const std::exception& failure) {
      return Error(ErrorCode::unavailable, fmt::format("the book of custody cannot be read: {}", failure.what()));
    }
  }
};

/// The entry `index` and its leaf hash, when it belongs to the chain of `device`. Errors: damaged; those of Log::read().
[[nodiscard]] Result<Digest> leaf_in_log(const evidence::Log& log, std::uint64_t index, std::string_view device);

}  // namespace mj::custody
