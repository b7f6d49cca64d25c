#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "mj/assess/section.hpp"
#include "sheet_reader.hpp"

namespace mj::assess {

/// An item that has a column in the table at hand, with its limits for each kind of water.
struct WaterColumn {
  std::string item;
  std::size_t place = 0;
  const standards::WaterItem* river = nullptr;
  const standards::WaterItem* lake = nullptr;
  [[nodiscard]] const standards::WaterItem* of(standards::WaterBody body) const {
    return body == standards::WaterBody::lake ? lake : river;
  }
};

/// One row of a water table as read.
struct WaterRow {
  std::string_view section;
  std::string_view group;
  std::optional<Instant> time;
  standards::WaterBody body = standards::WaterBody::river;
  std::optional<int> target;                    ///< class to be reached 水功能区目标
  bool oxygen_saturated = false;                ///< column do_saturation, in %
  std::vector<std::optional<Measured>> values;  ///< by WaterColumn
};

/// Reads rows of water values by the columns section,time,kind and those of the items.
class WaterRows {
 public:
  /// `section`: name of the column that names the section. Errors: invalid_input, not_found.
  [[nodiscard]] static Result<WaterRows> open(SheetReader& reader, const standards::StandardSet& standards,
                                              std::string_view edition, std::string_view group_by);
  /// Errors: invalid_input with row and column.
  [[nodiscard]] Result<bool> next(SheetReader& reader, WaterRow& row) const;
  [[nodiscard]] const std::vector<WaterColumn>& columns() const { return columns_; }
  [[nodiscard]] bool has_target() const { return target_.has_value(); }

 private:
  std::size_t section_ = 0;
  std::size_t time_ = 0;
  std::optional<std::size_t> kind_;
  std::optional<std::size_t> group_;
  std::optional<std::size_t> target_;
  std::optional<std::size_t> saturation_;
  Decimal saturated_;  ///< % from which oxygen is class I
  std::vector<WaterColumn> columns_;
};

/// Means of a section over a period 时段均值: arithmetic; of pH through the hydrogen ions; what was not detected counts
/// half its detection limit. Source: 环办监测函〔2020〕82号 (pH).
class WaterMeans {
 public:
  explicit WaterMeans(std::size_t items) : items_(items) {}
  /// False when a value has more digits than fit.
  bool add(const WaterRow& row, const std::vector<WaterColumn>& columns);
  /// The means as values of items, rounded to `decimals` more digits than the item is judged with.
  [[nodiscard]] std::vector<SectionValue> values(const std::vector<WaterColumn>& columns,
                                                 standards::WaterBody body) const;
  [[nodiscard]] std::int64_t samples() const { return samples_; }
  /// The exact mean of an item; lost when it has no values or is pH.
  [[nodiscard]] Exact mean(std::size_t item) const { return items_[item].sum.mean(); }
  [[nodiscard]] std::int64_t count(std::size_t item) const { return items_[item].sum.count(); }

 private:
  struct Item {
    ExactSum sum;
    double hydrogen = 0;  ///< Σ 10^-pH
    bool all_below = true;
  };
  std::vector<Item> items_;
  std::int64_t samples_ = 0;
};

/// "2026-03", "2026-Q1", "2026".
[[nodiscard]] std::string period_label(Instant at, WaterPeriod period);

}  // namespace mj::assess
