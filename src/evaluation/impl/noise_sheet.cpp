// Calculation sheets of longer periods and of cities; days are explained where they are judged.
#include "element_sheet.hpp"
#include "noise.hpp"

namespace mj::evaluation {
namespace {

bool is_nothing_over(const Figure& figure) { return figure.value && figure.value->mantissa == 0; }

}  // namespace

Result<Sheet> noise_sheet(const Context& context, const SheetRequest& request) {
  const auto mean_of = [](std::string indicator, std::string sort, standards::Text title, std::string formula,
                          std::string clause) {
    MadeOf made;
    if (sort != "road" && indicator != "ldn") {
      made.derive = [energy = sort.empty(), clause](Derivation& derivation, const Context&, const Figure& figure,
                                                    std::span<const Figure>, std::span<const Derived> values) {
        const std::uint8_t decimals = figure.value ? figure.value->decimals : std::uint8_t{1};
        return energy ? derivation.level(values, decimals, clause) : derivation.mean(values, decimals, clause);
      };
    }
    made.indicator = std::move(indicator);
    made.sort = std::move(sort);
    if (made.sort.empty()) made.kind = PeriodKind::day;
    made.steps = [title = std::move(title), formula = std::move(formula), clause = std::move(clause)](
                     const Context&, const Figure& figure, std::span<const Figure> results) {
      SheetStep step =
          step_of(title, fmt::format("{} (n = {})", formula, results.size()), shown(figure.value), "dB(A)");
      step.clause = clause;
      step.verification = figure.verification;
      return std::vector{std::move(step)};
    };
    return made;
  };
  const standards::Text energy{"各日能量平均", "Mean of energy over the days"};
  const standards::Text grid{"网格点算术平均", "Mean of the grid"};
  const standards::Text roads{"路段长度加权平均", "Mean of the roads, weighted by their length"};
  const std::string kEnergy = "10·lg(Σ 10^(0.1·L) / n)";
  const std::string kGrades = "HJ 640-2012";
  return element_sheet(
      "noise",
      {{"ld", mean_of("ld", "", energy, kEnergy, "GB 3096-2008")},
       {"ln", mean_of("ln", "", energy, kEnergy, "GB 3096-2008")},
       {"ldn", mean_of("ldn", "", energy, kEnergy, "GB 3096-2008")},
       {"ld_rate", share_of("ld_over", is_nothing_over, "GB 3096-2008", PeriodKind::day, Decimal{0, 0})},
       {"ln_rate", share_of("ln_over", is_nothing_over, "GB 3096-2008", PeriodKind::day, Decimal{0, 0})},
       {"regional_day", mean_of("ld", "area", grid, "Σ L / n", kGrades)},
       {"regional_night", mean_of("ln", "area", grid, "Σ L / n", kGrades)},
       {"road_day", mean_of("ld", "road", roads, "Σ L·l / Σ l", kGrades)},
       {"road_night", mean_of("ln", "road", roads, "Σ L·l / Σ l", kGrades)}},
      context, request);
}

}  // namespace mj::evaluation
