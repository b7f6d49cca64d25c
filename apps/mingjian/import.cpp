#include <zstd.h>

#include <CLI/CLI.hpp>
#include <chrono>
#include <cstdio>
#include <fstream>
#include <sstream>
#include <thread>

#include "api_client.hpp"
#include "commands.hpp"
#include "import_local.hpp"
#include "import_outcome.hpp"

namespace mj::app {
namespace {

namespace fs = std::filesystem;

constexpr int kNotTaken = 3;  ///< exit status when a file that was named itself was not taken
constexpr std::size_t kHead = 64U << 10;
constexpr std::size_t kCompressFrom = 1U << 20;
constexpr int kCompressLevel = 3;
constexpr auto kDerivedPause = std::chrono::milliseconds(300);

struct ImportOptions {
  std::vector<std::string> paths;
  std::string data, url, network, share, name, reason;
  dataset::Statement statement;
  bool dry_run = false;
  bool json = false;
  bool layouts = false;
  std::size_t faults = 5;
};

struct File {
  std::string path;
  bool named = false;  ///< given itself, not found in a folder
  int order = 0;       ///< regions before outlines before points before values
};

Result<std::string> read_file(const std::string& path, std::size_t most = std::string::npos) {
  std::ifstream stream(path, std::ios::binary);
  if (!stream) return Error(ErrorCode::not_found, fmt::format("cannot open {}: {}", path, std::strerror(errno)));
  std::string bytes;
  if (most != std::string::npos) {
    bytes.resize(most);
    stream.read(bytes.data(), static_cast<std::streamsize>(most));
    bytes.resize(static_cast<std::size_t>(stream.gcount()));
    return bytes;
  }
  std::ostringstream text;
  text << stream.rdbuf();
  if (stream.bad()) return Error(ErrorCode::unavailable, fmt::format("cannot read {}", path));
  return std::move(text).str();
}

/// The beginning of a file, decompressed.
std::string beginning_of(const std::string& path) {
  auto head = read_file(path, kHead * 2);
  if (!head) return {};
  if (!head->starts_with("\x28\xB5\x2F\xFD")) return head->substr(0, kHead);
  const std::unique_ptr<ZSTD_DCtx, decltype(&ZSTD_freeDCtx)> context(ZSTD_createDCtx(), &ZSTD_freeDCtx);
  ZSTD_DCtx_setParameter(context.get(), ZSTD_d_windowLogMax, 31);
  std::string plain(kHead, '\0');
  ZSTD_inBuffer in{head->data(), head->size(), 0};
  ZSTD_outBuffer out{plain.data(), plain.size(), 0};
  for (std::size_t before = 1; out.pos < out.size && in.pos < in.size && before != out.pos + in.pos;) {
    before = out.pos + in.pos;
    if (ZSTD_isError(ZSTD_decompressStream(context.get(), &out, &in)) != 0) break;
  }
  plain.resize(out.pos);
  return plain;
}

/// Directories have to be there before what refers to them.
int order_of(const dataset::Catalogue& catalogue, const std::string& path, const dataset::Statement& statement) {
  const dataset::Recognition found = catalogue.recognise(path, beginning_of(path), statement);
  if (!found.layout) return 9;
  const auto level = found.layout->record.attributes.find("level");
  const std::string word = level == found.layout->record.attributes.end() ? "" : level->second;
  const int size = word == "province" ? 0 : word == "city" ? 1 : 2;
  switch (found.layout->kind) {
    case dataset::Kind::regions: return size;
    case dataset::Kind::geometry: return 3 + size;
    case dataset::Kind::points: return 6;
    case dataset::Kind::values: return 7;
    case dataset::Kind::unfit: return 8;
  }
  return 9;
}

Result<std::vector<File>> files_of(const ImportOptions& options, const dataset::Catalogue& catalogue) {
  std::vector<File> files;
  for (const std::string& path : options.paths) {
    std::error_code failed;
    if (!fs::is_directory(path, failed)) {
      if (!fs::exists(path, failed)) return Error(ErrorCode::not_found, fmt::format("there is no file {}", path));
      files.push_back({path, true, 0});
      continue;
    }
    for (const auto& entry : fs::recursive_directory_iterator(path, failed)) {
      const std::string name = entry.path().filename().string();
      if (entry.is_regular_file() && !name.starts_with(".") && name != "README.md")
        files.push_back({entry.path().string(), false, 0});
    }
    if (failed) return Error(ErrorCode::unavailable, fmt::format("{}: {}", path, failed.message()));
  }
  for (File& file : files) file.order = order_of(catalogue, file.path, options.statement);
  std::sort(files.begin(), files.end(),
            [](const File& a, const File& b) { return std::tie(a.order, a.path) < std::tie(b.order, b.path); });
  return files;
}

Result<registry::Author> author_of(const ImportOptions& options) {
  if (options.dry_run) return registry::Author{};
  registry::Author author{options.name, options.reason};
  for (const char* variable : {"USER", "LOGNAME"}) {
    const char* value = std::getenv(variable);
    if (author.name.empty() && value != nullptr) author.name = value;
  }
  if (author.name.empty())
    return Error(ErrorCode::invalid_input, "--name: say who hands the files over; it is recorded with them");
  if (author.reason.empty()) author.reason = "mingjian import";
  return author;
}

int put_out(const std::string& text) {
  std::fwrite(text.data(), 1, text.size(), stdout);
  return 0;
}

int report_of(const std::vector<File>& files, const std::vector<ImportOutcome>& outcomes,
              const ImportOptions& options) {
  if (options.json) {
    Json list = Json::array();
    for (const ImportOutcome& each : outcomes) list.push_back(to_json(each));
    put_out(list.dump(2, ' ', false, Json::error_handler_t::replace) + "\n");
  } else {
    put_out(report_text(outcomes, options.faults));
  }
  int status = 0;
  for (std::size_t i = 0; i < outcomes.size(); ++i) {
    if (outcomes[i].state == "failed") return 1;
    if (files[i].named && outcomes[i].state == "refused") status = kNotTaken;
  }
  return status;
}

Result<int> import_local(const ImportOptions& options) {
  MJ_TRY(const fs::path share, find_share(options.share));
  const DataDirectory data{options.data};
  std::string network = options.network;
  if (network.empty() && !fs::exists(data.network())) network = (share / "demo" / "network.toml").string();
  MJ_TRY(const dataset::Catalogue catalogue, dataset::Catalogue::load(share / "datasets"));
  MJ_TRY(const std::vector<File> files, files_of(options, catalogue));
  MJ_TRY(const registry::Author author, author_of(options));
  auto session = LocalImport::open(share, data, network);
  if (!session) {
    if (session.error().code() == ErrorCode::conflict)
      return session.error().context("a server has this data directory open; import through it with --url");
    return session.error();
  }
  std::vector<ImportOutcome> outcomes;
  for (const File& file : files) {
    const auto bytes = read_file(file.path);
    if (!bytes) {
      outcomes.push_back(failed_outcome(file.path, bytes.error().text()));
      continue;
    }
    outcomes.push_back(
        (*session)->take(file.path, {file.path, *bytes, options.statement, author, options.dry_run}));
  }
  if (!options.dry_run) MJ_CHECK((*session)->finish());
  return report_of(files, outcomes, options);
}

/// Large plain files travel compressed.
std::string packed(std::string bytes) {
  if (bytes.size() < kCompressFrom || bytes.starts_with("\x28\xB5\x2F\xFD")) return bytes;
  std::string out(ZSTD_compressBound(bytes.size()), '\0');
  const std::size_t size = ZSTD_compress(out.data(), out.size(), bytes.data(), bytes.size(), kCompressLevel);
  if (ZSTD_isError(size) != 0) return bytes;
  out.resize(size);
  return out;
}

/// Waits until the values of a file are derived.
Result<Json> derived(const ApiClient& api, Json receipt, const std::string& path) {
  std::uint64_t told = 0;
  while (receipt.at("state") == "deriving") {
    std::this_thread::sleep_for(kDerivedPause);
    MJ_TRY(Json now,
           api.get(fmt::format("/api/intake/files/{}?faults=0", receipt.at("entry").get<std::uint64_t>())));
    const auto rows = now.at("rows").get<std::uint64_t>();
    if (now.at("state") == "deriving" && rows != told) {
      fmt::print(stderr, "{}: {} rows derived\n", path, rows);
      told = rows;
    }
    receipt["state"] = now.at("state");
    // What came before brings nothing new now.
    if (!receipt.at("already").get<bool>()) receipt["stored_values"] = now.at("stored_values");
  }
  return receipt;
}

Result<int> import_remote(const ImportOptions& options) {
  MJ_TRY(const fs::path share, find_share(options.share));
  MJ_TRY(const dataset::Catalogue catalogue, dataset::Catalogue::load(share / "datasets"));
  MJ_TRY(const std::vector<File> files, files_of(options, catalogue));
  MJ_TRY(const registry::Author author, author_of(options));
  MJ_TRY(const ApiClient api, ApiClient::connect(options.url));
  std::vector<ImportOutcome> outcomes;
  for (const File& file : files) {
    auto bytes = read_file(file.path);
    if (!bytes) {
      outcomes.push_back(failed_outcome(file.path, bytes.error().text()));
      continue;
    }
    std::string path = "/api/intake/files?file=" + ApiClient::escape(fs::path(file.path).filename().string());
    const auto add = [&path](std::string_view key, const std::string& value) {
      if (!value.empty()) path += fmt::format("&{}={}", key, ApiClient::escape(value));
    };
    add("name", author.name);
    add("reason", author.reason);
    add("layout", options.statement.layout);
    add("factor", options.statement.factor);
    add("unit", options.statement.unit);
    add("station", options.statement.station);
    if (options.dry_run) path += "&dry_run=true";
    auto receipt = api.post_file(path, packed(*std::move(bytes)));
    if (receipt) receipt = derived(api, *std::move(receipt), file.path);
    outcomes.push_back(receipt ? outcome_of(file.path, *receipt)
                               : failed_outcome(file.path, receipt.error().text()));
  }
  return report_of(files, outcomes, options);
}

Result<int> list_layouts(const ImportOptions& options) {
  MJ_TRY(const fs::path share, find_share(options.share));
  MJ_TRY(const dataset::Catalogue catalogue, dataset::Catalogue::load(share / "datasets"));
  for (const dataset::Layout& layout : catalogue.layouts()) {
    put_out(fmt::format("{:<28} {:<9} {} · {}\n", layout.id, name(layout.kind), layout.title.zh, layout.title.en));
    for (const dataset::Column& column : layout.values) {
      put_out(fmt::format("    {} -> {} {} {}\n", column.column,
                          column.factor.empty() ? "(--factor)" : column.factor, column.kind, column.stored_unit));
    }
    if (!layout.reason.empty()) put_out(fmt::format("    {}\n", layout.reason));
  }
  return 0;
}

Result<int> import_files(const ImportOptions& options) {
  if (options.layouts) return list_layouts(options);
  if (options.paths.empty()) return Error(ErrorCode::invalid_input, "name the files or folders to import");
  if (options.data.empty() == options.url.empty()) {
    return Error(ErrorCode::invalid_input,
                 "say where to: --data DIR when the server is stopped, or --url http://127.0.0.1:8080 through it");
  }
  return options.url.empty() ? import_local(options) : import_remote(options);
}

}  // namespace

void add_import(CLI::App& app, Run& run) {
  auto options = std::make_shared<ImportOptions>();
  CLI::App* command = app.add_subcommand(
      "import", "Take in files of other departments: values, station directories, regions, outlines");
  command->add_option("paths", options->paths,
                      "Files and folders; CSV as it comes (UTF-8 or GBK), GeoJSON, also zstd");
  auto* data = command->add_option("--data", options->data, "Data directory of a server that is stopped");
  command->add_option("--url", options->url, "A running server, http://127.0.0.1:8080")->excludes(data);
  command->add_flag("--dry-run", options->dry_run, "Only read and tell; store nothing");
  command->add_option("--name", options->name, "Who hands them over (default: the user); recorded");
  command->add_option("--reason", options->reason, "Why; recorded");
  command->add_option("--layout", options->statement.layout, "Id of the layout, when columns do not tell");
  command->add_option("--factor", options->statement.factor, "HJ 212 factor code, when the file does not say it");
  command->add_option("--unit", options->statement.unit, "Unit of that factor in the file");
  command->add_option("--station", options->statement.station, "Station code, when the file does not say it");
  command->add_option("--faults", options->faults, "Unreadable rows and cells to show of each file")
      ->capture_default_str();
  command->add_option("--network", options->network, "Registered points and devices, as for serve");
  command->add_option("--share", options->share, "Folder with datasets/ (default: found beside the program)");
  command->add_flag("--json", options->json, "Print the report as JSON");
  command->add_flag("--layouts", options->layouts, "List the layouts that are known, and their columns");
  command->footer(
      "Each file is recognised by its columns (datasets/*.toml). Its bytes become entries of the evidence log, "
      "the values\n"
      "are derived from them; series are named <source>/<station>. The same file again is said and not stored; "
      "one that\n"
      "broke off goes on where it ended.\n"
      "Columns of the report: file · layout (- = none fits) · state (stored, already, register, read = dry run, "
      "refused,\n"
      "failed) · rows read · values in them · new = new values and revisions · unreadable = rows and cells · "
      "note.\n"
      "Below it: FILE:LINE:COLUMN: what is wrong.\n"
      "Exit status: 0; 1 when a file failed; 3 when a file that was named itself was refused.\n"
      "Examples:\n"
      "  mingjian import 2026-03-12T00.csv --data ./data/demo --dry-run\n"
      "  mingjian import /srv/handed-over --data ./data/demo --name 王敏 --reason \"March archive\"\n"
      "  mingjian import outlet.csv --factor w01018 --unit mg/L --station outlet-1 --url http://127.0.0.1:8080");
  command->callback([options, &run] { run = [options] { return import_files(*options); }; });
}

}  // namespace mj::app
