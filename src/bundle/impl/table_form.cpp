#include "members.hpp"
#include "step_form.hpp"

namespace mj::bundle {
namespace {

using nlohmann::json;

bool is_day(std::string_view text) {
  constexpr std::string_view kForm = "dddd-dd-dd";
  if (text.size() != kForm.size()) return false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (kForm[i] == 'd' ? text[i] < '0' || text[i] > '9' : text[i] != '-') return false;
  }
  return true;
}

Result<std::string> read_day(const Members& members, std::string_view member) {
  if (members.is_null(member)) return std::string();
  MJ_TRY(std::string day, members.text(member));
  if (!is_day(day)) return members.refuse(fmt::format("\"{}\" must be a day YYYY-MM-DD or null", member));
  return day;
}

std::optional<Decimal> decimal_in(const json& value) {
  if (!value.is_string()) return std::nullopt;
  return parse_decimal(value.get_ref<const std::string&>());
}

/// One row by the kind of the table; none when it has another form.
std::optional<TableRow> read_row(const Table& table, const json& value) {
  TableRow row;
  if (table.kind == Table::Kind::parameter) {
    if (!value.is_array() || value.size() != 1) return std::nullopt;
    row.low = decimal_in(value[0]);
    if (!row.low) return std::nullopt;
    row.text = value[0].get<std::string>();
    return row;
  }
  if (!value.is_array() || value.size() != 2 || !value[1].is_string()) return std::nullopt;
  row.text = value[1].get<std::string>();
  const json& bound = value[0];
  if (table.kind == Table::Kind::classes && table.better == Table::Better::within) {
    if (!bound.is_array() || bound.size() != 2) return std::nullopt;
    row.low = decimal_in(bound[0]);
    row.high = decimal_in(bound[1]);
    if (!row.low || !row.high) return std::nullopt;
  } else if (!bound.is_null()) {
    row.low = decimal_in(bound);
    if (!row.low) return std::nullopt;
  } else if (table.kind == Table::Kind::breakpoints) {
    return std::nullopt;
  }
  if (table.kind == Table::Kind::breakpoints) {
    const auto index = parse_decimal(row.text);
    if (!index) return std::nullopt;
    row.index = *index;
  }
  if (table.kind == Table::Kind::classes) {
    const auto number = parse_decimal(row.text);
    if (!number || to_text(*number) != row.text || number->decimals != 0 || number->mantissa < 1 ||
        number->mantissa > 98)
      return std::nullopt;
    row.index = *number;
  }
  return row;
}

/// Whether `row` may follow `before`.
bool follows(const Table& table, const TableRow& before, const TableRow& row) {
  switch (table.kind) {
    case Table::Kind::breakpoints:
      return compare(*before.low, *row.low) < 0 && compare(before.index, row.index) <= 0;
    case Table::Kind::grades: return before.low && (!row.low || compare(*before.low, *row.low) < 0);
    case Table::Kind::classes: return compare(before.index, row.index) < 0;
    case Table::Kind::parameter: return false;  // it has one row
  }
  return false;
}

/// Whether it is about one factor.
bool names_factor(const Table& table) {
  return table.kind == Table::Kind::breakpoints || table.kind == Table::Kind::classes;
}

Status read_kind(const Members& members, Table& table) {
  MJ_TRY(const std::string kind, members.text("kind"));
  if (kind == "breakpoints") {
    table.kind = Table::Kind::breakpoints;
  } else if (kind == "grades") {
    table.kind = Table::Kind::grades;
  } else if (kind == "classes") {
    table.kind = Table::Kind::classes;
  } else if (kind == "parameter") {
    table.kind = Table::Kind::parameter;
  } else {
    return members.refuse("\"kind\" is none of breakpoints, grades, classes, parameter");
  }
  return {};
}

Status read_extras(const Members& members, Table& table) {
  if (names_factor(table)) {
    MJ_TRY(table.factor, members.text("factor"));
    MJ_TRY(table.unit, members.text("unit"));
  }
  if (table.kind == Table::Kind::breakpoints) {
    MJ_TRY(const std::string rounding, members.text("rounding"));
    if (rounding != "up" && rounding != "half-even") return members.refuse("\"rounding\" is up or half-even");
    table.rounding = rounding == "up" ? Table::Rounding::up : Table::Rounding::half_even;
    MJ_TRY(const std::uint64_t decimals, members.integer("decimals", kMaxDecimals));
    table.decimals = static_cast<std::uint8_t>(decimals);
  }
  if (table.kind == Table::Kind::classes) {
    MJ_TRY(const std::string better, members.text("better"));
    if (better != "lower" && better != "higher" && better != "within")
      return members.refuse("\"better\" is lower, higher or within");
    table.better = better == "lower"    ? Table::Better::lower
                   : better == "higher" ? Table::Better::higher
                                        : Table::Better::within;
  }
  return {};
}

constexpr std::string_view kVerifications[] = {"VERIFIED", "THIRD_PARTY", "INFERRED", "UNVERIFIED"};

}  // namespace

