#include <unistd.h>

#include <CLI/CLI.hpp>
#include <cstdio>

#include "commands.hpp"
#include "evaluation_sources.hpp"
#include "mj/evaluation/export.hpp"
#include "mj/registry/adoption.hpp"
#include "mj/runtime/clock.hpp"
#include "mj/storage/file.hpp"
#include "platform.hpp"
#include "registered.hpp"
#include "text_table.hpp"

namespace mj::app {
namespace {

struct EvaluateOptions {
  std::string data = "./data/demo";
  std::string network;
  std::string share;
  std::string element = "all";
  std::string from;
  std::string to;
  bool full = false;
  std::uint64_t memory_mb = 512;
  std::string period = "month";
  std::string at;
  std::string level = "point";
  std::string indicator;
  std::string format = "text";
  std::string out;
  std::string subject;
  std::size_t limit = 50;
};

/// The stores of a data directory whose server is stopped.
struct EvaluationStores {
  Knowledge knowledge;
  std::unique_ptr<evidence::Log> log;
  std::unique_ptr<registry::DeviceRegister> devices;
  std::unique_ptr<registry::Book> book;
  std::unique_ptr<telemetry::Store> values;
  std::unique_ptr<evaluation::Engine> engine;
};

Result<std::unique_ptr<EvaluationStores>> open_evaluation_stores(const EvaluateOptions& options) {
  const DataDirectory data{options.data};
  MJ_TRY(const std::filesystem::path share, find_share(options.share));
  if (!std::filesystem::exists(data.telemetry()))
    return Error(ErrorCode::not_found,
                 fmt::format("{} holds no values; name the data directory of a server", data.root.string()));
  MJ_TRY(Knowledge knowledge, Knowledge::load(share, data, options.network));
  auto stores = std::make_unique<EvaluationStores>(EvaluationStores{
      .knowledge = std::move(knowledge), .log = {}, .devices = {}, .book = {}, .values = {}, .engine = {}});
  MJ_TRY(stores->log, open_log(data));
  const Knowledge& known = stores->knowledge;
  MJ_TRY(stores->book, open_register(data.records(), known.register_schema, *stores->log));
  MJ_CHECK(adopt_register_files(*stores->book, *stores->log, known.network, {share / "geo", data.register_files()},
                                runtime::system_clock()()));
  MJ_TRY(stores->knowledge.network,
         registry::with_registered_points(known.network, *stores->book,
                                          registry::Day::of(runtime::system_clock()())));
  MJ_TRY(stores->devices, registry::DeviceRegister::open(data.records(), known.network, data.vault_key()));
  telemetry::StoreOptions store_options;
  store_options.memory_bytes = options.memory_mb << 20;
  MJ_TRY(stores->values, telemetry::Store::open(data.telemetry(), known.network, *stores->devices, store_options));
  evaluation::ResultStoreOptions result_options;
  result_options.memory_bytes = options.memory_mb << 20;
  MJ_TRY(stores->engine,
         evaluation::Engine::open(data.evaluation(),
                                  evaluation_sources(*stores->values, stores->knowledge.standards, *stores->book),
                                  result_options));
  return stores;
}

Result<Instant> evaluation_time(std::string_view option, const std::string& text) {
  const auto instant = parse_iso(text);
  if (!instant)
    return Error(ErrorCode::invalid_input,
                 fmt::format("{} {}: write 2026-03-01 or \"2026-03-01 14:00\" (Beijing time)", option, text));
  return *instant;
}

/// One line that is written over on a terminal, one line a second elsewhere.
class RunLine {
 public:
  void tell(const evaluation::Run& run) {
    const bool terminal = isatty(STDERR_FILENO) != 0;
    const std::int64_t now = runtime::steady_ms();
    const bool ended = run.state != evaluation::RunState::running;
    if (!terminal && !ended && now - told_ < 1000) return;
    told_ = now;
    const std::string left = run.remaining_s && !ended ? fmt::format(", {:.0f} s left", *run.remaining_s) : "";
    fmt::print(stderr, "{}{}: {} of {} values, {:.1f} M/s, {} results{}{}", terminal ? "\r\x1b[K" : "",
               run.element, run.done, run.total, run.rate / 1e6, run.rows, left, terminal && !ended ? "" : "\n");
  }

