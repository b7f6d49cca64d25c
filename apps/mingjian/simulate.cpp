#include <CLI/CLI.hpp>
#include <cstdio>
#include <fstream>

#include "commands.hpp"
#include "mj/runtime/thread.hpp"
#include "mj/simulator/load.hpp"
#include "mj/simulator/replay.hpp"
#include "mj/simulator/scenario_run.hpp"
#include "mj/simulator/slow.hpp"
#include "mj/simulator/sources.hpp"
#include "mj/standards/standard_set.hpp"
#include "mj/storage/file.hpp"
#include "platform.hpp"

namespace mj::app {
namespace {

struct SimulateOptions {
  simulator::Target target;
  std::string share;
  std::string data;
  std::string network;
  std::string acked;
  std::string start;
  double speed = 3600;
  double source_speed = 1;
  bool loop = false;
  std::uint64_t seed = 1;
  std::int64_t backfill_hours = 24;
  simulator::LoadOptions load;
  double seconds = 10;
  simulator::SlowOptions slow;
  std::string scenario;
  double play_seconds = 0;
  bool tls = false;
};

using Options = std::shared_ptr<SimulateOptions>;

/// Runs a simulation on this thread until it ends or Ctrl-C is pressed.
template <typename Simulation>
auto run_until_stopped(Simulation simulation) {
  block_stop_signals();
  std::stop_source ended;
  const std::jthread signals = runtime::start_thread("signals", [ended](const std::stop_token& stop) mutable {
    if (wait_for_stop_signal(stop)) ended.request_stop();
  });
  return simulation(ended.get_token());
}

void print_traffic(const simulator::Traffic& traffic) {
  fmt::print(stderr, "sent {} answered {} resent {} given up {}; data time {}\n", traffic.sent, traffic.answered,
             traffic.resent, traffic.given_up, to_iso(traffic.data_time));
}

Result<int> replay(const SimulateOptions& options) {
  MJ_TRY(const std::filesystem::path share, find_share(options.share));
  simulator::ReplayOptions replay;
  replay.target = options.target;
  replay.fleet_file = share / "demo" / "fleet.toml";
  replay.speed = options.speed;
  replay.loop = options.loop;
  replay.on_traffic = print_traffic;
  if (!options.start.empty()) {
    replay.start = parse_iso(options.start);
    if (!replay.start)
      return Error(ErrorCode::invalid_input,
                   fmt::format("--start {}: write 2026-03-01 or \"2026-03-01 14:00\"", options.start));
  }
  MJ_TRY(const auto report,
         run_until_stopped([&](const std::stop_token& stop) { return simulator::replay(replay, stop); }));
  fmt::print("rows {} frames {} answered {} given up {} passes {}\n", report.rows, report.frames,
             report.traffic.answered, report.traffic.given_up, report.passes);
  return report.traffic.given_up == 0 ? 0 : 1;
}

Result<int> sources(const SimulateOptions& options) {
  MJ_TRY(const std::filesystem::path share, find_share(options.share));
  simulator::SourcesOptions sources;
  sources.target = options.target;
  sources.fleet_file = share / "demo" / "fleet.toml";
  sources.seed = options.seed;
  sources.speed = options.source_speed;
  sources.backfill_hours = options.backfill_hours;
  sources.clock = runtime::system_clock();
  sources.on_traffic = print_traffic;
  MJ_TRY(const auto report,
         run_until_stopped([&](const std::stop_token& stop) { return simulator::run_sources(sources, stop); }));
  fmt::print("sent {} answered {} given up {} episodes {}\n", report.traffic.sent, report.traffic.answered,
             report.traffic.given_up, report.episodes);
  return report.traffic.given_up == 0 ? 0 : 1;
}

Result<int> load(const SimulateOptions& options) {
  simulator::LoadOptions load = options.load;
  load.target = options.target;
  load.duration_ms = static_cast<std::int64_t>(options.seconds * 1000);
  load.acked_file = options.acked;
  load.on_progress = [](std::uint64_t sent, std::uint64_t acked) {
    fmt::print(stderr, "sent {} acknowledged {}\n", sent, acked);
  };
  MJ_TRY(const auto report,
         run_until_stopped([&](const std::stop_token& stop) { return simulator::load(load, stop); }));
  const auto ms = [&](double quantile) {
    return static_cast<double>(report.latency.quantile_us(quantile)) / 1000;
  };
  fmt::print("frames_acked {}\nframes_per_s {:.0f}\nunacked {}\nresent {}\nreconnects {}\nstrange_answers {}\n",
             report.acked, report.acked_per_second, report.unacked, report.resent, report.reconnects,
             report.strange_answers);
  fmt::print("latency_ms_p50 {:.2f}\nlatency_ms_p90 {:.2f}\nlatency_ms_p99 {:.2f}\nlatency_ms_max {:.2f}\n",
             ms(0.5), ms(0.9), ms(0.99), static_cast<double>(report.latency.max_us()) / 1000);
  return report.strange_answers == 0 ? 0 : 1;
}

Result<int> slow(const SimulateOptions& options) {
  simulator::SlowOptions slow = options.slow;
  slow.target = options.target;
  slow.duration_ms = static_cast<std::int64_t>(options.seconds * 1000);
  slow.on_progress = [](std::uint32_t open, std::uint64_t acked) {
    fmt::print(stderr, "{} connections held, {} healthy frames acknowledged\n", open, acked);
  };
  MJ_TRY(const auto report,
         run_until_stopped([&](const std::stop_token& stop) { return simulator::hold_slow(slow, stop); }));
  fmt::print(
      "open_at_start {}\nopen_at_end {}\nclosed_by_server {}\nrefused {}\nhealthy_sent {}\nhealthy_acked {}\n",
      report.open_at_start, report.open_at_end, report.closed_by_server, report.refused, report.healthy_sent,
      report.healthy_acked);
  fmt::print("healthy_ms_p50 {:.2f}\nhealthy_ms_p99 {:.2f}\nhealthy_ms_max {:.2f}\n",
             static_cast<double>(report.healthy_latency.quantile_us(0.5)) / 1000,
             static_cast<double>(report.healthy_latency.quantile_us(0.99)) / 1000,
             static_cast<double>(report.healthy_latency.max_us()) / 1000);
  return report.healthy_acked == report.healthy_sent ? 0 : 1;
}

Result<int> check(const SimulateOptions& options) {
  MJ_TRY(const simulator::AckedLog acked, simulator::AckedLog::load(options.acked));
  const DataDirectory data{options.data};
  MJ_TRY(
      const registry::Network network,
      registry::Network::load(options.network.empty() ? data.network() : std::filesystem::path(options.network)));
  MJ_TRY(const auto log, open_log(data));
  MJ_TRY(const auto settings, registry::DeviceRegister::open(data.records(), network, data.vault_key()));
  while (true) {
    MJ_TRY(const std::size_t done, settings->consume(*log));
    if (done == 0) break;
  }
  MJ_TRY(const auto store,
         telemetry::Store::open(data.telemetry(), network, *settings, telemetry::StoreOptions{}));
  while (true) {
    MJ_TRY(const std::size_t done, store->consume(*log));
    if (done == 0) break;
  }
  const auto stored = [&](const std::string& mn, Instant first,
                          Instant last) -> Result<std::vector<simulator::StoredValue>> {
    std::vector<simulator::StoredValue> values;
    for (const telemetry::Latest& series : store->latest(mn)) {
      telemetry::SeriesQuery query;
      query.device = mn;
      query.factor = series.key.factor;
      query.kind = series.key.kind;
      query.from = first;
      query.to = last.plus_ms(1);
      query.max_points = std::numeric_limits<std::size_t>::max() / 4;
      MJ_TRY(const telemetry::SeriesRows rows, store->read(query));
      for (const telemetry::Observation& value : rows.observations) {
        const auto decimal = parse_decimal(value.text);
        if (!decimal)
          return Error(ErrorCode::damaged,
                       fmt::format("{} {} holds \"{}\", which was never sent", mn, query.factor, value.text));
        values.push_back(simulator::StoredValue{value.at, query.factor, *decimal});
      }
    }
    return values;
  };
  MJ_TRY(const simulator::AckedCheck result, simulator::check_acked(acked, stored));
  const telemetry::Ledger ledger = store->ledger(log->size());
  fmt::print(
      "acked_frames {}\nmissing_frames {}\nwrong_values {}\nduplicate_values {}\nalien_values {}\nledger_balanced "
      "{}\n",
      result.frames, result.missing_frames, result.wrong_values, result.duplicate_values, result.alien_values,
      ledger.balanced());
  for (const std::string& finding : result.findings) fmt::print("{}\n", finding);
  return result.ok() && ledger.balanced() ? 0 : 1;
}

Result<int> scenario(const SimulateOptions& options) {
  const runtime::Clock clock = runtime::system_clock();
  MJ_TRY(const simulator::Scenario scenario, simulator::Scenario::load(options.scenario, clock()));
  MJ_TRY(const std::filesystem::path share, find_share(options.share));
  MJ_TRY(const standards::StandardSet standards, standards::StandardSet::load(share / "standards"));
  simulator::ScenarioOptions play;
  play.target = options.target;
  play.tls = options.tls;
  play.protocol = standards.protocol();
  play.duration_ms = static_cast<std::int64_t>(options.play_seconds * 1000);
  play.clock = clock;
  play.on_report = [](const simulator::ScenarioReport& report) {
    std::uint64_t requests = 0;
    for (const auto& [cn, count] : report.requests_by_cn) requests += count;
    fmt::print(stderr,
               "{:.0f} s: online {} of {}, frames {}, answered {}, resent {}, requests {}, records asked for {}, "
               "withheld {}\n",
               report.seconds, report.online, report.devices, report.frames, report.answered, report.resent,
               requests, report.records_requested, report.withheld);
  };
  MJ_TRY(const auto report, run_until_stopped([&](const std::stop_token& stop) {
           return simulator::run_scenario(scenario, play, stop);
         }));
  fmt::print("{}\n", to_json(report));
  return 0;
}

Result<int> write_network(const SimulateOptions& options) {
  if (!options.scenario.empty()) {
    MJ_TRY(const simulator::Scenario scenario,
           simulator::Scenario::load(options.scenario, runtime::system_clock()()));
    MJ_TRY(const std::filesystem::path share, find_share(options.share));
    MJ_TRY(const standards::StandardSet standards, standards::StandardSet::load(share / "standards"));
    const std::string points = scenario_network_toml(scenario, standards.protocol());
    if (options.network.empty()) {
      fmt::print("{}", points);
    } else {
      MJ_CHECK(storage::replace_file(options.network, points));
    }
    return 0;
  }
  if (options.network.empty())
    return Error(ErrorCode::invalid_input, "name a scenario file, or --devices and --out");
  const std::string text = simulator::load_network_toml(options.load.plan);
  MJ_CHECK(storage::replace_file(options.network, text));
  fmt::print("{} devices in {}\n", options.load.plan.devices, options.network);
  return 0;
}

void add_target(CLI::App& command, SimulateOptions& options) {
  command.add_option("--host", options.target.host, "HJ 212 server")->capture_default_str();
  options.target.port = 9212;
  command.add_option("--port", options.target.port, "Port of the HJ 212 server")->capture_default_str();
}

void add_command(CLI::App* command, const Options& options, Run& run, Result<int> (*act)(const SimulateOptions&)) {
  command->callback([options, &run, act] { run = [options, act] { return act(*options); }; });
}

}  // namespace

void add_simulate(CLI::App& app, Run& run) {
  CLI::App* simulate =
      app.add_subcommand("simulate", "Play devices over real TCP: replay, synthetic sources, load, slow peers");
  simulate->require_subcommand(1);
  simulate->footer(
      "Examples:\n"
      "  mingjian simulate replay --port 9212 --speed 3600\n"
      "  mingjian simulate sources --port 9212 --backfill-hours 0\n"
      "  mingjian simulate scenario demo/scenarios/conformance.toml --port 9212 --for 60\n"
      "  mingjian simulate network demo/scenarios/conformance.toml > network.toml\n"
      "  mingjian simulate network --devices 1000 --out network.toml\n"
      "  mingjian simulate load --port 9212 --devices 1000 --seconds 10 --acked acked.bin\n"
      "  mingjian simulate check --data ./data/load --acked acked.bin     (server stopped)\n"
      "  mingjian simulate slow --port 9212 --connections 10000");

  const auto options = std::make_shared<SimulateOptions>();
  CLI::App* replaying =
      simulate->add_subcommand("replay", "Real station data of the demonstration as HJ 212 hour data");
  add_target(*replaying, *options);
  replaying->add_option("--speed", options->speed, "Seconds of data per second; 0 = as fast as answers come")
      ->capture_default_str();
  replaying->add_flag("--loop", options->loop, "Begin again at the end, DataTime shifted by whole weeks");
  replaying->add_option("--start", options->start, "Leave out air data before this Beijing time");
  replaying->add_option("--share", options->share, "Folder with demo/ (default: found beside the program)");
  add_command(replaying, options, run, replay);

  CLI::App* synthetic = simulate->add_subcommand(
      "sources", "Synthetic stacks and waste-water outlets with load patterns and exceedances");
  add_target(*synthetic, *options);
  synthetic->add_option("--seed", options->seed, "Equal seeds give equal values")->capture_default_str();
  synthetic->add_option("--speed", options->source_speed, "Simulated seconds per second")
      ->capture_default_str()
      ->check(CLI::PositiveNumber);
  synthetic->add_option("--backfill-hours", options->backfill_hours, "History uploaded first")
      ->capture_default_str();
  synthetic->add_option("--share", options->share, "Folder with demo/ (default: found beside the program)");
  add_command(synthetic, options, run, sources);

  CLI::App* playing = simulate->add_subcommand(
      "scenario",
      "Play a scenario: devices that answer host commands and misbehave as told; JSON report at the end");
  playing->add_option("file", options->scenario, "Scenario, e.g. demo/scenarios/gaps.toml")->required();
  add_target(*playing, *options);
  playing->add_flag("--tls", options->tls, "TLS to the server, whatever its certificate");
  playing->add_option("--for", options->play_seconds, "Seconds to play; 0 = as the scenario says")
      ->capture_default_str()
      ->check(CLI::NonNegativeNumber);
  playing->add_option("--share", options->share, "Folder with standards/ (default: found beside the program)");
  add_command(playing, options, run, scenario);

  CLI::App* network = simulate->add_subcommand(
      "network", "Write the network.toml that registers the devices of a scenario, or the load devices");
  network->add_option("file", options->scenario, "Scenario; without one, the load devices");
  network->add_option("--devices", options->load.plan.devices, "Load devices")->capture_default_str();
  network->add_option("--out", options->network, "File to write; a scenario's network is printed without it");
  network->add_option("--share", options->share, "Folder with standards/ (default: found beside the program)");
  add_command(network, options, run, write_network);

  CLI::App* loading = simulate->add_subcommand("load", "Measure acknowledged frames per second and their latency");
  add_target(*loading, *options);
  loading->add_option("--devices", options->load.plan.devices, "Devices")->capture_default_str();
  loading->add_option("--connections", options->load.connections, "Connections")->capture_default_str();
  loading->add_option("--window", options->load.window, "Frames in flight per connection")->capture_default_str();
  loading->add_option("--rate", options->load.rate, "Frames per second over all; 0 = as fast as answers come")
      ->capture_default_str();
  loading->add_option("--seconds", options->seconds, "How long to send")->capture_default_str();
  loading->add_option("--frames", options->load.max_frames, "Stop after so many frames; 0 = no limit")
      ->capture_default_str();
  loading->add_option("--first-sequence", options->load.first_sequence, "Continue an earlier run")
      ->capture_default_str();
  loading->add_option("--acked", options->acked, "Write which frames were acknowledged, for simulate check");
  add_command(loading, options, run, load);

  CLI::App* checking =
      simulate->add_subcommand("check", "Is everything acknowledged stored, once and unchanged? (server stopped)");
  checking->add_option("--data", options->data, "Data directory of the server")->required();
  checking->add_option("--acked", options->acked, "File written by simulate load --acked")->required();
  checking->add_option("--network", options->network,
                       "Registered devices (default: network.toml in the data directory)");
  add_command(checking, options, run, check);

  CLI::App* slowing =
      simulate->add_subcommand("slow", "Hold idle and one-byte-a-second connections while a good device measures");
  add_target(*slowing, *options);
  slowing->add_option("--connections", options->slow.connections, "Connections to hold")->capture_default_str();
  slowing->add_option("--seconds", options->seconds, "How long to measure")->capture_default_str();
  add_command(slowing, options, run, slow);
}

}  // namespace mj::app
