// What the sheets of groundwater and of sources of drinking water say of an item.
#include "other_waters_sheet.hpp"

namespace mj::evaluation {

std::string class_limits(const standards::RuleRow& limit) {
  std::string text;
  for (const char* column : {"I", "II", "III", "IV"}) {
    if (!limit.text(column).empty())
      text += fmt::format("{}{} {}", text.empty() ? "" : ", ", column, limit.text(column));
  }
  return text;
}

void explain_item(Explanation& to, const SampleSeries& series, const EvaluationPeriod& period,
                  std::string_view item, const std::optional<assess::Exact>& mean, SheetStep verdict) {
  const auto samples = series.within(period.begin, period.end());
  explain_values(to, Explanation::kEvery, series, samples, std::string(item));
  const std::string label(item);
  to.steps.emplace_back(
      Explanation::kEvery,
      step_of({label + " 均值", label + ", mean"}, item == "ph" || item == "pH" ? "−lg(Σ 10^−pH / n)" : "Σ x / n",
              long_text(mean), verdict.unit));
  to.steps.emplace_back(Explanation::kEvery, std::move(verdict));
}

void explain_basic(Explanation& to, const Context& context, const PointValues& values, const WaterRules& rules,
                   const EvaluationPeriod& period, bool lake, const assess::SectionVerdict& verdict) {
  for (const WaterItemTitle& title : water_items()) {
    const standards::WaterItem* item = rules.item(title.key, lake);
    for (const assess::ItemVerdict& part : verdict.parts) {
      if (part.item != item || item == nullptr) continue;
      const SampleSeries* series = water_series(context, values, item, title.key);
      const bool range = item->rule == standards::WaterRule::range;
      const ValuesOfItem measured = values_of_item(context, *series, item->unit, period, range);
      SheetStep step =
          step_of({std::string(title.key) + " 与Ⅲ类限值比较", std::string(title.key) + " against class III"},
                  fmt::format("{} : {}", to_text(part.judged),
                              to_text(item->limits[static_cast<std::size_t>(rules.sections.reference_class - 1)])),
                  part.exceed ? to_text(*part.exceed) : std::string(assess::class_name(part.value)), item->unit);
      step.clause = item->clause;
      step.verification = item->verification;
      explain_item(to, *series, period, title.key, measured.mean, std::move(step));
    }
  }
}

}  // namespace mj::evaluation
