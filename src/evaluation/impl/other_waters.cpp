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
constexpr int kFit = 4;  ///< groundwater up to class IV can be used with treatment

enum GroundwaterIndicator : std::size_t { kGroundClass, kGroundRate };
enum DrinkingIndicator : std::size_t { kSourceExceed, kSourceRate };

/// Periods of a year that a unit of values holds, as far as somebody wants them.
template <typename Use>
Status each_period(const PointValues& values, std::span<const PeriodKind> kinds, const Sink& sink,
                   const Use& use) {
  for (const PeriodKind kind : kinds) {
    for (auto period = EvaluationPeriod::of(kind, values.from); period.begin < values.to; period = period.next()) {
      if (!sink.wants(period) || !any_value(values, span_of(period))) continue;
      if (const registry::PointView* view = view_of(*values.point, period)) MJ_CHECK(use(period, *view));
    }
  }
  return {};
}

/// The values of each limit's item, looked up once for all periods of a year.
class SeriesOfLimits {
 public:
  SeriesOfLimits(const Context& context, const PointValues& values, std::string_view table)
      : context_(context), values_(values), table_(table) {}
  /// Null when the point has none in the period.
  const SampleSeries* of(const standards::RuleRow& limit, const EvaluationPeriod& period) {
    const auto [found, added] = factors_.emplace(&limit, std::vector<std::string>());
    if (added) found->second = factors_of(context_.factors, table_, limit.text("item"));
    for (const std::string& factor : found->second) {
      if (const SampleSeries* series = factor_series(values_, span_of(period), factor)) return series;
    }
    return nullptr;
  }

 private:
  const Context& context_;
  const PointValues& values_;
  std::string_view table_;
  std::map<const standards::RuleRow*, std::vector<std::string>> factors_;
};

