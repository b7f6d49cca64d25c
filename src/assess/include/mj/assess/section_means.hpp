#pragma once

#include <vector>

#include "mj/assess/section.hpp"

namespace mj::assess {

/// The mean of an item over a period 均值: arithmetic; of pH through the hydrogen ions. It is either of values or of means
/// (of days, of months over a year, of sections over a basin), never of both.
/// Source: 环办〔2011〕22号 二(一)1; 环办监测函〔2020〕82号 (pH).
class ItemMean {
 public:
  /// `through_ions`: of pH.
  explicit ItemMean(bool through_ions = false) : through_ions_(through_ions) {}
  /// False, and nothing is added, when the value has more digits than fit.
  bool add(Decimal value);
  /// The unrounded mean of a part.
  bool add_mean(const Exact& mean);
  [[nodiscard]] std::int64_t count() const { return sum_.count(); }
  /// Exact, but for pH (6 digits) and where 128 bits do not hold it (12 digits). Lost without values.
  [[nodiscard]] Exact mean() const;

 private:
  bool through_ions_;
  bool of_means_ = false;
  ExactSum sum_;
  Exact exact_;          ///< sum of the means added; what does not fit there is in `sum_`
  double hydrogen_ = 0;  ///< Σ 10^-pH
};

/// Means of the items of a section 断面时段均值; what was not detected counts half its detection limit.
class SectionMeans {
 public:
  /// A value in the unit of the item's limits; `item` has to live as long as the means. False, and nothing is added, when it has
  /// more digits than fit.
  bool add(const standards::WaterItem& item, Decimal value, bool below_detection = false);
  bool add_mean(const standards::WaterItem& item, const Exact& mean);
  /// The unrounded means of a part of the period or of a section, each as one value.
  bool add(const SectionMeans& part);

  /// Items in the order of the table of the standard.
  struct Item {
    const standards::WaterItem* item = nullptr;
    ItemMean values;
  };
  [[nodiscard]] const std::vector<Item>& items() const { return items_; }
  /// Null when the item has no values.
  [[nodiscard]] const ItemMean* find(const standards::WaterItem& item) const;
  /// The means rounded once to the digits the items are judged with.
  [[nodiscard]] std::vector<SectionValue> values() const;

 private:
  ItemMean& at(const standards::WaterItem& item);
  std::vector<Item> items_;
};

/// A mean rounded to the digits its item is judged with. None when it is lost.
[[nodiscard]] std::optional<Decimal> judged_mean(const standards::WaterItem& item, const Exact& mean);

}  // namespace mj::assess
