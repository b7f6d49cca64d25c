#include <CLI/CLI.hpp>
#include <cstdio>

#include <nlohmann/json.hpp>

#include "commands.hpp"
#include "mj/evidence_format/key_ring.hpp"
#include "mj/http/client.hpp"
#include "mj/runtime/clock.hpp"
#include "mj/runtime/log.hpp"
#include "mj/storage/file.hpp"
#include "mj/witness/service.hpp"
#include "mj/witness/witness.hpp"
#include "platform.hpp"

namespace mj::app {
namespace {

struct WitnessOptions {
  std::string directory;
  std::string name;
  std::string passphrase;
  std::string address = "127.0.0.1";
  std::uint16_t port = 8085;
  std::string keyring;
  std::string origin;
  std::vector<std::string> keys;
  std::string url;
  bool json = false;
  bool quiet = false;

  [[nodiscard]] std::filesystem::path passphrase_file() const {
    return passphrase.empty() ? std::filesystem::path(directory) / "passphrase"
                              : std::filesystem::path(passphrase);
  }
};

Result<int> serve_witness(const WitnessOptions& options) {
  block_stop_signals();
  if (options.quiet) runtime::set_log_level(runtime::Level::warning);
  MJ_TRY(const auto witness, witness::Witness::open(options.directory, options.name, options.passphrase_file(),
                                                    runtime::system_clock()));
  MJ_TRY(const auto service,
         witness::Service::start(*witness, options.address, options.port, runtime::system_clock()));
  fmt::print("见证方 witness {}\n", witness->key().name);
  fmt::print("  address  http://{}/\n", service->binding());
  fmt::print("  key      {}\n", witness->key().text());
  for (const witness::Remembered& log : witness->remembered()) {
    fmt::print("  log      {}   {} entries seen\n", log.origin, log.size);
  }
  fmt::print("Stop with Ctrl-C.\n");
  std::fflush(stdout);
  wait_for_stop_signal();
  return 0;
}

/// A key ring from a file, or from a server's address.
Result<evidence_format::KeyRing> fetch_ring(const std::string& from) {
  std::string text;
  if (from.starts_with("http://") || from.starts_with("https://")) {
    MJ_TRY(const http::Client client, http::Client::connect(from));
    MJ_TRY(http::Response response, client.get(""));
    if (response.status != 200) {
      return Error(ErrorCode::unavailable, fmt::format("{} answered {}", from, response.status));
    }
    text = std::move(response.body);
  } else {
    MJ_TRY(text, storage::read_file(from));
  }
  auto ring = evidence_format::KeyRing::parse(text);
  if (!ring) return ring.error().context(from);
  return ring;
}

void print_ring(const evidence_format::KeyRing& ring) {
  for (const auto& member : ring.members()) {
    const auto& statement = member.statement;
    fmt::print("  {} {} {}  {}  {}: {}\n", statement.number, evidence_format::name(statement.action),
               member.entry ? fmt::format("entry {}", *member.entry) : "genesis", to_iso(statement.at),
               statement.by, statement.reason);
    for (const auto& key : statement.keys) fmt::print("      {}\n", key.text());
  }
}

Result<int> trust_log(const WitnessOptions& options) {
  if (options.keyring.empty() == options.keys.empty()) {
    return Error(ErrorCode::invalid_input, "give either --keyring, or --origin with --key");
  }
  witness::WatchedLog log;
  if (!options.keyring.empty()) {
    MJ_TRY(evidence_format::KeyRing ring, fetch_ring(options.keyring));
    log = witness::WatchedLog::of(std::move(ring));
  } else {
    log.origin = options.origin;
    for (const std::string& text : options.keys) {
      MJ_TRY(auto key, evidence_format::VerifierKey::parse(text));
      log.keys.push_back(std::move(key));
    }
  }
  MJ_CHECK(witness::trust(options.directory, log));
  fmt::print("{} is watched; its checkpoints must be signed by\n", log.origin);
  if (log.ring) print_ring(*log.ring);
  for (const auto& key : log.keys) fmt::print("      {}\n", key.text());
  fmt::print("Compare the keys with what the people of the log told you another way.\n");
  return 0;
}

void print_status(const nlohmann::ordered_json& status) {
  fmt::print("{}\n", status.value("key", std::string()));
  for (const auto& log : status["logs"]) {
    fmt::print("{}\n  {} entries, cosigned {} times, newest {}{}\n", log.value("origin", std::string()),
               log.value("size", std::uint64_t{0}), log.value("cosigned", std::uint64_t{0}),
               log["cosigned_at"].is_string() ? log["cosigned_at"].get<std::string>() : "never",
               log.value("watched", true) ? "" : ", no longer watched");
    if (log.value("refused", std::uint64_t{0}) == 0) continue;
    fmt::print("  REFUSED {} times: {}\n", log.value("refused", std::uint64_t{0}),
               log["last_refusal"].is_string() ? log["last_refusal"].get<std::string>() : "");
  }
}

Result<int> show_status(const WitnessOptions& options) {
  std::string text;
  if (!options.url.empty()) {
    MJ_TRY(const http::Client client, http::Client::connect(options.url));
    MJ_TRY(http::Response response, client.get("/api/status"));
    if (response.status != 200) {
      return Error(ErrorCode::unavailable, fmt::format("{} answered {}", options.url, response.status));
    }
    text = std::move(response.body);
  } else if (!options.directory.empty()) {
    MJ_TRY(const auto witness,
           witness::Witness::open(options.directory, "", options.passphrase_file(), runtime::system_clock()));
    text = witness::status_json(witness->key(), witness->remembered());
  } else {
    return Error(ErrorCode::invalid_input, "give --dir, or --url of a running witness");
  }
  const auto status = nlohmann::ordered_json::parse(text, nullptr, false);
  if (!status.is_object() || !status.contains("logs")) {
    return Error(ErrorCode::unavailable, fmt::format("{} is no witness", options.url));
  }
  if (options.json) {
    fmt::print("{}\n", status.dump(2));
  } else {
    print_status(status);
  }
  return 0;
}

Result<int> show_key(const WitnessOptions& options) {
  auto known = witness::read_key(options.directory);
  if (!known && known.error().code() == ErrorCode::not_found && !options.name.empty()) {
    MJ_TRY(const auto made, witness::Witness::open(options.directory, options.name, options.passphrase_file(),
                                                   runtime::system_clock()));
    known = made->key();
  }
  if (!known && known.error().code() == ErrorCode::not_found) {
    return Error(ErrorCode::not_found,
                 fmt::format("{} holds no witness yet; --name makes one", options.directory));
  }
  if (!known) return known.error();
  fmt::print("{}\n", known->text());
  return 0;
}

using SharedOptions = std::shared_ptr<WitnessOptions>;

CLI::App* add_part(CLI::App& witness, Run& run, const SharedOptions& options, const char* name, const char* what,
                   Result<int> (*act)(const WitnessOptions&)) {
  CLI::App* command = witness.add_subcommand(name, what);
  command->callback([options, &run, act] { run = [options, act] { return act(*options); }; });
  return command;
}

void add_directory(CLI::App& command, const SharedOptions& options, bool required) {
  command.add_option("--dir", options->directory, "Directory of the witness; made when missing")
      ->required(required);
}

void add_key_options(CLI::App& command, const SharedOptions& options) {
  command.add_option(
      "--name", options->name,
      "Name of a new witness, like witness.example/market-regulator; logs will know it under this name");
  command.add_option(
      "--passphrase-file", options->passphrase,
      "File with the passphrase of the key, made when missing (default: passphrase in the directory; "
      "keep it elsewhere when the directory is backed up)");
}

}  // namespace

void add_witness(CLI::App& app, Run& run) {
  const SharedOptions options = std::make_shared<WitnessOptions>();
  CLI::App* witness = app.add_subcommand(
      "witness", "Remember the checkpoints of another department's log and sign only what extends them 见证方");
  witness->require_subcommand(1);

  CLI::App* serve =
      add_part(*witness, run, options, "serve", "Run the witness (c2sp.org/tlog-witness)", serve_witness);
  add_directory(*serve, options, true);
  add_key_options(*serve, options);
  serve->add_option("--address", options->address, "Address to listen on; 0.0.0.0 = reachable from everywhere")
      ->capture_default_str();
  serve->add_option("--port", options->port, "Port, 0 = any free one")->capture_default_str();
  serve->add_flag("--quiet", options->quiet, "Log warnings and errors only");
  serve->footer(
      "Example:\n"
      "  mingjian witness serve --dir ./witness --name witness.example/w1 --address 0.0.0.0 --port 8085");

  CLI::App* trust =
      add_part(*witness, run, options, "trust",
               "Watch a log, or follow the change of its keys; a running witness takes notice", trust_log);
  add_directory(*trust, options, true);
  trust->add_option(
      "--keyring", options->keyring,
      "Key ring of a log: a file, or the address of a server's /keyring. It must extend the one trusted "
      "before");
  trust->add_option("--origin", options->origin, "A log without a key ring: its origin");
  trust->add_option("--key", options->keys,
                    "A log without a key ring: a verifier key; every one given must have signed");
  trust->footer(
      "Examples:\n"
      "  mingjian witness trust --dir ./witness --keyring http://127.0.0.1:8080/keyring\n"
      "  mingjian witness trust --dir ./witness --origin log.example/a --key 'log.example/a+530d903a+Ae…'");

  CLI::App* status = add_part(*witness, run, options, "status", "What the witness remembers", show_status);
  add_directory(*status, options, false);
  status->add_option("--passphrase-file", options->passphrase, "File with the passphrase of the key");
  status->add_option("--url", options->url, "Address of a running witness");
  status->add_flag("--json", options->json, "As JSON");

  CLI::App* key = add_part(*witness, run, options, "key",
                           "Print the verifier key, for evidence.toml of those who ask this witness", show_key);
  add_directory(*key, options, true);
  add_key_options(*key, options);
}

}  // namespace mj::app
