#pragma once

#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "mj/coverage/inventory.hpp"
#include "mj/coverage/rule.hpp"

namespace mj::coverage {

/// What a row is about.
struct Subject {
  std::string kind;  ///< kind of record, "crossing" or "total"
  std::string id;
  registry::LocalName name;
  std::string region;  ///< code; empty when it lies in none, or in several
  std::optional<geometry::Place> place;
};

/// One thing that a rule is about 缺口表的一行.
struct Row {
  const Rule* rule = nullptr;
  Subject subject;
  int required = 0;
  int planned = 0;                  ///< registered as planned
  int built = 0;                    ///< registered and in force
  std::vector<std::string> points;  ///< counted, built ones first
  std::optional<registry::LocalName> note;

  /// What is missing today.
  [[nodiscard]] int gap() const { return required > built ? required - built : 0; }
  /// What nobody has planned yet.
  [[nodiscard]] int open() const { return required > built + planned ? required - built - planned : 0; }
};

/// What a rule found.
struct RuleResult {
  const Rule* rule = nullptr;
  std::optional<int> records_known;  ///< of rules about records
  std::vector<Row> rows;
};

/// Sums of rows.
struct Sum {
  int rows = 0;
  int rows_with_gap = 0;
  int required = 0;
  int planned = 0;
  int built = 0;
  int gap = 0;
  int open = 0;
  void add(const Row& row);
};

/// Which rows are wanted; what is empty does not matter.
struct RowFilter {
  std::string rule;
  std::string element;
  std::string region;  ///< in it or below
  bool only_gaps = false;
};

/// What the rules in force on a day require and what there is 规划、建成与缺口.
struct Assessment {
  registry::Day day;
  std::shared_ptr<const Inventory> inventory;
  std::vector<RuleResult> results;

  /// The rows that pass, rules without any left out unless `rule` names them.
  [[nodiscard]] Assessment filtered(const RowFilter& filter) const;
  [[nodiscard]] Sum total() const;
};

/// `rules` outlives the result. Pure.
[[nodiscard]] Assessment assess(const RuleSet& rules, std::shared_ptr<const Inventory> inventory);

/// Planning over the register 监测网络规划; keeps what was last computed until the register changes. Thread: any.
class Planning {
 public:
  /// `book` outlives it.
  Planning(const registry::Book& book, RuleSet rules) : book_(book), rules_(std::move(rules)) {}

  [[nodiscard]] const RuleSet& rules() const { return rules_; }
  [[nodiscard]] std::shared_ptr<const Assessment> on(registry::Day day) const;
  [[nodiscard]] std::shared_ptr<const Inventory> inventory(registry::Day day) const { return on(day)->inventory; }

 private:
  const registry::Book& book_;
  RuleSet rules_;
  mutable std::mutex mutex_;
  mutable std::uint64_t revision_ = 0;
  mutable std::shared_ptr<const Assessment> newest_;
};

}  // namespace mj::coverage
