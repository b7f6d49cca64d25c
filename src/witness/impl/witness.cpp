#include "mj/witness/witness.hpp"

#include <shared_mutex>

#include "key_file.hpp"
#include "log_memory.hpp"
#include "log_signatures.hpp"
#include "mj/evidence_format/checkpoint.hpp"
#include "mj/evidence_format/merkle.hpp"
#include "mj/runtime/log.hpp"
#include "mj/storage/file.hpp"
#include "request.hpp"

namespace mj::witness {
namespace {

namespace fs = std::filesystem;
using evidence_format::Checkpoint;
using evidence_format::Note;
using evidence_format::SoftwareKey;
using evidence_format::VerifierKey;

Answer refuse(int status, std::string_view why) {
  Answer answer;
  answer.status = status;
  answer.body = fmt::format("{}\n", why);
  return answer;
}

/// What of the file list tells that it was replaced.
struct ListVersion {
  fs::file_time_type changed{};
  std::uintmax_t size = 0;
  bool operator==(const ListVersion&) const = default;
};

}  // namespace

struct Witness::Impl {
  Impl(fs::path where, SoftwareKey own_key, runtime::Clock now)
      : directory(std::move(where)), key(std::move(own_key)), clock(std::move(now)) {}

  const fs::path directory;
  const SoftwareKey key;
  const runtime::Clock clock;
  std::optional<storage::File> lock;

  mutable std::shared_mutex mutex;  ///< guards the map, not the logs in it; taken before theirs
  std::map<std::string, std::shared_ptr<LogMemory>, std::less<>> logs;
  ListVersion list;

  [[nodiscard]] fs::path state_file(std::string_view origin) const {
    return directory / "state" / origin_hash(origin);
  }
  [[nodiscard]] fs::path refused_directory(std::string_view origin) const {
    return directory / "refused" / origin_hash(origin);
  }
  [[nodiscard]] ListVersion list_version() const {
    std::error_code missing;
    ListVersion version;
    version.changed = fs::last_write_time(directory / "logs.toml", missing);
    version.size = missing ? 0 : fs::file_size(directory / "logs.toml", missing);
    return version;
  }

