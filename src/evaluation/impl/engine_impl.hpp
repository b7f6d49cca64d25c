#pragma once

#include <condition_variable>
#include <mutex>
#include <set>

#include "mj/evaluation/engine.hpp"
#include "touched.hpp"

namespace mj::evaluation {

struct Engine::Impl {
  explicit Impl(Sources given) : sources(std::move(given)) {}

  Sources sources;
  std::unique_ptr<ResultStore> results;

  /// Rosters of the newest revision of the register.
  mutable std::mutex roster_mutex;
  mutable std::uint64_t roster_revision = 0;
  mutable std::map<std::string, std::shared_ptr<const Roster>, std::less<>> rosters;

  ItemFactors factors{sources.standards};
  mutable std::map<std::string, std::shared_ptr<const void>, std::less<>> prepared;  ///< guarded by roster_mutex

  std::mutex run_mutex;  ///< held by whoever evaluates

  mutable std::mutex state_mutex;
  std::condition_variable_any ordered;
  std::optional<Run> current;  ///< what runs now
  std::stop_source stop_current;
  std::optional<RunRequest> order;  ///< waits for the thread of follow()
  Run order_run;

  /// What a run has to do.
  struct Work {
    bool everything = false;
    std::vector<Pass> passes;        ///< values that changed
    RosterChanges moved;             ///< points that the register says something else of
    std::vector<Pass> moved_passes;  ///< all their values
    std::vector<Pass> extent;        ///< where groups of such points have results
    std::uint64_t position = 0;
  };
  Result<Work> work_of(const Evaluator& evaluator, const Roster& roster, const RunRequest& request,
                       const std::optional<ElementState>& known, const ElementState& next) const;
  Status judge_and_summarise(const Evaluator& evaluator, const Context& context, const Work& work,
                             ResultStore::Session& session, Run& run, const std::function<void()>& tell,
                             const std::stop_token& stop) const;
  Result<std::optional<Run>> evaluate(const Evaluator& evaluator, const RunRequest& request, std::uint32_t id,
                                      const std::stop_token& stop,
                                      const std::function<void(const Run&)>& progress);
  Result<std::vector<Run>> run(const RunRequest& request, std::optional<std::uint32_t> first_id,
                               const std::stop_token& stop, const std::function<void(const Run&)>& progress);
  /// What was ordered is over; one that failed before it began is recorded.
  void close_order(std::uint32_t id, const Result<std::vector<Run>>& done);
  [[nodiscard]] std::shared_ptr<const Roster> roster(std::string_view element) const;
  /// Standards, points and prepared tables of an evaluator.
  Result<Context> context_of(const Evaluator& evaluator, const Roster& roster) const;
  /// Values of points in whole units, through the gatherer.
  Status values_of(const Evaluator& evaluator, const Roster& roster, std::span<const std::size_t> points,
                   Instant from, Instant to, const std::function<Status(const PointValues&)>& use,
                   const std::function<void(const telemetry::ScanProgress&)>& progress) const;
  /// Figures of an hour, computed now.
  Result<std::vector<Figure>> hour_figures(const Evaluator& evaluator, const EvaluationPeriod& hour,
                                           const FigureQuery& query) const;
  Result<std::vector<Figure>> figures(const Evaluator& evaluator, FigureQuery query) const;
  /// The period meant when none is named. Errors: not_found.
  Result<EvaluationPeriod> period_of(const Evaluator& evaluator, PeriodKind kind,
                                     std::optional<EvaluationPeriod> period, std::string_view indicator) const;
};

/// Errors: not_found that lists the elements.
[[nodiscard]] Result<const Evaluator*> evaluator_of(std::string_view element);

/// Gives places and changes to figures of one period, level and indicator.
void rank(std::vector<Figure>& figures, const Indicator& indicator, const std::vector<Figure>& year_before);

}  // namespace mj::evaluation
