#include "mj/registry/device_register.hpp"

#include <condition_variable>

#include "decision_table.hpp"
#include "mj/kernel/text.hpp"
#include "mj/runtime/log.hpp"
#include "profile_json.hpp"
#include "random_key.hpp"
#include "settings_content.hpp"

namespace mj::registry {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kReadEntries = 65'536;
constexpr std::size_t kReadBytes = 8U << 20U;
/// Entries passed over before the position is committed although they held no decision.
constexpr std::uint64_t kMostUncommitted = 1'000'000;

Error database_error(std::string_view act, const std::exception& failure) {
  return Error(ErrorCode::unavailable, fmt::format("device register: {}: {}", act, failure.what()));
}

}  // namespace

struct DeviceRegister::Impl {
  Impl(const Network& registered, KeyVault key_vault) : network(registered), vault(std::move(key_vault)) {}

  const Network& network;
  const KeyVault vault;

  // Of the consuming thread.
  std::uint64_t next = 0;
  std::uint64_t committed = 0;

  std::mutex table_mutex;  ///< guards `table`
  std::unique_ptr<DecisionTable> table;

  mutable std::mutex state_mutex;  ///< guards what follows; never held together with table_mutex
  mutable std::condition_variable_any consumed;
  std::uint64_t position = 0;
  std::shared_ptr<const SettingsView::Content> content;
  std::vector<SettingsChange> changes;  ///< in order of the log
  std::map<std::uint64_t, KeyDecision> key_decisions;

  /// Applies a decision to a copy of the content; decisions of other kinds change nothing. True when it was one of ours.
  bool apply(const RecordedDecision& decision, SettingsView::Content& into, std::vector<SettingsChange>& also,
             std::map<std::uint64_t, KeyDecision>& keys) const;
  void publish(const std::vector<RecordedDecision>& decisions);
  Result<std::size_t> consume(const evidence::Log& log);
  Status check_device(std::string_view mn) const;
  Result<std::uint64_t> record(evidence::Log& log, const std::string& payload, Instant now, int timeout_ms);
};

bool DeviceRegister::Impl::apply(const RecordedDecision& decision, SettingsView::Content& into,
                                 std::vector<SettingsChange>& also,
                                 std::map<std::uint64_t, KeyDecision>& keys) const {
  SettingsChange change;
  change.entry = decision.entry;
  change.at = decision.at;
  if (auto profile = decode_profile(as_bytes(decision.payload))) {
    if (!profile->sealed_password.empty()) {
      auto password = vault.open_sealed(profile->sealed_password, profile->device);
      if (!password) {
        // Everything else of the profile still holds; without the password none is compared.
        runtime::log(runtime::Level::error, "registry", "entry {}: {}", decision.entry, password.error().text());
        profile->profile.password_rule = hj212::PasswordRule::off;
      } else {
        profile->profile.password = *std::move(password);
      }
    }
    hj212::DeviceSettings settings = into.newest(profile->device);
    settings.profile = profile->profile;
    into.change(profile->device, decision.entry, std::move(settings));
    change.device = profile->device;
    change.profile = profile->profile;
    change.name = profile->name;
    change.reason = profile->reason;
  } else if (auto key = decode_key(as_bytes(decision.payload))) {
    const auto opened = vault.open_sealed(key->sealed, key->device);
    const auto parsed = opened ? hj212::parse_sm4_key(*opened) : std::nullopt;
    if (!parsed) {
      runtime::log(runtime::Level::error, "registry", "entry {}: the key of {} cannot be opened", decision.entry,
                   key->device);
    } else {
      hj212::DeviceSettings settings = into.newest(key->device);
      settings.keys.insert(settings.keys.begin(), *parsed);
      if (settings.keys.size() > kKeysHonoured) settings.keys.resize(kKeysHonoured);
      into.change(key->device, decision.entry, std::move(settings));
    }
    change.device = key->device;
    change.is_key = true;
    change.key_created = key->created;
    change.name = key->name;
    change.reason = key->reason;
    keys.emplace(decision.entry, *std::move(key));
  } else {
    return false;
  }
  also.push_back(std::move(change));
  return true;
}

void DeviceRegister::Impl::publish(const std::vector<RecordedDecision>& decisions) {
  const std::lock_guard lock(state_mutex);
  if (!decisions.empty()) {
    auto changed = std::make_shared<SettingsView::Content>(*content);
    for (const RecordedDecision& decision : decisions) apply(decision, *changed, changes, key_decisions);
    content = std::move(changed);
  }
  position = next;
  consumed.notify_all();
}

