#include "draft.hpp"

namespace mj::registry {

const Ledger* Draft::find(const std::string& kind, const std::string& id) const {
  if (const auto of_kind = changed_.find(kind); of_kind != changed_.end()) {
    if (const auto found = of_kind->second.find(id); found != of_kind->second.end()) return &found->second;
  }
  return base_.find(kind, id);
}

void Draft::put(const std::string& kind, const std::string& id, Ledger ledger) {
  changed_[kind].insert_or_assign(id, std::move(ledger));
}

void Draft::visit(const std::string& kind, const Visit& visitor) const {
  const auto changed = changed_.find(kind);
  if (const auto of_kind = base_.kinds.find(kind); of_kind != base_.kinds.end()) {
    for (const auto& [id, ledger] : of_kind->second) {
      if (changed == changed_.end() || !changed->second.contains(id)) visitor(id, *ledger);
    }
  }
  if (changed == changed_.end()) return;
  for (const auto& [id, ledger] : changed->second) visitor(id, ledger);
}

std::vector<Record> Draft::records(const std::string& kind, Day day) const {
  std::vector<Record> records;
  visit(kind, [&](const std::string& id, const Ledger& ledger) {
    if (auto record = ledger.at(kind, id, day)) records.push_back(*std::move(record));
  });
  return records;
}

}  // namespace mj::registry
