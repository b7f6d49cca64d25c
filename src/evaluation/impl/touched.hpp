#pragma once

#include <optional>
#include <set>
#include <vector>

#include "mj/evaluation/evaluator.hpp"
#include "mj/evaluation/result_store.hpp"
#include "mj/telemetry/scan.hpp"

namespace mj::evaluation {

/// Points that are read over one range.
struct Pass {
  std::vector<std::size_t> points;  ///< places in the roster
  Instant from;
  Instant to;
};

/// What has to be read: of every point with changed values, in whole units; old corrections apart from what is recent, unless
/// `together`. `among`: of these points only, null = of all.
[[nodiscard]] std::vector<Pass> passes_of(const Evaluator& evaluator, const Roster& roster,
                                          const telemetry::Changes& changes, bool together,
                                          const std::set<std::size_t>* among = nullptr);

/// The periods of all kinds that lie in what was touched, with those that look back at them.
class TouchedPeriods {
 public:
  TouchedPeriods(const Evaluator& evaluator, const std::vector<Pass>& passes);

  [[nodiscard]] bool contains(const EvaluationPeriod& period) const { return periods_.contains(period); }
  [[nodiscard]] std::vector<EvaluationPeriod> all() const { return {periods_.begin(), periods_.end()}; }
  [[nodiscard]] std::vector<EvaluationPeriod> years() const { return {years_.begin(), years_.end()}; }

 private:
  void add(const Evaluator& evaluator, Instant from, Instant to);
  std::set<EvaluationPeriod> periods_;
  std::set<EvaluationPeriod> years_;
};

/// The subjects whose longer periods and groups have to be made again, and the points that they are made of.
struct TouchedSubjects {
  SubjectSet subjects;
  std::optional<std::vector<std::string>> points;  ///< none when they are so many that reading all is less work
};

/// The points of the register that are other ones than when they were evaluated last.
class RosterChanges {
 public:
  RosterChanges() = default;
  RosterChanges(const Roster& roster, const std::vector<PointMark>& marks);

  [[nodiscard]] bool empty() const { return changed_.empty() && gone_.empty(); }
  /// So many that evaluating everything is less work.
  [[nodiscard]] bool most(const Roster& roster) const;
  [[nodiscard]] const std::set<std::size_t>& changed() const { return changed_; }  ///< also new ones
  /// All of them by their ids.
  [[nodiscard]] std::vector<std::string> ids(const Roster& roster) const;
  /// They themselves and the groups that they belong or belonged to.
  [[nodiscard]] SubjectSet subjects(const Roster& roster) const;

 private:
  std::set<std::size_t> changed_;
  std::vector<std::string> gone_;
  SubjectSet before_;  ///< groups that they belonged to
};

/// Points with their groups, as they are recorded with the results.
[[nodiscard]] std::vector<PointMark> marks_of(const Roster& roster);

/// The points of these passes and their groups.
[[nodiscard]] SubjectSet subjects_of(const Roster& roster, const std::vector<Pass>& passes);

[[nodiscard]] TouchedSubjects with_members(const Roster& roster, SubjectSet subjects);

}  // namespace mj::evaluation
