#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "mj/evidence/log.hpp"
#include "mj/evidence_format/entry.hpp"
#include "mj/kernel/bytes.hpp"
#include "mj/kernel/instant.hpp"
#include "mj/kernel/result.hpp"
#include "mj/registry/network.hpp"
#include "mj/telemetry/store.hpp"

namespace mj::custody {

/// The chain of a device's entries 设备序列链: link 0 = SHA-256("mingjian device chain v1\n" ‖ MN), link k = SHA-256(link k−1 ‖
/// leaf hash of the device's k-th entry). An entry left out, added or moved changes every later link.
[[nodiscard]] Digest chain_start(std::string_view device);
[[nodiscard]] Digest chain_next(const Digest& link, const Digest& leaf);
/// Whether an entry belongs to the chain of the device that it names: everything but events, which we make ourselves. The
/// number of a device is UTF-8 without control characters.
[[nodiscard]] bool is_chained(const evidence_format::Entry& entry);

/// A series on a day: received against expected intervals.
struct SeriesDay {
  std::string st;
  std::string cn;
  std::string factor;
  std::string kind;
  std::uint64_t expected = 0;
  std::uint64_t received = 0;
};

/// Missing intervals of a record kind, and whether somebody said why 缺失及说明.
struct Gap {
  std::string cn;
  Instant from;
  Instant to;  ///< exclusive
  std::uint64_t intervals = 0;
  std::optional<std::uint64_t> explained_by;  ///< entry of the decision `gap.explain`
  std::string st;
};

/// "All entries of device X between these places of the log, n of them" 设备日清单, an entry (event `device.day`) of the log.
struct DayStatement {
  std::string device;
  Instant day;                 ///< start of the Beijing day it closes
  std::uint32_t revision = 1;  ///< grows when late data or an explanation changed the day's figures
  std::uint64_t from =
      0;  ///< covers entries [from, to) of the log; `from` = `to` of the device's statement before
  std::uint64_t to = 0;
  std::uint64_t count = 0;     ///< entries of the device within
  std::uint64_t sequence = 0;  ///< number (from 0) of the first of them among all entries of the device
  Digest chain_before{};
  Digest chain_after{};
  std::vector<SeriesDay> series;  ///< by ST, CN, factor, kind
  std::vector<Gap> gaps;          ///< by ST, CN, from
  std::uint64_t more_series = 0;  ///< left out, the entry would be too long
  std::uint64_t more_gaps = 0;    ///< left out: Rules::max_gaps
  std::uint64_t entry = 0;        ///< where it stands
};
/// The JSON of the event, and back. docs/formats/decisions.md. Errors of parse: damaged.
[[nodiscard]] std::string to_json(const DayStatement& statement);
[[nodiscard]] Result<DayStatement> parse_statement(std::string_view json);
/// Whether the entries with these leaf hashes are the ones that the statement is about, all of them, in order.
/// Errors: damaged, saying whether their number or their chain differs.
Status agrees(const DayStatement& statement, std::span<const Digest> leaves);

/// When a day is closed and for how long it may be revised. Data: rules/custody.toml.
struct Rules {
  std::int64_t grace_ms = 1'800'000;  ///< after midnight (Beijing) before a day is closed
  int revise_days = 7;                ///< days whose figures are compared again at each closing
  std::size_t max_gaps = 200;         ///< in one statement
  [[nodiscard]] static Result<Rules> load(const std::filesystem::path& file);
};

/// An entry of a device, with its place in the device's chain.
struct Link {
  std::uint64_t entry = 0;
  std::uint64_t sequence = 0;
  Digest chain{};  ///< after this entry
};

/// Why data are missing, said by a person 缺失说明 (decision `gap.explain`).
struct Explanation {
  std::string device;
  Instant from;
  Instant to;
  std::string name;
  std::string reason;
  std::uint64_t entry = 0;
};

/// The book of custody 存证清册: follows the log, keeps the chain of every device, closes each day with a statement per device.
/// Derived; deleted, it is made again from the log and says nothing twice.
/// Thread: consume() and close_days() from one thread; queries from any.
class CustodyBook {
 public:
  [[nodiscard]] static Result<std::unique_ptr<CustodyBook>> open(const std::filesystem::path& directory,
                                                                 const registry::Network& network, Rules rules);
  ~CustodyBook();
  CustodyBook(const CustodyBook&) = delete;
  CustodyBook& operator=(const CustodyBook&) = delete;

  /// Reads the next entries; returns how many. `log` outlives the book: links() reads it. Errors: damaged; unavailable.
  [[nodiscard]] Result<std::size_t> consume(const evidence::Log& log);
  [[nodiscard]] std::uint64_t position() const;
  /// Closes the days that are over, and revises earlier ones, for every registered or heard-of device: statements go into the
  /// outbox with the tables, then into the log. Only when position() and the store have reached the log's end as it was when
  /// the day was over. One day at a time: call again, after consume(), until nothing is made. An explanation that came since
  /// revises at once. Returns how many statements were made. Errors: those of the log, the store and the outbox; nothing is half said.
  [[nodiscard]] Result<std::size_t> close_days(evidence::Log& log, const telemetry::Store& store, Instant now);
  /// Appends the decision that explains a gap. Errors: invalid_input (unknown device, empty range or words).
  [[nodiscard]] Result<Explanation> explain(evidence::Log& log, Explanation explanation, Instant now);

  /// Newest revision for each day from `from` to `to` (exclusive), newest day first.
  [[nodiscard]] Result<std::vector<DayStatement>> statements(std::string_view device, Instant from,
                                                             Instant to) const;
  /// Newest revisions of the statements that together cover the entries [from, to) of the log for a device, ascending. Errors:
  /// not_found when a part of them is in no statement yet.
  [[nodiscard]] Result<std::vector<DayStatement>> covering(std::string_view device, std::uint64_t from,
                                                           std::uint64_t to) const;
  /// Entries of a device with index in [from, to), ascending. Chains are computed from the log: a few µs an entry. Errors:
  /// unavailable before the first consume(); damaged.
  [[nodiscard]] Result<std::vector<Link>> links(std::string_view device, std::uint64_t from, std::uint64_t to,
                                                std::size_t limit) const;
  /// Places of the newest entries of a device below `before`, newest first; as of the last commit of the book.
  [[nodiscard]] Result<std::vector<std::uint64_t>> newest_entries(std::string_view device, std::uint64_t before,
                                                                  std::size_t limit) const;
  [[nodiscard]] Result<std::vector<Explanation>> explanations(std::string_view device) const;
  /// Recomputes the chain of a device's links from the log and compares it with every statement. Errors: damaged.
  Status check(const evidence::Log& log, std::string_view device) const;
  /// Compares everything that was ever said with the log (outbox::check). Errors: damaged.
  Status check_outbox(const evidence::Log& log) const;
  /// Writes what was read since the last commit; the destructor does, too.
  Status flush();

 private:
  friend struct DyingBook;
  struct Impl;
  explicit CustodyBook(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

/// Deletes the derived book, so that the next open() derives it again.
Status remove_book(const std::filesystem::path& directory);

}  // namespace mj::custody
