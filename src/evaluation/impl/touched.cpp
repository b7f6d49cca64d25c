// What a run has to look at: which points over which range, which periods and which subjects.
#include "touched.hpp"

#include <limits>
#include <map>

namespace mj::evaluation {
namespace {

/// Points whose changes are this recent are read together; older corrections in a second pass.
constexpr std::int64_t kRecentMs = 45LL * 86'400'000;

EvaluationPeriod unit_at(const Evaluator& evaluator, Instant at) {
  return EvaluationPeriod::of(evaluator.unit, at);
}

void widen(Pass& pass, Instant from, Instant to) {
  pass.from = pass.points.empty() ? from : std::min(pass.from, from);
  pass.to = pass.points.empty() ? to : std::max(pass.to, to);
}

/// The same one a year later.
EvaluationPeriod year_after(const EvaluationPeriod& period) {
  // A day beyond the year: no period is longer, and the one that begins there may be a leap day.
  constexpr std::int64_t kYearMs = 366LL * 86'400'000;
  EvaluationPeriod later = EvaluationPeriod::of(period.kind, period.begin.plus_ms(kYearMs));
  for (int back = 0; back < 3 && later.year_before() != std::optional(period); ++back)
    later = EvaluationPeriod::of(period.kind, later.begin.plus_ms(-1));
  return later;
}

}  // namespace

std::vector<Pass> passes_of(const Evaluator& evaluator, const Roster& roster, const telemetry::Changes& changes,
                            bool together, const std::set<std::size_t>* among) {
  struct Range {
    Instant from;
    Instant to;
  };
  std::map<std::size_t, Range> ranges;
  Instant newest = Instant::from_ms(std::numeric_limits<std::int64_t>::min());
  for (const telemetry::ChangedRange& change : changes.ranges) {
    const RosterPoint* point = roster.find_reporter(change.device);
    if (point == nullptr) continue;
    const std::size_t place = *roster.place(point->id());
    if (among != nullptr && !among->contains(place)) continue;
    const Instant from = unit_at(evaluator, change.from.plus_ms(-evaluator.reach_ms)).begin;
    const Instant to = unit_at(evaluator, change.to.plus_ms(-1)).end();
    const auto [known, added] = ranges.try_emplace(place, Range{from, to});
    if (!added) known->second = Range{std::min(known->second.from, from), std::max(known->second.to, to)};
    newest = std::max(newest, to);
  }
  Pass recent;
  Pass older;
  for (const auto& [place, range] : ranges) {
    Pass& pass = together || range.from >= newest.plus_ms(-kRecentMs) ? recent : older;
    widen(pass, range.from, range.to);
    pass.points.push_back(place);
  }
  std::vector<Pass> passes;
  for (Pass* pass : {&recent, &older}) {
    if (!pass->points.empty()) passes.push_back(std::move(*pass));
  }
  return passes;
}

TouchedPeriods::TouchedPeriods(const Evaluator& evaluator, const std::vector<Pass>& passes) {
  for (const Pass& pass : passes) add(evaluator, pass.from, pass.to);
  if (!evaluator.reads_year_before) return;
  for (const EvaluationPeriod& period : all()) {
    const EvaluationPeriod later = year_after(period);
    periods_.insert(later);
    years_.insert(EvaluationPeriod::of(PeriodKind::year, later.begin));
  }
}

void TouchedPeriods::add(const Evaluator& evaluator, Instant from, Instant to) {
  for (const PeriodKind kind : evaluator.periods) {
    for (auto period = EvaluationPeriod::of(kind, from); period.begin < to; period = period.next())
      periods_.insert(period);
  }
  for (auto year = EvaluationPeriod::of(PeriodKind::year, from); year.begin < to; year = year.next())
    years_.insert(year);
}

RosterChanges::RosterChanges(const Roster& roster, const std::vector<PointMark>& marks) {
  std::map<std::string_view, const PointMark*> known;
  for (const PointMark& mark : marks) known.emplace(mark.point, &mark);
  const auto belonged = [this](const PointMark& mark) { before_.insert(mark.groups.begin(), mark.groups.end()); };
  for (std::size_t place = 0; place < roster.points().size(); ++place) {
    const auto found = known.find(roster.points()[place].id());
    if (found != known.end() && found->second->digest == roster.digest_of(place)) continue;
    changed_.insert(place);
    if (found != known.end()) belonged(*found->second);
  }
  for (const PointMark& mark : marks) {
    if (roster.find(mark.point) != nullptr) continue;
    gone_.push_back(mark.point);
    belonged(mark);
  }
}

bool RosterChanges::most(const Roster& roster) const {
  return (changed_.size() + gone_.size()) * 2 > roster.points().size();
}

std::vector<std::string> RosterChanges::ids(const Roster& roster) const {
  std::vector<std::string> all = gone_;
  for (const std::size_t place : changed_) all.push_back(roster.points()[place].id());
  return all;
}

SubjectSet RosterChanges::subjects(const Roster& roster) const {
  SubjectSet all = before_;
  for (const std::string& id : ids(roster)) all.emplace(Level::point, id);
  for (const std::size_t place : changed_) {
    for (auto& group : roster.groups_of(place)) all.insert(std::move(group));
  }
  return all;
}

std::vector<PointMark> marks_of(const Roster& roster) {
  std::vector<PointMark> marks;
  for (std::size_t place = 0; place < roster.points().size(); ++place)
    marks.push_back({roster.points()[place].id(), roster.digest_of(place), roster.groups_of(place)});
  return marks;
}

SubjectSet subjects_of(const Roster& roster, const std::vector<Pass>& passes) {
  SubjectSet subjects;
  for (const Pass& pass : passes) {
    for (const std::size_t place : pass.points) {
      subjects.emplace(Level::point, roster.points()[place].id());
      for (auto& group : roster.groups_of(place)) subjects.insert(std::move(group));
    }
  }
  return subjects;
}

TouchedSubjects with_members(const Roster& roster, SubjectSet subjects) {
  TouchedSubjects touched;
  std::vector<std::string> members;
  for (std::size_t place = 0; place < roster.points().size(); ++place) {
    const std::string& id = roster.points()[place].id();
    bool member = subjects.contains({Level::point, id});
    for (const auto& group : roster.groups_of(place)) member = member || subjects.contains(group);
    if (member) members.push_back(id);
  }
  if (members.size() * 2 <= roster.points().size()) touched.points = std::move(members);
  touched.subjects = std::move(subjects);
  return touched;
}

}  // namespace mj::evaluation
