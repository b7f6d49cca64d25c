#include "mj/alarm/alarm_book.hpp"

#include <condition_variable>

#include "alarm_table.hpp"
#include "decision.hpp"
#include "follower.hpp"
#include "mj/kernel/text.hpp"
#include "mj/runtime/log.hpp"

namespace mj::alarm {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kFileName = "alarms.sqlite";
constexpr std::size_t kReadEntries = 65'536;
constexpr std::size_t kReadBytes = 8U << 20U;
/// Entries that may be passed over before the position is committed although no alarm changed; they are judged again
/// after a crash, which changes nothing.
constexpr std::uint64_t kMostUncommitted = 200'000;

Error database_error(std::string_view act, const std::exception& failure) {
  return Error(ErrorCode::unavailable, fmt::format("alarm book: {}: {}", act, failure.what()));
}

/// Opens the table; a database that cannot be used is set aside, because everything in it can be derived again.
Result<std::unique_ptr<AlarmTable>> open_table(const fs::path& file) {
  auto table = AlarmTable::open(file);
  if (table || !fs::exists(file)) return table;
  const fs::path aside = file.string() + ".set-aside";
  std::error_code failure;
  for (const char* suffix : {"-wal", "-shm"}) fs::remove(file.string() + suffix, failure);
  fs::rename(file, aside, failure);
  if (failure) return table;
  runtime::log(runtime::Level::warning, "alarm", "{}; moved to {}, deriving the alarms again",
               table.error().text(), aside.string());
  return AlarmTable::open(file);
}

}  // namespace

struct AlarmBook::Impl {
  Impl(registry::Network network_in, const registry::DeviceRegister& device_register, LimitSet limits_in,
       standards::StandardSet standards_in)
      : network(std::move(network_in)),
        devices(device_register),
        limits(std::move(limits_in)),
        standards(std::move(standards_in)) {}

  // Immutable after open().
  const registry::Network network;
  const registry::DeviceRegister& devices;
  const LimitSet limits;
  const standards::StandardSet standards;
  std::function<void(const Alarm&, Change)> listener;

  // Of the consuming thread.
  WatchList watches;
  std::optional<Follower> follower;
  std::uint64_t next = 0;       ///< entry to be read next
  std::uint64_t committed = 0;  ///< position in the database
  bool restore_needed = false;  ///< a commit failed: what is in memory is ahead of the database

  std::mutex table_mutex;  ///< guards `table`: its session serves one thread at a time
  std::unique_ptr<AlarmTable> table;

  struct OpenAlarms {
    std::size_t count = 0;
    std::vector<std::string> factors;
  };
  mutable std::mutex state_mutex;  ///< guards what follows; never held together with table_mutex
  std::condition_variable consumed;
  std::uint64_t position = 0;
  std::map<std::string, OpenAlarms, std::less<>> open_alarms;

  Status restore();
  Status begin_anew();
  Status commit();
  void publish(const std::vector<const DeviceWatch*>& touched);
  Result<std::size_t> consume(const evidence::Log& log);
};

Status AlarmBook::Impl::begin_anew() {
  try {
    const std::lock_guard lock(table_mutex);
    table->begin_anew(watches.basis());
  } catch (const std::exception& failure) {
    return database_error("cannot begin", failure);
  }
  return restore();
}

Status AlarmBook::Impl::restore() {
  try {
    const std::lock_guard lock(table_mutex);
    const auto book = table->book();
    if (!book) return Error(ErrorCode::internal, "alarm book: no position");
    table->restore(watches);
    follower->set_last_id(table->last_id());
    next = committed = book->position;
  } catch (const std::exception& failure) {
    restore_needed = true;
    return database_error("cannot be read", failure);
  }
  follower->forget_changes();
  restore_needed = false;
  std::vector<const DeviceWatch*> all;
  for (const DeviceWatch& watch : watches.devices()) all.push_back(&watch);
  publish(all);
  return {};
}

Status AlarmBook::Impl::commit() {
  std::vector<const Alarm*> alarms;
  for (const auto& [id, changed] : follower->changes()) alarms.push_back(&changed.alarm);
  try {
    const std::lock_guard lock(table_mutex);
    table->commit(alarms, watches, next);
  } catch (const std::exception& failure) {
    restore_needed = true;
    return database_error("cannot be written", failure);
  }
  committed = next;
  return {};
}

