#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "mj/evaluation/evaluator.hpp"
#include "mj/evaluation/result.hpp"
#include "mj/kernel/result.hpp"

namespace mj::evaluation {

/// Which stored results; what is empty does not matter.
struct FigureQuery {
  std::string element;
  std::optional<Level> level;
  std::string subject;
  std::string indicator;
  std::optional<PeriodKind> kind;
  std::optional<Instant> from;  ///< begin of the period, inclusive
  std::optional<Instant> to;    ///< exclusive
  bool graded = false;          ///< only those with a grade
};

enum class RunKind : std::uint8_t { full, range, new_values };
/// "full", "range", "new_values".
[[nodiscard]] std::string_view name(RunKind kind);
enum class RunState : std::uint8_t { running, done, cancelled, failed };
/// "running", "done", "cancelled", "failed".
[[nodiscard]] std::string_view name(RunState state);

/// One run of the evaluation of one element 评价运行.
struct Run {
  std::uint32_t id = 0;
  std::string element;
  RunKind kind = RunKind::full;
  std::optional<Instant> from;
  std::optional<Instant> to;
  RunState state = RunState::running;
  Instant started_at;
  std::optional<Instant> ended_at;
  std::uint64_t done = 0;   ///< values read
  std::uint64_t total = 0;  ///< values to read
  double rate = 0;          ///< values a second
  std::optional<double> remaining_s;
  std::uint64_t rows = 0;      ///< results written
  std::uint64_t position = 0;  ///< entries of the log that were taken into account
  std::string standards;       ///< digest of the standards
  std::string roster;          ///< digest of the register as it was used
  std::string text;            ///< why it failed
};

/// How far an element is evaluated, and on what grounds: what differs makes everything be evaluated anew.
struct ElementState {
  std::uint64_t position = 0;
  std::string standards;
  std::string roster;
  bool operator==(const ElementState&) const = default;
};

/// What the register said of a point when it was evaluated last.
struct PointMark {
  std::string point;
  std::string digest;  ///< Roster::digest_of()
  std::vector<std::pair<Level, std::string>> groups;
};

/// Subjects whose results are touched.
using SubjectSet = std::set<std::pair<Level, std::string>>;

struct ResultStoreOptions {
  std::uint64_t memory_bytes = 160ULL << 20;
  int threads = 2;
};

/// Materialised results 评价结果库 in DuckDB; derived, may be deleted at any time. A run writes in one transaction, so that
/// queries see all of it or nothing. Thread: one writer; queries from any.
class ResultStore {
 public:
  /// Opens or creates `directory`/evaluation.duckdb; one of another layout or that cannot be opened is made anew.
  /// Errors: unavailable.
  [[nodiscard]] static Result<std::unique_ptr<ResultStore>> open(const std::filesystem::path& directory,
                                                                 ResultStoreOptions options = {});
  ~ResultStore();
  ResultStore(const ResultStore&) = delete;
  ResultStore& operator=(const ResultStore&) = delete;

  /// The writing of one run. Rolled back when it is destroyed without commit().
  class Session {
   public:
    ~Session();
    Session(const Session&) = delete;
    Session& operator=(const Session&) = delete;

    /// Deletes all results of the element.
    Status erase_all();
    /// Deletes what judge() gave for these points with a period that begins in [from, to).
    Status erase_judged(std::span<const std::string> points, Instant from, Instant to);
    /// Deletes what judge() ever gave for these points.
    Status erase_judged(std::span<const std::string> points);
    /// Deletes what summarise() gave for these periods; `subjects`: of these only, null = of all.
    Status erase_summaries(std::span<const EvaluationPeriod> periods, const SubjectSet* subjects = nullptr);
    /// Rows come from judge() until begin_summaries(), then from summarise().
    Status add(const Row& row);
    [[nodiscard]] std::uint16_t grade(const Grade& grade);
    Status begin_summaries();
    /// Results of judge() of this element, with those of this session. `place` gives the place of a point in the roster;
    /// `points`: of these only, null = of all.
    Status read_judged(const std::function<std::optional<std::size_t>(std::string_view)>& place, PeriodKind kind,
                       Instant from, Instant to, const std::function<Status(const PointRow&)>& visit,
                       const std::vector<std::string>* points = nullptr);
    [[nodiscard]] std::uint64_t rows() const;
    /// Records what the register says now of all points of the element, in the place of what was recorded.
    Status mark(std::span<const PointMark> points);
    /// Records the run and how far the element is now, and commits.
    Status commit(const Run& run, const ElementState& state);

   private:
    friend class ResultStore;
    struct Impl;
    explicit Session(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> impl_;
  };
  /// Errors: unavailable.
  [[nodiscard]] Result<std::unique_ptr<Session>> begin(const Evaluator& evaluator, std::uint32_t run);
  /// Records a run that was cancelled or failed.
  Status record(const Run& run);
  [[nodiscard]] std::uint32_t next_run() const;
  /// Newest first.
  [[nodiscard]] Result<std::vector<Run>> runs(std::size_t limit) const;
  [[nodiscard]] Result<std::optional<Run>> run(std::uint32_t id) const;
  /// None when the element was never evaluated.
  [[nodiscard]] Result<std::optional<ElementState>> state(std::string_view element) const;

  /// What the register said when the element was evaluated last, by point.
  [[nodiscard]] Result<std::vector<PointMark>> marks(std::string_view element) const;

  /// Ordered by period, level, subject, indicator.
  [[nodiscard]] Result<std::vector<Figure>> figures(const FigureQuery& query) const;
  /// Begin of the oldest and of the newest period of a kind with results.
  struct Extent {
    std::optional<Instant> oldest;
    std::optional<Instant> newest;
  };
  [[nodiscard]] Result<Extent> extent(std::string_view element, std::optional<PeriodKind> kind,
                                      std::string_view indicator = {}) const;
  /// The smallest group that has results of this id; none when there is none.
  [[nodiscard]] Result<std::optional<Level>> level_of(std::string_view element, std::string_view subject) const;
  /// Over everything but the numbers of runs: equal digests mean equal results.
  [[nodiscard]] Result<std::string> digest() const;
  [[nodiscard]] Result<std::uint64_t> count() const;

 private:
  struct Impl;
  explicit ResultStore(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

/// Deletes the results under `directory`; the next open() begins anew.
Status remove_results(const std::filesystem::path& directory);

}  // namespace mj::evaluation
