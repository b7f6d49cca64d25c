#include "mj/simulator/sources.hpp"
#include "durations.hpp"

#include <array>
#include <map>

#include "aggregate.hpp"
#include "field_model.hpp"
#include "session.hpp"
#include "sources_play.hpp"
#include "upload.hpp"

namespace mj::simulator {
namespace {

// Minute records of the last two hours before the start are uploaded late; older ones only as hours and days.
constexpr std::int64_t kMinuteBackfillMs = 2 * kHourMs;

/// Records that a source has sent and a host may ask for again 补取.
class KeptRecords {
 public:
  void keep(Record record, Instant start, const std::string& area) {
    areas_.insert_or_assign(std::pair(record, start), area);
    if (areas_.size() > kMost) areas_.erase(areas_.begin());
  }
  [[nodiscard]] std::optional<std::string> find(Record record, Instant start) const {
    if (record == Record::status) return fmt::format("DataTime={};SB1-RS=1", to_compact(start));
    const auto found = areas_.find(std::pair(record, start));
    if (found == areas_.end()) return std::nullopt;
    return found->second;
  }

 private:
  static constexpr std::size_t kMost = 2'000;  // the oldest of the shortest kind goes first
  std::map<std::pair<Record, Instant>, std::string> areas_;
};

/// One of the three kinds of record that a source builds from its readings.
struct Recorder {
  Record record;
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
  KeptRecords kept;
  std::unique_ptr<HostSide> host;
  if (options_.protocol) {
    const auto records = [&kept](Record record, Instant at, std::int64_t) { return kept.find(record, at); };
    host = std::make_unique<HostSide>(source.device, source.signals, *options_.protocol, source.realtime_s,
                                      source.minute_min, records, clock());
  }
  Session session(io, options_.target, options_.answers, clock, source.device, report_.traffic, host.get());
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
      Recorder{Record::minute, source.minute_min * 60'000, Aggregate(source, source.realtime_s)},
      Recorder{Record::hour, kHourMs, Aggregate(source, source.realtime_s)},
      Recorder{Record::day, kDayMs, Aggregate(source, source.realtime_s)}};
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
          const std::string area =
              recorder.record == Record::day ? recorder.aggregate.day_cp(before) : recorder.aggregate.cp(before);
          if (host) kept.keep(recorder.record, before, area);
          co_await session.upload(std::string(command_of(recorder.record)), area, before, !live);
        }
        recorder.aggregate.clear();
        recorder.whole = true;
        if (host && recorder.record == Record::minute &&
            recorder.length_ms != host->device.minute_min() * 60'000) {
          recorder.length_ms = host->device.minute_min() * 60'000;  // the host set another interval
          recorder.whole = interval_start(reading.at, recorder.length_ms) == reading.at;
        }
      }
      recorder.aggregate.add(reading);
    }
    // A host may have stopped real-time data or set another interval.
    const bool wanted = !host || (host->device.realtime_on() &&
                                  interval_start(reading.at, host->device.realtime_s() * 1'000) == reading.at);
    if (live && wanted) co_await session.upload("2011", realtime_cp(source, reading), reading.at, false);
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
