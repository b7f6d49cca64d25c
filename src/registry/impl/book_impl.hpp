#pragma once

#include <condition_variable>
#include <map>
#include <memory>
#include <mutex>

#include "change_json.hpp"
#include "decision_table.hpp"
#include "ledger.hpp"
#include "mj/registry/book.hpp"

namespace mj::registry {

struct Book::Impl {
  explicit Impl(const RegisterSchema& kinds) : schema(kinds) {}

  const RegisterSchema& schema;
  std::mutex apply_mutex;    ///< one apply() at a time; held around the others
  std::mutex consume_mutex;  ///< guards what follows
  std::unique_ptr<DecisionTable> table;
  std::uint64_t next = 0;
  std::uint64_t committed = 0;
  /// Batches of which parts are missing: what was cut off by a crash never counts.
  std::map<std::string, std::map<std::uint64_t, std::pair<RecordedDecision, RegisterDecision>>> open_batches;

  mutable std::mutex state_mutex;  ///< guards what follows; taken last
  mutable std::condition_variable_any consumed;
  std::uint64_t position = 0;
  std::uint64_t revision = 0;
  std::shared_ptr<const BookContent> content = std::make_shared<const BookContent>();
  mutable std::map<Day, std::shared_ptr<const PointSet>> point_sets;

  [[nodiscard]] std::shared_ptr<const BookContent> now() const {
    const std::lock_guard lock(state_mutex);
    return content;
  }
  /// Takes a decision in; true when it completed a batch and `into` changed.
  bool take(RecordedDecision recorded, RegisterDecision decision, BookContent& into);
  void publish(std::shared_ptr<const BookContent> changed);
  Status begin_anew();
  Status commit(const std::vector<RecordedDecision>& decisions, std::uint64_t position_then);
  Result<std::size_t> consume(const evidence::Log& log);
  Status catch_up(const evidence::Log& log, std::uint64_t entries);
};

}  // namespace mj::registry
