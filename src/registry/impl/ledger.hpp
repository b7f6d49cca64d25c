#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "mj/registry/record.hpp"

namespace mj::registry {

/// What a record is on a day.
struct Sight {
  SharedAttributes attributes;
  RecordState state = RecordState::active;
};

/// Everything that ever happened to one record, in the order in which it takes effect; changes of the same day in the
/// order in which they were recorded.
class Ledger {
 public:
  void insert(HistoryStep step);
  [[nodiscard]] const std::vector<HistoryStep>& steps() const { return steps_; }
  /// The record on a day, as known when the entry `known_at` was the newest. None before it was added.
  [[nodiscard]] std::optional<Record> at(std::string_view kind, std::string_view id, Day day,
                                         std::optional<std::uint64_t> known_at = std::nullopt) const;
  /// Attributes and state on a day, without a copy where the whole history is in effect by then. None before it was added.
  [[nodiscard]] std::optional<Sight> see(std::string_view kind, std::string_view id, Day day) const;
  /// What contradicts what went before it: a second add, a stop of what is stopped …; null when nothing does.
  [[nodiscard]] const HistoryStep* contradiction() const;

 private:
  void take(const HistoryStep& newest);

  std::vector<HistoryStep> steps_;
  Sight last_;  ///< when all steps are in effect
};

/// All records with their histories; immutable once it is shared.
struct BookContent {
  using OfKind = std::map<std::string, std::shared_ptr<const Ledger>, std::less<>>;
  std::map<std::string, OfKind, std::less<>> kinds;

  /// Null when there is no such record.
  [[nodiscard]] const Ledger* find(std::string_view kind, std::string_view id) const;
  void add(const std::string& kind, const std::string& id, HistoryStep step);
};

}  // namespace mj::registry
