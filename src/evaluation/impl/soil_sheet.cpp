// Calculation of a year of soil: limits by land and pH, excesses, single indices, Nemerow index.
#include "soil_sheet.hpp"

#include <cmath>

#include "newest_value.hpp"

namespace mj::evaluation {
namespace {

constexpr const char* kIndexClause = "HJ/T 166-2004 §12.2";
/// The root of an index is computed with so many, as it is stored before it is rounded.
constexpr std::uint8_t kRootDigits = 9;

/// A table that several rows of an edition make: in force when all of them are.
SheetTable table_of(std::span<const assess::SoilBand> bands, std::string id) {
  const standards::RuleRow& first = *bands.front().row;
  SheetTable table;
  table.id = std::move(id);
  table.edition = first.edition;
  table.clause = first.clause;
  table.validity = first.validity;
  table.verification = first.verification;
  for (const assess::SoilBand& band : bands) {
    const standards::Validity& validity = band.row->validity;
    table.validity.from = std::max(table.validity.from, validity.from);
    if (validity.to) table.validity.to = std::min(table.validity.to.value_or(*validity.to), *validity.to);
    table.verification = std::max(table.verification, band.row->verification);
  }
  return table;
}

/// Which band a pH lies in: 1 is the lowest.
SheetTable band_table(std::span<const assess::SoilBand> bands, std::string id, const std::string& factor) {
  SheetTable table = table_of(bands, std::move(id));
  table.kind = SheetTable::Kind::classes;
  table.factor = factor;
  for (const assess::SoilBand& band : bands) {
    if (band.ph_to) table.rows.push_back({*band.ph_to, std::nullopt, std::to_string(table.rows.size() + 1)});
  }
  return table;
}

/// The limits by band, as break points ascend: of limits that fall the bands count downwards from −1. None when they do neither.
std::optional<SheetTable> limit_table(std::span<const assess::SoilBand> bands, std::string id,
                                      const std::string& item, bool& falling) {
  std::vector<Decimal> limits;
  for (const assess::SoilBand& band : bands) limits.push_back(band.row->decimal("limit"));
  const auto below = [](Decimal a, Decimal b) { return compare(a, b) < 0; };
  falling = !std::is_sorted(limits.begin(), limits.end(), below);
  if (falling && !std::is_sorted(limits.rbegin(), limits.rend(), below)) return std::nullopt;
  SheetTable table = table_of(bands, std::move(id));
  table.kind = SheetTable::Kind::breakpoints;
  table.factor = item;
  table.unit = "mg/kg";
  for (std::size_t i = 0; i < limits.size(); ++i) {
    const std::size_t band = falling ? limits.size() - i : i + 1;
    const auto place = static_cast<std::int64_t>(band);
    table.rows.push_back({Decimal{falling ? -place : place, 0}, std::nullopt, to_text(limits[band - 1])});
    table.decimals = std::max(table.decimals, limits[i].decimals);
  }
  return table;
}

/// How many decimals of an index leave room for its square.
std::uint8_t index_digits(double index) {
  const double size = std::abs(index);
  return size < 1e3 ? 12 : size < 1e6 ? 9 : size < 1e9 ? 6 : 3;
}

/// √x by Heron's method, from a `start` that lies above the root and at most twice as high: y ← (y + x / y) / 2. Six times halve
/// and square the error of 100 % down to below 10^−18.
Derived square_root(Derivation& derivation, const Derived& square, const Derived& start, std::uint8_t digits,
                    std::string_view clause) {
  constexpr int kRounds = 6;
  Derived root = start;
  for (int round = 1; round <= kRounds; ++round) {
    const std::array both{root, derivation.long_ratio(square, root)};
    root = derivation.mean(both, round == kRounds ? kRootDigits : digits,
                           round == kRounds ? std::string(clause) : std::string());
  }
  return root;
}

}  // namespace

SoilSheet::SoilSheet(const Context& context, Explanation& to, const EvaluationPeriod& year,
                     const assess::SoilSite& site, const SampleSeries* ph)
    : context_(context), to_(to), year_(year), site_(site), derivation_(to.operations, to.tables, year) {
  if (ph == nullptr) return;
  ph_factor_ = std::string(ph->factor);
  ph_ = explain_newest(to_, Explanation::kEvery, derivation_, context_, *ph, year_, "", "pH");
}

Derived SoilSheet::limit(const assess::SoilVerdict& verdict, std::string_view value) {
  const bool screening = value == "screening";
  const standards::RuleRow* row = screening ? verdict.screening_row : verdict.intervention_row;
  if (row == nullptr) return std::nullopt;
  const Decimal number = screening ? verdict.screening : *verdict.intervention;
  if (!site_.farm)
    return derivation_.limit(
        parameter_table(*row, fmt::format("{}_{}/{}", value, site_.land_class, verdict.item), number));
  const std::string name = fmt::format("{}/{}/{}", value, verdict.item, row->text("land"));
  const auto bands = assess::soil_bands(context_.standards, judged_at(year_), site_, verdict.item, value);
  bool falling = false;
  auto limits = bands.empty()
                    ? std::nullopt
                    : limit_table(bands, fmt::format("{}/{}", row->edition, name), verdict.item, falling);
  if (!limits) return derivation_.limit(parameter_table(*row, name, number));
  const Derived band =
      derivation_.classify(ph_, band_table(bands, fmt::format("{}/pH bands/{}", row->edition, value), ph_factor_));
  return derivation_.interpolate(falling ? derivation_.scale(band, {-1, 0}) : band, *std::move(limits));
}

void SoilSheet::add(const SampleSeries& series, const assess::SoilVerdict& verdict, Decimal content) {
  const Derived value =
      explain_newest(to_, Explanation::kEvery, derivation_, context_, series, year_, "mg/kg", verdict.item);
  const Derived screening = limit(verdict, "screening");
  items_.emplace_back(value, screening);
  indices_.push_back(
      derivation_.ratio(value, screening, index_digits(verdict.index.approximately()), kIndexClause));
  beyond_screening_.push_back(derivation_.difference(value, screening));
  if (verdict.intervention)
    beyond_intervention_.push_back(derivation_.difference(value, limit(verdict, "intervention")));
  const std::string bounds =
      fmt::format("{} : {}{}", to_text(content), to_text(verdict.screening),
                  verdict.intervention ? ", " + to_text(*verdict.intervention) : std::string());
  SheetStep compared =
      step_of({verdict.item + " 与筛选值、管制值比较", verdict.item + " against screening and intervention"},
              bounds, std::string(name(verdict.risk)), "mg/kg");
  compared.operation = operation_of(beyond_screening_.back());
  SheetStep index =
      step_of({verdict.item + " 单项污染指数", verdict.item + ", single index"},
              fmt::format("{} / {}", to_text(content), to_text(verdict.screening)), long_text(verdict.index), "");
  index.operation = operation_of(indices_.back());
  for (SheetStep* step : {&compared, &index}) {
    step->clause = verdict.edition;
    step->verification = verdict.verification;
    to_.steps.emplace_back(Explanation::kEvery, std::move(*step));
  }
}

bool SoilSheet::asked(std::size_t indicator) const {
  return to_.wanted == indicator || to_.wanted == Explanation::kEvery;
}

void SoilSheet::conclude_with(std::size_t indicator, SheetStep step, const Derived& figure) {
  step.operation = operation_of(figure);
  to_.steps.emplace_back(indicator, std::move(step));
  conclude(to_, indicator, derivation_, figure);
}

void SoilSheet::finish(const Places& indicators, std::span<const assess::Exact> indices,
                       const assess::Exact& greatest, std::uint8_t decimals) {
  if (asked(indicators.risk))
    conclude_with(indicators.risk, step_of({"风险取最高者", "The highest risk decides"}, "max", "", ""), risk());
  if (asked(indicators.single))
    conclude_with(indicators.single,
                  step_of({"最大单项污染指数", "Greatest single index"}, long_text(greatest),
                          shown(greatest.round(decimals)), ""),
                  single(decimals));
  if (!asked(indicators.nemerow)) return;
  std::string list;
  for (const assess::Exact& index : indices) list += (list.empty() ? "" : " + ") + shown(index.round(4));
  const auto exact = assess::nemerow(indices);
  SheetStep step =
      step_of({"内梅罗指数", "Nemerow index"},
              fmt::format("√(((({}) / {})² + {}²) / 2)", list, indices.size(), shown(greatest.round(4))),
              exact ? fmt::format("{:.6f}", *exact) : "—", "");
  step.clause = kIndexClause;
  step.verification = standards::Verification::unverified;
  conclude_with(indicators.nemerow, std::move(step), nemerow(decimals));
}

Derived SoilSheet::risk() {
  // How many of two sorts of limits are exceeded anywhere: those of screening, those of intervention.
  std::vector<Derived> excesses{derivation_.greatest(beyond_screening_)};
  if (!beyond_intervention_.empty()) excesses.push_back(derivation_.greatest(beyond_intervention_));
  return derivation_.difference(derivation_.count_all(excesses), derivation_.count(excesses, {0, 0}));
}

Derived SoilSheet::single(std::uint8_t decimals) {
  std::vector<Derived> rounded;
  for (const auto& [content, screening] : items_)
    rounded.push_back(derivation_.ratio(content, screening, decimals, kIndexClause));
  return derivation_.greatest(rounded);
}

Derived SoilSheet::nemerow(std::uint8_t decimals) {
  const Derived greatest = derivation_.greatest(indices_, "0");
  if (!greatest) return std::nullopt;
  const std::uint8_t digits = index_digits(to_double(greatest->value));
  const Derived mean = derivation_.mean(indices_, digits);
  const Derived start = derivation_.greatest(std::array{greatest, derivation_.scale(mean, {-1, 0})});
  if (!start || start->value.mantissa == 0) return derivation_.round(start, decimals);
  const Derived square = derivation_.long_mean(std::array{derivation_.product(std::array{mean, mean}),
                                                          derivation_.product(std::array{greatest, greatest})});
  return derivation_.round(square_root(derivation_, square, start, digits, kIndexClause), decimals);
}

}  // namespace mj::evaluation
