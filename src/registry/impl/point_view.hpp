#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <unordered_map>

#include "ledger.hpp"
#include "mj/registry/point_set.hpp"

namespace mj::registry {

/// Makes points of records as they are on one day, with what they inherit from their region, river, lake and function zone.
class PointViews {
 public:
  using Lookup = std::function<const Ledger*(const std::string& kind, const std::string& id)>;
  PointViews(Day day, Lookup lookup);
  [[nodiscard]] PointView view(const std::string& id, Sight sight);
  /// A record of that day, kept for the next time.
  [[nodiscard]] const std::optional<Record>& record(const std::string& kind, const std::string& id);

 private:
  const std::string& city_of(const std::string& region);

  Day day_;
  Lookup lookup_;
  std::unordered_map<std::string, std::unordered_map<std::string, std::optional<Record>>> known_;
  std::unordered_map<std::string, std::string> cities_;
};

}  // namespace mj::registry
