#pragma once

#include <map>
#include <string>
#include <vector>

#include "mj/assess/basin.hpp"
#include "mj/assess/sheet.hpp"

namespace mj::assess {

/// Groups of sections in a period 河流、流域、行政区评价: shares of classes, status, main pollutants.
class WaterGroups {
 public:
  void add(const std::string& group, const std::string& period, const SectionRules& rules,
           std::vector<SectionValue> values);
  Status write(const SheetRun& run) const;

 private:
  struct Group {
    std::optional<SectionRules> rules;
    std::vector<BasinSection> sections;
  };
  std::map<std::pair<std::string, std::string>, Group> groups_;
};

}  // namespace mj::assess
