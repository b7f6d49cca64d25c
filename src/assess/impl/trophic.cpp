#include "mj/assess/trophic.hpp"

#include <cmath>

#include "mj/assess/rules_in_force.hpp"
#include "sheet_writer.hpp"
#include "water_rows.hpp"

namespace mj::assess {

Result<TrophicRules> TrophicRules::load(const standards::StandardSet& standards, Instant at,
                                        std::string_view edition) {
  TrophicRules rules;
  for (const auto* row : rows_in_force(standards, "trophic_items", at, edition)) {
    rules.items.push_back({std::string(row->text("item")), to_double(row->decimal("a")),
                           to_double(row->decimal("b")), to_double(row->decimal("r2")),
                           std::string(row->text("unit"))});
    rules.standard = row->edition;
    rules.verification = std::max(rules.verification, row->verification);
  }
  for (const auto* row : rows_in_force(standards, "trophic_grades", at, edition)) rules.grades.push_back(*row);
  if (rules.items.empty() || rules.grades.empty()) {
    return Error(ErrorCode::not_found, fmt::format("no rules of the trophic state at {}; there are {}", to_iso(at),
                                                   editions_with(standards, "trophic_items")));
  }
  return rules;
}

TrophicState judge_trophic(const TrophicRules& rules, std::span<const std::optional<Decimal>> values) {
  TrophicState state;
  double sum = 0;
  double weights = 0;
  for (std::size_t i = 0; i < rules.items.size(); ++i) {
    const TrophicItem& item = rules.items[i];
    if (!values[i] || values[i]->mantissa <= 0) {
      state.parts.emplace_back();
      continue;
    }
    const double part = 10 * (item.a + item.b * std::log(to_double(*values[i])));
    state.parts.emplace_back(part);
    sum += item.r2 * part;
    weights += item.r2;
    ++state.items;
  }
  if (weights <= 0) return state;
  state.index = Decimal{std::llround(sum / weights * 100), 2};
  for (const standards::RuleRow& grade : rules.grades) {
    const auto hi = grade.number("hi");
    const int order = hi ? compare(*state.index, *hi) : -1;
    if (order < 0 || (order == 0 && grade.integer("hi_inclusive") == 1)) {
      state.grade = &grade;
      break;
    }
  }
  return state;
}

Result<std::size_t> tli_sheet(const SheetRun& run) {
  SheetReader reader(run.input);
  MJ_CHECK(reader.open());
  MJ_TRY(const std::size_t lake, reader.require("lake"));
  MJ_TRY(const std::size_t time, reader.require("time"));
  // The items of all times are the same set of columns.
  std::vector<std::string> names;
  for (const standards::RuleRow& row : run.standards.rules("trophic_items")) {
    const std::string name = column_name(row.text("item"));
    if (std::find(names.begin(), names.end(), name) == names.end()) names.push_back(name);
  }
  std::vector<std::size_t> places;
  std::vector<std::string> columns{"lake", "time"};
  for (const std::string& name : names) {
    MJ_TRY(const std::size_t place, reader.require(name));
    places.push_back(place);
    columns.push_back("tli_" + name);
  }
  for (const char* name : {"items", "tli", "grade", "standard", "verification"}) columns.emplace_back(name);
  SheetWriter writer(run.output, run.format, std::move(columns));
  while (true) {
    MJ_TRY(const bool more, reader.next());
    if (!more) break;
    MJ_TRY(const std::string_view name, reader.text(lake));
    MJ_TRY(const Instant at, reader.time(time));
    MJ_TRY(const TrophicRules rules, TrophicRules::load(run.standards, at, run.standard));
    std::vector<std::optional<Decimal>> values;
    for (const TrophicItem& item : rules.items) {
      const auto column = std::find(names.begin(), names.end(), column_name(item.item));
      MJ_TRY(const auto measured, reader.measured(places[static_cast<std::size_t>(column - names.begin())]));
      if (!measured) {
        values.emplace_back();
      } else if (measured->below_detection) {
        values.emplace_back(
            Decimal{measured->value.mantissa * 5, static_cast<std::uint8_t>(measured->value.decimals + 1)});
      } else {
        values.emplace_back(measured->value);
      }
    }
    const TrophicState state = judge_trophic(rules, values);
    writer.text(name).text(reader.cell(time));
    for (const std::string& column : names) {
      std::optional<Decimal> shown;
      for (std::size_t i = 0; i < rules.items.size(); ++i) {
        if (column_name(rules.items[i].item) == column && state.parts[i])
          shown = Decimal{std::llround(*state.parts[i] * 100), 2};
      }
      writer.decimal(shown);
    }
    writer.integer(static_cast<std::int64_t>(state.items)).decimal(state.index);
    writer.text_or_none(state.grade == nullptr ? "" : state.grade->text("name_zh"));
    writer.text(rules.standard).text(standards::name(rules.verification));
    MJ_CHECK(writer.end_row());
  }
  MJ_CHECK(writer.finish());
  return reader.row();
}

}  // namespace mj::assess
