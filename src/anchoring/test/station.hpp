#pragma once

#include <atomic>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <stdexcept>

#include "mj/anchoring/anchors.hpp"
#include "mj/evidence/log.hpp"
#include "mj/http/server.hpp"
#include "mj/witness/service.hpp"
#include "mj/witness/witness.hpp"

namespace mj::anchoring::test {

namespace fs = std::filesystem;

/// An empty directory, gone at the end of the test; in memory where there is such a place, because every test makes a log and
/// three witnesses, and what a sync is worth is tried in their own rooms.
class Folder {
 public:
  Folder() {
    const fs::path memory = "/dev/shm";
    std::string pattern =
        ((fs::exists(memory) ? memory : fs::temp_directory_path()) / "mj-anchoring-XXXXXX").string();
    path_ = ::mkdtemp(pattern.data());
  }
  ~Folder() {
    std::error_code ignored;
    fs::remove_all(path_, ignored);
  }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  [[nodiscard]] fs::path operator/(std::string_view name) const { return path_ / name; }

 private:
  fs::path path_;
};

inline std::unique_ptr<evidence::Log> open_log(const fs::path& directory) {
  evidence::LogOptions options;
  options.origin = "log.example/station";
  options.checkpoint_interval_ms = 3'600'000;  // only when somebody asks
  auto log = evidence::Log::open(directory, options);
  if (!log) throw std::runtime_error(log.error().text());
  return *std::move(log);
}

inline void append(evidence::Log& log, int count, std::string_view kind = "frame") {
  for (int i = 0; i < count; ++i) {
    const std::string text = fmt::format("{} {}", kind, i);
    evidence_format::Entry entry;
    entry.device = "D1";
    entry.payload = as_bytes(text);
    if (const auto done = log.append_and_wait(entry); !done) throw std::runtime_error(done.error().text());
  }
}

/// A witness on a real port.
struct RunningWitness {
  explicit RunningWitness(const std::string& name) : name_(name) { start(); }
  void start(std::uint16_t port = 0) {
    auto opened = witness::Witness::open(folder / "w", name_, folder / "passphrase",
                                         [this] { return Instant::from_ms(now_ms); });
    if (!opened) throw std::runtime_error(opened.error().text());
    witness = *std::move(opened);
    auto started = witness::Service::start(*witness, "127.0.0.1", port, [] { return Instant(); });
    if (!started) throw std::runtime_error(started.error().text());
    service = *std::move(started);
    url = "http://" + service->binding();
    key = witness->key();
  }
  void stop() {
    service.reset();
    witness.reset();
  }
  void trust(const evidence::Log& log) const {
    const Status trusted = witness->watch(witness::WatchedLog::of(log.keyring()));
    if (!trusted) throw std::runtime_error(trusted.error().text());
  }
  [[nodiscard]] Options::WitnessAt at() const { return {url, key}; }

