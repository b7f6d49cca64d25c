#include "mj/simulator/demo.hpp"

#include "replay_play.hpp"
#include "sources_play.hpp"

namespace mj::simulator {

Result<DemoReport> run_demo_fleet(const DemoOptions& options, std::stop_token stop) {
  MJ_TRY(const Fleet fleet, Fleet::load(options.fleet_file));
  ReplayOptions replay_options;
  replay_options.target = options.target;
  replay_options.speed = options.replay_speed;
  replay_options.loop = true;
  replay_options.answers = options.answers;
  replay_options.protocol = options.protocol;
  SourcesOptions sources_options;
  sources_options.target = options.target;
  sources_options.seed = options.seed;
  sources_options.backfill_hours = options.backfill_hours;
  sources_options.answers = options.answers;
  sources_options.protocol = options.protocol;

  MJ_TRY(const auto replayed, ReplayPlay::prepare(replay_options, fleet));
  MJ_TRY(const auto invented, SourcesPlay::prepare(sources_options, fleet));
  Crew crew;
  invented->join(crew);
  replayed->join(crew);
  std::function<void()> tick;
  if (options.on_traffic) tick = [&] { options.on_traffic(sum(replayed->traffic(), invented->traffic())); };
  MJ_CHECK(crew.run(std::move(stop), std::move(tick)));
  return DemoReport{replayed->report(), invented->report()};
}

}  // namespace mj::simulator
