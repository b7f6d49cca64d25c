#pragma once

#include <map>
#include <string>

#include "mj/evaluation/derivation.hpp"
#include "sheet_parts.hpp"

namespace mj::evaluation {

/// How a figure of a group or of a longer period is made of results of points.
struct MadeOf {
  std::string indicator;           ///< of the points
  std::optional<PeriodKind> kind;  ///< of their results; none = that of the figure
  bool year_before = false;        ///< also the results of the year before
  /// The steps that lead from the results to the figure.
  std::function<std::vector<SheetStep>(const Context& context, const Figure& figure,
                                       std::span<const Figure> results)>
      steps;
  std::string sort;         ///< only points of this sort; empty = all
  std::string second = {};  ///< another indicator of the points that it is made of besides; empty = none
  bool incomplete = false;  ///< results that are not complete count as well
  /// The same for machines; `values` are those of the results. Empty = words only.
  std::function<Derived(Derivation&, const Context&, const Figure&, std::span<const Figure>,
                        std::span<const Derived> values)>
      derive = {};
};

/// A share in %: how many of the results are good.
/// `not_above`: a result is good when its value is not above that; none when it is not said by its value.
[[nodiscard]] MadeOf share_of(std::string indicator, std::function<bool(const Figure&)> good, std::string clause,
                              std::optional<PeriodKind> kind = std::nullopt,
                              std::optional<Decimal> not_above = std::nullopt);
/// Whether the grade of a result says that a limit is kept.
[[nodiscard]] bool complies(const Figure& figure);

/// The calculation sheet of an element. Figures that judge() makes are explained by judge() itself; the others are made of results
/// of points as `made_of` says, by indicator. Errors: not_found.
[[nodiscard]] Result<Sheet> element_sheet(std::string_view element, const std::map<std::string, MadeOf>& made_of,
                                          const Context& context, const SheetRequest& request);

}  // namespace mj::evaluation
