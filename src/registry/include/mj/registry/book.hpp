#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "mj/evidence/log.hpp"
#include "mj/kernel/instant.hpp"
#include "mj/kernel/result.hpp"
#include "mj/registry/author.hpp"
#include "mj/registry/point_set.hpp"
#include "mj/registry/record.hpp"
#include "mj/registry/register_schema.hpp"

namespace mj::registry {

/// Which records are asked for; what is empty does not matter.
struct RecordFilter {
  std::string text{};                  ///< part of the id or of a name, capital or small
  std::string region{};                ///< in this region or one below it
  Attributes equal{};                  ///< attributes that must have exactly this value, e.g. element = "air"
  std::optional<RecordState> state{};  ///< none: whatever the state
};

/// For which day, and as known when.
struct AsOf {
  Day day;
  std::optional<std::uint64_t> known_at;  ///< as known when this entry was the newest one; none: as known now
};

/// What is wrong with a change.
struct RowFault {
  std::size_t row = 0;   ///< which change, from 1
  std::size_t line = 0;  ///< of the file it comes from; 0 when it comes from none
  std::string column;    ///< attribute; empty when it is about the whole row
  std::string text;
};

/// What somebody should look at, although it is no fault.
struct Hint {
  enum class Why {
    near,            ///< two points of one element nearer than the rule says
    same_owner,      ///< the same owner and factors, near each other
    same_place,      ///< exactly the same coordinates
    outside_region,  ///< a point outside its region
    swapped,         ///< longitude and latitude seem to be exchanged
  };
  std::string a;
  std::string b;  ///< the other point, or the region
  double distance_m = 0;
  Why why = Why::near;
};
/// "near", "same_owner" …
[[nodiscard]] std::string_view name(Hint::Why why);
[[nodiscard]] LocalName title(Hint::Why why);

/// What a set of changes would do 预检.
struct Plan {
  std::size_t rows = 0;
  std::size_t added = 0;
  std::size_t changed = 0;       ///< changed, moved, stopped or resumed
  std::size_t unchanged = 0;     ///< nothing about the record would be different
  std::vector<RowFault> faults;  ///< at most 200, in order of the rows
  std::size_t faulty_rows = 0;
  std::size_t retired =
      0;  ///< points made only of data that another one now stands for; their stops are among `changes`
  std::vector<Hint> hints;      ///< about points that the changes touch, at most 200
  std::vector<Change> changes;  ///< the good rows that change something, canonical, action filled in
};

/// What was done.
struct Applied {
  Plan plan;
  std::vector<std::uint64_t> entries;  ///< decisions written; none when nothing changed
};

/// What should happen when some rows are faulty.
enum class Faulty { refuse_all, skip };

/// The register 登记册: every organisation, region, river, site, point, instrument … with its history. Effective-dated: each change
/// holds from a day on, and is a decision `register.change` in the evidence log (docs/formats/decisions.md). A follower
/// that keeps those decisions in SQLite with its position. Records, histories and points are read from an immutable
/// snapshot. Thread: any, for everything.
class Book {
 public:
  /// Opens or creates `directory`/book.sqlite, which can be derived again. `schema` must outlive the book.
  [[nodiscard]] static Result<std::unique_ptr<Book>> open(const std::filesystem::path& directory,
                                                          const RegisterSchema& schema);
  ~Book();
  Book(const Book&) = delete;
  Book& operator=(const Book&) = delete;

  [[nodiscard]] const RegisterSchema& schema() const;

  /// Takes the next entries of the log; returns how many (0 = up to date).
  [[nodiscard]] Result<std::size_t> consume(const evidence::Log& log);
  [[nodiscard]] std::uint64_t position() const;
  /// Waits until the position is beyond `entries`, the time passes or stop is requested; returns position().
  std::uint64_t wait_beyond(std::uint64_t entries, int timeout_ms, std::stop_token stop) const;
  /// Grows with every change: what was computed from the book at the same number still holds.
  [[nodiscard]] std::uint64_t revision() const;

  /// Records of a kind, ordered by id.
  [[nodiscard]] std::vector<Record> records(std::string_view kind, AsOf as_of,
                                            const RecordFilter& filter = {}) const;
  /// None when there is no such record on that day.
  [[nodiscard]] std::optional<Record> record(std::string_view kind, std::string_view id, AsOf as_of) const;
  /// Whether there is or was such a record at all.
  [[nodiscard]] bool knows(std::string_view kind, std::string_view id) const;
  /// Changes of a record in the order in which they take effect; empty when there is no such record.
  [[nodiscard]] std::vector<HistoryStep> history(std::string_view kind, std::string_view id) const;
  /// Records of a kind that are not stopped on that day.
  [[nodiscard]] std::size_t count(std::string_view kind, Day day) const;
  /// Points of a day as values; the same snapshot is handed out until something changes. Never null.
  [[nodiscard]] std::shared_ptr<const PointSet> points(Day day) const;

  /// The dry run of apply(). `approval` is that of all changes which have none of their own; a change that needs one and has
  /// none is faulty.
  [[nodiscard]] Plan plan(std::span<const Change> changes, const std::optional<Approval>& approval) const;
  /// Checks all changes against the register as it will be on their days, records the good ones as decisions (one atomic
  /// batch) and takes them in. Errors: invalid_input (author; with Faulty::refuse_all the first fault, nothing is
  /// recorded); unavailable. Concurrent calls wait for each other.
  [[nodiscard]] Result<Applied> apply(evidence::Log& log, std::span<const Change> changes,
                                      const std::optional<Approval>& approval, const Author& author, Instant now,
                                      Faulty faulty = Faulty::refuse_all);

  /// Points that look like one and the same, and points in a wrong place, on that day. `element` empty: of all;
  /// `distance_m`: instead of the distances of the schema.
  [[nodiscard]] std::vector<Hint> duplicates(Day day, std::string_view element = {},
                                             std::optional<double> distance_m = std::nullopt) const;

 private:
  struct Impl;
  explicit Book(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

/// Removes book.sqlite, so that it is derived again. Errors: unavailable.
Status remove_book(const std::filesystem::path& directory);

}  // namespace mj::registry
