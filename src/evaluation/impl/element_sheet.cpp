// Calculation sheets of all elements but air and surface water.
#include "element_sheet.hpp"

#include "item_values.hpp"

namespace mj::evaluation {
namespace {

constexpr std::uint8_t kShareDigits = 1;

/// The operations of an explanation that lead from inputs that are kept to the figure.
void take_operations(Explanation& explanation, const std::vector<std::optional<std::uint32_t>>& inputs,
                     const std::function<bool(std::size_t)>& belongs, Sheet& sheet) {
  std::vector<std::optional<std::uint32_t>> operations;
  const auto moved = [&](const SheetOperand& operand) -> std::optional<SheetOperand> {
    const auto place = operand.computed ? operations[operand.place] : inputs[operand.place];
    return place ? std::optional(SheetOperand{operand.computed, *place}) : std::nullopt;
  };
  for (SheetOperation& operation : explanation.operations) {
    bool whole = true;
    for (SheetOperand& operand : operation.operands) {
      const auto place = moved(operand);
      whole = whole && place.has_value();
      if (place) operand = *place;
    }
    operations.push_back(whole ? std::optional(static_cast<std::uint32_t>(sheet.operations.size()))
                               : std::nullopt);
    if (whole) sheet.operations.push_back(std::move(operation));
  }
  for (SheetStep& step : sheet.steps) {
    if (step.operation) step.operation = operations.at(*step.operation);
  }
  sheet.tables = std::move(explanation.tables);
  for (const Explanation::Result& result : explanation.results) {
    if (!belongs(result.indicator) || !sheet.figure.value || compare(result.value, *sheet.figure.value) != 0)
      continue;
    sheet.result = moved(result.at);
  }
}

/// Judges the unit of values again that holds the figure, and listens.
Result<bool> explain_judged(const Evaluator& evaluator, const Context& context, const SheetRequest& request,
                            Sheet& sheet) {
  const Figure& figure = request.figure;
  Explanation explanation{figure.period, {}, {}};
  bool found = false;
  std::size_t indicator = 0;
  while (indicator < evaluator.indicators.size() && evaluator.indicators[indicator].id != figure.indicator)
    ++indicator;
  explanation.wanted = indicator;
  Sink sink(
      [&](const Row& row) -> Status {
        found = found || (row.level == figure.level && row.indicator == indicator && row.period == figure.period);
        return {};
      },
      [](const Grade&) { return std::uint16_t{0}; }, &explanation);
  const auto unit = EvaluationPeriod::of(evaluator.unit, figure.period.begin);
  MJ_CHECK(request.values(figure.subject, unit.begin, unit.end(),
                          [&](const PointValues& values) { return evaluator.judge(context, values, sink); }));
  if (!found) return false;
  const auto belongs = [indicator](std::size_t to) { return to == indicator || to == Explanation::kEvery; };
  for (auto& [to, step] : explanation.steps) {
    if (belongs(to)) sheet.steps.push_back(std::move(step));
  }
  std::vector<std::optional<std::uint32_t>> places;  ///< of the inputs that are kept
  for (auto& [to, input] : explanation.inputs) {
    places.push_back(belongs(to) ? std::optional(static_cast<std::uint32_t>(sheet.inputs.size())) : std::nullopt);
    if (belongs(to)) sheet.inputs.push_back(std::move(input));
  }
  take_operations(explanation, places, belongs, sheet);
  if (sheet.result) return true;
  sheet.unproved = words(Gap::not_written);
  for (const auto& [to, why] : explanation.unproved) {
    if (belongs(to)) sheet.unproved = why;
  }
  for (const Explanation::Result& result : explanation.results) {
    if (belongs(result.indicator)) sheet.unproved = words(Gap::other);
  }
  return true;
}

/// The points that a figure is about.
std::vector<const RosterPoint*> points_of(const Context& context, const Figure& figure, std::string_view sort) {
  std::vector<const RosterPoint*> points;
  for (const RosterPoint& point : context.roster.points()) {
    bool member = false;
    for (const RosterPoint::Spell& spell : point.spells()) {
      member = member || (spell.view != nullptr && (sort.empty() || spell.view->sort == sort) &&
                          context.roster.group_of(*spell.view, figure.level) == figure.subject);
    }
    if (member) points.push_back(&point);
  }
  return points;
}

Status explain_made(const MadeOf& made, const Context& context, const SheetRequest& request, Sheet& sheet) {
  const Figure& figure = request.figure;
  const PeriodKind kind = made.kind.value_or(figure.period.kind);
  std::vector<EvaluationPeriod> periods{figure.period};
  if (const auto before = figure.period.year_before(); made.year_before && before)
    periods.insert(periods.begin(), *before);
  std::vector<Figure> used;
  std::vector<Derived> values;
  for (const RosterPoint* point : points_of(context, figure, made.sort)) {
    for (const EvaluationPeriod& period : periods) {
      MJ_TRY(auto results,
             request.results(Level::point, point->id(), made.indicator, kind, period.begin, period.end()));
      if (!made.second.empty()) {
        MJ_TRY(const auto more,
               request.results(Level::point, point->id(), made.second, kind, period.begin, period.end()));
        results.insert(results.end(), more.begin(), more.end());
      }
      for (const Figure& result : results) {
        // A point counts for the group that it belonged to then.
        const registry::PointView* view = view_of(*point, result.period);
        if (view == nullptr || context.roster.group_of(*view, figure.level) != figure.subject) continue;
        if (!made.sort.empty() && view->sort != made.sort) continue;
        SheetInput input = figure_input(result, view->name.zh + " " + result.indicator, "");
        if (result.grade) input.text += (input.text.empty() ? "" : " ") + result.grade->name.zh;
        input.used = result.value.has_value() && (result.complete || made.incomplete);
        if (!result.complete) input.reason = result.reason;
        if (input.used) used.push_back(result);
        if (input.used) values.push_back(Derivation::input(sheet.inputs.size(), result.value));
        sheet.inputs.push_back(std::move(input));
      }
    }
  }
  for (SheetStep& step : made.steps(context, figure, used)) sheet.steps.push_back(std::move(step));
  Derivation derivation(sheet.operations, sheet.tables, figure.period);
  const Derived derived = made.derive ? made.derive(derivation, context, figure, used, values) : std::nullopt;
  if (!sheet.steps.empty()) sheet.steps.back().operation = operation_of(derived);
  conclude(sheet, derivation, derived);
  return {};
}

}  // namespace

bool complies(const Figure& figure) { return figure.grade && figure.grade->compliant.value_or(false); }

MadeOf share_of(std::string indicator, std::function<bool(const Figure&)> good, std::string clause,
                std::optional<PeriodKind> kind, std::optional<Decimal> not_above) {
  MadeOf made;
  if (not_above) {
    made.derive = [bound = *not_above](Derivation& derivation, const Context&, const Figure&,
                                       std::span<const Figure>, std::span<const Derived> values) {
      return derivation.ratio(derivation.scale(derivation.count(values, bound), {100, 0}),
                              derivation.count_all(values), kShareDigits);
    };
  }
  made.indicator = std::move(indicator);
  made.kind = kind;
  made.steps = [good = std::move(good), clause = std::move(clause)](const Context&, const Figure& figure,
                                                                    std::span<const Figure> results) {
    const auto fit = std::count_if(results.begin(), results.end(), good);
    const auto all = static_cast<std::int64_t>(results.size());
    SheetStep step = step_of(
        {"比例", "Share"}, fmt::format("{} / {} × 100", fit, all),
        all == 0 ? "—" : shown(assess::Exact::of(static_cast<std::int64_t>(fit) * 100, all).round(kShareDigits)),
        "%");
    step.clause = clause;
    step.verification = figure.verification;
    return std::vector{std::move(step)};
  };
  return made;
}

Result<Sheet> element_sheet(std::string_view element, const std::map<std::string, MadeOf>& made_of,
                            const Context& context, const SheetRequest& request) {
  const Evaluator& evaluator = *find_evaluator(element);
  Sheet sheet;
  sheet.figure = request.figure;
  if (request.figure.level == Level::point) {
    MJ_TRY(const bool judged, explain_judged(evaluator, context, request, sheet));
    if (judged) return sheet;
  }
  const auto made = made_of.find(request.figure.indicator);
  if (made == made_of.end())
    return Error(ErrorCode::not_found, fmt::format("{} of {} has no calculation sheet", request.figure.indicator,
                                                   request.figure.subject));
  MJ_CHECK(explain_made(made->second, context, request, sheet));
  return sheet;
}

}  // namespace mj::evaluation