  Folder folder;
  std::string name_;
  std::atomic<std::int64_t> now_ms = 1'800'000'000'000;
  std::unique_ptr<witness::Witness> witness;
  std::unique_ptr<witness::Service> service;
  std::string url;
  evidence_format::VerifierKey key;
};

/// A server that answers everything in one way: a witness or an authority that misbehaves.
struct FakeServer {
  explicit FakeServer(http::Server::Handle handle) : server(*http::Server::listen({})) {
    server->serve(std::move(handle));
    url = "http://" + server->binding();
  }
  std::unique_ptr<http::Server> server;
  std::string url;
};

/// An RFC 3161 authority made of the openssl program, with a CA of its own.
class OpensslAuthority {
 public:
  OpensslAuthority() {
    std::ofstream(folder / "tsa.cnf")
        << "[tsa]\ndefault_tsa = tsa1\n[tsa1]\nserial = serial\ncrypto_device = builtin\n"
           "signer_cert = tsa.pem\ncerts = ca.pem\nsigner_key = tsa.key\n"
           "signer_digest = sha256\ndefault_policy = 1.2.3.4.1\ndigests = sha256\n"
           "accuracy = secs:1\nordering = no\ntsa_name = no\ness_cert_id_alg = sha256\n";
    std::ofstream(folder / "serial") << "01\n";
    std::ofstream(folder / "ext.cnf") << "extendedKeyUsage = critical,timeStamping\n";
    const std::string ec = "-newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes ";
    run("openssl req -x509 " + ec + "-keyout ca.key -out ca.pem -days 30 -subj '/CN=Test CA'");
    run("openssl req -new " + ec + "-keyout tsa.key -out tsa.csr -subj '/CN=Test TSA'");
    run("openssl x509 -req -in tsa.csr -CA ca.pem -CAkey ca.key -CAcreateserial -out tsa.pem -days 30 "
        "-extfile ext.cnf");
    server = std::make_unique<FakeServer>([this](const http::Request& request) {
      ++asked;
      if (request.content_type != "application/timestamp-query") throw std::runtime_error("no time-stamp query");
      std::ofstream(folder / "query", std::ios::binary | std::ios::trunc) << request.body;
      run("openssl ts -reply -config tsa.cnf -queryfile query -out reply");
      http::Answer answer;
      answer.content_type = "application/timestamp-reply";
      answer.body = read("reply");
      return answer;
    });
  }
  void run(const std::string& command) const {
    const std::string line = fmt::format("cd '{}' && {} >out 2>err", (folder / "").string(), command);
    if (std::system(line.c_str()) != 0) throw std::runtime_error(command + ": " + read("err"));
  }
  [[nodiscard]] std::string read(std::string_view name) const {
    std::stringstream text;
    text << std::ifstream(folder / name, std::ios::binary).rdbuf();
    return text.str();
  }
  [[nodiscard]] std::string trusted_pem() const { return read("ca.pem"); }
  [[nodiscard]] std::string url() const { return server->url; }

  Folder folder;
  std::atomic<int> asked = 0;
  std::unique_ptr<FakeServer> server;
};

/// An anchoring with what it needs.
struct Desk3 {
  Desk3() {
    append(*log, 5);
    for (const auto& witness : witnesses) witness->trust(*log);
  }
  [[nodiscard]] Options options(std::size_t quorum = 2) const {
    Options made;
    for (const auto& witness : witnesses) made.witnesses.push_back(witness->at());
    made.quorum = quorum;
    made.request_timeout_ms = 300;
    return made;
  }
  void open(const Options& options) {
    anchoring.reset();
    auto opened = Anchoring::open(folder / "records", *log, options, [this] { return Instant::from_ms(now_ms); });
    if (!opened) throw std::runtime_error(opened.error().text());
    anchoring = *std::move(opened);
  }
  void consume_all() const {
    for (;;) {
      const auto read = anchoring->consume();
      if (!read) throw std::runtime_error(read.error().text());
      if (*read == 0) return;
    }
  }
  /// The log closed, copied, opened again.
  void back_up() {
    anchoring.reset();
    log.reset();
    fs::copy(folder / "log", folder / "backup", fs::copy_options::recursive);
    log = open_log(folder / "log");
  }
  /// The backup in the place of the log.
  void restore_backup() {
    anchoring.reset();
    log.reset();
    fs::remove_all(folder / "log");
    fs::copy(folder / "backup", folder / "log", fs::copy_options::recursive);
    fs::remove_all(folder / "records");
    log = open_log(folder / "log");
  }

  Folder folder;
  std::int64_t now_ms = 1'800'000'100'000;
  std::unique_ptr<evidence::Log> log = open_log(folder / "log");
  std::vector<std::unique_ptr<RunningWitness>> witnesses = [] {
    std::vector<std::unique_ptr<RunningWitness>> made;
    for (const char* name : {"w.example/a", "w.example/b", "w.example/c"}) {
      made.push_back(std::make_unique<RunningWitness>(name));
    }
    return made;
  }();
  std::unique_ptr<Anchoring> anchoring;
};

}  // namespace mj::anchoring::test
