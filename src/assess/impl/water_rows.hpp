#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "mj/assess/section_means.hpp"
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

/// Adds the values of a row to the means of its section. False when a value has more digits than fit.
[[nodiscard]] bool add_row(SectionMeans& means, const WaterRow& row, const std::vector<WaterColumn>& columns);

/// "2026-03", "2026-Q1", "2026".
[[nodiscard]] std::string period_label(Instant at, WaterPeriod period);

}  // namespace mj::assess
