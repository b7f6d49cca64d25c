#include "anchor_event.hpp"
#include "anchoring_impl.hpp"
#include "mj/runtime/log.hpp"

namespace mj::anchoring {
namespace {

using evidence_format::Checkpoint;
using evidence_format::Note;

constexpr std::size_t kReadEntries = 65'536;
constexpr std::size_t kReadBytes = 8U << 20U;
/// Entries passed over before the position is committed although they held nothing of ours.
constexpr std::uint64_t kMostUncommitted = 1'000'000;
constexpr std::size_t kMostAlerts = 100;

Error database_error(std::string_view act, const std::exception& failure) {
  return Error(ErrorCode::unavailable, fmt::format("index of anchors: {}: {}", act, failure.what()));
}

/// How a witness stood when an anchor was made.
WitnessState state_of(const Options::WitnessAt& witness, const std::vector<Anchor>& newest) {
  WitnessState state{witness.key.name, witness.url, std::nullopt, 0, {}};
  if (newest.empty()) return state;
  const auto note = Note::parse(newest.front().note);
  if (!note) return state;
  const auto seen = evidence_format::witnessed(*note, {{witness.key}, 1});
  if (!seen || seen->by.empty()) return state;
  state.cosigned_at = seen->by.front().at;
  state.cosigned_size = newest.front().size;
  return state;
}

}  // namespace

void Anchoring::Impl::changed() const {
  std::function<void()> tell;
  {
    const std::scoped_lock guard(state_mutex);
    tell = listener;
  }
  if (tell) tell();
}

Status Anchoring::Impl::restore() {
  std::vector<Anchor> counting;
  std::vector<Anchor> newest;
  State restored;
  restored.quorum = options.quorum;
  std::uint64_t other_entries = 0;
  try {
    const std::scoped_lock guard(table_mutex);
    next = committed = table->position();
    other_entries = table->others();
    counting = table->newest(1, true);
    newest = table->newest(1);
    restored.alerts = table->alerts(kMostAlerts);
    restored.stamped_at = table->stamped_at();
  } catch (const std::exception& failure) {
    return database_error("cannot be read", failure);
  }
  if (!newest.empty()) anchored_size = newest.front().size;
  for (const Desk& desk : desks) restored.witnesses.push_back(state_of(desk.client.witness(), newest));
  if (!counting.empty()) {
    Head last(options.policy());
    evidence::SignedCheckpoint checkpoint;
    checkpoint.checkpoint.size = counting.front().size;
    checkpoint.note = counting.front().note;
    last.begin(checkpoint);
    if (last.enough()) {
      restored.witnessed_note = last.note();
      restored.witnessed_size = last.size();
      restored.witnessed_at = last.witnessed_at();
    }
  }
  const std::scoped_lock guard(state_mutex);
  state = std::move(restored);
  position = next;
  others = other_entries;
  return {};
}

Status Anchoring::Impl::begin_anew() {
  runtime::log(runtime::Level::warning, "anchoring",
               "the index of anchors stands at entry {} of a log of {}: reading the log again", next, log.size());
  try {
    const std::scoped_lock guard(table_mutex);
    table->begin_anew();
  } catch (const std::exception& failure) {
    return database_error("cannot begin anew", failure);
  }
  next = committed = 0;
  const std::scoped_lock guard(state_mutex);
  position = others = 0;
  state.alerts.clear();
  state.stamped_at.reset();
  return {};
}

std::optional<JudgedAnchor> Anchoring::Impl::anchor_of(const evidence::StoredEntry& stored) const {
  auto anchor = decode_anchor(stored.index.raw(), stored.entry);
  if (!anchor) return std::nullopt;
  const auto note = Note::parse(anchor->note);
  const auto checkpoint = note ? Checkpoint::parse(note->text) : Result<Checkpoint>(note.error());
  const auto ours = log.checkpoint_at(anchor->size);
  if (checkpoint && ours && checkpoint->size == anchor->size && checkpoint->root == ours->root) {
    return judge(*std::move(anchor), options);
  }
  runtime::log(runtime::Level::error, "anchoring", "entry {} is no anchor of this log; it is passed over",
               stored.index.raw());
  return std::nullopt;
}

Result<std::size_t> Anchoring::Impl::consume() {
  if (next > log.size()) MJ_CHECK(begin_anew());
  if (next == log.size()) return std::size_t{0};
  MJ_TRY(const evidence::ReadBatch batch, log.read(evidence::EntryIndex(next), kReadEntries, kReadBytes));
  std::vector<JudgedAnchor> anchors;
  std::vector<Alert> alerts;
  std::uint64_t other_entries = 0;
  {
    const std::scoped_lock guard(state_mutex);
    other_entries = others;
  }
  for (const evidence::StoredEntry& stored : batch.entries) {
    if (auto anchor = anchor_of(stored)) {
      anchors.push_back(*std::move(anchor));
      continue;
    }
    if (auto alert = decode_alert(stored.index.raw(), stored.entry)) alerts.push_back(*std::move(alert));
    other_entries = stored.index.raw() + 1;
  }
  const std::uint64_t after = next + batch.entries.size();
  const bool ours = !anchors.empty() || !alerts.empty();
  if (ours || after - committed >= kMostUncommitted) {
    try {
      const std::scoped_lock guard(table_mutex);
      table->commit(anchors, alerts, after, other_entries);
      committed = after;
    } catch (const std::exception& failure) {
      return database_error("cannot be written", failure);
    }
  }
  next = after;
  {
    const std::scoped_lock guard(state_mutex);
    position = after;
    others = other_entries;
    for (const Alert& alert : alerts) state.alerts.insert(state.alerts.begin(), alert);
    if (state.alerts.size() > kMostAlerts) state.alerts.resize(kMostAlerts);
    for (const JudgedAnchor& judged : anchors) {
      if (judged.stamped_at) state.stamped_at = std::max(state.stamped_at, judged.stamped_at);
    }
  }
  if (ours) changed();
  return batch.entries.size();
}

}  // namespace mj::anchoring
