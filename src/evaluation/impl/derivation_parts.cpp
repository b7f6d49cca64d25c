// What stands around a derivation: its tables, its end, and why it may have none.
#include "mj/evaluation/derivation.hpp"
#include "sheet_parts.hpp"

namespace mj::evaluation {

standards::Text words(Gap gap) {
  switch (gap) {
    case Gap::none: return {};
    case Gap::not_written:
      return {"该指标的计算目前只有文字说明，尚不能逐步机器验证；其输入各有自己的证据包",
              "This calculation is written in words only; its inputs have bundles of their own"};
    case Gap::digits:
      return {"计算中的数字位数超过证据包的上限（18位）",
              "The calculation needs more than the 18 digits that a bundle carries"};
    case Gap::editions:
      return {"所用标准在该时段末尚未施行或已废止，证据包无法证明",
              "A standard that counts here was not in force at the end of the period: a bundle cannot show that"};
    case Gap::origin: return {"不清楚某个数据来自哪个序列", "It is not known in which series a value stands"};
    case Gap::many:
      return {"数据太多，计算表只列出前若干个；可对较短时段取证据包",
              "There are too many values, the sheet lists the first ones only; shorter periods have bundles"};
    case Gap::other:
      return {"精确值恰在修约界限上，逐步计算的有限位数得不到同一结果",
              "The exact value lies on a border of rounding: steps of so many digits lead to another number"};
  }
  return {};
}

std::vector<Derived> derived_values(Derivation& derivation, std::size_t first, const SampleSeries& series,
                                    std::span<const Sample> samples, Decimal scale) {
  if (samples.size() > kMostListedValues) return {derivation.missing(Gap::many)};
  std::vector<Derived> values;
  for (std::size_t i = 0; i < samples.size(); ++i) {
    if (samples[i].usable) values.push_back(derivation.sample(first + i, series, samples[i], scale));
  }
  return values;
}

void conclude(Explanation& to, std::size_t indicator, const Derived& figure) {
  if (figure) to.results.push_back({indicator, figure->at, figure->value});
}

void conclude(Explanation& to, std::size_t indicator, const Derivation& derivation, const Derived& figure) {
  conclude(to, indicator, figure);
  if (!figure && derivation.gap() != Gap::none) to.unproved.emplace_back(indicator, words(derivation.gap()));
}

void conclude(Sheet& sheet, const Derivation& derivation, const Derived& figure) {
  if (!sheet.figure.value) {
    sheet.unproved = {"没有数值可以证明", "There is no figure to prove"};
  } else if (figure && compare(figure->value, *sheet.figure.value) == 0) {
    sheet.result = figure->at;
  } else {
    sheet.unproved = words(figure                          ? Gap::other
                           : derivation.gap() == Gap::none ? Gap::not_written
                                                           : derivation.gap());
  }
}

std::optional<std::uint32_t> operation_of(const Derived& derived) {
  return derived && derived->at.computed ? std::optional(derived->at.place) : std::nullopt;
}

namespace {

SheetTable table_of_edition(const standards::Edition& edition, std::string id, std::string clause,
                            standards::Verification verification) {
  SheetTable table;
  table.id = std::move(id);
  table.edition = edition.id;
  table.clause = std::move(clause);
  table.validity = edition.validity;
  table.verification = verification;
  return table;
}

}  // namespace

SheetTable aqi_table(const standards::Edition& edition, const standards::AqiItem& item) {
  SheetTable table =
      table_of_edition(edition, fmt::format("{}/aqi/{}/{}", edition.id, item.pollutant, item.period), item.clause,
                       item.verification);
  table.kind = SheetTable::Kind::breakpoints;
  table.factor = item.factor;
  table.unit = item.unit;
  for (const standards::Breakpoint& point : item.breakpoints)
    table.rows.push_back({point.concentration, std::nullopt, std::to_string(point.iaqi)});
  return table;
}

SheetTable class_table(const standards::Edition& edition, const standards::WaterItem& item) {
  SheetTable table = table_of_edition(edition,
                                      fmt::format("{}/class/{}{}", edition.id, item.item,
                                                  !item.body                                 ? ""
                                                  : *item.body == standards::WaterBody::lake ? "/lake"
                                                                                             : "/river"),
                                      item.clause, item.verification);
  table.kind = SheetTable::Kind::classes;
  table.factor = item.factor.empty() ? item.item : item.factor;
  table.unit = item.unit;
  table.better = item.rule == standards::WaterRule::at_most    ? SheetTable::Better::lower
                 : item.rule == standards::WaterRule::at_least ? SheetTable::Better::higher
                                                               : SheetTable::Better::within;
  for (std::size_t i = 0; i < item.limits.size(); ++i) {
    SheetTable::Row row{item.limits[i], std::nullopt, std::to_string(i + 1)};
    if (item.rule == standards::WaterRule::range) row.high = item.high[i];
    table.rows.push_back(std::move(row));
  }
  return table;
}

SheetTable parameter_table(const standards::Edition& edition, std::string_view name, Decimal value,
                           std::string clause, standards::Verification verification) {
  SheetTable table =
      table_of_edition(edition, fmt::format("{}/{}", edition.id, name), std::move(clause), verification);
  table.rows.push_back({value, std::nullopt, ""});
  return table;
}

SheetTable parameter_table(const standards::RuleRow& row, std::string_view name, Decimal value) {
  SheetTable table;
  table.id = fmt::format("{}/{}", row.edition, name);
  table.edition = row.edition;
  table.clause = row.clause;
  table.validity = row.validity;
  table.verification = row.verification;
  table.rows.push_back({value, std::nullopt, ""});
  return table;
}

}  // namespace mj::evaluation
