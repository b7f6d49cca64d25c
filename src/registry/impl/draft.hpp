#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "ledger.hpp"

namespace mj::registry {

/// The register as it would be: a snapshot with changes that are not recorded yet.
class Draft {
 public:
  explicit Draft(const BookContent& base) : base_(base) {}

  [[nodiscard]] const Ledger* find(const std::string& kind, const std::string& id) const;
  void put(const std::string& kind, const std::string& id, Ledger ledger);
  using Visit = std::function<void(const std::string& id, const Ledger&)>;
  void visit(const std::string& kind, const Visit& visitor) const;
  /// All records of a kind as they are on a day.
  [[nodiscard]] std::vector<Record> records(const std::string& kind, Day day) const;

 private:
  const BookContent& base_;
  std::map<std::string, std::map<std::string, Ledger>> changed_;
};

}  // namespace mj::registry