Result<std::size_t> DeviceRegister::Impl::consume(const evidence::Log& log) {
  if (next > log.size()) {
    runtime::log(runtime::Level::warning, "registry",
                 "the device register stands at entry {} of a log of {}: reading the log again", next, log.size());
    try {
      const std::lock_guard lock(table_mutex);
      table->begin_anew();
    } catch (const std::exception& failure) {
      return database_error("cannot begin anew", failure);
    }
    next = committed = 0;
    const std::lock_guard lock(state_mutex);
    content = SettingsView::Content::of(network);
    changes.clear();
    key_decisions.clear();
    position = 0;
  }
  if (next == log.size()) return std::size_t{0};
  MJ_TRY(const evidence::ReadBatch batch, log.read(evidence::EntryIndex(next), kReadEntries, kReadBytes));
  std::vector<RecordedDecision> decisions;
  for (const evidence::StoredEntry& stored : batch.entries) {
    if (stored.entry.type != evidence_format::EntryType::decision) continue;
    if (!decode_profile(stored.entry.payload) && !decode_key(stored.entry.payload)) continue;
    decisions.push_back(
        {stored.index.raw(), stored.entry.received_at, std::string(as_text(stored.entry.payload))});
  }
  const std::uint64_t after = next + batch.entries.size();
  if (!decisions.empty() || after - committed >= kMostUncommitted) {
    try {
      const std::lock_guard lock(table_mutex);
      table->commit(decisions, after);
      committed = after;
    } catch (const std::exception& failure) {
      return database_error("cannot be written", failure);
    }
  }
  next = after;
  publish(decisions);
  return batch.entries.size();
}

Status DeviceRegister::Impl::check_device(std::string_view mn) const {
  if (network.find_device(mn) != nullptr) return {};
  return Error(ErrorCode::not_found,
               fmt::format("device {} is not registered; add it to the network file first", mn));
}

Result<std::uint64_t> DeviceRegister::Impl::record(evidence::Log& log, const std::string& payload, Instant now,
                                                   int timeout_ms) {
  evidence_format::Entry entry;
  entry.type = evidence_format::EntryType::decision;
  entry.received_at = now;
  entry.payload = as_bytes(payload);
  MJ_TRY(const evidence::EntryIndex index, log.append_and_wait(entry));
  std::unique_lock lock(state_mutex);
  const bool in_time =
      consumed.wait_for(lock, std::chrono::milliseconds(timeout_ms), [&] { return position > index.raw(); });
  if (!in_time) {
    return Error(
        ErrorCode::unavailable,
        fmt::format("the decision is recorded as entry {} and takes effect when the register has caught up",
                    index.raw()));
  }
  return index.raw();
}

Result<std::unique_ptr<DeviceRegister>> DeviceRegister::open(const fs::path& directory, const Network& network,
                                                             const fs::path& vault_file) {
  const fs::path vault_path = vault_file.empty() ? directory / "vault-key" : vault_file;
  for (const fs::path& each : {directory, vault_path.parent_path()}) {
    std::error_code failure;
    fs::create_directories(each, failure);
    if (failure)
      return Error(ErrorCode::unavailable, fmt::format("cannot create {}: {}", each.string(), failure.message()));
  }
  MJ_TRY(KeyVault vault, KeyVault::open(vault_path));
  auto impl = std::make_unique<Impl>(network, std::move(vault));
  impl->content = SettingsView::Content::of(network);
  MJ_TRY(impl->table, DecisionTable::open(directory / "register.sqlite"));
  try {
    impl->next = impl->committed = impl->table->position();
    impl->publish(impl->table->decisions());
  } catch (const std::exception& error) {
    return database_error("cannot be read", error);
  }
  return std::unique_ptr<DeviceRegister>(new DeviceRegister(std::move(impl)));
}

DeviceRegister::DeviceRegister(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}

DeviceRegister::~DeviceRegister() {
  if (impl_->next == impl_->committed) return;
  try {
    const std::lock_guard lock(impl_->table_mutex);
    impl_->table->commit({}, impl_->next);
  } catch (const std::exception& failure) {
    runtime::log(runtime::Level::warning, "registry", "{}", database_error("cannot be written", failure).text());
  }
}