 private:
  std::int64_t told_ = 0;
};

Result<int> run_evaluation(const EvaluateOptions& options) {
  if (options.from.empty() != options.to.empty())
    return Error(ErrorCode::invalid_input, "--from and --to belong together");
  MJ_TRY(const auto stores, open_evaluation_stores(options));
  evaluation::RunRequest request;
  request.element = options.element;
  if (options.full) request.kind = evaluation::RunKind::full;
  if (!options.from.empty()) {
    request.kind = evaluation::RunKind::range;
    MJ_TRY(request.from, evaluation_time("--from", options.from));
    MJ_TRY(request.to, evaluation_time("--to", options.to));
  }
  RunLine line;
  const std::int64_t began = runtime::steady_ms();
  MJ_TRY(const auto runs, stores->engine->run(request, {}, [&](const evaluation::Run& run) { line.tell(run); }));
  for (const evaluation::Run& run : runs) {
    fmt::print("run {}: {} {} {} to {}, {} values, {} results\n", run.id, run.element, evaluation::name(run.kind),
               run.from ? to_iso(*run.from).substr(0, 10) : "-",
               run.to ? to_iso(run.to->plus_ms(-1)).substr(0, 10) : "-", run.done, run.rows);
  }
  if (runs.empty()) fmt::print("nothing changed since the last run\n");
  fmt::print("{:.2f} s\n", static_cast<double>(runtime::steady_ms() - began) / 1000);
  return 0;
}

/// Writes a file, or to standard output when none is named.
Status put_out(const std::string& bytes, const std::string& file) {
  if (!file.empty()) return storage::replace_file(file, bytes);
  if (bytes.starts_with("PK") && isatty(STDOUT_FILENO) != 0)
    return Error(ErrorCode::invalid_input, "a workbook does not go to a terminal; name a file with --out");
  if (std::fwrite(bytes.data(), 1, bytes.size(), stdout) != bytes.size() || std::fflush(stdout) != 0)
    return Error(ErrorCode::unavailable, "cannot write to standard output");
  return {};
}

/// The period that --period and --at name; none = the newest.
Result<std::optional<evaluation::EvaluationPeriod>> asked_period(const EvaluateOptions& options) {
  const auto kind = evaluation::parse_period_kind(options.period);
  if (!kind) return Error(ErrorCode::invalid_input, "--period must be hour, day, month, quarter or year");
  if (options.at.empty()) return std::optional<evaluation::EvaluationPeriod>();
  const auto at = evaluation::EvaluationPeriod::parse(*kind, options.at);
  if (!at)
    return Error(ErrorCode::invalid_input,
                 fmt::format("--at {}: write 2026, 2026-Q1, 2026-03, 2026-03-01 or 2026-03-01T14", options.at));
  return at;
}

Result<int> show_results(const EvaluateOptions& options) {
  MJ_TRY(const auto at, asked_period(options));
  const auto kind = evaluation::parse_period_kind(options.period);
  const auto level = evaluation::parse_level(options.level);
  if (!level)
    return Error(ErrorCode::invalid_input,
                 "--level must be point, district, city, province, river, basin or lake");
  MJ_TRY(const auto stores, open_evaluation_stores(options));
  const std::string element = options.element == "all" ? "air" : options.element;
  MJ_TRY(const evaluation::Ranking ranking,
         stores->engine->ranking(element, *kind, at, *level, options.indicator));
  const auto roster = stores->engine->roster(element);
  if (const auto format = evaluation::parse_file_format(options.format)) {
    MJ_TRY(const std::string file,
           evaluation::export_ranking(*roster, *evaluation::find_evaluator(element), ranking, *format));
    MJ_CHECK(put_out(file, options.out));
    return 0;
  }
  const std::vector<std::string> titles{"rank",   "id",       "name",        ranking.indicator,
                                        "grade",  "change",   "primary",     "complete",
                                        "reason", "standard", "verification"};
  const auto cells = [&](const evaluation::Figure& figure) {
    return std::vector<std::string>{figure.rank ? std::to_string(*figure.rank) : "",
                                    figure.subject,
                                    roster->subject(*level, figure.subject).name.zh,
                                    figure.value ? to_text(*figure.value) : "",
                                    figure.grade ? figure.grade->name.zh : "",
                                    figure.change ? to_text(*figure.change) : "",
                                    figure.primary,
                                    figure.complete ? "yes" : "no",
                                    figure.reason,
                                    figure.standard,
                                    std::string(standards::name(figure.verification))};
  };
  std::vector<TextTable::Column> columns;
  for (std::size_t i = 0; i < titles.size(); ++i)
    columns.push_back({titles[i], i == 0 || i == 3 || i == 5 ? TextTable::Align::right : TextTable::Align::left});
  TextTable table(std::move(columns));
  for (std::size_t i = 0; i < ranking.figures.size() && i < options.limit; ++i)
    table.add(cells(ranking.figures[i]));
  fmt::print("{} {} of {}, {}{}\n{}", element, ranking.indicator, evaluation::name(*level), ranking.period.label(),
             ranking.unit.empty() ? "" : " in " + ranking.unit, table.text());
  if (ranking.figures.size() > options.limit)
    fmt::print("… {} more (--limit)\n", ranking.figures.size() - options.limit);
  return 0;
}

Result<int> show_calculation(const EvaluateOptions& options) {
  MJ_TRY(const auto at, asked_period(options));
  if (!at) return Error(ErrorCode::invalid_input, "--at: name the period of the figure");
  MJ_TRY(const auto stores, open_evaluation_stores(options));
  const std::string element = options.element == "all" ? "air" : options.element;
  MJ_TRY(const evaluation::Sheet sheet, stores->engine->sheet(element, options.subject, options.indicator, *at));
  const auto roster = stores->engine->roster(element);
  const auto format = evaluation::parse_file_format(options.format).value_or(evaluation::FileFormat::csv);
  MJ_TRY(const std::string file, evaluation::export_sheet(*roster, element, sheet, format));
  MJ_CHECK(put_out(file, options.out));
  return 0;
}

void add_evaluation_options(CLI::App& command, EvaluateOptions& options) {
  command.add_option("--data", options.data, "Data directory (server stopped)")->capture_default_str();
  command.add_option("--network", options.network,
                     "Registered points and devices (default: network.toml in the data directory)");
  command.add_option("--share", options.share,
                     "Folder with standards/ and rules/ (default: found beside the program)");
  command.add_option("--element", options.element, "air, surface_water, noise …; all")->capture_default_str();
  command.add_option("--memory", options.memory_mb, "MB that each of the two databases may use")
      ->capture_default_str();
}

}  // namespace

void add_evaluate(CLI::App& app, Run& run) {
  auto options = std::make_shared<EvaluateOptions>();
  CLI::App* command =
      app.add_subcommand("evaluate", "Evaluate what was measured by the standards: days, months, years, ranking");
  add_evaluation_options(*command, *options);
  command->add_option("--from", options->from, "Only whole years from this one …");
  command->add_option("--to", options->to, "… up to this time");
  command->add_flag("--full", options->full, "Everything anew, also what did not change");
  command->footer(
      "Without --full and --from only what changed since the last run is evaluated, or everything when standards "
      "or register are\n"
      "other ones than then. Results stand in DATA/evaluation/evaluation.duckdb and can be deleted at any "
      "time.\n\n"
      "Examples:\n"
      "  mingjian evaluate --data ./data/demo\n"
      "  mingjian evaluate show --data ./data/demo --element air --period month --at 2026-03 --level city");
  CLI::App* shown = command->add_subcommand("show", "Print results with place and change");
  add_evaluation_options(*shown, *options);
  shown->add_option("--period", options->period, "hour, day, month, quarter or year")->capture_default_str();
  shown->add_option("--at", options->at, "2026, 2026-Q1, 2026-03, 2026-03-01 … (default: the newest)");
  shown->add_option("--level", options->level, "point, district, city, province, river, basin or lake")
      ->capture_default_str();
  shown->add_option("--indicator", options->indicator,
                    "aqi, composite, pm25 … (default: the first of the period)");
  shown->add_option("--format", options->format, "text, csv or xlsx")
      ->capture_default_str()
      ->check(CLI::IsMember({"text", "csv", "xlsx"}));
  shown->add_option("--out", options->out, "File of csv or xlsx (default: standard output)");
  shown->add_option("--limit", options->limit, "Rows of the text table")->capture_default_str();
  shown->footer(
      "Columns: rank (1 = best; equal figures share it), id, name, the indicator, grade, change against the same "
      "period of the\n"
      "year before, primary (what decided), complete (enough data by the standard) and why not, standard, "
      "verification; in files\n"
      "also region, level, period, unit, number of values and their entries in the log.\n\n"
      "Example:\n"
      "  mingjian evaluate show --element air --period year --level point --indicator composite --format csv");
  CLI::App* sheet = command->add_subcommand("sheet", "The calculation behind one figure: inputs, steps, clauses");
  add_evaluation_options(*sheet, *options);
  sheet->add_option("--subject", options->subject, "Point, district, city, river …")->required();
  sheet->add_option("--indicator", options->indicator, "aqi, class, leq … (default: the first of the period)");
  sheet->add_option("--period", options->period, "hour, day, month, quarter or year")->capture_default_str();
  sheet->add_option("--at", options->at, "2026, 2026-Q1, 2026-03, 2026-03-01 …")->required();
  sheet->add_option("--format", options->format, "csv or xlsx")->check(CLI::IsMember({"csv", "xlsx"}));
  sheet->add_option("--out", options->out, "File (default: standard output)");
  sheet->footer(
      "Columns: part (figure, step or input), title, at, formula, value, unit, flag, used and why not, clause, "
      "verification, entry in\n"
      "the log, and the name by which the figure can be proved. A workbook has a sheet for each part.\n\n"
      "Example:\n"
      "  mingjian evaluate sheet --element air --subject 1416A --indicator pm25 --period day --at 2026-03-01 "
      "--format xlsx --out sheet.xlsx");
  command->callback([options, shown, sheet, &run] {
    const bool print = shown->parsed();
    const bool calculate = sheet->parsed();
    run = [options, print, calculate] {
      return calculate ? show_calculation(*options) : print ? show_results(*options) : run_evaluation(*options);
    };
  });
}

}  // namespace mj::app
