#pragma once

#include <map>
#include <string>
#include <vector>

#include "mj/assess/section.hpp"
#include "mj/assess/sheet.hpp"
#include "water_rows.hpp"

namespace mj::assess {

/// "TP(0.5)+NH3N(0.2)+DO": items of a verdict with their exceed multiples.
[[nodiscard]] std::string exceed_text(const SectionVerdict& verdict, const std::vector<std::size_t>& places);

/// Groups of sections in a period 河流、流域、行政区评价: shares of classes, status, main pollutants. A group with few
/// sections is judged by its mean concentrations as if it were one section. Source: 环办〔2011〕22号 二(一)2.
class WaterGroups {
 public:
  explicit WaterGroups(const std::vector<WaterColumn>& columns) : columns_(columns) {}
  void add(const std::string& group, const std::string& period, const SectionRules& rules,
           std::vector<SectionValue> values, standards::WaterBody body);
  Status write(const SheetRun& run) const;

 private:
  struct Group {
    std::optional<SectionRules> rules;
    std::vector<SectionVerdict> verdicts;
    std::map<const standards::WaterItem*, ExactSum> sums;
  };
  static std::string main_pollutants(const Group& group, std::int64_t judged);
  static SectionVerdict as_one(const Group& group);

  const std::vector<WaterColumn>& columns_;
  std::map<std::pair<std::string, std::string>, Group> groups_;
};

}  // namespace mj::assess
