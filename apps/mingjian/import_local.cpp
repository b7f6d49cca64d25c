#include "import_local.hpp"

#include <cstdio>

#include "demo_files.hpp"
#include "mj/runtime/clock.hpp"
#include "registered.hpp"

namespace mj::app {
namespace {

constexpr std::uint64_t kMemoryBytes = 512ULL << 20;
constexpr std::int64_t kTellMs = 1000;

/// One line a second on the terminal.
class Teller {
 public:
  explicit Teller(std::string what) : what_(std::move(what)), began_(runtime::steady_ms()), told_(began_) {}

  /// `unit` done of total, for example "values".
  void tell(std::uint64_t done, std::uint64_t total, std::string_view unit) {
    const std::int64_t now = runtime::steady_ms();
    if (now - told_ < kTellMs) return;
    told_ = now;
    const double rate = static_cast<double>(done) * 1000 / static_cast<double>(now - began_);
    const double left = rate > 0 && total > done ? static_cast<double>(total - done) / rate : 0;
    fmt::print(stderr, "{}: {} of {} {}, {:.0f}/s, {:.0f} s left\n", what_, done, total, unit, rate, left);
  }

 private:
  std::string what_;
  std::int64_t began_;
  std::int64_t told_;
};

template <typename Follower>
Status catch_up(Follower& follower, const evidence::Log& log) {
  for (;;) {
    MJ_TRY(const std::size_t done, follower.consume(log));
    if (done == 0) return {};
  }
}

}  // namespace

Result<std::vector<intake::Known>> known_files(const telemetry::Store& store, const std::string& sha256) {
  telemetry::ImportQuery query;
  query.sha256 = sha256;
  MJ_TRY(const auto files, store.imports(query));
  std::vector<intake::Known> known;
  for (const telemetry::ImportedFile& file : files)
    known.push_back({file.entry, file.layout_sha256, file.bytes, file.durable, file.next_part, file.next_line});
  return known;
}

Result<std::unique_ptr<LocalImport>> LocalImport::open(const std::filesystem::path& share,
                                                       const DataDirectory& data, const std::string& network) {
  MJ_TRY(Knowledge knowledge, Knowledge::load(share, data, network));
  std::unique_ptr<LocalImport> session(new LocalImport(std::move(knowledge)));
  MJ_TRY(session->catalogue_, dataset::Catalogue::load(share / "datasets"));
  MJ_TRY(session->log_, open_log(data));
  const registry::Network& known = session->knowledge_.network;
  MJ_TRY(session->settings_, registry::DeviceRegister::open(data.records(), known, data.vault_key()));
  MJ_CHECK(catch_up(*session->settings_, *session->log_));
  MJ_TRY(session->book_, open_register(data.records(), session->knowledge_.register_schema, *session->log_));
  std::vector<std::filesystem::path> folders = {data.register_files()};
  // As `mingjian demo` does at its start.
  if (network == (share / "demo" / "network.toml").string()) {
    const std::vector<std::filesystem::path> own = demo_register_folders(share);
    folders.insert(folders.begin(), own.begin(), own.end());
  }
  MJ_CHECK(adopt_register_files(*session->book_, *session->log_, known, folders, runtime::system_clock()()));
  telemetry::StoreOptions options;
  options.memory_bytes = kMemoryBytes;
  MJ_TRY(session->store_, telemetry::Store::open(data.telemetry(), known, *session->settings_, options));
  MJ_CHECK(session->derive("values"));
  LocalImport& self = *session;
  session->importer_ = std::make_unique<intake::Importer>(
      self.catalogue_, *self.log_, *self.book_,
      [&self](const std::string& sha256) { return known_files(*self.store_, sha256); }, runtime::system_clock());
  return session;
}

LocalImport::~LocalImport() {
  importer_.reset();
  store_.reset();
  book_.reset();
  settings_.reset();
  log_.reset();
}

Status LocalImport::derive(std::string_view what) {
  MJ_CHECK(catch_up(*settings_, *log_));
  const std::uint64_t begin = store_->position();
  const std::uint64_t values = store_->ledger(log_->size()).stored_values;
  const std::int64_t began = runtime::steady_ms();
  std::int64_t told = began;
  for (;;) {
    MJ_TRY(const std::size_t done, store_->consume(*log_));
    if (done == 0) return {};
    const std::int64_t now = runtime::steady_ms();
    if (now - told < kTellMs) continue;
    told = now;
    const std::uint64_t stored = store_->ledger(log_->size()).stored_values - values;
    const double share =
        static_cast<double>(store_->position() - begin) / static_cast<double>(log_->size() - begin);
    const double seconds = static_cast<double>(now - began) / 1000;
    fmt::print(stderr, "{}: {:.0f} %, {} new values, {:.0f} values/s, {:.0f} s left\n", what, share * 100, stored,
               static_cast<double>(stored) / seconds, share > 0 ? seconds / share - seconds : 0);
  }
}

ImportOutcome LocalImport::take(const std::string& path, const intake::Offer& offer) {
  Teller teller(fmt::format("{}: writing", path));
  const auto receipt = importer_->take(offer, [&teller](const intake::Progress& progress) {
    teller.tell(progress.bytes, progress.total, "bytes");
  });
  if (!receipt) return failed_outcome(path, receipt.error().text());
  std::optional<telemetry::ImportedFile> derived;
  if (!offer.dry_run && receipt->refusal.empty()) {
    if (const Status done = derive(path); !done) return failed_outcome(path, done.error().text());
    if (receipt->entry && !receipt->records) {
      telemetry::ImportQuery query;
      query.entry = receipt->entry;
      auto files = store_->imports(query);
      if (files && !files->empty()) derived = files->front();
    }
  }
  ImportOutcome outcome = outcome_of(path, *receipt, derived);
  if (receipt->already) outcome.stored = 0;
  return outcome;
}

Status LocalImport::finish() {
  MJ_CHECK(store_->settle(true));
  return store_->flush();
}

}  // namespace mj::app