Result<std::size_t> DeviceRegister::consume(const evidence::Log& log) { return impl_->consume(log); }

std::uint64_t DeviceRegister::position() const {
  const std::lock_guard lock(impl_->state_mutex);
  return impl_->position;
}

std::uint64_t DeviceRegister::wait_beyond(std::uint64_t entries, int timeout_ms, std::stop_token stop) const {
  std::unique_lock lock(impl_->state_mutex);
  impl_->consumed.wait_for(lock, stop, std::chrono::milliseconds(timeout_ms),
                           [&] { return impl_->position > entries; });
  return impl_->position;
}

SettingsView DeviceRegister::settings() const {
  SettingsView view;
  const std::lock_guard lock(impl_->state_mutex);
  view.content_ = impl_->content;
  return view;
}

Result<std::uint64_t> DeviceRegister::change_profile(evidence::Log& log, std::string_view mn,
                                                     const hj212::Profile& profile, const Author& author,
                                                     Instant now, int timeout_ms) {
  ProfileDecision decision;
  MJ_TRY(decision.name, clean_text(author.name, kMaxNameCharacters, "name"));
  MJ_TRY(decision.reason, clean_text(author.reason, kMaxReasonCharacters, "reason"));
  MJ_CHECK(impl_->check_device(mn));
  MJ_CHECK(check_profile(profile));
  decision.device = mn;
  decision.profile = profile;
  if (!profile.password.empty()) {
    MJ_TRY(decision.sealed_password, impl_->vault.seal(profile.password, mn));
  }
  return impl_->record(log, encode(decision), now, timeout_ms);
}

Result<std::uint64_t> DeviceRegister::add_key(evidence::Log& log, std::string_view mn, const hj212::Sm4Key& key,
                                              std::string_view created, const Author& author, Instant now,
                                              int timeout_ms) {
  KeyDecision decision;
  MJ_TRY(decision.name, clean_text(author.name, kMaxNameCharacters, "name"));
  MJ_TRY(decision.reason, clean_text(author.reason, kMaxReasonCharacters, "reason"));
  MJ_CHECK(impl_->check_device(mn));
  if (created.size() != 17 || !parse_compact(created)) {
    return Error(ErrorCode::invalid_input, fmt::format("SKCreateTime \"{}\" is not a time of 17 digits", created));
  }
  decision.device = mn;
  decision.created = created;
  const std::string_view text(reinterpret_cast<const char*>(key.bytes.data()), key.bytes.size());
  MJ_TRY(decision.sealed, impl_->vault.seal(text, mn));
  return impl_->record(log, encode(decision), now, timeout_ms);
}

hj212::Sm4Key DeviceRegister::make_key() { return random_key(); }

std::vector<SettingsChange> DeviceRegister::history(std::string_view mn) const {
  std::vector<SettingsChange> result;
  const std::lock_guard lock(impl_->state_mutex);
  for (auto change = impl_->changes.rbegin(); change != impl_->changes.rend(); ++change) {
    if (change->device == mn) result.push_back(*change);
  }
  return result;
}

Result<hj212::Sm4Key> DeviceRegister::key_of(std::uint64_t entry) const {
  KeyDecision decision;
  {
    const std::lock_guard lock(impl_->state_mutex);
    const auto found = impl_->key_decisions.find(entry);
    if (found == impl_->key_decisions.end()) {
      return Error(ErrorCode::not_found, fmt::format("entry {} records no key", entry));
    }
    decision = found->second;
  }
  MJ_TRY(const std::string text, impl_->vault.open_sealed(decision.sealed, decision.device));
  const auto key = hj212::parse_sm4_key(text);
  if (!key) return Error(ErrorCode::damaged, fmt::format("the key of entry {} has not 16 bytes", entry));
  return *key;
}

std::optional<Instant> DeviceRegister::key_created(std::string_view mn) const {
  for (const SettingsChange& change : history(mn)) {
    if (change.is_key) return parse_compact(change.key_created);
  }
  return std::nullopt;
}

const hj212::DeviceSettings& SettingsView::at(std::string_view mn, std::uint64_t entry) const {
  return content_->at(mn, entry);
}

const hj212::DeviceSettings& SettingsView::now(std::string_view mn) const { return content_->newest(mn); }

}  // namespace mj::registry
