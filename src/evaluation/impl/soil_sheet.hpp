#pragma once

#include "item_values.hpp"
#include "mj/assess/soil.hpp"
#include "mj/evaluation/derivation.hpp"

namespace mj::evaluation {

/// Writes down how a year of soil is judged, for people and for machines.
class SoilSheet {
 public:
  /// `ph`: of farm land, whose limits depend on it.
  SoilSheet(const Context& context, Explanation& to, const EvaluationPeriod& year, const assess::SoilSite& site,
            const SampleSeries* ph);

  void add(const SampleSeries& series, const assess::SoilVerdict& verdict, Decimal content);

  /// What the items added give.
  struct Places {
    std::size_t risk;
    std::size_t single;
    std::size_t nemerow;
  };
  void finish(const Places& indicators, std::span<const assess::Exact> indices, const assess::Exact& greatest,
              std::uint8_t decimals);

 private:
  /// The limit that counts for the pH of the point.
  Derived limit(const assess::SoilVerdict& verdict, std::string_view value);
  [[nodiscard]] bool asked(std::size_t indicator) const;
  void conclude_with(std::size_t indicator, SheetStep step, const Derived& figure);
  Derived risk();
  Derived single(std::uint8_t decimals);
  Derived nemerow(std::uint8_t decimals);

  const Context& context_;
  Explanation& to_;
  EvaluationPeriod year_;
  assess::SoilSite site_;
  Derivation derivation_;
  std::string ph_factor_;
  Derived ph_;
  std::vector<std::pair<Derived, Derived>> items_;  ///< content and screening value
  std::vector<Derived> indices_;
  std::vector<Derived> beyond_screening_;  ///< by how much, in mg/kg
  std::vector<Derived> beyond_intervention_;
};

}  // namespace mj::evaluation
