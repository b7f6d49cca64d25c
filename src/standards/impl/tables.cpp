#include "tables.hpp"

#include "cells.hpp"
#include "rule_schema.hpp"
#include "words.hpp"

namespace mj::standards {
namespace {

Factor read_factor(Cells& cells) {
  Factor factor;
  factor.code = cells.required("code");
  factor.name = cells.name("name");
  factor.unit = cells.text("unit");
  factor.printed_unit = cells.text("printed_unit");
  factor.total_unit = cells.text("total_unit");
  factor.format = cells.text("format");
  factor.code_2005 = cells.text("code_2005");
  factor.clause = cells.required("clause");
  factor.verification = cells.verification();
  return factor;
}

DataFlag read_flag(Cells& cells) {
  DataFlag flag;
  flag.scheme = cells.word("scheme", parse_flag_scheme);
  flag.flag = cells.required("flag");
  flag.meaning = cells.name("meaning");
  flag.condition = cells.word("condition", parse_condition);
  flag.measurement = cells.yes("measurement");
  flag.clause = cells.required("clause");
  flag.verification = cells.verification();
  return flag;
}

Unit read_unit(Cells& cells) {
  Unit unit;
  unit.symbol = cells.required("symbol");
  unit.quantity = cells.required("quantity");
  unit.power = cells.integer("power", -18, 18);
  std::string_view aliases;
  const std::string text = cells.text("aliases");
  aliases = text;
  while (!aliases.empty()) {
    const std::size_t end = std::min(aliases.find(' '), aliases.size());
    if (end > 0) unit.aliases.emplace_back(aliases.substr(0, end));
    aliases.remove_prefix(std::min(end + 1, aliases.size()));
  }
  return unit;
}

AqiItem read_item(Cells& cells) {
  AqiItem item;
  item.pollutant = cells.required("pollutant");
  item.factor = cells.required("factor");
  item.period = cells.required("period");
  item.column = cells.required("column");
  item.unit = cells.required("unit");
  item.decimals = static_cast<std::uint8_t>(cells.integer("decimals", 0, 6));
  item.above_top = cells.word("above_top", parse_above_top);
  item.clause = cells.required("clause");
  item.verification = cells.verification();
  return item;
}

BreakpointRow read_breakpoint(Cells& cells) {
  BreakpointRow row;
  row.pollutant = cells.required("pollutant");
  row.column = cells.required("column");
  row.unit = cells.required("unit");
  row.breakpoint = {cells.integer("iaqi", 0, 500), cells.decimal("concentration")};
  if (row.breakpoint.concentration.mantissa < 0) cells.fail("concentration", "is negative");
  static_cast<void>(cells.verification());
  return row;
}

AqiCategory read_category(Cells& cells) {
  AqiCategory category;
  category.level = cells.integer("level", 1, 6);
  category.name = cells.name("name");
  category.level_name = cells.name("level");
  category.lo = cells.integer("lo", 0, 500);
  category.hi = cells.integer("hi", 1, 500);
  category.rgb = fmt::format("#{:02x}{:02x}{:02x}", cells.integer("r", 0, 255), cells.integer("g", 0, 255),
                             cells.integer("b", 0, 255));
  return category;
}

WaterItem read_water_item(Cells& cells) {
  WaterItem item;
  item.item = cells.required("item");
  item.factor = cells.text("factor");
  item.name = cells.name("name");
  item.unit = cells.text("unit");
  if (!cells.text("body").empty()) item.body = cells.word("body", parse_water_body);
  item.rule = cells.word("rule", parse_water_rule);
  constexpr std::array<std::string_view, 5> kClasses{"I", "II", "III", "IV", "V"};
  for (std::size_t i = 0; i < kClasses.size(); ++i) {
    // Lakes have no limit of their own in some classes of no item today; every cell must be there.
    if (item.rule != WaterRule::range) {
      item.limits[i] = cells.decimal(kClasses[i]);
      if (i > 0 && compare(item.limits[i], item.limits[i - 1]) * (item.rule == WaterRule::at_most ? 1 : -1) < 0) {
        cells.fail(kClasses[i], "is stricter than the better class before it");
      }
      continue;
    }
    const std::string text = cells.required(kClasses[i]);
    const std::size_t tilde = text.find('~');
    const auto low = parse_decimal(std::string_view(text).substr(0, tilde));
    const auto high =
        tilde == std::string::npos ? std::nullopt : parse_decimal(std::string_view(text).substr(tilde + 1));
    if (!low || !high || compare(*low, *high) >= 0) {
      cells.fail(kClasses[i], fmt::format("\"{}\" is not a range such as 6~9", text));
      break;
    }
    item.limits[i] = *low;
    item.high[i] = *high;
  }
  if (const auto decimals = cells.optional_integer("decimals", 0, 9))
    item.decimals = static_cast<std::uint8_t>(*decimals);
  item.automatic = cells.yes("automatic");
  item.basic = cells.yes("basic");
  item.clause = cells.required("clause");
  item.verification = cells.verification();
  return item;
}

/// Reads all rows of a table and checks that rows of one key are not in force at the same time.
template <typename Value, typename Read, typename KeyOf>
Status read_rows(const CsvTable& table, const Validity& edition, std::vector<Dated<Value>>& into, Read&& read,
                 KeyOf&& key_of) {
  std::map<std::string, std::vector<std::size_t>> by_key;
  for (const CsvRow& row : table.rows) {
    Cells cells(table, row, edition);
    Dated<Value> dated{read(cells), cells.validity(), row.line};
    if (cells.error()) return *cells.error();
    const std::string key = key_of(dated.value);
    for (const std::size_t other : by_key[key]) {
      if (into[other].validity.overlaps(dated.validity)) {
        return Error(ErrorCode::invalid_input, fmt::format("{}:{}: {} is in force at the same time as in line {}",
                                                           table.origin, row.line, key, into[other].line));
      }
    }
    by_key[key].push_back(into.size());
    into.push_back(std::move(dated));
  }
  return {};
}

}  // namespace

Status read_table(std::string_view kind, const CsvTable& table, StandardFile& into) {
  const Validity& edition = into.edition.validity;
  if (kind == "factors") {
    return read_rows(table, edition, into.factors, read_factor, [](const Factor& row) { return row.code; });
  }
  if (kind == "flags") {
    return read_rows(table, edition, into.flags, read_flag,
                     [](const DataFlag& row) { return fmt::format("flag {}", row.flag); });
  }
  if (kind == "aqi_items") {
    return read_rows(table, edition, into.aqi_items, read_item,
                     [](const AqiItem& row) { return row.pollutant + " " + row.period; });
  }
  if (kind == "aqi_daily_items") {
    return read_rows(table, edition, into.aqi_daily_items, read_item,
                     [](const AqiItem& row) { return row.pollutant + " " + row.period; });
  }
  if (kind == "aqi_breakpoints") {
    return read_rows(table, edition, into.breakpoints, read_breakpoint, [](const BreakpointRow& row) {
      return fmt::format("{} {} index {}", row.pollutant, row.column, row.breakpoint.iaqi);
    });
  }
  if (kind == "aqi_categories") {
    return read_rows(table, edition, into.categories, read_category,
                     [](const AqiCategory& row) { return fmt::format("level {}", row.level); });
  }
  if (kind == "water_limits") {
    return read_rows(table, edition, into.water_items, read_water_item, [](const WaterItem& row) {
      return row.body ? fmt::format("{} {}", row.item, *row.body == WaterBody::lake ? "lake" : "river") : row.item;
    });
  }
  if (kind == "units") {
    for (const CsvRow& row : table.rows) {
      Cells cells(table, row, edition);
      into.units.push_back(read_unit(cells));
      if (cells.error()) return *cells.error();
    }
    return {};
  }
  if (is_rule_kind(kind)) return read_rules(kind, table, into.edition, into.rules);
  return Error(ErrorCode::invalid_input, fmt::format("{}: \"{}\" is no kind of table", table.origin, kind));
}

}  // namespace mj::standards
