// Ecology: EI (HJ 192) and EQI of a year from imported sub-indices, their grades and changes.
#include "mj/assess/ecology.hpp"

#include "element_sheet.hpp"
#include "elements.hpp"
#include "newest_value.hpp"

namespace mj::evaluation {
namespace {

enum EcologyIndicator : std::size_t { kEcologyEi, kEcologyEiChange, kEcologyEqi, kEcologyEqiChange };
constexpr std::array<std::pair<std::string_view, std::size_t>, 2> kIndices{
    {{"EI", kEcologyEi}, {"EQI", kEcologyEqi}}};
constexpr std::array kEcologyLevels{Level::district, Level::city};

/// A weight times its sub-index, which counts from 0 to 100, or what is left of it up to 100.
Derived weighted(Derivation& derivation, const assess::EcologyRules::Item& item, const Derived& part) {
  const standards::RuleRow& row = *item.row;
  const Derived most = derivation.limit(
      parameter_table(row, fmt::format("{}/greatest sub-index", row.text("index")), assess::EcologyRules::kMost));
  const Derived capped = derivation.least(std::array{derivation.greatest(std::span(&part, 1), "0"), most});
  const Derived weight = derivation.limit(
      parameter_table(row, fmt::format("{}/weight/{}", row.text("index"), item.name), item.weight));
  return derivation.product(std::array{weight, item.inverted ? derivation.difference(most, capped) : capped});
}

void explain_index(Explanation& to, const Context& context, const PointValues& values,
                   const EvaluationPeriod& year, const assess::EcologyRules& rules, std::span<const Decimal> parts,
                   Decimal index, const assess::EcologyRules::Grade& grade, std::size_t indicator) {
  Derivation derivation(to.operations, to.tables, year);
  std::string formula;
  std::vector<Derived> terms;
  for (std::size_t i = 0; i < rules.items().size(); ++i) {
    const auto& item = rules.items()[i];
    if (const SampleSeries* series = factor_series(values, span_of(year), item.name))
      terms.push_back(weighted(derivation, item,
                               explain_newest(to, indicator, derivation, context, *series, year, "", item.name)));
    formula += fmt::format("{}{} × {}", formula.empty() ? "" : " + ", to_text(item.weight),
                           item.inverted ? fmt::format("(100 − {})", to_text(parts[i])) : to_text(parts[i]));
  }
  const Derived figure = derivation.round(derivation.sum(terms, rules.edition()), index.decimals);
  SheetStep sum = step_of({"分指数加权和", "Weighted sum of the sub-indices"}, formula, to_text(index), "");
  SheetStep graded = step_of({"等级", "Grade"}, to_text(index), grade.zh, "");
  sum.clause = graded.clause = rules.edition();
  sum.verification = graded.verification = rules.verification(grade);
  sum.operation = operation_of(figure);
  to.steps.emplace_back(indicator, std::move(sum));
  to.steps.emplace_back(indicator, std::move(graded));
  conclude(to, indicator, derivation, figure);
}

Status emit_index(const Context& context, const PointValues& values, const EvaluationPeriod& year,
                  std::string_view index, std::size_t indicator, Sink& sink) {
  const auto rules = assess::EcologyRules::load(context.standards, judged_at(year), index);
  if (!rules) return {};
  Row row = row_of(Level::point, values.point->id(), year, indicator);
  row.standard = rules->edition();
  std::vector<Decimal> parts;
  std::string missing;
  for (const assess::EcologyRules::Item& item : rules->items()) {
    const SampleSeries* series = factor_series(values, span_of(year), item.name);
    const ValuesOfItem part = series == nullptr ? ValuesOfItem{} : values_of_item(context, *series, "", year);
    if (part.newest) {
      parts.push_back(*part.newest);
      row.inputs.add(part.inputs);
    } else {
      missing += (missing.empty() ? "" : "+") + item.name;
    }
  }
  if (parts.empty()) return {};
  if (!missing.empty()) {
    const std::string reason = "an index needs all its sub-indices; missing: " + missing;
    row.complete = false;
    row.reason = reason;
    return sink.emit(row);
  }
  row.value = rules->index(parts);
  if (!row.value) return {};
  const assess::EcologyRules::Grade& grade = rules->grade(*row.value);
  if (Explanation* to = sink.explains(year); to != nullptr && to->wanted == indicator)
    explain_index(*to, context, values, year, *rules, parts, *row.value, grade, indicator);
  row.grade = sink.grade(Grade{std::to_string(grade.number), {grade.zh, grade.en}, "", {}});
  row.verification = rules->verification(grade);
  return sink.emit(row);
}

/// What is stored of an index, by point and year.
struct Yearly {
  Decimal value;
  std::uint16_t grade = 0;
  Inputs inputs;
  std::string standard;
  standards::Verification verification = standards::Verification::unverified;
};
using OfPoint = std::map<EvaluationPeriod, Yearly>;

Status emit_change(const Context& context, Level level, std::string_view subject, const EvaluationPeriod& year,
                   const Yearly& before, const Yearly& after, std::string_view index, std::size_t indicator,
                   Sink& sink) {
  const auto rules = assess::EcologyRules::load(context.standards, judged_at(year), index);
  // Figures of two editions have two scales.
  if (!rules || before.standard != after.standard) return {};
  const auto change = rules->change(before.value, after.value);
  Row row = row_of(level, subject, year, indicator);
  row.value = (assess::Exact(after.value) - before.value).round(after.value.decimals);
  row.standard = after.standard;
  row.verification = after.verification;
  row.inputs = after.inputs;
  row.inputs.add(before.inputs);
  if (change) row.grade = sink.grade(Grade{change->en, {change->zh, change->en}, "", {}});
  return sink.emit(row);
}

Status summarise_index(const Context& context, const Summary& summary, std::string_view index,
                       std::size_t indicator, Sink& sink) {
  std::map<std::size_t, OfPoint> points;
  const EvaluationPeriod first = summary.years.front().year_before().value_or(summary.years.front());
  MJ_CHECK(
      summary.rows(PeriodKind::year, first.begin, summary.years.back().end(), [&](const PointRow& row) -> Status {
        if (row.indicator == indicator && row.value)
          points[row.point][row.period] = {*row.value, row.grade, row.inputs, std::string(row.standard),
                                           row.verification};
        return {};
      }));
  for (const EvaluationPeriod& year : summary.years) {
    if (summary.wanted && !summary.wanted(year)) continue;
    // A region has an index of its own; it stands for a district only where one point carries it.
    std::map<std::pair<Level, std::string>, std::vector<std::size_t>> regions;
    for (const auto& [place, years] : points) {
      const RosterPoint& point = context.roster.points()[place];
      const registry::PointView* view = view_of(point, year);
      const auto after = years.find(year);
      if (view == nullptr || after == years.end()) continue;
      for (const Level level : kEcologyLevels) {
        if (const auto group = context.roster.group_of(*view, level); !group.empty())
          regions[{level, std::string(group)}].push_back(place);
      }
      const auto before = years.find(year.year_before().value_or(year));
      if (before != after && before != years.end())
        MJ_CHECK(emit_change(context, Level::point, point.id(), year, before->second, after->second, index,
                             indicator + 1, sink));
    }
    for (const auto& [region, places] : regions) {
      if (places.size() != 1) continue;
      const OfPoint& years = points[places.front()];
      const Yearly& after = years.at(year);
      Row row = row_of(region.first, region.second, year, indicator);
      row.value = after.value;
      row.grade = after.grade;
      row.inputs = after.inputs;
      row.standard = after.standard;
      row.verification = after.verification;
      MJ_CHECK(sink.emit(row));
      const auto before = years.find(year.year_before().value_or(year));
      if (before != years.end() && before->first != year)
        MJ_CHECK(emit_change(context, region.first, region.second, year, before->second, after, index,
                             indicator + 1, sink));
    }
  }
  return {};
}

/// The point that an index of a region or a change is about: as in summarise_index(), that with the index of the year.
Result<const RosterPoint*> point_of(const Context& context, const SheetRequest& request, std::string_view index) {
  const Figure& figure = request.figure;
  for (const RosterPoint& point : context.roster.points()) {
    const registry::PointView* view = view_of(point, figure.period);
    if (view == nullptr || context.roster.group_of(*view, figure.level) != figure.subject) continue;
    MJ_TRY(const auto results, request.results(Level::point, point.id(), index, PeriodKind::year,
                                               figure.period.begin, figure.period.end()));
    if (!results.empty() && results.front().value) return &point;
  }
  return Error(ErrorCode::not_found,
               fmt::format("{} has no {} of {}", figure.subject, index, figure.period.label()));
}

/// The index of a region is that of its only point; a change is against the index of that point of the year before.
Result<Sheet> made_sheet(const Context& context, const SheetRequest& request, std::string_view index,
                         bool change) {
  const Figure& figure = request.figure;
  Sheet sheet;
  sheet.figure = figure;
  MJ_TRY(const RosterPoint* point, point_of(context, request, index));
  std::vector<EvaluationPeriod> years{figure.period};
  if (const auto before = figure.period.year_before(); change && before) years.push_back(*before);
  std::vector<Derived> values;
  std::string formula;
  for (const EvaluationPeriod& year : years) {
    MJ_TRY(const auto results,
           request.results(Level::point, point->id(), index, PeriodKind::year, year.begin, year.end()));
    for (const Figure& result : results) {
      if (!result.value) continue;
      values.push_back(Derivation::input(sheet.inputs.size(), result.value));
      formula += (formula.empty() ? "" : " − ") + to_text(*result.value);
      const registry::PointView* view = view_of(*point, year);
      SheetInput input =
          figure_input(result, fmt::format("{} {}", view == nullptr ? point->id() : view->name.zh, index), "");
      if (result.grade) input.text += " " + result.grade->name.zh;
      sheet.inputs.push_back(std::move(input));
    }
  }
  Derivation derivation(sheet.operations, sheet.tables, figure.period);
  Derived derived = values.empty() ? std::nullopt : values.front();
  if (change)
    derived = values.size() != 2 || !figure.value
                  ? std::nullopt
                  : derivation.round(derivation.difference(values[0], values[1]), figure.value->decimals);
  SheetStep step =
      step_of(change ? standards::Text{"与上年之差", "Difference against the year before"}
                     : standards::Text{"区域内唯一点位的指数", "Index of the only point of the region"},
              formula, shown(figure.value), "");
  step.clause = figure.standard;
  step.verification = figure.verification;
  step.operation = operation_of(derived);
  sheet.steps.push_back(std::move(step));
  conclude(sheet, derivation, derived);
  return sheet;
}

Result<Sheet> ecology_sheet(const Context& context, const SheetRequest& request) {
  std::string_view index = request.figure.indicator;
  constexpr std::string_view kChange = "_change";
  const bool change = index.ends_with(kChange);
  if (change) index.remove_suffix(kChange.size());
  if (change || request.figure.level != Level::point) return made_sheet(context, request, index, change);
  return element_sheet("ecology", {}, context, request);
}

}  // namespace

Evaluator ecology_evaluator() {
  const std::vector<PeriodKind> years{PeriodKind::year};
  Evaluator evaluator;
  evaluator.element = "ecology";
  evaluator.title = {"生态", "Ecology"};
  evaluator.indicators = {
      {"ei", {"生态环境状况指数 EI", "Ecological index EI"}, "", years, Better::high},
      {"ei_change", {"EI 变化幅度", "Change of EI"}, "", years, Better::high},
      {"eqi", {"生态质量指数 EQI", "Ecological quality index EQI"}, "", years, Better::high},
      {"eqi_change", {"EQI 变化幅度", "Change of EQI"}, "", years, Better::high},
  };
  evaluator.levels = {Level::point, Level::district, Level::city};
  evaluator.periods = years;
  evaluator.unit = PeriodKind::year;
  evaluator.reads_year_before = true;
  evaluator.compliance_indicator = "ei";
  evaluator.compliance_period = PeriodKind::year;
  evaluator.reads = [](const standards::StandardSet& standards) {
    Reads reads;
    for (const standards::RuleRow& row : standards.rules("ecology_weights"))
      reads.factors.emplace_back(row.text("item"));
    return reads;
  };
  evaluator.judge = [](const Context& context, const PointValues& values, Sink& sink) -> Status {
    for (auto year = EvaluationPeriod::of(PeriodKind::year, values.from); year.begin < values.to;
         year = year.next()) {
      if (view_of(*values.point, year) == nullptr) continue;
      for (const auto& [index, indicator] : kIndices)
        MJ_CHECK(emit_index(context, values, year, index, indicator, sink));
    }
    return {};
  };
  evaluator.sheet = ecology_sheet;
  evaluator.summarise = [](const Context& context, const Summary& summary, Sink& sink) -> Status {
    if (summary.years.empty()) return {};
    for (const auto& [index, indicator] : kIndices)
      MJ_CHECK(summarise_index(context, summary, index, indicator, sink));
    return {};
  };
  return evaluator;
}

}  // namespace mj::evaluation
