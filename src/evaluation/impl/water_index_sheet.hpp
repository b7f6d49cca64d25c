#pragma once

#include "mj/assess/cwqi.hpp"
#include "sheet_parts.hpp"
#include "water_items.hpp"

namespace mj::evaluation {

/// Means with what they follow from, by place in water_items().
struct DerivedMeans {
  WaterMeans means;
  std::vector<Derived> derived = std::vector<Derived>(water_items().size());
};

/// The unrounded means of a point or lake in a period, as stored; they become inputs of the sheet.
[[nodiscard]] Result<DerivedMeans> stored_means(const SheetRequest& request, Level level, std::string_view subject,
                                                const EvaluationPeriod& when, Sheet& sheet);

/// The points that belong to the subject of a figure in a period.
[[nodiscard]] std::vector<const RosterPoint*> members_of(const Context& context, const Figure& figure,
                                                         const EvaluationPeriod& when);

/// Writes the city water quality index 城市水质指数 of a district down, and its change. Source: 环办监测〔2017〕51号.
class WaterIndexSheet {
 public:
  WaterIndexSheet(const Context& context, const SheetRequest& request, const WaterRules& water, Sheet& sheet,
                  Derivation& derivation)
      : context_(context), request_(request), water_(water), sheet_(sheet), derivation_(derivation) {}
  /// What the figure follows from.
  Result<Derived> write();

 private:
  /// Means of the sections of rivers or of lakes, by item.
  struct Kind {
    std::map<const standards::WaterItem*, std::vector<Derived>> items;
    std::int64_t sections = 0;
    Derived index;
  };
  struct District {
    assess::CwqiDistrict judged;
    std::array<Kind, 2> kinds;  ///< rivers, lakes
    Derived index;              ///< with as many digits as fit
  };
  Result<District> district(const assess::CwqiRules& rules, const EvaluationPeriod& when);
  void steps(const assess::CwqiRules& rules, District& district, const std::string& when);
  Derived single(const assess::CwqiRules& rules, const standards::WaterItem& item, const Derived& mean,
                 const assess::Exact& exact);

  const Context& context_;
  const SheetRequest& request_;
  const WaterRules& water_;
  Sheet& sheet_;
  Derivation& derivation_;
};

}  // namespace mj::evaluation
