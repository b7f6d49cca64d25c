// Outlets: days against the limits of the standard that the register names, and masses.
#include "element_sheet.hpp"
#include "elements.hpp"
#include "group_rates.hpp"
#include "mj/assess/emission.hpp"
#include "mj/assess/rules_in_force.hpp"
#include "outlet.hpp"

namespace mj::evaluation {
namespace {

using enum PeriodKind;

constexpr std::string_view kSumClause = "HJ 75-2017; HJ 356-2019";
constexpr std::array kOutletLevels{Level::district, Level::city, Level::province};

Status judge_source_days(const Context& context, const PointValues& values, Sink& sink) {
  for (auto day = EvaluationPeriod::of(PeriodKind::day, values.from); day.begin < values.to; day = day.next()) {
    const registry::PointView* view = view_of(*values.point, day);
    if (view == nullptr) continue;
    // A series is chosen by what there is on the day: a day is judged alone as among others.
    std::vector<SampleSeries> of_day;
    for (const SampleSeries& series : values.series) {
      of_day.push_back(series);
      of_day.back().samples = series.within(day.begin, day.end());
      if (of_day.back().samples.empty()) of_day.pop_back();
    }
    const PointValues alone{values.point, day.begin, day.end(), of_day};
    OutletDay outlet(context, alone, *view, day);
    MJ_CHECK(outlet.emit_compliance(sink));
    MJ_CHECK(outlet.emit_masses(sink));
  }
  return {};
}

/// Masses of longer periods and of groups are sums of days.
Status sum_masses(const Context& context, const Summary& summary, Sink& sink) {
  struct Sum {
    assess::ExactSum mass;
    Inputs inputs;
    bool complete = true;
  };
  std::map<std::tuple<EvaluationPeriod, Level, std::string, std::size_t>, Sum> sums;
  MJ_CHECK(summary.rows(
      day, summary.years.front().begin, summary.years.back().end(), [&](const PointRow& row) -> Status {
        if (row.indicator < kOutletMasses || !row.value) return {};
        const RosterPoint& point = context.roster.points()[row.point];
        const registry::PointView* view = view_of(point, row.period);
        if (view == nullptr) return {};
        const auto add = [&](const EvaluationPeriod& period, Level level, std::string_view subject) {
          if (subject.empty() || (summary.wanted && !summary.wanted(period))) return;
          Sum& sum = sums[{period, level, std::string(subject), row.indicator}];
          sum.mass.add(*row.value);
          sum.inputs.add(row.inputs);
          sum.complete = sum.complete && row.complete;
        };
        for (const PeriodKind kind : {day, month, year}) {
          const auto period = EvaluationPeriod::of(kind, row.period.begin);
          if (kind != day) add(period, Level::point, point.id());
          for (const Level level : kOutletLevels) add(period, level, context.roster.group_of(*view, level));
        }
        return {};
      }));
  for (const auto& [key, sum] : sums) {
    Row row = row_of(std::get<1>(key), std::get<2>(key), std::get<0>(key), std::get<3>(key));
    row.value = sum.mass.sum().round(kMassDigits);
    row.inputs = sum.inputs;
    row.complete = sum.complete;
    if (!sum.complete) row.reason = "hours are missing in the days summed";
    MJ_CHECK(sink.emit(row));
  }
  return {};
}

Result<Sheet> source_sheet(const Context& context, const SheetRequest& request) {
  std::map<std::string, MadeOf> made{
      {"rate", share_of("exceed", complies, "HJ 75-2017; HJ 356-2019", day, Decimal{0, 0})}};
  for (const OutletMass& mass : outlet_masses()) {
    MadeOf sum;
    sum.indicator = "mass." + std::string(mass.item);
    sum.kind = day;
    sum.incomplete = true;
    sum.derive = [](Derivation& derivation, const Context&, const Figure&, std::span<const Figure>,
                    std::span<const Derived> values) { return derivation.sum(values, std::string(kSumClause)); };
    sum.steps = [](const Context&, const Figure& figure, std::span<const Figure> results) {
      SheetStep step = step_of({"各日排放量之和", "Sum of the days"}, fmt::format("Σ of {} days", results.size()),
                               shown(figure.value), "kg");
      step.verification = figure.verification;
      step.clause = kSumClause;
      return std::vector{std::move(step)};
    };
    std::string indicator = sum.indicator;
    made.emplace(std::move(indicator), std::move(sum));
  }
  return element_sheet("source", made, context, request);
}

Reads source_reads(const standards::StandardSet& standards) {
  Reads reads;
  reads.factors = factors_of_tables(standards, {"effluent_limits", "stack_limits", "outlet_terms"});
  reads.periods = {telemetry::Period::hour, telemetry::Period::day};
  return reads;
}

}  // namespace

Evaluator source_evaluator() {
  const std::vector<PeriodKind> all{day, month, year};
  Evaluator evaluator;
  evaluator.element = "source";
  evaluator.title = {"污染源", "Pollution sources"};
  evaluator.indicators = {
      {"exceed", {"最大超标倍数", "Greatest exceed multiple"}, "", {day}, Better::low},
      {"exceed_hours", {"超标小时数", "Hours beyond a limit"}, "h", {day}, Better::low},
      {"rate", {"达标天数比例", "Share of days that comply"}, "%", all, Better::high},
  };
  for (const OutletMass& mass : outlet_masses())
    evaluator.indicators.push_back({"mass." + std::string(mass.item),
                                    {std::string(mass.item) + "排放量", "Mass of " + std::string(mass.item)},
                                    "kg",
                                    all,
                                    Better::low});
  evaluator.levels = {Level::point, Level::district, Level::city, Level::province};
  evaluator.periods = all;
  evaluator.unit = day;
  evaluator.compliance_indicator = "exceed";
  evaluator.compliance_period = day;
  evaluator.compliance_bound = [](const Context&, const Figure&) { return ComplianceBound{Decimal{0, 0}}; };
  evaluator.reads = source_reads;
  evaluator.judge = judge_source_days;
  evaluator.sheet = source_sheet;
  evaluator.summarise = [](const Context& context, const Summary& summary, Sink& sink) -> Status {
    if (summary.years.empty()) return {};
    const std::uint16_t complies = sink.grade(compliance_grade(true));
    const auto good = [complies](const PointRow& row) { return row.grade == complies; };
    MJ_CHECK(emit_rates(context, summary, {kOutletExceed, kOutletRate, day, all_outlet_periods(), true, good},
                        kOutletLevels, sink));
    return sum_masses(context, summary, sink);
  };
  return evaluator;
}

}  // namespace mj::evaluation
