// One run over one element: what is touched, values → results of points → groups and longer periods.
#include "engine_impl.hpp"
#include "gather.hpp"
#include "mj/runtime/clock.hpp"
#include "touched.hpp"

namespace mj::evaluation {
namespace {

constexpr std::int64_t kTellMs = 100;

/// Tells how a run goes on, ten times a second at most.
class Teller {
 public:
  Teller(Run& run, std::mutex& mutex, std::optional<Run>& current, const std::function<void(const Run&)>& progress)
      : run_(run), mutex_(mutex), current_(current), progress_(progress), began_(runtime::steady_ms()) {}

  void tell(bool always = false) {
    const std::int64_t now = runtime::steady_ms();
    if (!always && now - told_ < kTellMs) return;
    told_ = now;
    const double seconds = static_cast<double>(std::max<std::int64_t>(now - began_, 1)) / 1000;
    run_.rate = static_cast<double>(run_.done) / seconds;
    run_.remaining_s = std::nullopt;
    if (run_.done > 0 && run_.total >= run_.done)
      run_.remaining_s = static_cast<double>(run_.total - run_.done) / run_.rate;
    {
      const std::lock_guard lock(mutex_);
      current_ = run_;
    }
    if (progress_) progress_(run_);
  }

 private:
  Run& run_;
  std::mutex& mutex_;
  std::optional<Run>& current_;
  const std::function<void(const Run&)>& progress_;
  std::int64_t began_;
  std::int64_t told_ = 0;
};

Error cancelled() { return Error(ErrorCode::conflict, "cancelled"); }

/// `engine`: Engine::Impl, which only members of Engine may name.
template <typename EngineImpl>
Status write_points(const EngineImpl& engine, const Evaluator& evaluator, const Context& context, const Pass& pass,
                    ResultStore::Session& session, const std::stop_token& stop, Run& run,
                    const std::function<void()>& tell) {
  std::uint64_t done_before = run.done;
  const std::uint64_t total_before = run.total;
  Instant from;
  Instant to;
  Sink sink(
      [&](const Row& row) -> Status {
        if (row.level != Level::point || row.period.begin < from || row.period.begin >= to) return {};
        return session.add(row);
      },
      [&](const Grade& grade) { return session.grade(grade); });
  return engine.values_of(
      evaluator, context.roster, pass.points, pass.from, pass.to,
      [&](const PointValues& values) -> Status {
        if (stop.stop_requested()) return cancelled();
        from = values.from;
        to = values.to;
        MJ_CHECK(evaluator.judge(context, values, sink));
        for (const SampleSeries& series : values.series) run.done += series.samples.size();
        run.rows = session.rows();
        tell();
        return {};
      },
      [&](const telemetry::ScanProgress& at) {
        run.total = total_before + at.total;
        // What was read but counts nowhere (other reporters, no numbers) is done as well.
        run.done = done_before + at.done;
        tell();
      });
}

}  // namespace

Status Engine::Impl::values_of(const Evaluator& evaluator, const Roster& roster,
                               std::span<const std::size_t> points, Instant from, Instant to,
                               const std::function<Status(const PointValues&)>& use,
                               const std::function<void(const telemetry::ScanProgress&)>& progress) const {
  telemetry::ScanQuery query;
  std::vector<std::size_t> place_of_group;
  for (const std::size_t place : points) {
    std::vector<std::string> reporters = roster.points()[place].reporters();
    // A device that moved from point to point is read for the one that has it now.
    std::erase_if(reporters, [&](const std::string& reporter) {
      return roster.find_reporter(reporter) != &roster.points()[place];
    });
    if (reporters.empty()) continue;
    query.groups.push_back(std::move(reporters));
    place_of_group.push_back(place);
  }
  if (query.groups.empty()) return {};
  const Reads reads = evaluator.reads ? evaluator.reads(sources.standards) : Reads{};
  for (const std::string& factor : reads.factors) {
    query.factors.push_back(factor);
    const standards::Factor* known = sources.standards.factor(factor);
    if (known != nullptr && !known->code_2005.empty()) query.factors.push_back(known->code_2005);
  }
  query.kinds = reads.kinds;
  query.periods = reads.periods;
  query.from = from;
  query.to = to.plus_ms(evaluator.reach_ms);
  Gatherer gatherer(evaluator, sources.standards);
  const auto scanned = sources.values.scan(
      query,
      [&](const telemetry::ScanGroup& group) -> Status {
        return use(gatherer.gather(roster.points()[place_of_group[group.group]], group, from, to));
      },
      progress);
  if (!scanned) return scanned.error();
  return {};
}

Status Engine::Impl::judge_and_summarise(const Evaluator& evaluator, const Context& context, const Work& work,
                                         ResultStore::Session& session, Run& run,
                                         const std::function<void()>& tell, const std::stop_token& stop) const {
  const Roster& roster = context.roster;
  if (work.everything) MJ_CHECK(session.erase_all());
  MJ_CHECK(session.erase_judged(work.moved.ids(roster)));
  std::vector<Pass> passes = work.passes;
  passes.insert(passes.end(), work.moved_passes.begin(), work.moved_passes.end());
  for (const Pass& pass : passes) {
    if (!work.everything) {
      std::vector<std::string> ids;
      for (const std::size_t place : pass.points) ids.push_back(roster.points()[place].id());
      MJ_CHECK(session.erase_judged(ids, pass.from, pass.to));
    }
    MJ_CHECK(write_points(*this, evaluator, context, pass, session, stop, run, tell));
  }
  MJ_CHECK(session.begin_summaries());
  const auto summarise = [&](const std::vector<Pass>& of,
                             const std::optional<TouchedSubjects>& touched) -> Status {
    const TouchedPeriods periods(evaluator, of);
    if (!work.everything) MJ_CHECK(session.erase_summaries(periods.all(), touched ? &touched->subjects : nullptr));
    if (!evaluator.summarise || of.empty()) return {};
    const std::vector<EvaluationPeriod> years = periods.years();
    const auto place = [&](std::string_view point) { return roster.place(point); };
    const Summary summary{
        years, [&](const EvaluationPeriod& period) { return periods.contains(period); },
        [&](PeriodKind kind, Instant from, Instant to, const std::function<Status(const PointRow&)>& visit) {
          return session.read_judged(place, kind, from, to, visit,
                                     touched && touched->points ? &*touched->points : nullptr);
        }};
    std::pair<Level, std::string> subject;
    Sink sink(
        [&](const Row& row) -> Status {
          if (!periods.contains(row.period)) return {};
          if (touched) {
            subject.first = row.level;
            subject.second.assign(row.subject);
            if (!touched->subjects.contains(subject)) return {};
          }
          if (stop.stop_requested()) return cancelled();
          MJ_CHECK(session.add(row));
          run.rows = session.rows();
          tell();
          return {};
        },
        [&](const Grade& grade) { return session.grade(grade); });
    return evaluator.summarise(context, summary, sink);
  };
  const bool all = work.everything || run.kind == RunKind::range;
  MJ_CHECK(summarise(work.passes,
                     all ? std::nullopt : std::optional(with_members(roster, subjects_of(roster, work.passes)))));
  if (work.moved.empty()) return {};
  // What a group is made of, and out of how many, may change wherever there are results.
  return summarise(work.extent, with_members(roster, work.moved.subjects(roster)));
}

Result<Engine::Impl::Work> Engine::Impl::work_of(const Evaluator& evaluator, const Roster& roster,
                                                 const RunRequest& request,
                                                 const std::optional<ElementState>& known,
                                                 const ElementState& next) const {
  Work work;
  work.everything = request.kind == RunKind::full || !known || known->standards != next.standards;
  if (!work.everything && known->roster != next.roster) {
    MJ_TRY(const std::vector<PointMark> marks, results->marks(evaluator.element));
    work.moved = RosterChanges(roster, marks);
    work.everything = request.kind == RunKind::range || work.moved.most(roster);
  }
  if (work.everything) work.moved = {};
  const bool range = request.kind == RunKind::range && !work.everything;
  MJ_TRY(const telemetry::Changes changes,
         sources.values.changes_since(work.everything || range ? 0 : known->position));
  work.position = changes.position;
  if (range) {
    if (!request.from || !request.to || *request.to <= *request.from)
      return Error(ErrorCode::invalid_input, "a range ends after it begins");
    Pass pass{{},
              EvaluationPeriod::of(PeriodKind::year, *request.from).begin,
              EvaluationPeriod::of(PeriodKind::year, request.to->plus_ms(-1)).end()};
    for (std::size_t i = 0; i < roster.points().size(); ++i) pass.points.push_back(i);
    work.passes.push_back(std::move(pass));
    return work;
  }
  work.passes = passes_of(evaluator, roster, changes, work.everything);
  if (work.moved.empty()) return work;
  MJ_TRY(const telemetry::Changes ever, sources.values.changes_since(0));
  work.moved_passes = passes_of(evaluator, roster, ever, true, &work.moved.changed());
  work.extent = work.passes;
  work.extent.insert(work.extent.end(), work.moved_passes.begin(), work.moved_passes.end());
  MJ_TRY(const ResultStore::Extent extent, results->extent(evaluator.element, std::nullopt));
  if (extent.oldest)
    work.extent.push_back({{}, *extent.oldest, EvaluationPeriod::of(PeriodKind::year, *extent.newest).end()});
  return work;
}

Result<std::optional<Run>> Engine::Impl::evaluate(const Evaluator& evaluator, const RunRequest& request,
                                                  std::uint32_t id, const std::stop_token& stop,
                                                  const std::function<void(const Run&)>& progress) {
  const std::shared_ptr<const Roster> points = roster(evaluator.element);
  MJ_TRY(const Context context, context_of(evaluator, *points));
  MJ_TRY(const std::optional<ElementState> known, results->state(evaluator.element));
  ElementState next{0, sources.standards.digest(), points->digest()};
  MJ_TRY(const Work work, work_of(evaluator, *points, request, known, next));
  const RunKind kind = work.everything ? RunKind::full : request.kind;
  // What came since outside of a range is still to be done.
  next.position = kind == RunKind::range ? known->position : work.position;
  if (work.passes.empty() && work.moved.empty() && !work.everything) return std::optional<Run>();

  Run run;
  run.id = id;
  run.element = evaluator.element;
  run.kind = kind;
  run.started_at = sources.clock();
  run.position = work.position;
  run.standards = next.standards;
  run.roster = next.roster;
  for (const Pass& pass : work.moved.empty() ? work.passes : work.extent) {
    run.from = run.from ? std::min(*run.from, pass.from) : pass.from;
    run.to = run.to ? std::max(*run.to, pass.to) : pass.to;
  }
  Teller teller(run, state_mutex, current, progress);
  teller.tell(true);
  const Status done = [&]() -> Status {
    MJ_TRY(auto session, results->begin(evaluator, run.id));
    MJ_CHECK(judge_and_summarise(evaluator, context, work, *session, run, [&] { teller.tell(); }, stop));
    if (!known || known->roster != next.roster) MJ_CHECK(session->mark(marks_of(*points)));
    run.rows = session->rows();
    run.state = RunState::done;
    run.ended_at = sources.clock();
    run.remaining_s = 0;
    return session->commit(run, next);
  }();
  if (!done) {
    run.state = stop.stop_requested() ? RunState::cancelled : RunState::failed;
    run.text = stop.stop_requested() ? std::string() : done.error().text();
    run.rows = 0;
    run.ended_at = sources.clock();
    run.remaining_s = std::nullopt;
    MJ_CHECK(results->record(run));
    teller.tell(true);
    return done.error();
  }
  teller.tell(true);
  return std::optional(run);
}

}  // namespace mj::evaluation
