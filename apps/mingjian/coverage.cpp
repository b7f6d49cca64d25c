#include <CLI/CLI.hpp>
#include <cstdio>
#include <fstream>

#include "api_client.hpp"
#include "commands.hpp"
#include "mj/kernel/decimal.hpp"
#include "mj/workbook/sheet.hpp"
#include "text_table.hpp"

namespace mj::app {
namespace {

constexpr int kGaps = 3;  ///< exit status of --check when something is missing

struct CoverageOptions {
  std::string url = "http://127.0.0.1:8080";
  std::string as_of, rule, element, region, format = "text", out;
  bool gaps = false;
  bool check = false;
  // siting
  std::string factor, weight = "area", method = "auto", candidates;
  int k = 1;
  double radius_km = 10;
  std::optional<double> grid_km;
  // redundancy
  std::string from, to, bucket = "day";
  double distance_km = 50, threshold = 0.95;
};

Status put_result(const CoverageOptions& options, const std::string& bytes) {
  if (options.out.empty() || options.out == "-") {
    if (std::fwrite(bytes.data(), 1, bytes.size(), stdout) != bytes.size() || std::fflush(stdout) != 0)
      return Error(ErrorCode::unavailable, fmt::format("cannot write the result: {}", std::strerror(errno)));
    return {};
  }
  std::ofstream file(options.out, std::ios::binary);
  file << bytes;
  file.close();
  if (!file) return Error(ErrorCode::unavailable, fmt::format("cannot write {}", options.out));
  return {};
}

std::string member_digits(const Json& json) {
  if (json.is_null()) return "";
  return json.is_number_integer() ? std::to_string(json.get<std::int64_t>())
                                  : fmt::format("{:.6g}", json.get<double>());
}

std::string member_text(const Json& json) { return json.is_null() ? "" : json.get<std::string>(); }

class PathQuery {
 public:
  explicit PathQuery(std::string path) : path_(std::move(path)) {}
  PathQuery& add(std::string_view name, const std::string& value) {
    if (!value.empty()) {
      path_ += fmt::format("{}{}={}", first_ ? '?' : '&', name, ApiClient::escape(value));
      first_ = false;
    }
    return *this;
  }
  [[nodiscard]] const std::string& path() const { return path_; }

