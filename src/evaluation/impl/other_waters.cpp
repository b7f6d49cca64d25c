// Groundwater and sources of drinking water: months, quarters and years from the samples taken in them.
#include "mj/assess/other_water.hpp"

#include "element_sheet.hpp"
#include "elements.hpp"
#include "group_rates.hpp"
#include "mj/assess/basin.hpp"
#include "mj/assess/rules_in_force.hpp"
#include "other_waters_sheet.hpp"
#include "water_items.hpp"

namespace mj::evaluation {
namespace {

using enum PeriodKind;

constexpr std::array kGroupLevels{Level::district, Level::city, Level::province};
constexpr std::array kWaterKinds{month, quarter, year};
constexpr std::uint8_t kValueDigits = 6;

enum GroundwaterIndicator : std::size_t { kGroundClass, kGroundRate };
enum DrinkingIndicator : std::size_t { kSourceExceed, kSourceRate };

/// Periods of a year that a unit of values holds.
template <typename Use>
Status each_period(const PointValues& values, std::span<const PeriodKind> kinds, const Use& use) {
  for (const PeriodKind kind : kinds) {
    for (auto period = EvaluationPeriod::of(kind, values.from); period.begin < values.to; period = period.next()) {
      if (const registry::PointView* view = view_of(*values.point, period)) MJ_CHECK(use(period, *view));
    }
  }
  return {};
}

Status judge_groundwater(const Context& context, const PointValues& values, Sink& sink) {
  return each_period(
      values, kWaterKinds, [&](const EvaluationPeriod& period, const registry::PointView&) -> Status {
        Row row = row_of(Level::point, values.point->id(), period, kGroundClass);
        int worst = 0;
        std::string deciding;
        std::string standard;
        auto weakest = standards::Verification::verified;
        for (const auto* limit : assess::rows_in_force(context.standards, "groundwater_limits", period.begin)) {
          const std::string_view item = limit->text("item");
          const SampleSeries* series = item_series(context, values, "groundwater_limits", item);
          if (series == nullptr) continue;
          const bool ph = limit->text("rule") == "range";
          const ValuesOfItem measured = values_of_item(context, *series, limit->text("unit"), period, ph);
          const auto mean = measured.mean ? measured.mean->round(kValueDigits) : std::nullopt;
          const auto value = mean ? assess::groundwater_class(*limit, to_text(*mean)) : std::nullopt;
          if (!value) continue;
          if (Explanation* to = sink.explains(period))
            explain_item(
                *to, *series, period, item, measured.mean,
                step_of({std::string(item) + " 类别", std::string(item) + ", class"},
                        fmt::format("{} : {}", to_text(*mean), class_limits(*limit)),
                        std::string(assess::class_name(*value)), std::string(limit->text("unit")), limit));
          if (*value > worst) deciding.clear();
          worst = std::max(worst, *value);
          if (*value == worst && worst > 1) deciding += (deciding.empty() ? "" : "+") + std::string(item);
          weakest = std::max({weakest, limit->verification, measured.verification});
          standard = limit->edition;
          row.inputs.add(measured.inputs);
        }
        if (worst == 0) return {};
        if (Explanation* to = sink.explains(period)) {
          to->steps.emplace_back(kGroundClass, step_of({"类别取最差项目", "The worst item decides"}, "max",
                                                       std::string(assess::class_name(worst)), ""));
          to->steps.back().second.clause = standard + " §6";
        }
        Grade grade = water_class_grade(worst, std::nullopt);
        // Class V is not fit as a source of drinking water; the reports count classes I–IV. Source: GB/T 14848-2017 §4.1.
        constexpr int kFit = 4;
        grade.compliant = worst <= kFit;
        row.value = Decimal{worst, 0};
        row.grade = sink.grade(grade);
        row.primary = deciding;
        row.standard = standard;
        row.verification = weakest;
        return sink.emit(row);
      });
}

Status summarise_groundwater(const Context& context, const Summary& summary, Sink& sink) {
  const auto fit = [](const PointRow& row) { return row.value && compare(*row.value, Decimal{4, 0}) <= 0; };
  for (const PeriodKind kind : kWaterKinds)
    MJ_CHECK(
        emit_rates(context, summary, {kGroundClass, kGroundRate, kind, {kind}, false, fit}, kGroupLevels, sink));
  return {};
}

/// Tables 1, 2 and 3 of GB 3838 at a source in a period.
struct SourceOfWater {
  std::optional<Decimal> greatest;  ///< exceed multiple
  std::string exceeding;
  std::size_t items = 0;
  Inputs inputs;
  standards::Verification verification = standards::Verification::verified;