void AlarmBook::Impl::publish(const std::vector<const DeviceWatch*>& touched) {
  {
    const std::lock_guard lock(state_mutex);
    position = next;
    for (const DeviceWatch* watch : touched) {
      OpenAlarms open;
      for (const DeviceWatch::Factor& factor : watch->factors) {
        const auto count =
            static_cast<std::size_t>(std::count_if(factor.checks.begin(), factor.checks.end(), [&](std::size_t i) {
              return watch->checks[i].alarm.has_value();
            }));
        open.count += count;
        if (count > 0) open.factors.push_back(factor.code);
      }
      if (open.count == 0) {
        open_alarms.erase(watch->point);
      } else {
        open_alarms.insert_or_assign(watch->point, std::move(open));
      }
    }
  }
  consumed.notify_all();
}

Result<std::size_t> AlarmBook::Impl::consume(const evidence::Log& log) {
  if (restore_needed) MJ_CHECK(restore());
  if (next > log.size()) {
    runtime::log(runtime::Level::warning, "alarm",
                 "the book stands at entry {} of a log of {}: deriving the alarms again", next, log.size());
    MJ_CHECK(begin_anew());
  }
  // The settings of an entry are known when the register has passed it.
  const std::uint64_t end = std::min(log.size(), devices.position());
  if (next >= end) return std::size_t{0};
  follower->use(devices.settings());
  const std::size_t most = std::min<std::uint64_t>(kReadEntries, end - next);
  MJ_TRY(const evidence::ReadBatch batch, log.read(evidence::EntryIndex(next), most, kReadBytes));
  for (const evidence::StoredEntry& stored : batch.entries) {
    try {
      follower->step(stored);
    } catch (const soci::soci_error& failure) {
      restore_needed = true;
      return database_error("cannot be read", failure);
    }
  }
  next += batch.entries.size();
  if (!follower->changes().empty() || next - committed >= kMostUncommitted) {
    MJ_CHECK(commit());
    std::vector<const DeviceWatch*> touched;
    for (const DeviceWatch& watch : watches.devices()) {
      if (watch.dirty) touched.push_back(&watch);
    }
    publish(touched);
    if (listener) {
      for (const auto& [id, changed] : follower->changes()) listener(changed.alarm, changed.change);
    }
    follower->forget_changes();
  } else {
    publish({});
  }
  return batch.entries.size();
}

AlarmBook::AlarmBook(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}

AlarmBook::~AlarmBook() {
  if (Status flushed = flush(); !flushed)
    runtime::log(runtime::Level::warning, "alarm", "{}", flushed.error().text());
}

Result<std::unique_ptr<AlarmBook>> AlarmBook::open(const fs::path& directory, const registry::Network& network,
                                                   const registry::DeviceRegister& devices, LimitSet limits,
                                                   standards::StandardSet standards) {
  auto impl = std::make_unique<Impl>(network, devices, std::move(limits), std::move(standards));
  Impl* const book = impl.get();
  MJ_TRY(book->watches, WatchList::make(book->network, book->limits, book->standards));
  book->follower.emplace(
      book->network, book->standards, book->watches,
      [book](const AcknowledgeDecision& decision) {
        const std::lock_guard lock(book->table_mutex);
        return book->table->find(decision);
      },
      [book](const AlarmTable::Near& near) {
        const std::lock_guard lock(book->table_mutex);
        return book->table->find(near);
      });
  std::error_code failure;
  fs::create_directories(directory, failure);
  if (failure) {
    return Error(ErrorCode::unavailable,
                 fmt::format("cannot create {}: {}", directory.string(), failure.message()));
  }
  MJ_TRY(book->table, open_table(directory / kFileName));
  std::optional<AlarmTable::Book> stored;
  try {
    stored = book->table->book();
  } catch (const std::exception& error) {
    return database_error("cannot be read", error);
  }
  if (!stored || stored->basis != book->watches.basis()) {
    if (stored)
      runtime::log(runtime::Level::info, "alarm",
                   "limits, standards or network changed: deriving the alarms again");
    MJ_CHECK(book->begin_anew());
  } else {
    MJ_CHECK(book->restore());
  }
  return std::unique_ptr<AlarmBook>(new AlarmBook(std::move(impl)));
}

