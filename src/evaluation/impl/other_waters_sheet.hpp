#pragma once

#include "sheet_parts.hpp"
#include "water_items.hpp"

namespace mj::evaluation {

/// "I ≤150, II ≤300 …" as a row of limits of groundwater has them.
[[nodiscard]] std::string class_limits(const standards::RuleRow& limit);
/// The same for machines. None where bands of a class leave out what no better class takes: a table cannot say that.
[[nodiscard]] std::optional<SheetTable> class_table(const standards::RuleRow& limit);
/// One limit that is kept (class 1) or not (2).
[[nodiscard]] SheetTable limit_table(const standards::RuleRow& row, std::string_view name, std::string_view item,
                                     std::string_view unit, Decimal limit, SheetTable::Better better);

/// What exceeds counts at least so much in the greatest multiple: pH and oxygen have none, others may be too small for two digits.
inline constexpr Decimal kLeastMultiple{1, 2};

/// Writes down how a water is judged from the samples of a period, for people and for machines: item by item, then the worst of them.
class SampledWaterSheet {
 public:
  SampledWaterSheet(Explanation& to, const Context& context)
      : to_(to), context_(context), derivation_(to.operations, to.tables, to.period) {}

  struct Item {
    std::string_view key;
    std::string_view unit;  ///< of its limits
    bool through_ions = false;
    std::uint8_t decimals = 0;  ///< of the mean as it is judged
  };
  /// Values and mean of an item; gives the mean as it is judged.
  Derived mean(const SampleSeries& series, const Item& item, const std::optional<assess::Exact>& mean);
  /// The class of an item; the worst() of them is a figure.
  void classified(const Derived& mean, std::optional<SheetTable> classes, SheetStep step);
  /// Whether an item keeps class `kept`, and by how much it exceeds `limit` when that is given; the worst() is a figure.
  void compared(const Derived& mean, std::optional<SheetTable> classes, int kept, std::optional<SheetTable> limit,
                std::uint8_t decimals, SheetStep step);
  /// The greatest class or multiple of all items.
  void worst(std::size_t indicator, SheetStep step);
  /// The items of table 1 of GB 3838 at a source, as they were judged.
  void basic(const PointValues& values, const WaterRules& rules, bool lake, const assess::SectionVerdict& verdict);

 private:
  void put(SheetStep step, const Derived& of);

  Explanation& to_;
  const Context& context_;
  Derivation derivation_;
  std::vector<Derived> findings_;  ///< classes, or multiples
};

}  // namespace mj::evaluation
