#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "mj/evaluation/evaluator.hpp"
#include "mj/evaluation/result_store.hpp"
#include "mj/runtime/clock.hpp"
#include "mj/standards/standard_set.hpp"
#include "mj/telemetry/store.hpp"

namespace mj::evaluation {

/// What the engine works on. All references outlive it.
struct Sources {
  const telemetry::Store& values;
  const standards::StandardSet& standards;
  /// Grows when the register changes; the roster of an element is asked for again then.
  std::function<std::uint64_t()> roster_revision;
  std::function<Roster(std::string_view element)> roster;
  runtime::Clock clock;
};

struct RunRequest {
  std::string element;  ///< "all" = every one
  RunKind kind = RunKind::new_values;
  std::optional<Instant> from;  ///< of a range; widened to whole years
  std::optional<Instant> to;
};

/// One indicator of all subjects of a level in one period, with place and change 排名.
struct Ranking {
  EvaluationPeriod period;
  Level level = Level::point;
  std::string indicator;
  std::string unit;
  std::vector<Figure> figures;  ///< by place, then by id; without a figure last
  std::optional<Run> run;       ///< the newest that touched them; none for what is computed when asked for
};

/// Graded units of one subject within a longer period 达标情况.
struct Compliance {
  std::string subject;
  std::size_t days = 0;
  std::size_t graded = 0;  ///< with a grade that says whether it complies
  std::size_t compliant = 0;
  std::optional<Decimal> rate;  ///< % of the graded units, one digit
  std::vector<std::pair<Grade, std::size_t>> grades;
  std::vector<Figure> exceed;
};

class Sheets;

/// Evaluation as a batch over the series store, and the queries that screens need 评价引擎.
/// Thread: run() on one thread at a time (others are refused); everything else from any.
class Engine {
 public:
  /// `directory`: of the results. Errors: unavailable.
  [[nodiscard]] static Result<std::unique_ptr<Engine>> open(const std::filesystem::path& directory,
                                                            Sources sources, ResultStoreOptions options = {});
  ~Engine();
  Engine(const Engine&) = delete;
  Engine& operator=(const Engine&) = delete;

  /// Evaluates now, on this thread, element by element. New values: what changed since the last run, or everything when the
  /// standards, the register or the program's rules are other ones than then; without changes there is no run.
  /// `progress` is told about ten times a second. Errors: conflict while another run goes on; conflict "cancelled"
  /// after a stop (nothing is kept).
  [[nodiscard]] Result<std::vector<Run>> run(const RunRequest& request, const std::stop_token& stop = {},
                                             const std::function<void(const Run&)>& progress = {});
  /// Asks the thread of follow() to run; answers the run as it will begin. Errors: conflict; invalid_input.
  [[nodiscard]] Result<Run> order(const RunRequest& request);
  /// Errors: not_found; conflict when it has ended.
  [[nodiscard]] Result<Run> cancel(std::uint32_t id);
  /// Runs orders at once, and new values a while after the last one, until stopped.
  void follow(const std::stop_token& stop);

  /// The running one first, then those that ended, newest first.
  [[nodiscard]] Result<std::vector<Run>> runs(std::size_t limit) const;
  /// Errors: not_found.
  [[nodiscard]] Result<Run> run_of(std::uint32_t id) const;

  [[nodiscard]] std::shared_ptr<const Roster> roster(std::string_view element) const;
  [[nodiscard]] const ResultStore& results() const;
  [[nodiscard]] const standards::StandardSet& standards() const;

  /// Period none: the newest with results. Errors: not_found for another element or indicator.
  [[nodiscard]] Result<Ranking> ranking(std::string_view element, PeriodKind kind,
                                        std::optional<EvaluationPeriod> period, Level level,
                                        std::string_view indicator) const;
  /// All indicators of one subject in one period, with place and change. Errors: not_found.
  [[nodiscard]] Result<std::vector<Figure>> subject(std::string_view element, std::string_view id, PeriodKind kind,
                                                    std::optional<EvaluationPeriod> period) const;
  /// One indicator of one subject over periods, ascending. Errors: not_found.
  [[nodiscard]] Result<std::vector<Figure>> trend(std::string_view element, std::string_view id,
                                                  std::string_view indicator, PeriodKind kind, Instant from,
                                                  Instant to) const;
  /// By rate, worst first. Errors: not_found.
  struct ComplianceList {
    EvaluationPeriod period;
    Level level = Level::point;
    PeriodKind unit = PeriodKind::day;
    std::string indicator;
    std::vector<Compliance> rows;
  };
  [[nodiscard]] Result<ComplianceList> compliance(std::string_view element, PeriodKind kind,
                                                  std::optional<EvaluationPeriod> period, Level level) const;
  /// The calculation sheet behind a figure, with the name under which it can be proved: when its operations lead to it, and those
  /// of its inputs to theirs (of each sort of input one is looked at). Errors: not_found.
  [[nodiscard]] Result<Sheet> sheet(std::string_view element, std::string_view id, std::string_view indicator,
                                    const EvaluationPeriod& period) const;
  /// Sheets of an element one after the other. The engine outlives them. Errors: not_found.
  [[nodiscard]] Result<std::unique_ptr<Sheets>> sheets(std::string_view element) const;
  /// Level of a subject by its id: a point of the element, or a group that has results. Errors: not_found.
  [[nodiscard]] Result<Level> level_of(std::string_view element, std::string_view id) const;

 private:
  friend class Sheets;
  struct Impl;
  explicit Engine(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

/// Many calculation sheets of one element, as the proof of a figure needs them 逐级计算表: values and results are read in blocks
/// that serve several. Thread: one.
class Sheets {
 public:
  struct Impl;
  explicit Sheets(std::unique_ptr<Impl> impl);
  ~Sheets();
  Sheets(const Sheets&) = delete;
  Sheets& operator=(const Sheets&) = delete;
  /// Without the name of a proof. Errors: not_found.
  [[nodiscard]] Result<Sheet> sheet(Level level, std::string_view subject, std::string_view indicator,
                                    const EvaluationPeriod& period);
  /// Why the figure of a sheet cannot be proved, for people; empty when its operations and those of its inputs (of each sort one is
  /// looked at) lead to it. Errors: those of sheet().
  [[nodiscard]] Result<standards::Text> obstacle(const Sheet& sheet);

 private:
  std::unique_ptr<Impl> impl_;
};

/// The indicator of an evaluator by its id, or the first one of the period when `id` is empty. Errors: not_found.
[[nodiscard]] Result<const Indicator*> indicator_of(const Evaluator& evaluator, std::string_view id,
                                                    PeriodKind kind);

/// The change of a ranked figure as a figure of its own: indicator "aqi.change". It is not stored; sheets know it.
[[nodiscard]] Figure change_of(const Figure& ranked);
/// The rate of a row: indicator "compliance".
[[nodiscard]] Figure rate_of(const Engine::ComplianceList& list, const Compliance& row);

}  // namespace mj::evaluation