Result<std::size_t> AlarmBook::consume(const evidence::Log& log) { return impl_->consume(log); }

Status AlarmBook::flush() {
  if (impl_->restore_needed || impl_->next == impl_->committed) return {};
  MJ_CHECK(impl_->commit());
  impl_->follower->forget_changes();
  return {};
}

std::uint64_t AlarmBook::position() const {
  const std::lock_guard lock(impl_->state_mutex);
  return impl_->position;
}

Result<std::vector<Alarm>> AlarmBook::list(const AlarmQuery& query) const {
  try {
    const std::lock_guard lock(impl_->table_mutex);
    return impl_->table->list(query);
  } catch (const std::exception& failure) {
    return database_error("cannot be read", failure);
  }
}

Result<Alarm> AlarmBook::find(AlarmId id) const {
  try {
    const std::lock_guard lock(impl_->table_mutex);
    if (auto alarm = impl_->table->find(id)) return *std::move(alarm);
  } catch (const std::exception& failure) {
    return database_error("cannot be read", failure);
  }
  return Error(ErrorCode::not_found, fmt::format("there is no alarm {}", id.raw()));
}

std::map<std::string, std::size_t> AlarmBook::open_counts() const {
  const std::lock_guard lock(impl_->state_mutex);
  std::map<std::string, std::size_t> counts;
  for (const auto& [point, open] : impl_->open_alarms) counts.emplace(point, open.count);
  return counts;
}

std::vector<std::string> AlarmBook::open_factors(std::string_view point) const {
  const std::lock_guard lock(impl_->state_mutex);
  const auto found = impl_->open_alarms.find(point);
  return found == impl_->open_alarms.end() ? std::vector<std::string>() : found->second.factors;
}

const LimitSet& AlarmBook::limits() const { return impl_->limits; }

Result<Alarm> AlarmBook::acknowledge(evidence::Log& log, AlarmId id, std::string_view name,
                                     std::string_view reason, Instant now, int timeout_ms) {
  MJ_TRY(const std::string who, clean_text(name, kMaxNameCharacters, "name"));
  MJ_TRY(const std::string why, clean_text(reason, kMaxReasonCharacters, "reason"));
  MJ_TRY(const Alarm alarm, find(id));
  const auto taken = [&](const Acknowledgement& act) {
    return Error(ErrorCode::conflict, fmt::format("alarm {} was acknowledged already, by {} at {}", id.raw(),
                                                  act.name, to_iso(act.at)));
  };
  if (alarm.acknowledged) return taken(*alarm.acknowledged);
  const AcknowledgeDecision decision{alarm.rule,      alarm.device, alarm.factor, alarm.kind, alarm.period,
                                     alarm.direction, alarm.entry,  who,          why};
  MJ_TRY(const std::string payload, encode(decision, id));
  evidence_format::Entry entry;
  entry.type = evidence_format::EntryType::decision;
  entry.received_at = now;
  entry.payload = as_bytes(payload);
  MJ_TRY(const evidence::EntryIndex index, log.append_and_wait(entry));
  {
    std::unique_lock lock(impl_->state_mutex);
    const bool in_time = impl_->consumed.wait_for(lock, std::chrono::milliseconds(timeout_ms),
                                                  [&] { return impl_->position > index.raw(); });
    if (!in_time) {
      return Error(ErrorCode::unavailable,
                   fmt::format("the acknowledgement of alarm {} is recorded as entry {}; the alarms will show it "
                               "when they have caught up",
                               id.raw(), index.raw()));
    }
  }
  MJ_TRY(const Alarm after, find(id));
  if (!after.acknowledged)
    return Error(ErrorCode::internal,
                 fmt::format("alarm {} is not acknowledged after entry {}", id.raw(), index.raw()));
  if (after.acknowledged->entry != index.raw()) return taken(*after.acknowledged);
  return after;
}

void AlarmBook::on_change(std::function<void(const Alarm&, Change)> listener) {
  impl_->listener = std::move(listener);
}

Status remove_book(const fs::path& directory) {
  for (const char* suffix : {"", "-wal", "-shm"}) {
    std::error_code failure;
    fs::remove((directory / kFileName).string() + suffix, failure);
    if (failure)
      return Error(ErrorCode::unavailable, fmt::format("cannot remove the alarm book: {}", failure.message()));
  }
  return {};
}

}  // namespace mj::alarm
