// Calculation sheets of longer periods and of cities; days are explained where they are judged.
#include "element_sheet.hpp"
#include "noise_day.hpp"

namespace mj::evaluation {
namespace {

constexpr const char* kZoneEdition = "GB 3096-2008";
constexpr const char* kGridEdition = "HJ 640-2012";

bool is_nothing_over(const Figure& figure) { return figure.value && figure.value->mantissa == 0; }

std::uint8_t decimals_of(const Figure& figure) { return figure.value ? figure.value->decimals : std::uint8_t{1}; }

/// One step that says how a level is made of results.
auto level_step(standards::Text title, std::string formula, std::string clause) {
  return [title = std::move(title), formula = std::move(formula), clause = std::move(clause)](
             const Context&, const Figure& figure, std::span<const Figure> results) {
    SheetStep step =
        step_of(title, fmt::format("{} (n = {})", formula, results.size()), shown(figure.value), "dB(A)");
    step.clause = clause;
    step.verification = figure.verification;
    return std::vector{std::move(step)};
  };
}

MadeOf energy_of_days(std::string indicator) {
  MadeOf made;
  made.indicator = std::move(indicator);
  made.kind = PeriodKind::day;
  made.steps =
      level_step({"各日能量平均", "Mean of energy over the days"}, "10·lg(Σ 10^(0.1·L) / n)", kZoneEdition);
  made.derive = [](Derivation& derivation, const Context&, const Figure& figure, std::span<const Figure>,
                   std::span<const Derived> values) {
    return derivation.level(values, decimals_of(figure), kZoneEdition);
  };
  return made;
}

/// Of the days' levels by day and by night, not of their day-night levels: the days that have one of both count as well.
MadeOf day_night_of_days() {
  MadeOf made;
  made.indicator = "ld";
  made.second = "ln";
  made.kind = PeriodKind::day;
  made.steps = level_step({"各日昼间、夜间能量平均合成昼夜等效声级", "Day-night level of the days' levels"},
                          "10·lg((16·10^(0.1·Ld) + 8·10^(0.1·(Ln + 10))) / 24)", kZoneEdition);
  made.derive = [](Derivation& derivation, const Context& context, const Figure&, std::span<const Figure> results,
                   std::span<const Derived> values) -> Derived {
    const auto times = assess::NoiseTimes::load(context.standards);
    if (!times) return std::nullopt;
    std::array<std::vector<Derived>, 2> parts;
    for (std::size_t i = 0; i < results.size(); ++i)
      parts[results[i].indicator == "ld" ? 0 : 1].push_back(values[i]);
    return derive_day_night(derivation, context.standards, *times, parts[0], parts[1]);
  };
  return made;
}

MadeOf mean_of_grid(std::string indicator) {
  MadeOf made;
  made.indicator = std::move(indicator);
  made.sort = "area";
  made.steps = level_step({"网格点算术平均", "Mean of the grid"}, "Σ L / n", kGridEdition);
  made.derive = [](Derivation& derivation, const Context&, const Figure& figure, std::span<const Figure>,
                   std::span<const Derived> values) {
    return derivation.mean(values, decimals_of(figure), kGridEdition);
  };
  return made;
}

/// The length of a road as the register says it.
SheetTable length_table(std::string_view point, Decimal length) {
  SheetTable table;
  table.id = fmt::format("register/{}/length_km", point);
  table.edition = "register 点位登记";
  table.validity.from = Instant::from_ms(std::numeric_limits<std::int64_t>::min());
  table.clause = "length_km";
  table.rows.push_back({length, std::nullopt, ""});
  return table;
}

std::optional<Decimal> length_of(const Context& context, const Figure& road) {
  const auto place = context.roster.place(road.subject);
  const registry::PointView* view = place ? view_of(context.roster.points()[*place], road.period) : nullptr;
  return view == nullptr ? std::nullopt : parse_decimal(attribute(*view, "length_km"));
}

/// Weighted by length, when the register has that of every road; otherwise the figure says that it is not.
MadeOf mean_of_roads(std::string indicator) {
  MadeOf made;
  made.indicator = std::move(indicator);
  made.sort = "road";
  made.steps = [](const Context& context, const Figure& figure, std::span<const Figure> results) {
    if (!figure.complete)
      return level_step({"路段算术平均（缺少路段长度，未加权）", "Mean of the roads, not weighted"}, "Σ L / n",
                        kGridEdition)(context, figure, results);
    std::string above;
    std::string below;
    constexpr std::size_t kMostNamed = 8;
    if (results.size() > kMostNamed)
      return level_step({"路段长度加权平均", "Mean of the roads, weighted by their length"}, "Σ L·l / Σ l",
                        kGridEdition)(context, figure, results);
    for (const Figure& road : results) {
      const char* plus = above.empty() ? "" : " + ";
      const std::string length = shown(length_of(context, road));
      above += fmt::format("{}{}·{}", plus, shown(road.value), length);
      below += plus + length;
    }
    SheetStep step = step_of({"路段长度加权平均", "Mean of the roads, weighted by their length"},
                             fmt::format("Σ L·l / Σ l = ({}) / ({})", above, below), shown(figure.value), "dB(A)");
    step.clause = kGridEdition;
    step.verification = figure.verification;
    return std::vector{std::move(step)};
  };
  made.derive = [](Derivation& derivation, const Context& context, const Figure& figure,
                   std::span<const Figure> results, std::span<const Derived> values) -> Derived {
    if (!figure.complete) return derivation.mean(values, decimals_of(figure), kGridEdition);
    std::vector<Derived> weighted;
    std::vector<Derived> lengths;
    for (std::size_t i = 0; i < results.size(); ++i) {
      const auto length = length_of(context, results[i]);
      if (!length) return std::nullopt;
      const Derived limit = derivation.limit(length_table(results[i].subject, *length));
      weighted.push_back(derivation.product(std::array{values[i], limit}));
      lengths.push_back(derivation.product_for(values[i], {limit}));
    }
    return derivation.ratio(derivation.sum(weighted), derivation.sum(lengths), decimals_of(figure), kGridEdition);
  };
  return made;
}

}  // namespace

Result<Sheet> noise_sheet(const Context& context, const SheetRequest& request) {
  return element_sheet(
      "noise",
      {{"ld", energy_of_days("ld")},
       {"ln", energy_of_days("ln")},
       {"ldn", day_night_of_days()},
       {"ld_rate", share_of("ld_over", is_nothing_over, kZoneEdition, PeriodKind::day, Decimal{})},
       {"ln_rate", share_of("ln_over", is_nothing_over, kZoneEdition, PeriodKind::day, Decimal{})},
       {"regional_day", mean_of_grid("ld")},
       {"regional_night", mean_of_grid("ln")},
       {"road_day", mean_of_roads("ld")},
       {"road_night", mean_of_roads("ln")}},
      context, request);
}

}  // namespace mj::evaluation
