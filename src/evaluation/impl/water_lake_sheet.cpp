// Calculation of the trophic state of lakes and of black and odorous waters.
#include <cmath>

#include "mj/assess/other_water.hpp"
#include "mj/assess/rules_in_force.hpp"
#include "other_waters_sheet.hpp"
#include "water_items.hpp"

namespace mj::evaluation {

std::vector<SheetStep> trophic_steps(const WaterRules& water, const Context& context, const WaterMeans& means,
                                     Instant at, std::span<const Derived> derived, Derivation& derivation,
                                     Derived& figure) {
  constexpr std::uint8_t kIndexDigits = 2;  // as judge_trophic() gives it
  std::vector<SheetStep> steps;
  if (!water.trophic) return steps;
  const assess::TrophicRules& rules = *water.trophic;
  const auto values = trophic_values(rules, context, means);
  const assess::TrophicState state = assess::judge_trophic(rules, values);
  double weights = 0;
  for (std::size_t i = 0; i < rules.items.size(); ++i) weights += state.parts[i] ? rules.items[i].r2 : 0;
  const auto put = [&](standards::Text title, std::string formula, std::string result) {
    SheetStep step = step_of(std::move(title), std::move(formula), std::move(result), "");
    step.clause = "环办〔2011〕22号 二(二)2";
    step.verification = rules.verification;
    steps.push_back(std::move(step));
  };
  std::string sum;
  std::vector<Derived> weighted;
  std::vector<Derived> divisors;
  const auto rows = assess::rows_in_force(context.standards, "trophic_items", at);  // as rules.items
  for (std::size_t i = 0; i < rules.items.size(); ++i) {
    const assess::TrophicItem& item = rules.items[i];
    if (!state.parts[i]) continue;
    put({fmt::format("TLI({})", item.item), fmt::format("TLI({})", item.item)},
        fmt::format("10 × ({} {} {} × ln {})", item.a, item.b < 0 ? "−" : "+", std::abs(item.b),
                    to_text(without_zeros(*values[i]))),
        fmt::format("{:.4f}", *state.parts[i]));
    put({fmt::format("权重 W({})", item.item), fmt::format("Weight W({})", item.item)},
        fmt::format("{} / {:.4f}", item.r2, weights), fmt::format("{:.4f}", item.r2 / weights));
    const auto place = *water_item(item.item);
    const auto number = [&](const char* column) {
      return derivation.limit(
          parameter_table(*rows[i], fmt::format("trophic/{}/{}", item.item, column), rows[i]->decimal(column)));
    };
    const auto unit = context.standards.convert(Decimal{1, 0}, water_items()[place].unit, item.unit);
    Derived value = derived[place];
    if (unit && compare(*unit, {1, 0}) != 0) value = derivation.scale(value, *unit);
    const Derived weight = derivation.product_for(value, {number("r2")});
    const Derived part = derivation.scale(
        derivation.sum(std::array{derivation.product(std::array{number("b"), derivation.ln(value)}), number("a")}),
        {10, 0});
    steps[steps.size() - 2].operation = operation_of(part);
    weighted.push_back(derivation.product(std::array{weight, part}));
    divisors.push_back(weight);
    sum += fmt::format("{}{:.4f} × {:.4f}", sum.empty() ? "" : " + ", item.r2 / weights, *state.parts[i]);
  }
  figure = derivation.ratio(derivation.sum(weighted), derivation.sum(divisors), kIndexDigits,
                            "环办〔2011〕22号 二(二)2");
  put({"综合营养状态指数", "Trophic level index"}, sum, shown(state.index));
  steps.back().operation = operation_of(figure);
  if (state.grade != nullptr)
    put({"营养状态", "Trophic state"}, shown(state.index), std::string(state.grade->text("name_zh")));
  return steps;
}

std::vector<SheetStep> black_odorous_steps(const Context& context, const WaterMeans& means, const Figure& figure,
                                           std::span<const Derived> derived, Derivation& derivation,
                                           Derived& result) {
  constexpr std::uint8_t kDigits = 10;  // as the means are stored
  static constexpr std::array<const char*, 3> kGrades{"无", "轻度", "重度"};
  using Better = SheetTable::Better;
  std::vector<SheetStep> steps;
  std::vector<Derived> grades;
  for (const auto* limit : assess::rows_in_force(context.standards, "black_odorous", judged_at(figure.period))) {
    const std::string item(limit->text("item"));
    const std::string_view unit = limit->text("unit");
    const auto place = water_item(item);
    const auto mean = place && means.items[*place].mean ? means.items[*place].mean->round(kDigits) : std::nullopt;
    const auto value = mean ? in_unit(context.standards, *mean, water_items()[*place].unit, unit) : std::nullopt;
    if (!value) continue;
    const int grade = assess::black_odorous_grade(*limit, *value);
    // Not as good as the bound of light: 1; beyond the bound of heavy: one more. A class table says 1 for what is kept, 2 otherwise.
    const bool lower_is_worse = limit->text("rule") == "at_least";
    Derived number = derived[*place];
    const auto by = in_unit(context.standards, Decimal{1, 0}, water_items()[*place].unit, unit);
    if (by && compare(*by, {1, 0}) != 0) number = derivation.scale(number, *by);
    const auto side = [&](const char* bound, Better better) {
      return derivation.classify(number, limit_table(*limit, fmt::format("black_odorous/{}/{}", item, bound), item,
                                                     unit, limit->decimal(bound), better));
    };
    const Derived heavy = side("heavy", lower_is_worse ? Better::higher : Better::lower);
    const Derived light = side("light", lower_is_worse ? Better::lower : Better::higher);
    const Derived one = derivation.count_all(std::span(&heavy, 1));
    grades.push_back(derivation.sum(std::array{derivation.difference(heavy, light), one}));
    steps.push_back(step_of({item + " 黑臭分级", item + ", how black and odorous"}, to_text(without_zeros(*value)),
                            kGrades[static_cast<std::size_t>(grade)], std::string(unit), limit));
    steps.back().operation = operation_of(grades.back());
  }
  result = derivation.greatest(grades);
  steps.push_back(step_of({"取最重者", "The worst item decides"}, "max", shown(figure.value), ""));
  steps.back().operation = operation_of(result);
  return steps;
}

}  // namespace mj::evaluation