 private:
  std::string path_;
  bool first_ = true;
};

std::string gaps_text(const Json& coverage) {
  std::string text;
  for (const Json& rule : coverage["rules"]) {
    text += fmt::format("{}  {} · {}\n  {} {} [{}{}]\n", member_text(rule["id"]), member_text(rule["title"]["zh"]),
                        member_text(rule["title"]["en"]), member_text(rule["document"]["zh"]),
                        member_text(rule["clause"]), member_text(rule["verification"]),
                        rule["basis"] == "operator" ? ", operator's figure" : "");
    TextTable table({{"SUBJECT"},
                     {"NAME"},
                     {"REQUIRED", TextTable::Align::right},
                     {"BUILT", TextTable::Align::right},
                     {"PLANNED", TextTable::Align::right},
                     {"GAP", TextTable::Align::right},
                     {"POINTS"},
                     {"NOTE"}});
    for (const Json& row : coverage["rows"]) {
      if (row["rule"] != rule["id"]) continue;
      std::string points;
      for (const Json& point : row["points"]) points += (points.empty() ? "" : " ") + member_text(point);
      constexpr std::size_t kMost = 60;
      if (points.size() > kMost) points = points.substr(0, points.rfind(' ', kMost)) + " …";
      table.add({fmt::format("{} {}", member_text(row["subject"]["kind"]), member_text(row["subject"]["id"])),
                 member_text(row["subject"]["name"]["zh"]), member_digits(row["required"]),
                 member_digits(row["built"]), member_digits(row["planned"]), member_digits(row["gap"]), points,
                 row["note"].is_null() ? "" : member_text(row["note"]["zh"])});
    }
    text += table.text() + "\n";
  }
  const Json& sum = coverage["summary"];
  text += fmt::format(
      "{}: {} rows, {} with a gap; required {}, built {}, planned {}, missing {}, not even planned {}\n",
      member_text(coverage["as_of"]), member_digits(sum["rows"]), member_digits(sum["rows_with_gap"]),
      member_digits(sum["required"]), member_digits(sum["built"]), member_digits(sum["planned"]),
      member_digits(sum["gap"]), member_digits(sum["open"]));
  return text;
}

Result<int> show_gaps(const CoverageOptions& options) {
  MJ_TRY(const ApiClient api, ApiClient::connect(options.url));
  PathQuery query("/api/coverage");
  query.add("as_of", options.as_of).add("rule", options.rule).add("element", options.element);
  query.add("region", options.region).add("only", options.gaps ? "gap" : "");
  if (options.format == "csv" || options.format == "xlsx") {
    query.add("format", options.format);
    MJ_TRY(const std::string bytes, api.get_text(query.path()));
    MJ_CHECK(put_result(options, bytes));
    return 0;
  }
  MJ_TRY(const Json coverage, api.get(query.path()));
  MJ_CHECK(put_result(options, options.format == "json" ? coverage.dump(2) + "\n" : gaps_text(coverage)));
  return options.check && coverage["summary"]["gap"] != 0 ? kGaps : 0;
}

/// Candidates of a GeoJSON collection of points: their id, or `id` or `name` of their properties, or their number.
Result<Json> candidates_of_geojson(const std::string& file, const std::string& bytes) {
  const Json collection = Json::parse(bytes, nullptr, false);
  if (collection.is_discarded() || !collection.contains("features") || !collection["features"].is_array())
    return Error(ErrorCode::invalid_input, fmt::format("{}: this is no GeoJSON collection of features", file));
  Json list = Json::array();
  for (const Json& feature : collection["features"]) {
    const std::size_t number = list.size() + 1;
    const Json point = feature.value("geometry", Json::object());
    if (!point.is_object() || point.value("type", "") != "Point" || !point.contains("coordinates") ||
        !point["coordinates"].is_array() || point["coordinates"].size() < 2 ||
        !point["coordinates"][0].is_number() || !point["coordinates"][1].is_number()) {
      return Error(ErrorCode::invalid_input, fmt::format("{}: feature {} is no point", file, number));
    }
    const Json properties = feature.value("properties", Json::object());
    Json id = feature.value("id", Json(nullptr));
    for (const char* key : {"id", "name"}) {
      if (id.is_null() && properties.is_object() && properties.contains(key)) id = properties[key];
    }
    list.push_back({{"id", id.is_null()     ? fmt::format("c{}", number)
                           : id.is_string() ? id.get<std::string>()
                                            : id.dump()},
                    {"lon", point["coordinates"][0]},
                    {"lat", point["coordinates"][1]}});
  }
  return list;
}

/// Candidates of a table with the columns id, lon, lat, or of GeoJSON.
Result<Json> read_candidates(const std::string& file) {
  std::ifstream in(file, std::ios::binary);
  if (!in) return Error(ErrorCode::not_found, fmt::format("cannot open {}: {}", file, std::strerror(errno)));
  const std::string bytes((std::istreambuf_iterator<char>(in)), std::istreambuf_iterator<char>());
  if (const auto first = bytes.find_first_not_of(" \t\r\n"); first != std::string::npos && bytes[first] == '{')
    return candidates_of_geojson(file, bytes);
  const auto sheet = workbook::read(bytes);
  if (!sheet) return sheet.error().context(file);
  const auto column = [&sheet](std::string_view name) {
    return static_cast<std::size_t>(std::find(sheet->columns.begin(), sheet->columns.end(), name) -
                                    sheet->columns.begin());
  };
  const std::size_t places[] = {column("id"), column("lon"), column("lat")};
  for (const std::size_t place : places) {
    if (place == sheet->columns.size())
      return Error(ErrorCode::invalid_input, fmt::format("{}: the columns id, lon and lat must be there", file));
  }
  Json list = Json::array();
  for (const workbook::Row& row : sheet->rows) {
    Json candidate{{"id", row.cells[places[0]]}};
    for (const std::size_t i : {1U, 2U}) {
      const auto value = parse_decimal(row.cells[places[i]]);
      if (!value) {
        return Error(ErrorCode::invalid_input,
                     fmt::format("{}: line {}, column {}: \"{}\" is no number", file, row.line,
                                 i == 1 ? "lon" : "lat", row.cells[places[i]]));
      }
      candidate[i == 1 ? "lon" : "lat"] = to_double(*value);
    }
    list.push_back(std::move(candidate));
  }
  return list;
}

workbook::Sheet steps_sheet(const Json& siting) {
  workbook::Sheet sheet{"sites",
                        {"order", "candidate", "lon", "lat", "region", "gain", "covered_percent",
                         "redundancy_percent", "expected_correlation", "nearest", "nearest_km"},
                        {}};
  for (const Json& step : siting["steps"]) {
    const Json& nearest = step["nearest"];
    sheet.rows.push_back({sheet.rows.size() + 2,
                          {std::to_string(sheet.rows.size() + 1), member_text(step["candidate"]),
                           member_digits(step["lon"]), member_digits(step["lat"]), member_text(step["region"]),
                           fmt::format("{:.1f}", step["gain"].get<double>()),
                           fmt::format("{:.1f}", step["covered_share"].get<double>() * 100),
                           fmt::format("{:.1f}", step["redundancy"].get<double>() * 100),
                           step["expected_correlation"].is_null()
                               ? ""
                               : fmt::format("{:.3f}", step["expected_correlation"].get<double>()),
                           nearest.is_null() ? "" : member_text(nearest["id"]),
                           nearest.is_null() ? "" : member_digits(nearest["distance_km"])}});
  }
  return sheet;
}

workbook::Sheet pairs_sheet(const Json& redundancy) {
  workbook::Sheet sheet{
      "pairs",
      {"a", "a_name", "b", "b_name", "distance_km", "r", "n", "mean_a", "mean_b", "difference", "redundant"},
      {}};
  for (const Json& pair : redundancy["pairs"]) {
    sheet.rows.push_back(
        {sheet.rows.size() + 2,
         {member_text(pair["a"]["id"]), member_text(pair["a"]["name"]["zh"]), member_text(pair["b"]["id"]),
          member_text(pair["b"]["name"]["zh"]), member_digits(pair["distance_km"]),
          pair["r"].is_null() ? "" : fmt::format("{:.4f}", pair["r"].get<double>()), member_digits(pair["n"]),
          member_digits(pair["mean_a"]), member_digits(pair["mean_b"]), member_digits(pair["difference"]),
          pair["redundant"].get<bool>() ? "true" : "false"}});
  }
  return sheet;
}

/// A sheet in the format asked for; as text with what was assumed behind it.
Status put_sheet(const CoverageOptions& options, const Json& json, const workbook::Sheet& sheet,
                 std::string head) {
  if (options.format == "json") return put_result(options, json.dump(2) + "\n");
  if (options.format == "csv") return put_result(options, workbook::write_csv(sheet));
  if (options.format == "xlsx") {
    MJ_TRY(const std::string bytes, workbook::write_xlsx({&sheet, 1}));
    return put_result(options, bytes);
  }
  std::vector<TextTable::Column> columns;
  columns.reserve(sheet.columns.size());
  for (const std::string& name : sheet.columns) columns.push_back({name});
  TextTable table(std::move(columns));
  for (const workbook::Row& row : sheet.rows) table.add(row.cells);
  std::string text = std::move(head) + table.text();
  for (const Json& assumption : json["assumptions"])
    text += fmt::format("* {} · {}\n", member_text(assumption["zh"]), member_text(assumption["en"]));
  return put_result(options, text);
}

Result<int> plan_and_print(const CoverageOptions& options) {
  Json body{{"element", options.element},
            {"k", options.k},
            {"radius_km", options.radius_km},
            {"weight", options.weight},
            {"method", options.method}};
  if (!options.factor.empty()) body["factor"] = options.factor;
  if (!options.region.empty()) body["region"] = options.region;
  if (!options.as_of.empty()) body["as_of"] = options.as_of;
  if (options.grid_km) body["grid_km"] = *options.grid_km;
  if (!options.candidates.empty()) {
    MJ_TRY(body["candidates"], read_candidates(options.candidates));
  }
  MJ_TRY(const ApiClient api, ApiClient::connect(options.url));
  MJ_TRY(const Json siting, api.post("/api/coverage/siting", body));
  const auto covered = [&siting](const char* when) {
    return fmt::format("{:.1f} ({:.1f} %, {} points)", siting[when]["covered"].get<double>(),
                       siting[when]["share"].get<double>() * 100, siting[when]["points"].get<int>());
  };
  MJ_CHECK(put_sheet(options, siting, steps_sheet(siting),
                     fmt::format("{}, {} of {:.1f} in all: before {}, after {}\n", member_text(siting["method"]),
                                 member_text(siting["unit"]), siting["total"].get<double>(), covered("before"),
                                 covered("after"))));
  return 0;
}

Result<int> find_pairs(const CoverageOptions& options) {
  MJ_TRY(const ApiClient api, ApiClient::connect(options.url));
  PathQuery query("/api/coverage/redundancy");
  query.add("element", options.element)
      .add("factor", options.factor)
      .add("from", options.from)
      .add("to", options.to);
  query.add("bucket", options.bucket).add("distance_km", fmt::format("{:g}", options.distance_km));
  query.add("threshold", fmt::format("{:g}", options.threshold)).add("region", options.region);
  query.add("as_of", options.as_of);
  MJ_TRY(const Json redundancy, api.get(query.path()));
  MJ_CHECK(put_sheet(options, redundancy, pairs_sheet(redundancy), ""));
  return 0;
}

void add_common_options(CLI::App* command, const std::shared_ptr<CoverageOptions>& options) {
  command->add_option("--url", options->url, "Where the server is")->capture_default_str();
  command->add_option("--as-of", options->as_of, "Day for which is asked, e.g. 2026-03-01 (default: today)");
  command->add_option("--region", options->region, "Only in this region or below it (code of GB/T 2260)");
  command->add_option("--format", options->format, "text, csv, json or xlsx")
      ->capture_default_str()
      ->check(CLI::IsMember({"text", "csv", "json", "xlsx"}));
  command->add_option("--out", options->out, "File to write (default: standard output)");
}

}  // namespace

void add_coverage(CLI::App& app, Run& run) {
  auto options = std::make_shared<CoverageOptions>();
  CLI::App* coverage = app.add_subcommand(
      "coverage",
      "What the planning rules require, what is planned and built, and the gap (asks a running server)");
  add_common_options(coverage, options);
  coverage->add_option("--rule", options->rule, "Only this rule, e.g. cq16-air-district");
  coverage->add_option("--element", options->element, "Only rules of this element, e.g. air");
  coverage->add_flag("--gaps", options->gaps, "Only rows with a gap");
  coverage->add_flag("--check", options->check, "Exit status 3 when something is missing (text and json)");
  coverage->footer(
      "Columns of csv and xlsx, one line for each thing a rule is about:\n"
      "  rule, title, element          the rule, and of which points it speaks\n"
      "  kind, subject, name, name_en  region, river, lake, water_source …; crossing = river~region~region; "
      "total;\n"
      "                                unregistered = what the document counts and the register does not hold\n"
      "  region, lon, lat              where it lies, when that is one place\n"
      "  required, planned, built      points asked for; registered as planned; registered and in force\n"
      "  gap, open                     required - built; required - built - planned; not below 0\n"
      "  points, note                  ids of the points counted; what could not be decided\n"
      "  document, clause, verification  where the rule stands and whether somebody compared it with the text\n"
      "The second sheet of xlsx holds the rules with their words. Rules are data: rules/coverage/*.toml.\n"
      "Examples:\n"
      "  mingjian coverage --rule cq16-air-district --as-of 2026-03-01\n"
      "  mingjian coverage --gaps --format xlsx --out gaps.xlsx\n"
      "  mingjian coverage siting --element air -k 5 --radius-km 10 --region 500109");

  CLI::App* siting = coverage->add_subcommand("siting", "Which sites add most to what is covered");
  add_common_options(siting, options);
  siting->add_option("--element", options->element, "Element, e.g. air")->required();
  siting->add_option("--factor", options->factor, "Only points that measure it cover, e.g. a34004");
  siting->add_option("-k,--sites", options->k, "How many sites")->capture_default_str();
  siting->add_option("--radius-km", options->radius_km, "What a point stands for")->capture_default_str();
  siting->add_option("--weight", options->weight, "area or population")
      ->capture_default_str()
      ->check(CLI::IsMember({"area", "population"}));
  siting->add_option("--method", options->method, "auto, greedy or exact")
      ->capture_default_str()
      ->check(CLI::IsMember({"auto", "greedy", "exact"}));
  CLI::Option* candidates = siting->add_option(
      "--candidates", options->candidates,
      "Table (CSV or XLSX) with the columns id, lon, lat, or GeoJSON points (default: a grid inside the region)");
  siting
      ->add_option("--grid-km", options->grid_km,
                   "How far apart the places of the grid are (default: half the radius)")
      ->excludes(candidates);
  siting->footer(
      "Columns: order, candidate, lon, lat, region, gain (newly covered, km2 or persons), covered_percent (by "
      "then),\n"
      "redundancy_percent (of what the site reaches, covered already), expected_correlation, nearest, "
      "nearest_km.");
  siting->callback([options, &run] { run = [options] { return plan_and_print(*options); }; });

  CLI::App* pairs = coverage->add_subcommand("redundancy", "Neighbouring points whose series say the same");
  add_common_options(pairs, options);
  pairs->add_option("--element", options->element, "Element, e.g. air")->required();
  pairs->add_option("--factor", options->factor, "Factor code, e.g. a34004")->required();
  pairs->add_option("--from", options->from, "First time, Beijing, e.g. 2026-03-01")->required();
  pairs->add_option("--to", options->to, "Time after the last one")->required();
  pairs->add_option("--bucket", options->bucket, "day or hour")
      ->capture_default_str()
      ->check(CLI::IsMember({"day", "hour"}));
  pairs->add_option("--distance-km", options->distance_km, "Only pairs nearer than this")->capture_default_str();
  pairs->add_option("--threshold", options->threshold, "Correlation from which on a pair is marked")
      ->capture_default_str();
  pairs->footer(
      "Columns: a, b (points) with their names, distance_km, r (Pearson), n (common hours or days), mean_a, "
      "mean_b,\n"
      "difference (mean of the absolute difference), redundant.");
  pairs->callback([options, &run] { run = [options] { return find_pairs(*options); }; });

  coverage->callback([options, coverage, &run] {
    if (coverage->get_subcommands().empty()) run = [options] { return show_gaps(*options); };
  });
}

}  // namespace mj::app
