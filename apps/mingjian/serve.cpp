#include <CLI/CLI.hpp>
#include <cstdio>
#include <optional>

#include "commands.hpp"
#include "demo_files.hpp"
#include "demo_witnesses.hpp"
#include "mj/runtime/log.hpp"
#include "mj/runtime/thread.hpp"
#include "mj/simulator/demo.hpp"
#include "platform.hpp"

namespace mj::app {
namespace {

struct ServeOptions {
  std::string data;
  std::string network;
  std::string share;
  std::string origin = "mingjian.local/log";
  std::uint16_t http_port = 8080;
  std::string gateway;
  std::optional<std::string> hj212_address;
  std::optional<std::uint16_t> hj212_port;
  double scrub_mb_per_s = 8;
  bool no_compress = false;
  bool quiet = false;
};

void add_common(CLI::App& command, ServeOptions& options) {
  command.add_option("--share", options.share,
                     "Folder with standards/, rules/, web/ (default: found beside the program)");
  command
      .add_option("--http-port", options.http_port,
                  "Port of the screens and the API, on 127.0.0.1; 0 = any free one")
      ->capture_default_str();
  command.add_option(
      "--gateway", options.gateway,
      "gateway.toml: address, TLS, allow-list and limits for devices (default: in the data directory)");
  command.add_option("--hj212-address", options.hj212_address,
                     "Address on which devices connect (default: as gateway.toml says, or 127.0.0.1)");
  command.add_option("--hj212-port", options.hj212_port,
                     "Port on which devices connect, 0 = any free one (default: as gateway.toml says, or 9212)");
  command
      .add_option("--scrub-mb-per-s", options.scrub_mb_per_s,
                  "How fast stored evidence is read again in the background, MB/s; 0 = never")
      ->capture_default_str()
      ->check(CLI::NonNegativeNumber);
  command.add_flag("--no-compress", options.no_compress, "Leave sealed segments uncompressed");
  command.add_flag("--quiet", options.quiet, "Log warnings and errors only");
}

Result<PlatformOptions> platform_options(const ServeOptions& options) {
  PlatformOptions platform;
  platform.data.root = options.data;
  platform.network_file = options.network;
  platform.origin = options.origin;
  platform.http_port = options.http_port;
  const std::filesystem::path file =
      options.gateway.empty() ? platform.data.root / "gateway.toml" : std::filesystem::path(options.gateway);
  if (!options.gateway.empty() || std::filesystem::exists(file)) {
    MJ_TRY(platform.devices, gateway::ServerOptions::load(file));
  }
  if (options.hj212_address) platform.devices.address = *options.hj212_address;
  if (options.hj212_port) platform.devices.port = *options.hj212_port;
  platform.upkeep.scrub_bytes_per_s = static_cast<std::uint64_t>(options.scrub_mb_per_s * 1e6);
  platform.upkeep.compress = !options.no_compress;
  MJ_TRY(platform.share, find_share(options.share));
  return platform;
}

/// Both ports and the address to open; the first lines are also what scripts wait for.
void print_ready(const Platform& platform, const ServeOptions& options, const std::string& address) {
  fmt::print("明鉴 Mingjian {}\n", MJ_VERSION);
  fmt::print("  screens  http://127.0.0.1:{}/   (no login yet: this machine only 仅本机)\n", platform.http_port());
  fmt::print("  devices  {}:{}   (HJ 212-2005/2017/2025 over TCP)\n", address, platform.hj212_port());
  if (platform.hj212_tls_port())
    fmt::print("           {}:{}   (the same over TLS)\n", address, *platform.hj212_tls_port());
  fmt::print("  data     {}   {} points registered\n", options.data, platform.point_count());
  fmt::print("Stop with Ctrl-C.\n");
  std::fflush(stdout);
}

Result<int> serve(const ServeOptions& options) {
  block_stop_signals();
  if (options.quiet) runtime::set_log_level(runtime::Level::warning);
  MJ_TRY(const PlatformOptions settings, platform_options(options));
  MJ_TRY(const auto platform, Platform::start(settings));
  print_ready(*platform, options, settings.devices.address);
  wait_for_stop_signal();
  fmt::print("Stopping: what was received is committed and derived first.\n");
  return 0;
}

Result<int> demo(ServeOptions options, double speed) {
  block_stop_signals();
  if (options.quiet) runtime::set_log_level(runtime::Level::warning);
  MJ_TRY(PlatformOptions settings, platform_options(options));
  settings.network_file = (settings.share / "demo" / "network.toml").string();
  settings.register_folders = demo_register_folders(settings.share);
  MJ_TRY(const auto witnesses, DemoWitnesses::start(settings.data.root / "witnesses"));
  settings.anchoring = witnesses->options();
  MJ_TRY(const auto platform, Platform::start(settings));
  const std::jthread introducing = witnesses->introduce(*platform);
  const std::jthread handing_over = hand_over_demo_files(*platform, settings.share);
  print_ready(*platform, options, settings.devices.address);
  simulator::DemoOptions fleet;
  fleet.target.host = settings.devices.address;
  fleet.target.port = platform->hj212_port();
  fleet.fleet_file = settings.share / "demo" / "fleet.toml";
  fleet.replay_speed = speed;
  fleet.protocol = platform->protocol();
  const std::jthread devices = runtime::start_thread("fleet", [fleet](const std::stop_token& stop) {
    runtime::lower_thread_priority();
    const auto report = simulator::run_demo_fleet(fleet, stop);
    if (!report)
      runtime::log(runtime::Level::error, "simulator", "the demonstration fleet ended: {}", report.error().text());
  });
  wait_for_stop_signal();
  fmt::print("Stopping: what was received is committed and derived first.\n");
  return 0;
}

}  // namespace

void add_serve(CLI::App& app, Run& run) {
  auto options = std::make_shared<ServeOptions>();
  CLI::App* command = app.add_subcommand("serve", "Receive devices and serve the screens");
  command->add_option("--data", options->data, "Data directory; made when missing")->required();
  command->add_option("--network", options->network,
                      "Registered points and devices (default: network.toml in the data directory)");
  command->add_option("--origin", options->origin, "Name of the evidence log in its checkpoints")
      ->capture_default_str();
  add_common(*command, *options);
  command->footer(
      "Examples:\n"
      "  mingjian serve --data /var/lib/mingjian --network network.toml\n"
      "  mingjian serve --data ./data/test --http-port 0 --hj212-port 0");
  command->callback([options, &run] { run = [options] { return serve(*options); }; });
}

void add_demo(CLI::App& app, Run& run) {
  auto options = std::make_shared<ServeOptions>();
  auto speed = std::make_shared<double>(3600);
  CLI::App* command = app.add_subcommand(
      "demo", "Serve a live demonstration: replayed stations of Chongqing and simulated sources");
  options->data = "./data/demo";
  options->origin = "mingjian.local/demo";
  command->add_option("--data", options->data, "Data directory; made when missing")->capture_default_str();
  command->add_option("--speed", *speed, "Replay speed: seconds of data per second")
      ->capture_default_str()
      ->check(CLI::PositiveNumber);
  add_common(*command, *options);
  command->footer(
      "Example:\n  mingjian demo --data ./data/demo --speed 3600     one hour of station data a second");
  command->callback([options, speed, &run] { run = [options, speed] { return demo(*options, *speed); }; });
}

}  // namespace mj::app
