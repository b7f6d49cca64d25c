#include "mj/simulator/replay.hpp"

#include "replay_play.hpp"
#include "session.hpp"

namespace mj::simulator {
namespace {

constexpr std::int64_t kWeekMs = 7LL * 24 * 3'600'000;

}  // namespace

Result<std::unique_ptr<ReplayPlay>> ReplayPlay::prepare(const ReplayOptions& options, const Fleet& fleet) {
  if (options.speed < 0) return Error(ErrorCode::invalid_input, "the replay speed must not be negative");
  ReplayPart air;
  ReplayPart water;
  if (!fleet.air_file.empty()) {
    MJ_TRY(air, read_air(fleet, options.start.value_or(Instant::from_ms(INT64_MIN / 2))));
  }
  if (!fleet.water_file.empty()) {
    MJ_TRY(water, read_water(fleet));
  }
  return std::unique_ptr<ReplayPlay>(new ReplayPlay(options, std::move(air), std::move(water)));
}

ReplayPlay::ReplayPlay(const ReplayOptions& options, ReplayPart air, ReplayPart water)
    : options_(options), parts_{Part{std::move(air), 0, {}}, Part{std::move(water), 0, {}}} {
  for (Part& part : parts_) {
    const std::int64_t span = part.data.last.ms_since(part.data.first);
    part.lap_ms = (span / kWeekMs + 1) * kWeekMs;
    part.passes.assign(part.data.scripts.size(), 0);
    report_.rows += part.data.count.rows;
    report_.rows_before_start += part.data.count.before_start;
    report_.rows_empty += part.data.count.empty;
    report_.rows_unknown_station += part.data.count.unknown_station;
  }
}

void ReplayPlay::join(Crew& crew) {
  const std::int64_t now = runtime::steady_ms();
  for (Part& part : parts_) {
    for (std::size_t i = 0; i < part.data.scripts.size(); ++i) crew.add(play(crew.io(), part, i, now));
  }
}

asio::awaitable<void> ReplayPlay::play(asio::io_context& io, Part& part, std::size_t index,
                                       std::int64_t began_ms) {
  const ReplayScript& script = part.data.scripts[index];
  if (script.rows.empty()) co_return;
  std::size_t played = 0;
  std::unique_ptr<HostSide> host;
  if (options_.protocol) {
    // What was played may be asked for again.
    const auto records = [&script, &played](Record record, Instant at,
                                            std::int64_t) -> std::optional<std::string> {
      if (record == Record::status) return fmt::format("DataTime={};SB1-RS=1", to_compact(at));
      if (record != Record::hour) return std::nullopt;
      for (std::size_t i = 0; i < played; ++i) {
        if (script.rows[i].data_time == at) return replay_cp(script.rows[i], 0, 0);
      }
      return std::nullopt;
    };
    const auto now = runtime::system_clock()();
    host = std::make_unique<HostSide>(script.device->device, std::vector<Signal>(), *options_.protocol, 3'600, 60,
                                      records, now);
  }
  Session session(io, options_.target, options_.answers, runtime::system_clock(), script.device->device,
                  report_.traffic, host.get());
  do {
    const std::uint64_t pass = part.passes[index];
    const std::int64_t shift = static_cast<std::int64_t>(pass) * part.lap_ms;
    for (const ReplayRow& row : script.rows) {
      if (options_.speed > 0) {
        const auto data_ms = static_cast<double>(row.play_at.ms_since(part.data.first) + shift);
        co_await session.wait_until(began_ms + static_cast<std::int64_t>(data_ms / options_.speed));
      }
      co_await session.upload("2061", replay_cp(row, shift, pass), row.data_time.plus_ms(shift), false);
      if (pass == 0) ++played;
      ++report_.frames;
    }
    ++part.passes[index];
  } while (options_.loop);
}

ReplayReport ReplayPlay::report() const {
  ReplayReport report = report_;
  bool first = true;
  for (const Part& part : parts_) {
    for (std::size_t i = 0; i < part.passes.size(); ++i) {
      if (part.data.scripts[i].rows.empty()) continue;
      report.passes = first ? part.passes[i] : std::min(report.passes, part.passes[i]);
      first = false;
    }
  }
  return report;
}

Result<ReplayReport> replay(const ReplayOptions& options, std::stop_token stop) {
  MJ_TRY(const Fleet fleet, Fleet::load(options.fleet_file));
  MJ_TRY(const auto play, ReplayPlay::prepare(options, fleet));
  Crew crew;
  play->join(crew);
  std::function<void()> tick;
  if (options.on_traffic) tick = [&] { options.on_traffic(play->traffic()); };
  MJ_CHECK(crew.run(std::move(stop), std::move(tick)));
  return play->report();
}

}  // namespace mj::simulator
