#include "value_rule.hpp"

#include <algorithm>

namespace mj::appraisal {
namespace {

bool is_known(const std::vector<ValueRule>& known, std::string_view id) {
  return std::ranges::any_of(known, [id](const ValueRule& rule) { return rule.id == id; });
}

Result<When> read_when(TableReader& reader) {
  MJ_TRY(const std::string word, reader.text_or("when", "period"));
  if (word == "period") return When::period;
  if (word == "year_before") return When::year_before;
  if (word == "period_before") return When::period_before;
  if (word == "last_year") return When::last_year;
  return reader.wrong("when", "must be period, year_before, period_before or last_year");
}

Result<StatisticsFigure> read_statistics(TableReader& reader) {
  StatisticsFigure figure;
  MJ_TRY(figure.element, reader.text("element"));
  MJ_TRY(figure.factor, reader.text("factor"));
  MJ_TRY(const std::string statistic, reader.text_or("statistic", "mean"));
  auto parsed = statistics::parse_statistic(statistic);
  if (!parsed) return reader.wrong("statistic", parsed.error().text());
  figure.statistic = *parsed;
  MJ_TRY(const std::string combine, reader.text_or("combine", "pool"));
  const auto combined = statistics::parse_combine(combine);
  if (!combined) return reader.wrong("combine", "must be pool or mean");
  figure.combine = *combined;
  MJ_TRY(figure.threshold.upper, reader.decimal("threshold"));
  MJ_TRY(figure.threshold.standard, reader.flag("limit_of_standard"));
  MJ_TRY(const auto grade, reader.whole("grade", 1, 5));
  figure.threshold.grade = static_cast<int>(grade.value_or(0));
  MJ_TRY(figure.least_valid, reader.decimal("least_valid_percent"));
  MJ_TRY(figure.when, read_when(reader));
  return figure;
}

Result<EvaluationFigure> read_evaluation(TableReader& reader) {
  EvaluationFigure figure;
  MJ_TRY(figure.element, reader.text("element"));
  MJ_TRY(figure.indicator, reader.text("indicator"));
  MJ_TRY(figure.words, reader.decimals("grades"));
  figure.grade = !figure.words.empty();
  MJ_TRY(figure.incomplete, reader.flag("incomplete"));
  MJ_TRY(figure.when, read_when(reader));
  return figure;
}

Result<RegisterFigure> read_register(TableReader& reader) {
  RegisterFigure figure;
  MJ_TRY(figure.attribute, reader.text("attribute"));
  MJ_TRY(figure.words, reader.decimals("words"));
  return figure;
}

Result<Bands> read_bands(TableReader& reader, const std::string& place, const std::vector<ValueRule>& known) {
  Bands bands;
  MJ_TRY(bands.of, reader.text("of"));
  if (!is_known(known, bands.of))
    return reader.wrong("of", fmt::format("no value \"{}\" stands before", bands.of));
  MJ_TRY(const auto tables, reader.tables("bands"));
  for (const toml::table* table : tables) {
    TableReader row(*table, place);
    Bands::Band band;
    MJ_TRY(band.from, row.decimal("from"));
    MJ_TRY(band.above, row.decimal("above"));
    MJ_TRY(band.to, row.decimal("to"));
    MJ_TRY(band.below, row.decimal("below"));
    MJ_TRY(const auto value, row.decimal("value"));
    if (!value) return row.wrong("value", "a decimal is needed");
    if ((band.from && band.above) || (band.to && band.below))
      return row.wrong("value", "give one lower and one upper end");
    band.value = *value;
    MJ_CHECK(row.finish());
    bands.bands.push_back(band);
  }
  if (bands.bands.empty()) return reader.wrong("bands", "at least one band is needed");
  return bands;
}

Result<PerSubject> read_per_subject(TableReader& reader) {
  PerSubject constants;
  MJ_TRY(constants.values, reader.decimals("per_subject"));
  MJ_TRY(constants.otherwise, reader.decimal("otherwise"));
  return constants;
}

bool is_name(std::string_view id) {
  const auto letter = [](char c) { return (c >= 'a' && c <= 'z') || c == '_'; };
  return !id.empty() && letter(id[0]) && id != "and" && id != "or" &&
         std::ranges::all_of(id, [&](char c) { return letter(c) || (c >= '0' && c <= '9'); });
}

}  // namespace

Status check_names(const Expression& formula, const std::vector<ValueRule>& known, const TableReader& reader,
                   std::string_view key) {
  for (const std::string& name : formula.names()) {
    if (!is_known(known, name)) return reader.wrong(key, fmt::format("no value \"{}\" stands before", name));
  }
  return {};
}

Result<ValueRule> read_value(const toml::table& table, const std::string& place,
                             const std::vector<ValueRule>& known) {
  TableReader reader(table, place);
  ValueRule value;
  MJ_TRY(value.id, reader.text("id"));
  if (!is_name(value.id)) return reader.wrong("id", "must be small letters, digits and _");
  if (is_known(known, value.id)) return reader.wrong("id", fmt::format("\"{}\" stands twice", value.id));
  MJ_TRY(value.title, reader.words("title"));
  MJ_TRY(value.unit, reader.text_or("unit", ""));
  MJ_TRY(const auto decimals, reader.whole("decimals", 0, 9));
  if (decimals) value.decimals = static_cast<std::uint8_t>(*decimals);
  MJ_TRY(value.clause, reader.text_or("clause", ""));
  const std::array<std::string_view, 5> kinds{"from", "formula", "bands", "per_subject", "otherwise"};
  if (std::ranges::none_of(kinds, [&](std::string_view kind) { return reader.has(kind); }))
    return reader.wrong("id", "from, formula, bands or per_subject is needed");
  if (reader.has("formula")) {
    MJ_TRY(const std::string text, reader.text("formula"));
    auto formula = Expression::parse(text);
    if (!formula) return reader.wrong("formula", formula.error().text());
    MJ_CHECK(check_names(*formula, known, reader, "formula"));
    value.rule = *std::move(formula);
  } else if (reader.has("bands")) {
    MJ_TRY(value.rule, read_bands(reader, place, known));
  } else if (!reader.has("from")) {
    MJ_TRY(value.rule, read_per_subject(reader));
  } else {
    MJ_TRY(const std::string room, reader.text("from"));
    if (room == "statistics") {
      MJ_TRY(value.rule, read_statistics(reader));
    } else if (room == "evaluation") {
      MJ_TRY(value.rule, read_evaluation(reader));
    } else if (room == "register") {
      MJ_TRY(value.rule, read_register(reader));
    } else {
      return reader.wrong("from", "must be statistics, evaluation or register");
    }
  }
  MJ_CHECK(reader.finish());
  return value;
}

}  // namespace mj::appraisal
