#pragma once

#include <map>
#include <string>
#include <vector>

#include "csv.hpp"
#include "mj/hj212/protocol.hpp"
#include "mj/kernel/result.hpp"
#include "mj/standards/air.hpp"
#include "mj/standards/factor.hpp"
#include "mj/standards/rule_row.hpp"
#include "mj/standards/water.hpp"

namespace mj::standards {

/// A unit 计量单位: 1 symbol = 10^power of the base of its quantity.
struct Unit {
  std::string symbol;
  std::string quantity;
  int power = 0;
  std::vector<std::string> aliases;
};

/// A row as read, with the time in which it is in force.
template <typename Value>
struct Dated {
  Value value;
  Validity validity;
  std::size_t line = 0;
};

struct BreakpointRow {
  std::string pollutant;
  std::string column;
  std::string unit;
  Breakpoint breakpoint;
};

/// What one standard.toml and its tables hold.
struct StandardFile {
  Edition edition;
  std::string file;
  int index_min = 0;
  int primary_above = 50;
  std::optional<int> publish_incomplete_above;
  hj212::Dialect dialect = hj212::Dialect::unknown;  ///< whose tables they are; unknown: every edition of HJ 212
  bool surface_water = false;
  std::vector<hj212::Protocol::Source> protocol;  ///< files that describe HJ 212, in the order of the table list
  std::vector<Dated<Factor>> factors;
  std::vector<Dated<DataFlag>> flags;
  std::vector<Unit> units;
  std::vector<Dated<AqiItem>> aqi_items;  ///< without break points
  std::vector<Dated<AqiItem>> aqi_daily_items;
  std::vector<Dated<BreakpointRow>> breakpoints;
  std::vector<Dated<AqiCategory>> categories;
  std::vector<Dated<WaterItem>> water_items;
  std::vector<RuleRow> rules;  ///< of all kinds that rule_schema.hpp declares
};

/// Adds the rows of a table of this kind ("factors", "aqi_items" …). Errors: invalid_input.
Status read_table(std::string_view kind, const CsvTable& table, StandardFile& into);

/// Cuts the time of an edition where one of its rows begins or ends, puts the rows in force into each piece and checks
/// that they make a whole. Errors: invalid_input.
[[nodiscard]] Result<std::vector<AqiStandard>> assemble_aqi(const StandardFile& file);
[[nodiscard]] Result<std::vector<WaterStandard>> assemble_water(const StandardFile& file);

}  // namespace mj::standards
