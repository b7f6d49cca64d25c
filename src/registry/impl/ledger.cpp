#include "ledger.hpp"

#include <algorithm>

namespace mj::registry {
namespace {

constexpr std::string_view kBuilt = "built";
constexpr std::string_view kPlanned = "planned";

/// What a step leaves of the attributes before it.
void apply(const HistoryStep& step, SharedAttributes& attributes) {
  if (attributes.empty() && step.clear.empty()) {
    attributes = step.set;
    return;
  }
  Attributes changed = attributes;
  for (const auto& [key, value] : step.set) changed.insert_or_assign(key, value);
  for (const std::string& key : step.clear) changed.erase(key);
  attributes = std::move(changed);
}

bool stopped_after(const HistoryStep& step, bool before) {
  if (step.action == Action::stop) return true;
  return step.action != Action::resume && step.action != Action::add && before;
}

RecordState state_of(bool stopped, const Attributes& attributes) {
  if (stopped) return RecordState::stopped;
  const auto built = attributes.find(kBuilt);
  return built != attributes.end() && built->second == kPlanned ? RecordState::planned : RecordState::active;
}

}  // namespace

void Ledger::insert(HistoryStep step) {
  const auto after =
      std::upper_bound(steps_.begin(), steps_.end(), step.effective,
                       [](Day effective, const HistoryStep& each) { return effective < each.effective; });
  const bool newest = after == steps_.end();
  steps_.insert(after, std::move(step));
  if (newest) return take(steps_.back());
  last_ = {};
  for (const HistoryStep& each : steps_) take(each);
}

void Ledger::take(const HistoryStep& newest) {
  apply(newest, last_.attributes);
  last_.state = state_of(stopped_after(newest, last_.state == RecordState::stopped), last_.attributes);
}

std::optional<Sight> Ledger::see(std::string_view kind, std::string_view id, Day day) const {
  if (!steps_.empty() && steps_.back().effective <= day) return last_;
  auto record = at(kind, id, day);
  if (!record) return std::nullopt;
  return Sight{std::move(record->attributes), record->state};
}

std::optional<Record> Ledger::at(std::string_view kind, std::string_view id, Day day,
                                 std::optional<std::uint64_t> known_at) const {
  std::optional<Record> record;
  bool stopped = false;
  for (const HistoryStep& step : steps_) {
    if (known_at && step.known > *known_at) continue;
    if (step.effective > day) {
      if (record) record->valid_to = step.effective;
      break;
    }
    if (!record) {
      record.emplace();
      record->kind = kind;
      record->id = id;
    }
    if (record->attributes.empty()) {
      record->attributes = step.set;
    } else {
      for (const auto& [key, value] : step.set) record->attributes.insert_or_assign(key, value);
    }
    for (const std::string& key : step.clear) record->attributes.erase(key);
    stopped = stopped_after(step, stopped);
    record->valid_from = step.effective;
    record->approval = step.approval;
    record->entry = std::max(record->entry, step.entry);
  }
  if (record) record->state = state_of(stopped, record->attributes);
  return record;
}

const HistoryStep* Ledger::contradiction() const {
  bool added = false;
  bool stopped = false;
  for (const HistoryStep& step : steps_) {
    const bool fits = step.action == Action::add      ? !added
                      : step.action == Action::resume ? added && stopped
                      : step.action == Action::change ? added
                                                      : added && !stopped;
    if (!fits) return &step;
    added = true;
    if (step.action == Action::stop) stopped = true;
    if (step.action == Action::resume) stopped = false;
  }
  return nullptr;
}

const Ledger* BookContent::find(std::string_view kind, std::string_view id) const {
  const auto of_kind = kinds.find(kind);
  if (of_kind == kinds.end()) return nullptr;
  const auto found = of_kind->second.find(id);
  return found == of_kind->second.end() ? nullptr : found->second.get();
}

void BookContent::add(const std::string& kind, const std::string& id, HistoryStep step) {
  std::shared_ptr<const Ledger>& place = kinds[kind][id];
  auto changed = place ? std::make_shared<Ledger>(*place) : std::make_shared<Ledger>();
  changed->insert(std::move(step));
  place = std::move(changed);
}

}  // namespace mj::registry