Result<Table> read_table(const json& value, std::size_t number) {
  Members members(value, fmt::format("table {}", number));
  Table table;
  if (!value.is_object() || !members.has("kind")) return members.refuse("an object with \"kind\" is expected");
  MJ_CHECK(read_kind(members, table));
  switch (table.kind) {
    case Table::Kind::breakpoints:
      MJ_CHECK(members.only({"id", "edition", "clause", "valid_from", "valid_to", "verification", "kind", "rows",
                             "factor", "unit", "rounding", "decimals"}));
      break;
    case Table::Kind::grades:
    case Table::Kind::parameter:
      MJ_CHECK(
          members.only({"id", "edition", "clause", "valid_from", "valid_to", "verification", "kind", "rows"}));
      break;
    case Table::Kind::classes:
      MJ_CHECK(members.only({"id", "edition", "clause", "valid_from", "valid_to", "verification", "kind", "rows",
                             "factor", "unit", "better"}));
      break;
  }
  MJ_TRY(table.id, members.text("id"));
  MJ_TRY(table.edition, members.text("edition"));
  MJ_TRY(table.clause, members.text("clause"));
  if (table.id.empty() || table.edition.empty()) return members.refuse("\"id\" and \"edition\" must not be empty");
  MJ_TRY(table.valid_from, read_day(members, "valid_from"));
  MJ_TRY(table.valid_to, read_day(members, "valid_to"));
  MJ_TRY(table.verification, members.text("verification"));
  if (std::find(std::begin(kVerifications), std::end(kVerifications), table.verification) ==
      std::end(kVerifications))
    return members.refuse("\"verification\" is none of VERIFIED, THIRD_PARTY, INFERRED, UNVERIFIED");
  MJ_CHECK(read_extras(members, table));
  MJ_TRY(const json::array_t* const rows, members.array("rows"));
  if (rows->size() < (table.kind == Table::Kind::breakpoints ? 2U : 1U))
    return members.refuse("\"rows\" are too few");
  for (const json& cells : *rows) {
    auto row = read_row(table, cells);
    if (!row) return members.refuse(fmt::format("row {} has not the form of its kind", table.rows.size()));
    if (!table.rows.empty() && !follows(table, table.rows.back(), *row))
      return members.refuse(fmt::format("row {} does not ascend", table.rows.size()));
    table.rows.push_back(*std::move(row));
  }
  return table;
}

json write_table(const Table& table) {
  const auto day = [](const std::string& text) { return text.empty() ? json(nullptr) : json(text); };
  const auto number = [](const std::optional<Decimal>& value) {
    return value ? json(to_text(*value)) : json(nullptr);
  };
  json value = {{"id", table.id},
                {"edition", table.edition},
                {"clause", table.clause},
                {"valid_from", day(table.valid_from)},
                {"valid_to", day(table.valid_to)},
                {"verification", table.verification}};
  switch (table.kind) {
    case Table::Kind::breakpoints:
      value["kind"] = "breakpoints";
      value["rounding"] = table.rounding == Table::Rounding::up ? "up" : "half-even";
      value["decimals"] = table.decimals;
      break;
    case Table::Kind::grades: value["kind"] = "grades"; break;
    case Table::Kind::parameter: value["kind"] = "parameter"; break;
    case Table::Kind::classes:
      value["kind"] = "classes";
      value["better"] = table.better == Table::Better::lower    ? "lower"
                        : table.better == Table::Better::higher ? "higher"
                                                                : "within";
      break;
  }
  if (names_factor(table)) {
    value["factor"] = table.factor;
    value["unit"] = table.unit;
  }
  json rows = json::array();
  for (const TableRow& row : table.rows) {
    if (table.kind == Table::Kind::parameter) {
      rows.push_back(json::array({row.text}));
      continue;
    }
    const bool within = table.kind == Table::Kind::classes && table.better == Table::Better::within;
    json bound = within ? json::array({number(row.low), number(row.high)}) : number(row.low);
    rows.push_back(json::array({std::move(bound), row.text}));
  }
  value["rows"] = std::move(rows);
  return value;
}

}  // namespace mj::bundle
