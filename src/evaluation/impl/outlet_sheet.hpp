#pragma once

#include "mj/evaluation/derivation.hpp"
#include "outlet.hpp"

namespace mj::evaluation {

/// Writes down how a day of an outlet is judged, for one of its indicators: steps for people, operations for machines.
class OutletSheet {
 public:
  OutletSheet(Explanation& to, std::size_t indicator, const Context& context, const EvaluationPeriod& day);
  void add(const OutletItem& item, const OutletVerdict& verdict, const assess::OutletTerms& terms);
  /// After all items.
  void conclude();

 private:
  void add_mean(const OutletItem& item, const OutletVerdict& verdict);
  void add_hours(const OutletItem& item, const OutletVerdict& verdict);
  void compare(const OutletItem& item, const OutletVerdict& verdict, const assess::OutletTerms& terms);
  /// How far a number is beyond the limit: above 0 when it is.
  [[nodiscard]] Derived beyond(const Derived& greatest, const Derived& least, const Derived& high,
                               const Derived& low);
  /// How many of these are above 0.
  [[nodiscard]] Derived above_zero(std::span<const Derived> of);
  [[nodiscard]] Derived limit_of(const OutletItem& item, const assess::OutletTerms& terms, std::string_view end,
                                 const std::optional<Decimal>& value);
  void put(SheetStep step, const Derived& result = {});

  Explanation& to_;
  std::size_t indicator_;
  const Context& context_;
  const EvaluationPeriod& day_;
  Derivation derivation_;
  std::vector<Derived> figures_;  ///< of the item
  std::vector<Derived> parts_;    ///< of the items, of which the greatest is the figure
};

}  // namespace mj::evaluation
