// The city water quality index: means of sections → index of each item → index of rivers and lakes → of the district.
#include "water_index_sheet.hpp"

namespace mj::evaluation {
namespace {

using assess::Exact;

constexpr const char* kIndexClause = "环办监测〔2017〕51号 四";
constexpr const char* kChangeClause = "环办监测〔2017〕51号 五";

std::string index_text(const std::optional<Decimal>& value) { return value ? to_text(*value) : std::string(); }

/// The row of a named number in force; null when there is none.
const standards::RuleRow* number_row(const Context& context, std::string_view name, Instant at) {
  for (const standards::RuleRow& row : context.standards.rules("parameters")) {
    if (row.text("name") == name && row.validity.contains(at)) return &row;
  }
  return nullptr;
}

}  // namespace

Result<DerivedMeans> stored_means(const SheetRequest& request, Level level, std::string_view subject,
                                  const EvaluationPeriod& when, Sheet& sheet) {
  DerivedMeans means;
  MJ_TRY(const auto figures, request.results(level, subject, "", when.kind, when.begin, when.end()));
  for (std::size_t i = 0; i < water_items().size(); ++i) {
    const std::string indicator = "mean." + std::string(water_items()[i].key);
    const auto found = std::find_if(figures.begin(), figures.end(),
                                    [&](const Figure& figure) { return figure.indicator == indicator; });
    if (found == figures.end() || !found->value) continue;
    means.means.items[i].mean = *found->value;
    sheet.inputs.push_back(
        figure_input(*found, std::string(water_items()[i].key), std::string(water_items()[i].unit)));
    means.derived[i] = Derivation::input(sheet.inputs.size() - 1, found->value);
  }
  return means;
}

std::vector<const RosterPoint*> members_of(const Context& context, const Figure& figure,
                                           const EvaluationPeriod& when) {
  std::vector<const RosterPoint*> found;
  for (const RosterPoint& point : context.roster.points()) {
    const registry::PointView* view = view_of(point, when);
    if (view != nullptr && context.roster.group_of(*view, figure.level) == figure.subject) found.push_back(&point);
  }
  return found;
}

Result<WaterIndexSheet::District> WaterIndexSheet::district(const assess::CwqiRules& rules,
                                                            const EvaluationPeriod& when) {
  District district;
  for (const RosterPoint* point : members_of(context_, request_.figure, when)) {
    MJ_TRY(const DerivedMeans means, stored_means(request_, Level::point, point->id(), when, sheet_));
    const registry::PointView* view = view_of(*point, when);
    const assess::SectionMeans section = section_means(water_, means.means, view->lake);
    district.judged.add(rules, water_.sections, section,
                        view->lake ? standards::WaterBody::lake : standards::WaterBody::river,
                        assess::parse_class(view->target_class));
    Kind& kind = district.kinds[view->lake ? 1 : 0];
    const auto& judged = view->lake ? district.judged.lakes() : district.judged.rivers();
    if (judged.sections == kind.sections) continue;  // it has no class: it does not count
    kind.sections = judged.sections;
    for (const assess::SectionMeans::Item& item : section.items())
      kind.items[item.item].push_back(means.derived[*water_item(item.item->item)]);
  }
  MJ_CHECK(district.judged.finish(rules));
  return district;
}

Derived WaterIndexSheet::single(const assess::CwqiRules& rules, const standards::WaterItem& item,
                                const Derived& mean, const Exact& exact) {
  const Decimal value = rules.limit(item, exact);
  if (item.rule == standards::WaterRule::range) {
    const bool above = compare(value, rules.ph_high) == 0;
    const auto* neutral = number_row(context_, "ph_neutral", judged_at(request_.figure.period));
    const auto* end = number_row(context_, above ? "ph_high" : "ph_low", judged_at(request_.figure.period));
    if (neutral == nullptr || end == nullptr) return std::nullopt;
    const Derived from_neutral =
        derivation_.difference(mean, derivation_.limit(parameter_table(*neutral, "ph_neutral", rules.ph_neutral)));
    const Derived from_end =
        derivation_.difference(mean, derivation_.limit(parameter_table(*end, end->text("name"), value)));
    // (C − 7) / (Cs − 7): the divisor is the difference of both distances.
    return derivation_.long_ratio(from_neutral, derivation_.difference(from_neutral, from_end));
  }
  const Derived limit = derivation_.limit(
      parameter_table(rules.standard->edition,
                      fmt::format("class/{}/{}{}", item.item, assess::class_name(rules.reference_class),
                                  !item.body                                 ? ""
                                  : *item.body == standards::WaterBody::lake ? "/lake"
                                                                             : "/river"),
                      value, item.clause, item.verification));
  return item.rule == standards::WaterRule::at_least ? derivation_.long_ratio(limit, mean)
                                                     : derivation_.long_ratio(mean, limit);
}

void WaterIndexSheet::steps(const assess::CwqiRules& rules, District& district, const std::string& when) {
  const auto step = [&](standards::Text title, std::string formula, const Exact& result, std::uint8_t digits,
                        const Derived& shows) {
    SheetStep made;
    made.title = std::move(title);
    made.formula = std::move(formula);
    made.result = index_text(result.round(digits));
    made.clause = kIndexClause;
    made.verification = rules.verification;
    made.operation = operation_of(shows);
    sheet_.steps.push_back(std::move(made));
  };
  constexpr std::uint8_t kDigits = 6;
  std::vector<Derived> by_sections;
  for (const bool lakes : {false, true}) {
    const auto& kind = lakes ? district.judged.lakes() : district.judged.rivers();
    Kind& derived = district.kinds[lakes ? 1 : 0];
    std::vector<Derived> singles;
    for (const auto& item : kind.means.items()) {
      if (!item.item->basic) continue;
      const Exact mean = item.values.mean();
      const std::vector<Derived>& sections = derived.items[item.item];
      const Derived of_sections = sections.size() == 1 ? sections.front()
                                  : item.item->rule == standards::WaterRule::range
                                      ? derivation_.ph_mean(sections, kIndexClause)
                                      : derivation_.long_mean(sections);
      singles.push_back(single(rules, *item.item, of_sections, mean));
      const std::string c = index_text(mean.round(kDigits));
      const std::string limit = to_text(rules.limit(*item.item, mean));
      const std::string formula =
          item.item->rule == standards::WaterRule::at_most    ? fmt::format("{} / {}", c, limit)
          : item.item->rule == standards::WaterRule::at_least ? fmt::format("{} / {}", limit, c)
                                                              : fmt::format("({0} − 7) / ({1} − 7)", c, limit);
      step({fmt::format("{} {} {}（{}个断面）", when, lakes ? "湖库" : "河流", item.item->item,
                        item.values.count()),
            fmt::format("{} {} {} ({} sections)", when, lakes ? "lakes" : "rivers", item.item->item,
                        item.values.count())},
           formula, assess::cwqi_single(rules, *item.item, mean), kDigits, singles.back());
    }
    if (!kind.index) continue;
    derived.index = derivation_.sum(singles, kIndexClause);
    by_sections.insert(by_sections.end(), static_cast<std::size_t>(kind.sections), derived.index);
    step({when + (lakes ? " 湖库指数" : " 河流指数"), when + (lakes ? " index of lakes" : " index of rivers")},
         "Σ", *kind.index, rules.index_decimals, derived.index);
  }
  if (!district.judged.index()) return;
  const auto rivers = district.judged.rivers().sections;
  const auto lakes = district.judged.lakes().sections;
  // A mean in which each index stands as often as it has sections.
  district.index = rivers == 0  ? district.kinds[1].index
                   : lakes == 0 ? district.kinds[0].index
                                : derivation_.long_mean(by_sections);
  step({when + " 城市水质指数", when + " city water quality index"},
       fmt::format("(CWQI河流 × {} + CWQI湖库 × {}) / {}", rivers, lakes, rivers + lakes),
       *district.judged.index(), rules.index_decimals, district.index);
}

Result<Derived> WaterIndexSheet::write() {
  const EvaluationPeriod& period = request_.figure.period;
  MJ_TRY(const auto rules, assess::CwqiRules::load(context_.standards, judged_at(period)));
  MJ_TRY(District report, district(rules, period));
  steps(rules, report, period.label());
  if (request_.figure.indicator != "cwqi_change") return derivation_.round(report.index, rules.index_decimals);
  const auto before = period.year_before();
  if (!before) return Derived();
  MJ_TRY(District base, district(rules, *before));
  steps(rules, base, before->label());
  const Derived change = derivation_.round(
      derivation_.scale(derivation_.long_ratio(derivation_.difference(report.index, base.index), base.index),
                        {100, 0}),
      rules.change_decimals);
  SheetStep step;
  step.title = {"变化程度", "Change"};
  step.formula = "(CWQI − CWQI₀) / CWQI₀ × 100";
  step.result = index_text(assess::cwqi_change(rules, base.judged.index(), report.judged.index()));
  step.unit = "%";
  step.clause = kChangeClause;
  step.verification = rules.verification;
  step.operation = operation_of(change);
  sheet_.steps.push_back(std::move(step));
  return change;
}

}  // namespace mj::evaluation
