#include <CLI/CLI.hpp>
#include <cstdio>

#include "commands.hpp"
#include "platform.hpp"

namespace mj::app {
namespace {

struct ExportOptions {
  std::string data;
  std::string network;
  std::string share;
  std::string point;
  std::string factor;
  std::string kind;
  std::string period;
  std::string from;
  std::string to;
  std::string format = "csv";
  std::string out;
};

Result<Instant> read_time(std::string_view option, const std::string& text) {
  const auto instant = parse_iso(text);
  if (!instant) {
    return Error(ErrorCode::invalid_input,
                 fmt::format("{} {}: write 2026-03-01 or \"2026-03-01 14:00\" (Beijing time)", option, text));
  }
  return *instant;
}

Result<int> export_series(const ExportOptions& options) {
  const DataDirectory data{options.data};
  MJ_TRY(const std::filesystem::path share, find_share(options.share));
  std::string network = options.network;
  if (network.empty() && !std::filesystem::exists(data.network()))
    network = (share / "demo" / "network.toml").string();
  MJ_TRY(const Knowledge knowledge, Knowledge::load(share, data, network));
  const registry::Point* point = knowledge.network.find(options.point);
  if (point == nullptr) {
    return Error(ErrorCode::not_found,
                 fmt::format("there is no point {}; the points are listed at /api/points and in network.toml",
                             options.point));
  }
  telemetry::SeriesQuery query;
  query.device = point->device;
  query.factor = options.factor;
  query.kind = options.kind;
  if (!options.period.empty()) {
    query.period = telemetry::parse_period(options.period);
    if (!query.period) {
      return Error(ErrorCode::invalid_input,
                   fmt::format("--period {} is not one of instant, minute, hour, day", options.period));
    }
  }
  MJ_TRY(query.from, read_time("--from", options.from));
  MJ_TRY(query.to, read_time("--to", options.to));
  if (query.to <= query.from) return Error(ErrorCode::invalid_input, "--to must be later than --from");
  if (!std::filesystem::exists(data.telemetry())) {
    return Error(ErrorCode::not_found,
                 fmt::format("{} holds no values; name the data directory of a server", data.root.string()));
  }
  MJ_TRY(const auto settings, registry::DeviceRegister::open(data.records(), knowledge.network, data.vault_key()));
  MJ_TRY(const auto store,
         telemetry::Store::open(data.telemetry(), knowledge.network, *settings, telemetry::StoreOptions{}));
  // Without a kind, the one the factor has for this period: measured averages before real-time values.
  if (query.kind.empty()) {
    for (const char* kind : {"Avg", "Rtd"}) {
      for (const telemetry::Latest& latest : store->latest(point->device)) {
        const bool fits = latest.key.factor == query.factor && latest.key.kind == kind &&
                          (!query.period || telemetry::period_of(latest.key.cn) == *query.period);
        if (fits && query.kind.empty()) query.kind = kind;
      }
    }
    if (query.kind.empty()) {
      return Error(ErrorCode::not_found,
                   fmt::format("point {} has no values of {}; the factors it reports are at /api/points/{}",
                               options.point, options.factor, options.point));
    }
  }
  const standards::Factor* factor = knowledge.standards.factor(query.factor);
  const auto own_unit = point->units.find(query.factor);
  const std::string unit = own_unit != point->units.end() ? own_unit->second
                           : factor == nullptr            ? ""
                                                          : factor->unit;
  const bool parquet = options.format == "parquet";
  const std::string file =
      options.out.empty() ? fmt::format("{}-{}-{}.{}", options.point, query.factor, query.kind, options.format)
                          : options.out;
  MJ_TRY(
      const std::uint64_t rows,
      store->export_series(query, point->id, unit,
                           parquet ? telemetry::Store::ExportFormat::parquet : telemetry::Store::ExportFormat::csv,
                           file == "-" ? std::filesystem::path("/dev/stdout") : std::filesystem::path(file)));
  fmt::print(stderr, "{} values of {} {} {} in {}\n", rows, point->id, query.factor, query.kind, file);
  return 0;
}

}  // namespace

void add_series(CLI::App& app, Run& run) {
  auto options = std::make_shared<ExportOptions>();
  CLI::App* series = app.add_subcommand("series", "Work with series of values");
  series->require_subcommand(1);
  CLI::App* command = series->add_subcommand(
      "export", "Write the values of a point and factor as CSV or Parquet (server stopped)");
  command->add_option("--data", options->data, "Data directory")->capture_default_str();
  options->data = "./data/demo";
  command->add_option("--point", options->point, "Point id, e.g. air-1416A")->required();
  command->add_option("--factor", options->factor, "Factor code as reported, e.g. a34004")->required();
  command->add_option("--from", options->from, "First time, Beijing: 2026-03-01 or \"2026-03-01 14:00\"")
      ->required();
  command->add_option("--to", options->to, "Time after the last one")->required();
  command->add_option("--format", options->format, "csv or parquet")
      ->capture_default_str()
      ->check(CLI::IsMember({"csv", "parquet"}));
  command->add_option("--out", options->out,
                      "File to write; - = standard output (default: POINT-FACTOR-KIND.FORMAT)");
  command->add_option("--kind", options->kind, "Rtd, Avg, Min, Max, Cou, ZsAvg … (default: Avg, else Rtd)");
  command->add_option("--period", options->period, "instant, minute, hour or day (default: any)");
  command->add_option("--network", options->network,
                      "Registered points and devices (default: network.toml in the data directory)");
  command->add_option("--share", options->share,
                      "Folder with standards/ and rules/ (default: found beside the program)");
  command->footer(
      "Example:\n"
      "  mingjian series export --point air-1416A --factor a34004 --from 2026-03-01 --to 2026-03-08 --format "
      "parquet");
  command->callback([options, &run] { run = [options] { return export_series(*options); }; });
}

}  // namespace mj::app
