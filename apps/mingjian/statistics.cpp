#include <CLI/CLI.hpp>
#include <cstdio>
#include <fstream>

#include "api_client.hpp"
#include "commands.hpp"
#include "text_table.hpp"

namespace mj::app {
namespace {

struct StatisticsOptions {
  std::string url = "http://127.0.0.1:8080";
  std::string element, factor, statistic = "mean", bucket = "month", group = "point", combine, points, region,
                               period, kind, from, to, threshold, a, b, method = "pearson";
  bool standard = false, seasonal = false, chinese = false;
  int grade = 0;
  int confidence = 95;
  std::string format = "table";
  std::string out;
};

/// The parameters that are given, as a query.
class Parameters {
 public:
  void add(std::string_view name, const std::string& value) {
    if (value.empty()) return;
    text_ += fmt::format("{}{}={}", text_.empty() ? "?" : "&", name, ApiClient::escape(value));
  }
  [[nodiscard]] const std::string& text() const { return text_; }

 private:
  std::string text_;
};

Parameters selection_of(const StatisticsOptions& options) {
  Parameters parameters;
  parameters.add("element", options.element);
  parameters.add("factor", options.factor);
  parameters.add("statistic", options.statistic);
  parameters.add("bucket", options.bucket);
  parameters.add("group", options.group);
  parameters.add("combine", options.combine);
  parameters.add("points", options.points);
  parameters.add("region", options.region);
  parameters.add("period", options.period);
  parameters.add("kind", options.kind);
  parameters.add("from", options.from);
  parameters.add("to", options.to);
  return parameters;
}

std::string word(const StatisticsOptions& options, const Json& name) {
  return name.at(options.chinese ? "zh" : "en").get<std::string>();
}

Status write(const StatisticsOptions& options, const std::string& text) {
  if (options.out.empty() || options.out == "-") {
    std::fwrite(text.data(), 1, text.size(), stdout);
    return {};
  }
  std::ofstream file(options.out, std::ios::binary);
  file.write(text.data(), static_cast<std::streamsize>(text.size()));
  file.close();
  if (!file) return Error(ErrorCode::unavailable, fmt::format("cannot write {}", options.out));
  return {};
}

std::string notes_text(const StatisticsOptions& options, const Json& answer) {
  std::string text;
  for (const Json& note : answer.at("notes")) {
    text += "  " + printable(word(options, note.at("text")));
    if (!note.at("count").is_null()) text += fmt::format(": {}", note.at("count").get<std::uint64_t>());
    text += '\n';
  }
  return text;
}

std::string table_text(const StatisticsOptions& options, const Json& answer) {
  using Align = TextTable::Align;
  std::vector<TextTable::Column> columns{
      {options.group, Align::left}, {"name", Align::left}, {options.bucket, Align::left}};
  for (const Json& column : answer.at("columns")) {
    const auto unit = column.at("unit").get<std::string>();
    columns.push_back({fmt::format("{} {}{}", column.at("factor").get<std::string>(),
                                   column.at("statistic").get<std::string>(), unit.empty() ? "" : " " + unit),
                       Align::right});
  }
  TextTable table(std::move(columns));
  for (const Json& row : answer.at("rows")) {
    const Json& subject = row.at("subject");
    std::vector<std::string> cells{subject.at("id").get<std::string>(), word(options, subject.at("name")),
                                   row.at("bucket").get<std::string>()};
    for (const Json& cell : row.at("cells"))
      cells.push_back(cell.is_null() ? "—" : cell.at("text").get<std::string>());
    table.add(std::move(cells));
  }
  std::string text = table.text() + notes_text(options, answer);
  if (answer.at("truncated").get<bool>()) text += "  there are more rows; ask for --format csv\n";
  return text;
}

std::string number_text(const Json& number, int digits = 4) {
  return number.is_null() ? "—" : fmt::format("{:.{}g}", number.get<double>(), digits);
}

std::string trend_text(const StatisticsOptions& options, const Json& answer) {
  using Align = TextTable::Align;
  TextTable table({{options.group, Align::left},
                   {"name", Align::left},
                   {"factor", Align::left},
                   {"n", Align::right},
                   {"S", Align::right},
                   {"Z", Align::right},
                   {"p", Align::right},
                   {"trend", Align::left},
                   {"slope a year", Align::right},
                   {"lower", Align::right},
                   {"upper", Align::right},
                   {"unit", Align::left}});
  for (const Json& row : answer.at("series")) {
    const Json& subject = row.at("subject");
    const Json& slope = row.at("slope");
    const std::string trend = !row.at("trend").is_null()    ? row.at("trend").get<std::string>()
                              : !row.at("reason").is_null() ? word(options, row.at("reason"))
                                                            : "—";
    table.add({subject.at("id").get<std::string>(), word(options, subject.at("name")),
               row.at("factor").get<std::string>(), std::to_string(row.at("n").get<int>()),
               row.at("s").is_null() ? "—" : std::to_string(row.at("s").get<std::int64_t>()),
               number_text(row.at("z")), number_text(row.at("p")), trend,
               slope.is_null() ? "—" : number_text(slope.at("per_year")),
               slope.is_null() ? "—" : number_text(slope.at("lower")),
               slope.is_null() ? "—" : number_text(slope.at("upper")), row.at("unit").get<std::string>()});
  }
  return table.text() + notes_text(options, answer);
}

std::string correlation_text(const StatisticsOptions& options, const Json& answer) {
  using Align = TextTable::Align;
  TextTable table(
      {{"a", Align::left}, {"b", Align::left}, {"n", Align::right}, {"r", Align::right}, {"p", Align::right}});
  const auto name = [&answer](const Json& place) {
    return answer.at("series").at(place.get<std::size_t>()).at("id").get<std::string>();
  };
  for (const Json& pair : answer.at("pairs"))
    table.add({name(pair.at("a")), name(pair.at("b")), std::to_string(pair.at("n").get<int>()),
               number_text(pair.at("r"), 6), number_text(pair.at("p"))});
  return table.text() + notes_text(options, answer);
}

Result<int> show_table(const StatisticsOptions& options) {
  MJ_TRY(const ApiClient api, ApiClient::connect(options.url));
  Parameters parameters = selection_of(options);
  parameters.add("threshold", options.threshold);
  if (options.standard) parameters.add("limit", "standard");
  if (options.grade > 0) parameters.add("grade", std::to_string(options.grade));
  if (options.format != "table" && options.format != "json") {
    parameters.add("format", options.format);
    if (options.format != "csv" && options.out.empty())
      return Error(ErrorCode::invalid_input, "--out: name the file to write");
    MJ_TRY(const std::string file, api.get_text("/api/statistics" + parameters.text()));
    MJ_CHECK(write(options, file));
    return 0;
  }
  MJ_TRY(const Json answer, api.get("/api/statistics" + parameters.text()));
  MJ_CHECK(write(options, options.format == "json" ? answer.dump(2) + "\n" : table_text(options, answer)));
  return 0;
}

Result<int> show_trend(const StatisticsOptions& options) {
  MJ_TRY(const ApiClient api, ApiClient::connect(options.url));
  Parameters parameters = selection_of(options);
  if (options.seasonal) parameters.add("seasonal", "true");
  parameters.add("confidence", std::to_string(options.confidence));
  MJ_TRY(const Json answer, api.get("/api/statistics/trend" + parameters.text()));
  MJ_CHECK(write(options, options.format == "json" ? answer.dump(2) + "\n" : trend_text(options, answer)));
  return 0;
}

Result<int> show_correlation(const StatisticsOptions& options) {
  MJ_TRY(const ApiClient api, ApiClient::connect(options.url));
  Parameters parameters;
  parameters.add("a", options.a);
  parameters.add("b", options.b);
  parameters.add("bucket", options.bucket);
  parameters.add("from", options.from);
  parameters.add("to", options.to);
  parameters.add("method", options.method);
  MJ_TRY(const Json answer, api.get("/api/statistics/correlation" + parameters.text()));
  MJ_CHECK(write(options, options.format == "json" ? answer.dump(2) + "\n" : correlation_text(options, answer)));
  return 0;
}

void add_common(CLI::App& command, StatisticsOptions& options) {
  command.add_option("--url", options.url, "The running server")->capture_default_str();
  command.add_option("--from", options.from, "First time, Beijing: 2026-03-01 or \"2026-03-01 14:00\"")
      ->required();
  command.add_option("--to", options.to, "Time after the last one")->required();
  command.add_option("--bucket", options.bucket, "hour, day, month, season, quarter, year or all")
      ->capture_default_str();
  command.add_option("--out", options.out, "File to write; - = standard output (default)");
  command.add_flag("--zh", options.chinese, "Names in Chinese");
}

void add_selection(CLI::App& command, StatisticsOptions& options) {
  command.add_option("--element", options.element, "air, surface_water, noise … as the register calls it")
      ->required();
  command.add_option("--factor", options.factor, "Factor codes of HJ 212-2017, separated by commas")->required();
  command
      .add_option("--statistic", options.statistic,
                  "mean, min, max, sum, count, std, geometric_mean, energy_mean, median, p0 … p100, exceed_count, "
                  "exceed_rate, expected, valid_rate; several separated by commas")
      ->capture_default_str();
  command.add_option("--group", options.group, "point, district, city, province, river, basin or all")
      ->capture_default_str();
  command.add_option("--combine", options.combine,
                     "Of several points: pool (all values) or mean (first their mean at each time)");
  command.add_option("--points", options.points, "Only these points of the register, separated by commas");
  command.add_option("--region", options.region, "Only points in this region (GB/T 2260 code)");
  command.add_option("--period", options.period,
                     "Values of this period: instant, minute, hour, day (default: what most points have)");
  command.add_option("--kind", options.kind, "Values of this kind (default: Avg, of instants Rtd)");
}

}  // namespace

void add_statistics(CLI::App& app, Run& run) {
  auto options = std::make_shared<StatisticsOptions>();
  CLI::App* command =
      app.add_subcommand("statistics", "Any statistic of any factor over points, regions and time");
  command->require_subcommand(1);
  CLI::App* table =
      command->add_subcommand("table", "Means, percentiles, rates of exceedance and of valid values …");
  add_common(*table, *options);
  add_selection(*table, *options);
  table->add_option("--threshold", options->threshold,
                    "For exceed_…: a value above it exceeds (unit of the factor)");
  table->add_flag("--limit-of-standard", options->standard,
                  "For exceed_…: the limit in force at the time of each value");
  table->add_option("--grade", options->grade, "Of the limit: air 1 or 2, surface water class 1 … 5");
  table->add_option("--format", options->format, "table, csv, json, xlsx or parquet")
      ->capture_default_str()
      ->check(CLI::IsMember({"table", "csv", "json", "xlsx", "parquet"}));
  table->footer(
      "Columns: the group, its name, the bucket (Beijing time of the start of the interval), then one column for "
      "each factor and\n"
      "statistic. Below them: how many values were used, left out or converted, and what was assumed.\n"
      "Example:\n"
      "  mingjian statistics table --element air --factor a34004,a34002 --statistic mean,p95,valid_rate --group "
      "district \\\n"
      "      --bucket month --from 2026-02-01 --to 2026-06-01");
  table->callback([options, &run] { run = [options] { return show_table(*options); }; });
  CLI::App* trend =
      command->add_subcommand("trend", "Mann-Kendall test and Sen's slope of each subject and factor");
  add_common(*trend, *options);
  add_selection(*trend, *options);
  trend->add_flag("--seasonal", options->seasonal,
                  "Compare only the same months (quarters, seasons) of the years");
  trend->add_option("--confidence", options->confidence, "In percent")->capture_default_str();
  trend->add_option("--format", options->format, "table or json")->check(CLI::IsMember({"table", "json"}));
  trend->footer(
      "Columns: n buckets with a value, S and Z of Mann and Kendall, p two-sided, the trend at the confidence, "
      "Sen's slope a\n"
      "year with its limits.");
  trend->callback([options, &run] { run = [options] { return show_trend(*options); }; });
  CLI::App* correlation = command->add_subcommand("correlation", "Correlation of series of any elements");
  add_common(*correlation, *options);
  correlation->add_option("--a", options->a, "Series element:factor:kind/id, several separated by commas")
      ->required();
  correlation->add_option("--b", options->b, "Series to compare with (default: those of --a with one another)");
  correlation->add_option("--method", options->method, "pearson or spearman")
      ->capture_default_str()
      ->check(CLI::IsMember({"pearson", "spearman"}));
  correlation->add_option("--format", options->format, "table or json")->check(CLI::IsMember({"table", "json"}));
  correlation->footer(
      "The sample are the means of the buckets in which both series have values.\n"
      "Example:\n"
      "  mingjian statistics correlation --a air:a34004:district/500103 --b air:a05024:district/500103 --bucket "
      "day \\\n"
      "      --from 2026-02-01 --to 2026-06-01");
  correlation->callback([options, &run] { run = [options] { return show_correlation(*options); }; });
}

}  // namespace mj::app
