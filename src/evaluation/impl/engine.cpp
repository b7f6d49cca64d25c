#include "mj/evaluation/engine.hpp"

#include "engine_impl.hpp"
#include "mj/runtime/log.hpp"

namespace mj::evaluation {
namespace {

constexpr int kLookMs = 1000;
/// New values are evaluated when none came for so long …
constexpr std::int64_t kSettledMs = 20'000;
/// … or when the first of them has waited for so long.
constexpr std::int64_t kLongestMs = 300'000;
constexpr std::int64_t kAfterFailureMs = 60'000;

}  // namespace

Result<const Evaluator*> evaluator_of(std::string_view element) {
  const Evaluator* evaluator = find_evaluator(element);
  if (evaluator != nullptr) return evaluator;
  std::string known;
  for (const Evaluator& each : evaluators()) known += (known.empty() ? "" : ", ") + each.element;
  return Error(ErrorCode::not_found, fmt::format("\"{}\" is not evaluated; there are {}", element, known));
}

Engine::Engine(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Engine::~Engine() = default;

Result<std::unique_ptr<Engine>> Engine::open(const std::filesystem::path& directory, Sources sources,
                                             ResultStoreOptions options) {
  auto impl = std::make_unique<Impl>(std::move(sources));
  MJ_TRY(impl->results, ResultStore::open(directory, options));
  return std::unique_ptr<Engine>(new Engine(std::move(impl)));
}

std::shared_ptr<const Roster> Engine::Impl::roster(std::string_view element) const {
  const std::lock_guard lock(roster_mutex);
  const std::uint64_t revision = sources.roster_revision();
  if (revision != roster_revision) rosters.clear();
  roster_revision = revision;
  const auto found = rosters.find(element);
  if (found != rosters.end()) return found->second;
  auto made = std::make_shared<const Roster>(sources.roster(element));
  rosters.emplace(std::string(element), made);
  return made;
}

Result<Context> Engine::Impl::context_of(const Evaluator& evaluator, const Roster& roster) const {
  Context context{sources.standards, factors, roster};
  if (!evaluator.prepare) return context;
  const std::lock_guard lock(roster_mutex);
  auto& made = prepared[evaluator.element];
  if (!made) {
    MJ_TRY(made, evaluator.prepare(sources.standards));
  }
  context.prepared = made;
  return context;
}

std::shared_ptr<const Roster> Engine::roster(std::string_view element) const { return impl_->roster(element); }
const ResultStore& Engine::results() const { return *impl_->results; }
const standards::StandardSet& Engine::standards() const { return impl_->sources.standards; }

Result<std::vector<Run>> Engine::Impl::run(const RunRequest& request, std::optional<std::uint32_t> first_id,
                                           const std::stop_token& stop,
                                           const std::function<void(const Run&)>& progress) {
  const std::unique_lock running(run_mutex, std::try_to_lock);
  if (!running.owns_lock())
    return Error(ErrorCode::conflict, "an evaluation is running; wait for it or cancel it");
  std::vector<const Evaluator*> chosen;
  if (request.element == "all") {
    for (const Evaluator& evaluator : evaluators()) chosen.push_back(&evaluator);
  } else {
    MJ_TRY(const Evaluator* evaluator, evaluator_of(request.element));
    chosen.push_back(evaluator);
  }
  std::stop_source own;
  {
    const std::lock_guard lock(state_mutex);
    stop_current = own;
  }
  const std::stop_callback pass_on(stop, [&own] { own.request_stop(); });
  std::vector<Run> runs;
  Status failed;
  for (const Evaluator* evaluator : chosen) {
    const std::uint32_t id = first_id ? *first_id : results->next_run();
    auto done = evaluate(*evaluator, request, id, own.get_token(), progress);
    if (!done) {
      failed = done.error();
      break;
    }
    if (*done) {
      runs.push_back(**std::move(done));
      first_id.reset();
    }
  }
  const std::lock_guard lock(state_mutex);
  current.reset();
  if (!failed) return failed.error();
  return runs;
}

Result<std::vector<Run>> Engine::run(const RunRequest& request, const std::stop_token& stop,
                                     const std::function<void(const Run&)>& progress) {
  return impl_->run(request, std::nullopt, stop, progress);
}

Result<Run> Engine::order(const RunRequest& request) {
  if (request.element != "all") {
    MJ_TRY([[maybe_unused]] const Evaluator* evaluator, evaluator_of(request.element));
  }
  if (request.kind == RunKind::range && (!request.from || !request.to || *request.to <= *request.from))
    return Error(ErrorCode::invalid_input, "to: must be later than from");
  const std::lock_guard lock(impl_->state_mutex);
  if (impl_->current || impl_->order)
    return Error(ErrorCode::conflict, "an evaluation is running; wait for it or cancel it");
  Run run;
  run.id = impl_->results->next_run();
  run.element = request.element;
  run.kind = request.kind;
  run.from = request.from;
  run.to = request.to;
  run.started_at = impl_->sources.clock();
  run.position = impl_->sources.values.position();
  run.standards = impl_->sources.standards.digest();
  impl_->order = request;
  impl_->order_run = run;
  impl_->ordered.notify_all();
  return run;
}

Result<Run> Engine::cancel(std::uint32_t id) {
  Run run;
  {
    const std::lock_guard lock(impl_->state_mutex);
    if (impl_->current && impl_->current->id == id) {
      impl_->stop_current.request_stop();
      return *impl_->current;
    }
    if (impl_->order && impl_->order_run.id == id) {
      impl_->order.reset();
      run = impl_->order_run;
      run.state = RunState::cancelled;
      run.ended_at = impl_->sources.clock();
    }
  }
  if (run.id == id && id != 0) {
    MJ_CHECK(impl_->results->record(run));
    return run;
  }
  MJ_TRY(run, run_of(id));
  return Error(ErrorCode::conflict, fmt::format("run {} has ended", id));
}

void Engine::follow(const std::stop_token& stop) {
  std::uint64_t evaluated = 0;
  std::uint64_t seen = 0;
  std::int64_t seen_at = runtime::steady_ms();
  std::int64_t waiting_since = seen_at;
  while (!stop.stop_requested()) {
    std::optional<RunRequest> request;
    std::optional<std::uint32_t> id;
    {
      std::unique_lock lock(impl_->state_mutex);
      impl_->ordered.wait_for(lock, stop, std::chrono::milliseconds(kLookMs),
                              [&] { return impl_->order.has_value(); });
      if (impl_->order) {
        request = std::exchange(impl_->order, std::nullopt);
        id = impl_->order_run.id;
        impl_->current = impl_->order_run;
      }
    }
    if (stop.stop_requested()) return;
    const std::int64_t now = runtime::steady_ms();
    const std::uint64_t position = impl_->sources.values.position() + impl_->sources.roster_revision();
    if (position != seen) {
      if (seen == evaluated) waiting_since = now;
      seen = position;
      seen_at = now;
    }
    const bool due = seen != evaluated && (now - seen_at >= kSettledMs || now - waiting_since >= kLongestMs);
    if (!request && !due) continue;
    const auto done = impl_->run(request.value_or(RunRequest{"all", RunKind::new_values, {}, {}}), id, stop, {});
    if (!request) evaluated = seen;
    if (request) impl_->close_order(*id, done);
    if (!done && !stop.stop_requested()) {
      runtime::log(runtime::Level::warning, "evaluation", "results wait: {}", done.error().text());
      if (!request) {  // tried again, but not at once
        evaluated = 0;
        seen_at = now + kAfterFailureMs;
        waiting_since = now + kAfterFailureMs;
      }
    }
  }
}

void Engine::Impl::close_order(std::uint32_t id, const Result<std::vector<Run>>& done) {
  Run run;
  {
    const std::lock_guard lock(state_mutex);
    current.reset();
    run = order_run;
  }
  if (done) return;
  const auto known = results->run(id);
  if (!known || *known) return;  // it was recorded when it ended
  run.state = RunState::failed;
  run.text = done.error().text();
  run.ended_at = sources.clock();
  if (const Status recorded = results->record(run); !recorded)
    runtime::log(runtime::Level::warning, "evaluation", "{}", recorded.error().text());
}

Result<std::vector<Run>> Engine::runs(std::size_t limit) const {
  std::vector<Run> runs;
  {
    const std::lock_guard lock(impl_->state_mutex);
    if (impl_->current) runs.push_back(*impl_->current);
    if (impl_->order) runs.push_back(impl_->order_run);
  }
  MJ_TRY(const std::vector<Run> ended, impl_->results->runs(limit));
  for (const Run& run : ended) {
    if (runs.size() < limit && (runs.empty() || runs.front().id != run.id)) runs.push_back(run);
  }
  return runs;
}

Result<Run> Engine::run_of(std::uint32_t id) const {
  {
    const std::lock_guard lock(impl_->state_mutex);
    if (impl_->current && impl_->current->id == id) return *impl_->current;
    if (impl_->order && impl_->order_run.id == id) return impl_->order_run;
  }
  MJ_TRY(const std::optional<Run> run, impl_->results->run(id));
  if (!run) return Error(ErrorCode::not_found, fmt::format("there is no run {} of the evaluation", id));
  return *run;
}

}  // namespace mj::evaluation