  void exceed(std::string_view item, const std::optional<Decimal>& multiple) {
    exceeding += fmt::format("{}{}{}", exceeding.empty() ? "" : "+", item,
                             multiple ? fmt::format("({})", to_text(*multiple)) : std::string());
    const Decimal figure = multiple.value_or(Decimal{1, 2});  // pH and oxygen have no multiple, yet they exceed
    if (!greatest || compare(figure, *greatest) > 0) greatest = figure;
  }
};

SourceOfWater judge_source(const Context& context, const PointValues& values, const WaterRules& rules,
                           const EvaluationPeriod& period, bool lake, const Sink& sink) {
  SourceOfWater source;
  std::vector<assess::SectionValue> basic;
  for (const WaterItemTitle& title : water_items()) {
    const standards::WaterItem* item = rules.item(title.key, lake);
    if (item == nullptr || !item->basic) continue;
    const SampleSeries* series = water_series(context, values, item, title.key);
    if (series == nullptr) continue;
    const auto measured =
        values_of_item(context, *series, item->unit, period, item->rule == standards::WaterRule::range);
    const auto mean = measured.mean ? assess::judged_mean(*item, *measured.mean) : std::nullopt;
    if (!mean) continue;
    basic.push_back({item, *mean, false});
    source.verification = std::max(source.verification, measured.verification);
    source.inputs.add(measured.inputs);
  }
  const auto verdict = assess::judge_section(rules.sections, basic);
  if (Explanation* to = sink.explains(period)) explain_basic(*to, context, values, rules, period, lake, verdict);
  source.items = basic.size();
  source.verification = std::max(source.verification, verdict.verification);
  for (const std::size_t place : verdict.worse)
    source.exceed(verdict.parts[place].item->item, verdict.parts[place].exceed);
  for (const auto* limit : assess::rows_in_force(context.standards, "water_source_limits", period.begin,
                                                 rules.sections.standard->edition.id)) {
    const SampleSeries* series = item_series(context, values, "water_source_limits", limit->text("item"));
    if (series == nullptr) continue;
    const auto measured = values_of_item(context, *series, limit->text("unit"), period);
    const auto mean = measured.mean ? measured.mean->round(kValueDigits) : std::nullopt;
    if (!mean) continue;
    ++source.items;
    source.inputs.add(measured.inputs);
    source.verification = std::max({source.verification, limit->verification, measured.verification});
    const auto part = assess::judge_source_item(rules.sections, *limit, *mean);
    if (Explanation* to = sink.explains(period)) {
      const std::string item(limit->text("item"));
      explain_item(*to, *series, period, item, measured.mean,
                   step_of({item + " 与限值比较", item + " against its limit"},
                           fmt::format("{} : {}", to_text(*mean), limit->text("limit")),
                           part.compliant ? "✓"
                           : part.exceed  ? to_text(*part.exceed)
                                          : "✗",
                           std::string(limit->text("unit")), limit));
    }
    if (!part.compliant) source.exceed(limit->text("item"), part.exceed);
  }
  return source;
}

/// A source of groundwater keeps class III of GB/T 14848. Source: 环办〔2011〕22号 practice of the national reports.
SourceOfWater judge_well(const Context& context, const PointValues& values, const EvaluationPeriod& period,
                         const Sink& sink) {
  constexpr int kReference = 3;
  SourceOfWater source;
  for (const auto* limit : assess::rows_in_force(context.standards, "groundwater_limits", period.begin)) {
    const SampleSeries* series = item_series(context, values, "groundwater_limits", limit->text("item"));
    if (series == nullptr) continue;
    const auto measured =
        values_of_item(context, *series, limit->text("unit"), period, limit->text("rule") == "range");
    const auto mean = measured.mean ? measured.mean->round(kValueDigits) : std::nullopt;
    const auto value = mean ? assess::groundwater_class(*limit, to_text(*mean)) : std::nullopt;
    if (!value) continue;
    ++source.items;
    source.inputs.add(measured.inputs);
    source.verification = std::max({source.verification, limit->verification, measured.verification});
    if (Explanation* to = sink.explains(period)) {
      const std::string item(limit->text("item"));
      explain_item(*to, *series, period, item, measured.mean,
                   step_of({item + " 类别（目标Ⅲ类）", item + ", class (III is to be kept)"},
                           fmt::format("{} : {}", to_text(*mean), class_limits(*limit)),
                           std::string(assess::class_name(*value)), std::string(limit->text("unit")), limit));
    }
    if (*value <= kReference) continue;
    const auto third = parse_decimal(limit->text("III"));
    source.exceed(limit->text("item"), third && third->mantissa > 0
                                           ? ((assess::Exact(*mean) - *third) / *third).round(2)
                                           : std::nullopt);
  }
  return source;
}

Status judge_drinking(const Context& context, const PointValues& values, Sink& sink) {
  return each_period(
      values, kWaterKinds, [&](const EvaluationPeriod& period, const registry::PointView& view) -> Status {
        const auto rules = WaterRules::load(context.standards, period.begin);
        if (!rules) return {};
        const bool well = view.sort == "well";
        const SourceOfWater source = well ? judge_well(context, values, period, sink)
                                          : judge_source(context, values, *rules, period, view.lake, sink);
        if (source.items == 0) return {};
        Row row = row_of(Level::point, values.point->id(), period, kSourceExceed);
        row.value = source.greatest.value_or(Decimal{0, 0});
        row.grade = sink.grade(compliance_grade(source.exceeding.empty()));
        row.primary = source.exceeding;
        if (Explanation* to = sink.explains(period))
          to->steps.emplace_back(kSourceExceed, step_of({"最大超标倍数", "Greatest exceed multiple"}, "max",
                                                        to_text(*row.value), ""));
        row.standard =
            well ? std::string_view("GB/T 14848-2017") : std::string_view(rules->sections.standard->edition.id);
        row.verification = source.verification;
        row.inputs = source.inputs;
        return sink.emit(row);
      });
}

Status summarise_drinking(const Context& context, const Summary& summary, Sink& sink) {
  for (const PeriodKind kind : kWaterKinds)
    MJ_CHECK(emit_rates(context, summary, {kSourceExceed, kSourceRate, kind, {kind}, false, is_zero}, kGroupLevels,
                        sink));
  return {};
}

Reads drinking_reads(const standards::StandardSet& standards) {
  Reads reads;
  reads.factors = factors_of_tables(standards, {"water_source_limits", "groundwater_limits"});
  for (const standards::WaterStandard& edition : standards.water_editions()) {
    for (const standards::WaterItem& item : edition.items) {
      if (!item.factor.empty()) reads.factors.push_back(item.factor);
    }
  }
  return reads;
}

Evaluator water_of_year(std::string element, standards::Text title) {
  Evaluator evaluator;
  evaluator.element = std::move(element);
  evaluator.title = std::move(title);
  evaluator.levels = {Level::point, Level::district, Level::city, Level::province};
  evaluator.periods = {month, quarter, year};
  evaluator.unit = year;
  evaluator.compliance_period = month;
  return evaluator;
}

}  // namespace

Evaluator groundwater_evaluator() {
  Evaluator evaluator = water_of_year("groundwater", {"地下水", "Groundwater"});
  evaluator.indicators = {
      {"class", {"水质类别", "Water class"}, "", evaluator.periods, Better::low},
      {"fit_share", {"Ⅰ～Ⅳ类点位比例", "Share of classes I–IV"}, "%", evaluator.periods, Better::high},
  };
  evaluator.compliance_indicator = "class";
  evaluator.reads = [](const standards::StandardSet& standards) {
    return Reads{factors_of_tables(standards, {"groundwater_limits"}), {}, {}};
  };
  evaluator.judge = judge_groundwater;
  evaluator.sheet = [](const Context& context, const SheetRequest& request) {
    const auto fit = [](const Figure& figure) {
      return figure.value && compare(*figure.value, Decimal{4, 0}) <= 0;
    };
    return element_sheet("groundwater", {{"fit_share", share_of("class", fit, "GB/T 14848-2017 §4.1")}}, context,
                         request);
  };
  evaluator.summarise = summarise_groundwater;
  return evaluator;
}

Evaluator drinking_evaluator() {
  Evaluator evaluator = water_of_year("drinking_source", {"饮用水水源", "Drinking-water sources"});
  evaluator.indicators = {
      {"exceed", {"最大超标倍数", "Greatest exceed multiple"}, "", evaluator.periods, Better::low},
      {"rate", {"水源达标率", "Share of sources that comply"}, "%", evaluator.periods, Better::high},
  };
  evaluator.compliance_indicator = "exceed";
  evaluator.reads = drinking_reads;
  evaluator.judge = judge_drinking;
  evaluator.sheet = [](const Context& context, const SheetRequest& request) {
    return element_sheet("drinking_source",
                         {{"rate", share_of("exceed", complies, "GB 3838-2002; GB/T 14848-2017")}}, context,
                         request);
  };
  evaluator.summarise = summarise_drinking;
  return evaluator;
}

}  // namespace mj::evaluation
