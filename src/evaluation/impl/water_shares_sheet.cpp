// Calculation sheets of groups of sections: shares of classes, targets.
#include "water_shares_sheet.hpp"

#include "mj/assess/basin.hpp"

namespace mj::evaluation {

/// Whether a group counts a section: one of which an item of the class has enough values. Others have a class for the reader only.
Result<bool> WaterSharesSheet::judged(std::string_view point, bool lake) {
  MJ_TRY(const auto figures, request_.results(Level::point, point, "", request_.figure.period.kind,
                                              request_.figure.period.begin, request_.figure.period.end()));
  return std::any_of(figures.begin(), figures.end(), [&](const Figure& figure) {
    if (!figure.indicator.starts_with("mean.") || !figure.value) return false;
    const standards::WaterItem* item = rules_.item(std::string_view(figure.indicator).substr(5), lake);
    return item != nullptr && item->basic;
  });
}

Result<Derived> WaterSharesSheet::write() {
  std::array<std::int64_t, 7> counts{};
  std::int64_t all = 0;
  std::vector<Derived> classes;
  std::map<int, std::vector<Derived>> by_target;
  for (const RosterPoint* point : members_of(context_, request_.figure, request_.figure.period)) {
    const registry::PointView* view = view_of(*point, request_.figure.period);
    MJ_TRY(const bool counted, judged(point->id(), view->lake));
    MJ_TRY(const auto figures, request_.results(Level::point, point->id(), "class", request_.figure.period.kind,
                                                request_.figure.period.begin, request_.figure.period.end()));
    for (const Figure& figure : figures) {
      SheetInput input = figure_input(figure, point->newest().name.zh, "");
      if (figure.grade) input.text = figure.grade->name.zh;
      input.used = input.used && counted;
      sheet_.inputs.push_back(std::move(input));
      if (!figure.value || !counted) continue;
      ++all;
      ++counts[static_cast<std::size_t>(std::clamp<std::int64_t>(round_gb8170(*figure.value, 0).mantissa, 0, 6))];
      classes.push_back(Derivation::input(sheet_.inputs.size() - 1, figure.value));
      if (const auto target = assess::parse_class(view->target_class))
        by_target[*target].push_back(classes.back());
    }
  }
  const Derived total = derivation_.count_all(classes);
  const std::string_view indicator = request_.figure.indicator;
  for (std::size_t i = 1; i < counts.size(); ++i) {
    SheetStep step;
    const std::string name(assess::class_name(static_cast<int>(i)));
    step.title = {name + "类断面比例", "Share of class " + name};
    step.formula = fmt::format("{} / {} × 100", counts[i], all);
    step.result = text_or_empty(assess::Exact::of(counts[i] * 100, all).round(rules_.sections.share_decimals));
    step.unit = "%";
    step.clause = kShareClause;
    if (indicator == fmt::format("share_{}", i) || (i == 6 && indicator == "bad_share")) {
      figure_derived_ =
          share(derivation_.difference(derivation_.count(classes, {static_cast<std::int64_t>(i), 0}),
                                       derivation_.count(classes, {static_cast<std::int64_t>(i) - 1, 0})),
                total);
      step.operation = operation_of(figure_derived_);
    }
    sheet_.steps.push_back(std::move(step));
  }
  if (indicator == "good_share") {
    figure_derived_ = share(derivation_.count(classes, {3, 0}), total);
    add_share({"Ⅰ～Ⅲ类断面比例", "Share of classes I–III"}, counts[1] + counts[2] + counts[3], all);
  }
  if (indicator == "target_rate" && !by_target.empty()) add_target_rate(by_target);
  if (all < static_cast<std::int64_t>(rules_.sections.few_sections)) {
    SheetStep step;
    step.title = {fmt::format("断面少于{}个：按均值评价", rules_.sections.few_sections),
                  fmt::format("Fewer than {} sections: judged by their means", rules_.sections.few_sections)};
    step.clause = kShareClause;
    sheet_.steps.push_back(std::move(step));
  }
  return figure_derived_;
}

Derived WaterSharesSheet::share(const Derived& part, const Derived& all) {
  return derivation_.ratio(derivation_.scale(part, {100, 0}), all, rules_.sections.share_decimals, kShareClause);
}

void WaterSharesSheet::add_share(standards::Text title, std::int64_t part, std::int64_t all) {
  SheetStep step;
  step.title = std::move(title);
  step.formula = fmt::format("{} / {} × 100", part, all);
  step.result = text_or_empty(assess::Exact::of(part * 100, all).round(rules_.sections.share_decimals));
  step.unit = "%";
  step.clause = kShareClause;
  step.operation = operation_of(figure_derived_);
  sheet_.steps.push_back(std::move(step));
}

void WaterSharesSheet::add_target_rate(const std::map<int, std::vector<Derived>>& by_target) {
  std::vector<Derived> reached;
  std::vector<Derived> all;
  std::int64_t reached_count = 0;
  for (const auto& [target, classes] : by_target) {
    reached.push_back(derivation_.count(classes, {target, 0}));
    if (reached.back()) reached_count += reached.back()->value.mantissa;
    all.insert(all.end(), classes.begin(), classes.end());
  }
  figure_derived_ = share(derivation_.sum(reached), derivation_.count_all(all));
  add_share({"达到目标类别的断面比例", "Share of sections at their target"}, reached_count,
            static_cast<std::int64_t>(all.size()));
}

}  // namespace mj::evaluation
