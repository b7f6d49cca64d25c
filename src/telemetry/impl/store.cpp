#include "mj/telemetry/store.hpp"

#include "mj/runtime/log.hpp"
#include "number.hpp"
#include "schema.hpp"
#include "store_impl.hpp"

namespace mj::telemetry {
namespace {

constexpr const char* kFileName = "telemetry.duckdb";
constexpr std::size_t kMaxBatchBytes = 8U << 20;
/// Imports hold many more values in a byte than frames: a transaction takes so many bytes of them.
constexpr std::size_t kMaxImportBytes = 4U << 20;
constexpr std::size_t kFramesTold = 100;
/// How many times settle_rows may gather while frames wait to be derived.
constexpr std::uint64_t kSettleLag = 16;

/// Moves an unusable store out of the way; the log has everything it held.
void set_aside(const std::filesystem::path& file) {
  std::filesystem::path aside = file;
  for (int n = 1;; ++n) {
    aside = file;
    aside += fmt::format(".unusable-{}", n);
    if (!std::filesystem::exists(aside)) break;
  }
  std::error_code ignored;
  std::filesystem::rename(file, aside, ignored);
  std::filesystem::path log = file;
  log += ".wal";
  std::filesystem::remove(log, ignored);
}

/// Leaves to the next batch what would make this one too large.
void keep_small(evidence::ReadBatch& batch) {
  std::size_t bytes = 0;
  for (std::size_t i = 0; i < batch.entries.size(); ++i) {
    const evidence_format::Entry& entry = batch.entries[i].entry;
    if (entry.type != evidence_format::EntryType::import) continue;
    bytes += entry.payload.size();
    if (bytes > kMaxImportBytes && i > 0) {
      batch.entries.resize(i);
      return;
    }
  }
}

/// Whether the reason lies outside the file: setting it aside would not help.
bool is_environment(std::string_view text) {
  for (const char* sign :
       {"No space", "Permission", "permission", "Read-only", "read-only", "lock", "Cannot open file"}) {
    if (text.find(sign) != std::string_view::npos) return true;
  }
  return false;
}

}  // namespace

Store::Store(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Store::~Store() = default;

Result<std::unique_ptr<Store>> Store::open(const std::filesystem::path& directory,
                                           const registry::Network& network,
                                           const registry::DeviceRegister& devices, StoreOptions options) {
  std::error_code failure;
  std::filesystem::create_directories(directory, failure);
  if (failure) {
    return Error(ErrorCode::unavailable,
                 fmt::format("cannot create {}: {}", directory.string(), failure.message()));
  }
  const std::filesystem::path file = directory / kFileName;
  for (int attempt = 0;; ++attempt) {
    auto impl = std::make_unique<Impl>(network, devices, options);
    impl->file = file;
    const Status opened = [&]() -> Status {
      MJ_TRY(impl->database, duck::Database::open(file, options.memory_bytes, options.threads));
      MJ_TRY(impl->writer, duck::Connection::open(impl->database));
      MJ_CHECK(create_schema(*impl->writer));
      return impl->load();
    }();
    if (opened) return std::unique_ptr<Store>(new Store(std::move(impl)));
    if (attempt > 0 || is_environment(opened.error().text()) || !std::filesystem::exists(file))
      return opened.error();
    impl.reset();
    runtime::log(runtime::Level::warning, "telemetry",
                 "{} cannot be used ({}); it is set aside and derived again from the evidence log", file.string(),
                 opened.error().text());
    set_aside(file);
  }
}

Status Store::Impl::load() {
  auto fresh = std::make_unique<FollowerState>();
  MJ_TRY(duck::Rows streams, writer->query("SELECT device, st, cn FROM stream ORDER BY id"));
  while (streams.next()) fresh->series.stream(streams.text(0), streams.text(1), streams.text(2));
  MJ_TRY(duck::Rows series, writer->query("SELECT stream, factor, kind FROM series ORDER BY id"));
  while (series.next()) fresh->series.load(StreamId(series.get<std::uint32_t>(0)), series.text(1), series.text(2));
  MJ_TRY(duck::Rows forms,
         writer->query("SELECT decimals, kept_text, revision, flag, below FROM form ORDER BY id"));
  while (forms.next()) {
    fresh->forms.find(Form{forms.get<std::uint8_t>(0), forms.get<bool>(1), forms.get<std::uint32_t>(2),
                           std::string(forms.text(3)), forms.get<bool>(4)});
  }
  MJ_CHECK(load_counts(fresh->counts));
  MJ_TRY(const std::vector<SeriesId> changed, load_newest(*fresh));
  to_release.clear();
  MJ_TRY(duck::Rows held,
         writer->query(fmt::format("SELECT f.entry, s.device FROM frame f JOIN stranger s ON s.entry = f.entry "
                                   "WHERE f.disposition = {} ORDER BY f.entry",
                                   static_cast<int>(Disposition::quarantined))));
  while (held.next()) {
    if (network.find_device(held.text(1)) != nullptr) to_release.push_back(held.get<std::uint64_t>(0));
  }
  MJ_TRY(duck::Rows rows, writer->query("SELECT (SELECT count(*) FROM recent), (SELECT count(*) FROM settled)"));
  if (rows.next()) {
    recent_rows = static_cast<std::uint64_t>(rows.get<std::int64_t>(0));
    const std::lock_guard lock(published_mutex);
    settled_published = static_cast<std::uint64_t>(rows.get<std::int64_t>(1));
    keys.clear();
    newest.clear();
    series_of_device.clear();
  }
  state = std::move(fresh);
  publish(changed);
  return {};
}

Status Store::Impl::load_counts(Counts& read) const {
  MJ_TRY(duck::Rows ledger, writer->query("SELECT class, n FROM ledger"));
  constexpr std::string_view kRejected = "rejected:";
  while (ledger.next()) {
    const std::string_view word = ledger.text(0);
    const auto n = ledger.get<std::uint64_t>(1);
    if (word == "position") read.position = n;
    if (word == "stored") read.stored = n;
    if (word == "stored_values") read.stored_values = n;
    if (word == "duplicate") read.duplicate = n;
    if (word == "quarantined") read.quarantined = n;
    if (word == "decisions") read.decisions = n;
    if (word.starts_with(kRejected)) read.rejected.emplace(word.substr(kRejected.size()), n);
  }
  return {};
}

Result<std::vector<SeriesId>> Store::Impl::load_newest(FollowerState& fresh) const {
  MJ_TRY(
      duck::Rows last,
      writer->query("SELECT n.series, n.at_ms, n.value, n.form, n.entry, k.text, "
                    "coalesce(r.received_ms, i.received_ms) FROM "
                    "(SELECT o.* FROM observation o JOIN (SELECT series, max(at_ms) AS at_ms FROM observation "
                    "GROUP BY series) m "
                    "USING (series, at_ms)) n JOIN form f ON f.id = n.form LEFT JOIN frame r ON r.entry = n.entry "
                    "LEFT JOIN import_entry i ON i.entry = n.entry "
                    "LEFT JOIN kept_text k ON f.kept_text AND k.series = n.series AND k.at_ms = n.at_ms AND "
                    "k.revision = f.revision"));
  std::vector<SeriesId> changed;
  while (last.next()) {
    const SeriesId id(last.get<std::uint32_t>(0));
    SeriesState& known = fresh.series.state(id);
    known.newest_ms = last.get<std::int64_t>(1);
    known.has_number = !last.is_null(2);
    known.number = known.has_number ? last.get<double>(2) : 0;
    known.form = FormId(last.get<std::uint32_t>(3));
    known.entry = last.get<std::uint64_t>(4);
    known.text = last.is_null(5) ? std::string() : std::string(last.text(5));
    known.received_ms = last.is_null(6) ? 0 : last.get<std::int64_t>(6);
    changed.push_back(id);
  }
  return changed;
}

void Store::Impl::publish(const std::vector<SeriesId>& changed) {
  const std::lock_guard lock(published_mutex);
  counts = state->counts;
  recent_published = recent_rows;
  for (std::size_t i = keys.size(); i < state->series.size(); ++i) {
    const SeriesId id(static_cast<std::uint32_t>(i));
    keys.push_back(state->series.key(id));
    newest.emplace_back();
    series_of_device[keys.back().device].push_back(id);
  }
  for (const SeriesId id : changed) {
    const SeriesState& known = state->series.state(id);
    Newest& place = newest[id.raw()];
    place.observation.series = id;
    place.observation.at = Instant::from_ms(known.newest_ms);
    const Form& form = state->forms.form(known.form);
    place.observation.number =
        known.has_number && !form.below_detection ? std::optional<double>(known.number) : std::nullopt;
    place.observation.text = form.kept_text ? known.text : number_text(known.number, form.decimals);
    place.observation.flag = form.flag;
    place.observation.revision = form.revision;
    place.observation.entry = known.entry;
    place.received_at = Instant::from_ms(known.received_ms);
  }
}

Result<std::size_t> Store::consume(const evidence::Log& log) {
  Impl& impl = *impl_;
  if (!impl.state) MJ_CHECK(impl.load());
  auto derived = impl.derive(log);
  if (!derived) {
    // The memory is ahead of the rolled-back database: read it again before the next batch.
    if (Status rolled_back = impl.writer->run("ROLLBACK"); !rolled_back) {
      runtime::log(runtime::Level::debug, "telemetry", "nothing to roll back: {}", rolled_back.error().text());
    }
    impl.state.reset();
  }
  return derived;
}

Result<std::size_t> Store::Impl::derive(const evidence::Log& log) {
  const std::uint64_t begin = state->counts.position;
  if (begin > log.size()) {
    return Error(
        ErrorCode::damaged,
        fmt::format("telemetry has derived {} entries but the evidence log holds {}: the log was replaced; "
                    "run mingjian rebuild",
                    begin, log.size()));
  }
  // The settings of an entry are known when the register has passed it.
  const std::uint64_t end = std::min(log.size(), devices.position());
  if (begin >= end && (to_release.empty() || devices.position() < begin)) return std::size_t{0};
  reader.use(devices.settings());
  imports.use(log);
  evidence::ReadBatch batch;
  if (begin < end) {
    const std::size_t most = std::min<std::uint64_t>(options.max_batch_entries, end - begin);
    MJ_TRY(batch, log.read(evidence::EntryIndex(begin), most, kMaxBatchBytes));
    keep_small(batch);
  }
  MJ_CHECK(writer->run("BEGIN TRANSACTION"));
  const std::uint64_t values_before = state->counts.stored_values;
  MJ_TRY(auto derivation, Derivation::begin(*writer, reader, imports, *state));
  // Quarantined entries come first: every one of them is older than the batch.
  for (const std::uint64_t entry : to_release) {
    MJ_TRY(const evidence::ReadBatch held, log.read(evidence::EntryIndex(entry), 1, 1));
    for (const evidence::StoredEntry& stored : held.entries) MJ_CHECK(derivation->add(stored, true));
  }
  for (const evidence::StoredEntry& stored : batch.entries) MJ_CHECK(derivation->add(stored, false));
  MJ_CHECK(derivation->finish());
  MJ_CHECK(writer->run("COMMIT"));

  const std::size_t done = batch.entries.size() + to_release.size();
  to_release.clear();
  recent_rows += state->counts.stored_values - values_before;
  publish(derivation->changed());
  if (listener) {
    Stored stored;
    stored.frames = derivation->newest_frames(kFramesTold);
    for (const SeriesId id : derivation->changed()) {
      const std::string& device = state->series.device_of(id);
      if (stored.devices.empty() || stored.devices.back() != device) stored.devices.push_back(device);
    }
    std::sort(stored.devices.begin(), stored.devices.end());
    stored.devices.erase(std::unique(stored.devices.begin(), stored.devices.end()), stored.devices.end());
    listener(stored);
  }
  // Sorting can wait while more is coming in, but not for ever: a query reads all recent rows.
  const bool caught_up = state->counts.position == log.size();
  MJ_CHECK(settle(caught_up ? options.settle_rows : options.settle_rows * kSettleLag));
  return done;
}

Status Store::Impl::settle(std::uint64_t at_least) {
  if (recent_rows == 0 || recent_rows < at_least) return {};
  const Status done = [&]() -> Status {
    MJ_CHECK(writer->run("BEGIN TRANSACTION"));
    MJ_CHECK(writer->run("INSERT INTO settled SELECT * FROM recent ORDER BY series, at_ms"));
    // A new table instead of DELETE: the old rows cost nothing from now on.
    MJ_CHECK(writer->run("DROP TABLE recent"));
    MJ_CHECK(writer->run(fmt::format("CREATE TABLE recent({})", kObservationColumns)));
    return writer->run("COMMIT");
  }();
  if (!done) {
    if (Status rolled_back = writer->run("ROLLBACK"); !rolled_back) {
      runtime::log(runtime::Level::debug, "telemetry", "nothing to roll back: {}", rolled_back.error().text());
    }
    return done.error().context("sorting recent values");
  }
  const std::lock_guard lock(published_mutex);
  settled_published += recent_rows;
  recent_rows = 0;
  recent_published = 0;
  return {};
}

Status Store::settle(bool all) { return impl_->settle(all ? 1 : impl_->options.settle_rows / 4); }

Status Store::flush() { return impl_->writer->run("CHECKPOINT"); }

void Store::on_stored(std::function<void(const Stored&)> listener) { impl_->listener = std::move(listener); }

std::uint64_t Store::position() const {
  const std::lock_guard lock(impl_->published_mutex);
  return impl_->counts.position;
}

Ledger Store::ledger(std::uint64_t log_size) const {
  const std::lock_guard lock(impl_->published_mutex);
  const Counts& counts = impl_->counts;
  Ledger ledger;
  // Two independent counts: the log knows what was received, the follower what became of it. The log may have grown since it was asked.
  const std::uint64_t size = std::max(log_size, counts.position);
  ledger.received = size - counts.decisions;
  ledger.pending = size - counts.position;
  ledger.stored = counts.stored;
  ledger.stored_values = counts.stored_values;
  ledger.duplicate = counts.duplicate;
  ledger.quarantined = counts.quarantined;
  for (const auto& [reason, n] : counts.rejected) {
    ledger.rejected += n;
    ledger.rejected_reasons.emplace(reason, n);
  }
  return ledger;
}

std::vector<Latest> Store::latest(std::string_view device) const {
  std::vector<Latest> values;
  {
    const std::lock_guard lock(impl_->published_mutex);
    const auto found = impl_->series_of_device.find(std::string(device));
    if (found == impl_->series_of_device.end()) return values;
    for (const SeriesId id : found->second) {
      values.push_back(
          Latest{impl_->keys[id.raw()], impl_->newest[id.raw()].observation, impl_->newest[id.raw()].received_at});
    }
  }
  std::sort(values.begin(), values.end(), [](const Latest& a, const Latest& b) {
    return std::tie(a.key.factor, a.key.kind, a.key.cn, a.key.st) <
           std::tie(b.key.factor, b.key.kind, b.key.cn, b.key.st);
  });
  return values;
}

std::vector<Latest> Store::latest_all() const {
  const std::lock_guard lock(impl_->published_mutex);
  std::vector<Latest> values;
  values.reserve(impl_->keys.size());
  for (std::size_t i = 0; i < impl_->keys.size(); ++i) {
    values.push_back(Latest{impl_->keys[i], impl_->newest[i].observation, impl_->newest[i].received_at});
  }
  return values;
}

StoreSize Store::size() const {
  StoreSize size;
  std::error_code ignored;
  for (const char* suffix : {"", ".wal"}) {
    std::filesystem::path file = impl_->file;
    file += suffix;
    const auto bytes = std::filesystem::file_size(file, ignored);
    if (!ignored) size.bytes += bytes;
  }
  const std::lock_guard lock(impl_->published_mutex);
  size.recent_rows = impl_->recent_published;
  size.settled_rows = impl_->settled_published;
  size.values = size.recent_rows + size.settled_rows;
  size.series = impl_->keys.size();
  return size;
}

std::string Store::engine_version() { return duckdb_library_version(); }

Status remove_store(const std::filesystem::path& directory) {
  for (const char* suffix : {"", ".wal"}) {
    std::error_code failure;
    std::filesystem::remove(directory / (std::string(kFileName) + suffix), failure);
    if (failure)
      return Error(ErrorCode::unavailable,
                   fmt::format("cannot delete {}: {}", (directory / kFileName).string(), failure.message()));
  }
  return {};
}

}  // namespace mj::telemetry