Status judge_groundwater(const Context& context, const PointValues& values, Sink& sink) {
  SeriesOfLimits series_of(context, values, "groundwater_limits");
  return each_period(
      values, kWaterKinds, sink, [&](const EvaluationPeriod& period, const registry::PointView&) -> Status {
        Row row = row_of(Level::point, values.point->id(), period, kGroundClass);
        std::optional<SampledWaterSheet> sheet;
        if (Explanation* to = sink.explains(period)) sheet.emplace(*to, context);
        int worst = 0;
        std::string deciding;
        std::string standard;
        auto weakest = standards::Verification::verified;
        for (const auto* limit :
             assess::rows_in_force(context.standards, "groundwater_limits", judged_at(period))) {
          const std::string_view item = limit->text("item");
          const SampleSeries* series = series_of.of(*limit, period);
          if (series == nullptr) continue;
          const bool ph = limit->text("rule") == "range";
          const ValuesOfItem measured = values_of_item(context, *series, limit->text("unit"), period, ph);
          const auto mean = measured.mean ? measured.mean->round(kValueDigits) : std::nullopt;
          const auto value = mean ? assess::groundwater_class(*limit, to_text(*mean)) : std::nullopt;
          if (!value) continue;
          if (sheet)
            sheet->classified(
                sheet->mean(*series, {item, limit->text("unit"), ph, kValueDigits}, measured.mean),
                class_table(*limit),
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
        if (sheet) {
          SheetStep step = step_of({"类别取最差项目", "The worst item decides"}, "max",
                                   std::string(assess::class_name(worst)), "");
          step.clause = standard + " §6";
          sheet->worst(kGroundClass, std::move(step));
        }
        Grade grade = water_class_grade(worst, std::nullopt);
        // Class V is not fit as a source of drinking water; the reports count classes I–IV. Source: GB/T 14848-2017 §4.1.
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
    Decimal figure = multiple.value_or(kLeastMultiple);
    if (compare(figure, kLeastMultiple) < 0) figure = kLeastMultiple;
    if (!greatest || compare(figure, *greatest) > 0) greatest = figure;
  }
};

SourceOfWater judge_source(const Context& context, const PointValues& values, const WaterRules& rules,
                           const EvaluationPeriod& period, bool lake, SeriesOfLimits& series_of,
                           SampledWaterSheet* sheet) {
  SourceOfWater source;
  std::vector<assess::SectionValue> basic;
  for (const WaterItemTitle& title : water_items()) {
    const standards::WaterItem* item = rules.item(title.key, lake);
    if (item == nullptr || !item->basic) continue;
    const SampleSeries* series = water_series(context, values, period, item, title.key);
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
  if (sheet != nullptr) sheet->basic(values, rules, lake, verdict);
  source.items = basic.size();
  source.verification = std::max(source.verification, verdict.verification);
  for (const std::size_t place : verdict.worse)
    source.exceed(verdict.parts[place].item->item, verdict.parts[place].exceed);
  for (const auto* limit : assess::rows_in_force(context.standards, "water_source_limits", judged_at(period),
                                                 rules.sections.standard->edition.id)) {
    const SampleSeries* series = series_of.of(*limit, period);
    if (series == nullptr) continue;
    const auto measured = values_of_item(context, *series, limit->text("unit"), period);
    const auto mean = measured.mean ? measured.mean->round(kValueDigits) : std::nullopt;
    if (!mean) continue;
    ++source.items;
    source.inputs.add(measured.inputs);
    source.verification = std::max({source.verification, limit->verification, measured.verification});
    const auto part = assess::judge_source_item(rules.sections, *limit, *mean);
    if (sheet != nullptr) {
      const std::string item(limit->text("item"));
      const std::string_view unit = limit->text("unit");
      const Decimal bound = limit->decimal("limit");
      const std::string name = "source/" + item;
      sheet->compared(sheet->mean(*series, {item, unit, false, kValueDigits}, measured.mean),
                      limit_table(*limit, name + "/kept", item, unit, bound, SheetTable::Better::lower), 1,
                      part.exceed ? std::optional(parameter_table(*limit, name, bound)) : std::nullopt,
                      rules.sections.exceed_decimals,
                      step_of({item + " 与限值比较", item + " against its limit"},
                              fmt::format("{} : {}", to_text(*mean), limit->text("limit")),
                              part.compliant ? "✓"
                              : part.exceed  ? to_text(*part.exceed)
                                             : "✗",
                              std::string(unit), limit));
    }
    if (!part.compliant) source.exceed(limit->text("item"), part.exceed);
  }
  return source;
}

/// A source of groundwater keeps class III of GB/T 14848. Source: 环办〔2011〕22号 practice of the national reports.
SourceOfWater judge_well(const Context& context, const EvaluationPeriod& period, SeriesOfLimits& series_of,
                         SampledWaterSheet* sheet) {
  constexpr int kReference = 3;
  constexpr std::uint8_t kExceedDigits = 2;
  SourceOfWater source;
  for (const auto* limit : assess::rows_in_force(context.standards, "groundwater_limits", judged_at(period))) {
    const SampleSeries* series = series_of.of(*limit, period);
    if (series == nullptr) continue;
    const auto measured =
        values_of_item(context, *series, limit->text("unit"), period, limit->text("rule") == "range");
    const auto mean = measured.mean ? measured.mean->round(kValueDigits) : std::nullopt;
    const auto value = mean ? assess::groundwater_class(*limit, to_text(*mean)) : std::nullopt;
    if (!value) continue;
    ++source.items;
    source.inputs.add(measured.inputs);
    source.verification = std::max({source.verification, limit->verification, measured.verification});
    const auto third = *value > kReference ? parse_decimal(limit->text("III")) : std::nullopt;
    const bool multiple = third && third->mantissa > 0;
    if (sheet != nullptr) {
      const std::string item(limit->text("item"));
      const std::string_view unit = limit->text("unit");
      const bool ph = limit->text("rule") == "range";
      sheet->compared(sheet->mean(*series, {item, unit, ph, kValueDigits}, measured.mean), class_table(*limit),
                      kReference,
                      multiple ? std::optional(parameter_table(*limit, fmt::format("class/{}/III", item), *third))
                               : std::nullopt,
                      kExceedDigits,
                      step_of({item + " 类别（目标Ⅲ类）", item + ", class (III is to be kept)"},
                              fmt::format("{} : {}", to_text(*mean), class_limits(*limit)),
                              std::string(assess::class_name(*value)), std::string(unit), limit));
    }
    if (*value <= kReference) continue;
    source.exceed(limit->text("item"),
                  multiple ? ((assess::Exact(*mean) - *third) / *third).round(kExceedDigits) : std::nullopt);
  }
  return source;
}

Status judge_drinking(const Context& context, const PointValues& values, Sink& sink) {
  SeriesOfLimits of_wells(context, values, "groundwater_limits");
  SeriesOfLimits of_sources(context, values, "water_source_limits");
  return each_period(
      values, kWaterKinds, sink, [&](const EvaluationPeriod& period, const registry::PointView& view) -> Status {
        const auto rules = WaterRules::load(context.standards, judged_at(period));
        if (!rules) return {};
        const bool well = view.sort == "well";
        std::optional<SampledWaterSheet> written;
        if (Explanation* to = sink.explains(period)) written.emplace(*to, context);
        SampledWaterSheet* sheet = written ? &*written : nullptr;
        const SourceOfWater source =
            well ? judge_well(context, period, of_wells, sheet)
                 : judge_source(context, values, *rules, period, view.lake, of_sources, sheet);
        if (source.items == 0) return {};
        Row row = row_of(Level::point, values.point->id(), period, kSourceExceed);
        row.value = source.greatest.value_or(Decimal{0, 0});
        row.grade = sink.grade(compliance_grade(source.exceeding.empty()));
        row.primary = source.exceeding;
        if (sheet != nullptr)
          sheet->worst(kSourceExceed,
                       step_of({"最大超标倍数；超标而无倍数（pH、溶解氧）或不足0.01倍的计0.01",
                                "Greatest exceed multiple; what exceeds without one (pH, oxygen) or "
                                "by less counts 0.01"},
                               "max", to_text(*row.value), ""));
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
  evaluator.compliance_bound = [](const Context&, const Figure&) { return ComplianceBound{Decimal{kFit, 0}}; };
  evaluator.reads = [](const standards::StandardSet& standards) {
    return Reads{factors_of_tables(standards, {"groundwater_limits"}), {}, {}};
  };
  evaluator.judge = judge_groundwater;
  evaluator.sheet = [](const Context& context, const SheetRequest& request) {
    const auto fit = [](const Figure& figure) {
      return figure.value && compare(*figure.value, Decimal{4, 0}) <= 0;
    };
    return element_sheet(
        "groundwater",
        {{"fit_share", share_of("class", fit, "GB/T 14848-2017 §4.1", std::nullopt, Decimal{4, 0})}}, context,
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
  evaluator.compliance_bound = [](const Context&, const Figure&) { return ComplianceBound{Decimal{0, 0}}; };
  evaluator.reads = drinking_reads;
  evaluator.judge = judge_drinking;
  evaluator.sheet = [](const Context& context, const SheetRequest& request) {
    return element_sheet(
        "drinking_source",
        {{"rate", share_of("exceed", complies, "GB 3838-2002; GB/T 14848-2017", std::nullopt, Decimal{0, 0})}},
        context, request);
  };
  evaluator.summarise = summarise_drinking;
  return evaluator;
}

}  // namespace mj::evaluation
