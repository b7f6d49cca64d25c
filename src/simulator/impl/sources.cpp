#include "mj/simulator/sources.hpp"

#include <array>

#include "aggregate.hpp"
#include "session.hpp"
#include "sources_play.hpp"
#include "upload.hpp"

namespace mj::simulator {
namespace {

constexpr std::int64_t kHourMs = 3'600'000;
constexpr std::int64_t kDayMs = 24 * kHourMs;
// Minute records of the last two hours before the start are uploaded late; older ones only as hours and days.
constexpr std::int64_t kMinuteBackfillMs = 2 * kHourMs;
constexpr std::int64_t kBeijingMs = 8 * kHourMs;

/// Start of the interval that holds `at`, on the Beijing clock.
Instant interval_start(Instant at, std::int64_t length_ms) {
  const std::int64_t local = at.ms() + kBeijingMs;
  return Instant::from_ms(local - local % length_ms - kBeijingMs);
}

/// One of the three kinds of record that a source builds from its readings.
struct Recorder {
  const char* cn;
  std::int64_t length_ms;
  Aggregate aggregate;
  bool whole = false;  ///< readings began with the interval
};

}  // namespace

Result<std::unique_ptr<SourcesPlay>> SourcesPlay::prepare(const SourcesOptions& options, const Fleet& fleet) {
  if (!(options.speed > 0)) return Error(ErrorCode::invalid_input, "the speed of the simulation must be positive");
  const runtime::Clock clock = options.clock ? options.clock : runtime::system_clock();
  const Instant start = interval_start(options.start.value_or(clock()), 1000);
  return std::unique_ptr<SourcesPlay>(new SourcesPlay(options, fleet, start));
}

SourcesPlay::SourcesPlay(const SourcesOptions& options, const Fleet& fleet, Instant start)
    : options_(options), fleet_(fleet), start_(start) {}

void SourcesPlay::join(Crew& crew) {
  const std::int64_t now = runtime::steady_ms();
  for (const Source& source : fleet_.sources) crew.add(play(crew.io(), source, now));
}

asio::awaitable<void> SourcesPlay::play(asio::io_context& io, const Source& source, std::int64_t began_ms) {
  const runtime::Clock clock = options_.clock ? options_.clock : runtime::system_clock();
  Session session(io, options_.target, options_.answers, clock, source.device, report_.traffic);
  if (wants_answers(source.device)) {
    // 2081: when the data logger started. Source: HJ 212-2017 table C.24.
    const std::string now = to_compact(start_);
    std::string cp = fmt::format("DataTime={};RestartTime={}", now, now);
    co_await session.upload("2081", std::move(cp), start_, false);
  }

  const std::int64_t step_ms = source.realtime_s * 1000;
  const Instant origin = interval_start(start_.plus_ms(-options_.backfill_hours * kHourMs), step_ms);
  SourceModel model(source, options_.seed, origin, start_);
  std::array<Recorder, 3> recorders{
      Recorder{"2051", source.minute_min * 60'000, Aggregate(source, source.realtime_s)},
      Recorder{"2061", kHourMs, Aggregate(source, source.realtime_s)},
      Recorder{"2031", kDayMs, Aggregate(source, source.realtime_s)}};
  std::uint64_t episodes = 0;
  for (;;) {
    const Reading& reading = model.step();
    report_.episodes += model.episodes() - episodes;
    episodes = model.episodes();
    const bool live = reading.at >= start_;
    if (live) {
      if (options_.until && reading.at >= *options_.until) break;
      const auto ahead = static_cast<double>(reading.at.ms_since(start_)) / options_.speed;
      co_await session.wait_until(began_ms + static_cast<std::int64_t>(ahead));
    }
    for (Recorder& recorder : recorders) {
      const Instant begin = interval_start(reading.at, recorder.length_ms);
      if (begin == reading.at) {
        // The interval before this reading is complete.
        const Instant before = begin.plus_ms(-recorder.length_ms);
        const bool wanted = recorder.length_ms >= kHourMs || before >= start_.plus_ms(-kMinuteBackfillMs);
        if (recorder.whole && wanted) {
          co_await session.upload(recorder.cn, recorder.aggregate.cp(before), before, !live);
        }
        recorder.aggregate.clear();
        recorder.whole = true;
      }
      recorder.aggregate.add(reading);
    }
    if (live) co_await session.upload("2011", realtime_cp(source, reading), reading.at, false);
  }
}

Result<SourcesReport> run_sources(const SourcesOptions& options, std::stop_token stop) {
  MJ_TRY(const Fleet fleet, Fleet::load(options.fleet_file));
  MJ_TRY(const auto play, SourcesPlay::prepare(options, fleet));
  Crew crew;
  play->join(crew);
  std::function<void()> tick;
  if (options.on_traffic) tick = [&] { options.on_traffic(play->traffic()); };
  MJ_CHECK(crew.run(std::move(stop), std::move(tick)));
  return play->report();
}

}  // namespace mj::simulator
