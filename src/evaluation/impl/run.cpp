// One run over one element: what is touched, values → results of points → groups and longer periods.
#include "engine_impl.hpp"
#include "gather.hpp"
#include "mj/runtime/clock.hpp"

namespace mj::evaluation {
namespace {

/// Points whose changes are this recent are read together; older corrections in a second pass.
constexpr std::int64_t kRecentMs = 45LL * 86'400'000;
constexpr std::int64_t kTellMs = 100;

/// Points that are read over one range.
struct Pass {
  std::vector<std::size_t> points;
  Instant from;
  Instant to;
};

struct Touched {
  std::vector<Pass> passes;
  std::uint64_t position = 0;
};

EvaluationPeriod unit_at(const Evaluator& evaluator, Instant at) {
  return EvaluationPeriod::of(evaluator.unit, at);
}

void widen(Pass& pass, Instant from, Instant to) {
  pass.from = pass.points.empty() ? from : std::min(pass.from, from);
  pass.to = pass.points.empty() ? to : std::max(pass.to, to);
}

/// What has to be read: of every point whose values changed, in whole units.
Touched touched_by(const Evaluator& evaluator, const Roster& roster, const telemetry::Changes& changes, bool all) {
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
    const Instant from = unit_at(evaluator, change.from.plus_ms(-evaluator.reach_ms)).begin;
    const Instant to = unit_at(evaluator, change.to.plus_ms(-1)).end();
    const auto [known, added] = ranges.try_emplace(place, Range{from, to});
    if (!added) known->second = Range{std::min(known->second.from, from), std::max(known->second.to, to)};
    newest = std::max(newest, to);
  }
  Pass recent;
  Pass older;
  for (const auto& [place, range] : ranges) {
    Pass& pass = all || range.from >= newest.plus_ms(-kRecentMs) ? recent : older;
    widen(pass, range.from, range.to);
    pass.points.push_back(place);
  }
  Touched touched;
  touched.position = changes.position;
  for (Pass* pass : {&recent, &older}) {
    if (!pass->points.empty()) touched.passes.push_back(std::move(*pass));
  }
  return touched;
}

/// The periods of all kinds that lie in what was touched.
class TouchedPeriods {
 public:
  TouchedPeriods(const Evaluator& evaluator, const std::vector<Pass>& passes) {
    for (const Pass& pass : passes) {
      for (const PeriodKind kind : evaluator.periods) {
        for (auto period = EvaluationPeriod::of(kind, pass.from); period.begin < pass.to; period = period.next())
          periods_.insert(period);
      }
      for (auto year = EvaluationPeriod::of(PeriodKind::year, pass.from); year.begin < pass.to; year = year.next())
        years_.insert(year);
    }
  }
  [[nodiscard]] bool contains(const EvaluationPeriod& period) const { return periods_.contains(period); }
  [[nodiscard]] std::vector<EvaluationPeriod> all() const { return {periods_.begin(), periods_.end()}; }
  [[nodiscard]] std::vector<EvaluationPeriod> years() const { return {years_.begin(), years_.end()}; }

 private:
  std::set<EvaluationPeriod> periods_;
  std::set<EvaluationPeriod> years_;
};

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
                    ResultStore::Session& session, const std::stop_token& stop, Run& run, Teller& teller) {
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
        teller.tell();
        return {};
      },
      [&](const telemetry::ScanProgress& at) {
        run.total = total_before + at.total;
        // What was read but counts nowhere (other reporters, no numbers) is done as well.
        run.done = done_before + at.done;
        teller.tell();
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

Result<std::optional<Run>> Engine::Impl::evaluate(const Evaluator& evaluator, const RunRequest& request,
                                                  std::uint32_t id, const std::stop_token& stop,
                                                  const std::function<void(const Run&)>& progress) {
  const std::shared_ptr<const Roster> points = roster(evaluator.element);
  MJ_TRY(const Context context, context_of(evaluator, *points));
  MJ_TRY(const std::optional<ElementState> known, results->state(evaluator.element));
  ElementState next{0, sources.standards.digest(), points->digest()};
  const bool other_grounds = !known || known->standards != next.standards || known->roster != next.roster;
  const RunKind kind = other_grounds ? RunKind::full : request.kind;
  const bool everything = kind == RunKind::full;

  MJ_TRY(const telemetry::Changes changes,
         sources.values.changes_since(kind == RunKind::new_values ? known->position : 0));
  Touched touched = touched_by(evaluator, *points, changes, everything);
  next.position = touched.position;
  if (kind == RunKind::range) {
    if (!request.from || !request.to || *request.to <= *request.from)
      return Error(ErrorCode::invalid_input, "a range ends after it begins");
    const Instant from = EvaluationPeriod::of(PeriodKind::year, *request.from).begin;
    const Instant to = EvaluationPeriod::of(PeriodKind::year, request.to->plus_ms(-1)).end();
    Pass pass{{}, from, to};
    for (std::size_t i = 0; i < points->points().size(); ++i) pass.points.push_back(i);
    touched.passes.assign(1, std::move(pass));
    next.position = known->position;  // what came since outside the range is still to be done
  }
  if (touched.passes.empty() && !everything) return std::optional<Run>();

  Run run;
  run.id = id;
  run.element = evaluator.element;
  run.kind = kind;
  run.started_at = sources.clock();
  run.position = touched.position;
  run.standards = next.standards;
  run.roster = next.roster;
  for (const Pass& pass : touched.passes) {
    run.from = run.from ? std::min(*run.from, pass.from) : pass.from;
    run.to = run.to ? std::max(*run.to, pass.to) : pass.to;
  }
  Teller teller(run, state_mutex, current, progress);
  teller.tell(true);
  const Status done = [&]() -> Status {
    MJ_TRY(auto session, results->begin(evaluator, run.id));
    if (everything) MJ_CHECK(session->erase_all());
    for (const Pass& pass : touched.passes) {
      if (!everything) {
        std::vector<std::string> ids;
        for (const std::size_t place : pass.points) ids.push_back(points->points()[place].id());
        MJ_CHECK(session->erase_judged(ids, pass.from, pass.to));
      }
      MJ_CHECK(write_points(*this, evaluator, context, pass, *session, stop, run, teller));
    }
    const TouchedPeriods periods(evaluator, touched.passes);
    MJ_CHECK(session->begin_summaries());
    if (!everything) MJ_CHECK(session->erase_summaries(periods.all()));
    if (evaluator.summarise && !touched.passes.empty()) {
      const std::vector<EvaluationPeriod> years = periods.years();
      const auto place = [&](std::string_view point) { return points->place(point); };
      const Summary summary{
          years, [&](const EvaluationPeriod& period) { return periods.contains(period); },
          [&](PeriodKind of, Instant from, Instant to, const std::function<Status(const PointRow&)>& visit) {
            return session->read_judged(place, of, from, to, visit);
          }};
      Sink sink(
          [&](const Row& row) -> Status {
            if (!periods.contains(row.period)) return {};
            if (stop.stop_requested()) return cancelled();
            MJ_CHECK(session->add(row));
            run.rows = session->rows();
            teller.tell();
            return {};
          },
          [&](const Grade& grade) { return session->grade(grade); });
      MJ_CHECK(evaluator.summarise(context, summary, sink));
    }
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