  Status load_states();
  Status load_list();
  void follow_list();
  std::shared_ptr<LogMemory> find(std::string_view origin) const;
  Answer consider(LogMemory& log, const AddCheckpoint& request, const Note& note, const Checkpoint& checkpoint,
                  std::string_view body);
  void keep_proof(LogMemory& log, const Checkpoint& checkpoint, bool contradiction, std::string_view reason,
                  std::string_view body) const;
  Answer cosign(LogMemory& log, Note note, const Checkpoint& checkpoint) const;
};

Status Witness::Impl::load_states() {
  std::error_code failure;
  for (const auto& file : fs::directory_iterator(directory / "state", failure)) {
    if (file.path().extension() == ".new") continue;  // an unfinished replacement holds nothing that counts
    MJ_TRY(Cosigned state, read_state(file.path(), key.key()));
    auto log = std::make_shared<LogMemory>(state.checkpoint.origin);
    log->newest = std::move(state);
    logs.emplace(log->origin, log);
  }
  if (failure)
    return Error(ErrorCode::unavailable, fmt::format("{}/state: {}", directory.string(), failure.message()));
  return {};
}

Status Witness::Impl::load_list() {
  const ListVersion version = list_version();
  MJ_TRY(const std::vector<WatchedLog> watched, watched_logs(directory));
  const std::unique_lock guard(mutex);
  for (const WatchedLog& each : watched) {
    auto& log = logs[each.origin];
    if (log) continue;
    log = std::make_shared<LogMemory>(each.origin);
  }
  for (const auto& [origin, log] : logs) {
    const std::scoped_lock held(log->mutex);
    const auto found = std::ranges::find(watched, origin, &WatchedLog::origin);
    log->watched = found == watched.end() ? std::nullopt : std::optional(*found);
    MJ_TRY(log->refusals, read_refusals(refused_directory(origin)));
  }
  list = version;
  return {};
}

void Witness::Impl::follow_list() {
  {
    const std::shared_lock guard(mutex);
    if (list == list_version()) return;
  }
  if (const Status loaded = load_list(); !loaded) {
    runtime::log(runtime::Level::error, "witness", "the old list of logs stays in force: {}",
                 loaded.error().text());
  }
}

std::shared_ptr<LogMemory> Witness::Impl::find(std::string_view origin) const {
  const std::shared_lock guard(mutex);
  const auto found = logs.find(origin);
  return found == logs.end() ? nullptr : found->second;
}

void Witness::Impl::keep_proof(LogMemory& log, const Checkpoint& checkpoint, bool contradiction,
                               std::string_view reason, std::string_view body) const {
  const Refusal refusal{clock(),
                        contradiction,
                        checkpoint.text(),
                        std::string(reason),
                        log.newest ? log.newest->note : std::string(),
                        std::string(body)};
  const auto kept = keep_refusal(refused_directory(log.origin), refusal);
  if (!kept) {
    runtime::log(runtime::Level::error, "witness", "{}: {} — and the proof cannot be kept: {}", log.origin, reason,
                 kept.error().text());
    return;
  }
  if (!*kept) return;
  ++log.refusals.count;
  log.refusals.newest_reason = reason;
  runtime::log(runtime::Level::error, "witness", "{}: {}; the proof is kept under {}", log.origin, reason,
               refused_directory(log.origin).string());
}

Answer Witness::Impl::consider(LogMemory& log, const AddCheckpoint& request, const Note& note,
                               const Checkpoint& checkpoint, std::string_view body) {
  if (!log.watched) return refuse(404, fmt::format("this witness does not watch {}", log.origin));
  const auto keys = keys_for(*log.watched, checkpoint.size);
  if (!keys) return refuse(403, keys.error().text());
  auto verified = verified_note(note, *keys);
  if (!verified) return refuse(403, verified.error().text());
  if (request.old_size > checkpoint.size) {
    return refuse(400,
                  fmt::format("the old size {} is beyond the checkpoint's {}", request.old_size, checkpoint.size));
  }
  const std::uint64_t size = log.size();
  // Two roots of one size, both signed, convict the log whatever else the request says.
  if (log.newest && checkpoint.size == size) {
    const Checkpoint& known = log.newest->checkpoint;
    const bool other_sm3 = known.sm3_root && checkpoint.sm3_root && known.sm3_root != checkpoint.sm3_root;
    if (checkpoint.root != known.root || other_sm3) {
      const std::string why = fmt::format("the log has signed two different trees of {} entries", size);
      keep_proof(log, checkpoint, true, why, body);
      if (request.old_size == size) return refuse(422, why);
    }
  }
  if (request.old_size != size) {
    Answer answer;
    answer.status = 409;
    answer.content_type = "text/x.tlog.size";
    answer.body = fmt::format("{}\n", size);
    return answer;
  }
  const auto inconsistent = [&](std::string_view why) {
    keep_proof(log, checkpoint, false, why, body);
    return refuse(422, why);
  };
  if (checkpoint.size == 0 && checkpoint.root != evidence_format::empty_root()) {
    return inconsistent("a tree without entries has another root");
  }
  if (request.old_size == 0) {
    if (!request.proof.empty()) return inconsistent("from size 0 there is nothing to prove");
  } else if (const Status extends = evidence_format::check_consistency(
                 size, log.newest->checkpoint.root, checkpoint.size, checkpoint.root, request.proof);
             !extends) {
    return inconsistent(fmt::format("it is not shown that the tree of {} entries extends the one of {}: {}",
                                    checkpoint.size, size, extends.error().text()));
  }
  return cosign(log, *std::move(verified), checkpoint);
}

Answer Witness::Impl::cosign(LogMemory& log, Note note, const Checkpoint& checkpoint) const {
  Cosigned next;
  next.checkpoint = checkpoint;
  next.count = log.newest ? log.newest->count + 1 : 1;
  // A later statement about a log must not carry an earlier time, even when our clock was set back.
  next.unix_seconds = std::max<std::int64_t>(clock().ms() / 1000, log.newest ? log.newest->unix_seconds : 1);
  auto signature = evidence_format::cosign(key, note.text, next.unix_seconds);
  if (!signature) return refuse(500, signature.error().text());
  const std::string line = evidence_format::signature_line(*signature);
  note.signatures.push_back(*std::move(signature));
  next.note = note.str();
  if (const Status kept = write_state(state_file(log.origin), next); !kept) {
    runtime::log(runtime::Level::error, "witness", "{}: not cosigned: {}", log.origin, kept.error().text());
    return refuse(503, "this witness cannot remember now, so it does not sign; try again later");
  }
  log.newest = std::move(next);
  Answer answer;
  answer.body = line;
  return answer;
}

Witness::Witness(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Witness::~Witness() = default;

Result<std::unique_ptr<Witness>> Witness::open(const fs::path& directory, std::string name,
                                               const fs::path& passphrase_file, runtime::Clock clock) {
  std::error_code failure;
  fs::create_directories(directory / "state", failure);
  if (failure) return Error(ErrorCode::unavailable, fmt::format("{}: {}", directory.string(), failure.message()));
  MJ_TRY(auto lock, storage::File::open(directory / "lock", storage::File::Mode::create));
  MJ_CHECK(lock.lock_exclusively());
  MJ_TRY(SoftwareKey key, open_key(directory, name, passphrase_file));
  auto impl = std::make_unique<Impl>(directory, std::move(key), std::move(clock));
  impl->lock = std::move(lock);
  MJ_CHECK(impl->load_states());
  MJ_CHECK(impl->load_list());
  return std::unique_ptr<Witness>(new Witness(std::move(impl)));
}

const VerifierKey& Witness::key() const { return impl_->key.key(); }

Status Witness::watch(const WatchedLog& log) {
  MJ_CHECK(trust(impl_->directory, log));
  return impl_->load_list();
}

std::vector<Remembered> Witness::remembered() const {
  impl_->follow_list();
  const std::shared_lock guard(impl_->mutex);
  std::vector<Remembered> all;
  for (const auto& [origin, log] : impl_->logs) {
    const std::scoped_lock held(log->mutex);
    Remembered each;
    each.origin = origin;
    if (log->newest) {
      each.size = log->newest->checkpoint.size;
      each.note = log->newest->note;
      each.at = Instant::from_ms(log->newest->unix_seconds * 1000);
      each.cosigned = log->newest->count;
    }
    each.refused = log->refusals.count;
    each.last_refusal = log->refusals.newest_reason;
    each.watched = log->watched.has_value();
    all.push_back(std::move(each));
  }
  return all;
}

Answer Witness::add_checkpoint(std::string_view body) {
  const auto request = parse_add_checkpoint(body);
  if (!request) return refuse(400, request.error().text());
  const auto note = Note::parse(request->note);
  if (!note) return refuse(400, note.error().text());
  const auto checkpoint = Checkpoint::parse(note->text);
  if (!checkpoint) return refuse(400, checkpoint.error().text());
  impl_->follow_list();
  const auto log = impl_->find(checkpoint->origin);
  if (!log) return refuse(404, fmt::format("this witness does not watch {}", checkpoint->origin));
  const std::scoped_lock held(log->mutex);
  return impl_->consider(*log, *request, *note, *checkpoint, body);
}

Answer Witness::checkpoint_of(std::string_view hash) const {
  const std::shared_lock guard(impl_->mutex);
  for (const auto& [origin, log] : impl_->logs) {
    if (origin_hash(origin) != hash) continue;
    const std::scoped_lock held(log->mutex);
    if (!log->newest) break;
    Answer answer;
    answer.body = log->newest->note;
    return answer;
  }
  return refuse(404, "this witness has cosigned no checkpoint of such a log");
}

}  // namespace mj::witness
