#include "mj/assess/emission.hpp"

#include "mj/assess/rules_in_force.hpp"
#include "sheet_reader.hpp"

namespace mj::assess {
namespace {

using Rows = std::vector<const standards::RuleRow*>;

enum class Fit { yes, no, open };

/// "t>12", "t<=12", "built<2006", "built>=2006"; `open` when the terms do not say.
Fit fits_number(std::string_view condition, std::string_view name, const std::optional<Decimal>& value) {
  condition.remove_prefix(name.size());
  std::string_view sign = condition.substr(0, condition.find_first_of("0123456789"));
  const auto bound = parse_decimal(condition.substr(sign.size()));
  if (!bound || sign.empty()) return Fit::open;
  if (!value) return Fit::open;
  const int order = compare(*value, *bound);
  const bool yes = sign == "<"    ? order < 0
                   : sign == "<=" ? order <= 0
                   : sign == ">"  ? order > 0
                   : sign == ">=" ? order >= 0
                                  : false;
  return yes ? Fit::yes : Fit::no;
}

bool is_number_condition(std::string_view condition) {
  return condition.starts_with("t<") || condition.starts_with("t>") || condition.starts_with("built");
}

Fit fits(std::string_view condition, const OutletTerms& terms) {
  if (condition.starts_with("built")) {
    return fits_number(condition, "built", terms.built ? std::optional(Decimal{*terms.built, 0}) : std::nullopt);
  }
  if (is_number_condition(condition)) return fits_number(condition, "t", terms.temperature);
  if (condition.empty()) return terms.condition.empty() ? Fit::yes : Fit::open;
  if (terms.condition.empty()) return Fit::open;
  return condition == terms.condition ? Fit::yes : Fit::no;
}

/// Those that fit; a condition that is named precedes the general row; without any, those left open.
Rows choose(const Rows& rows, const OutletTerms& terms) {
  Rows fitting;
  Rows open;
  for (const auto* row : rows) {
    const Fit fit = fits(row->text("condition"), terms);
    if (fit == Fit::yes) fitting.push_back(row);
    if (fit == Fit::open) open.push_back(row);
  }
  return fitting.empty() ? open : fitting;
}

}  // namespace

Result<OutletLimit> outlet_limit(const standards::StandardSet& standards, Instant at, const OutletTerms& terms,
                                 std::string_view item) {
  Rows found;
  bool known_standard = false;
  bool known_category = false;
  for (const std::string_view kind : {"effluent_limits", "stack_limits"}) {
    for (const auto* row : rows_in_force(standards, kind, at, terms.standard)) {
      if (row->edition != terms.standard) continue;
      known_standard = true;
      if (row->text("category") != terms.category) continue;
      known_category = true;
      if (kind == "stack_limits" && row->text("unit_type") != terms.unit_type) continue;
      if (column_name(row->text("item")) == column_name(item)) found.push_back(row);
    }
  }
  if (!known_standard) {
    return Error(ErrorCode::not_found, fmt::format("no discharge standard \"{}\"; there are {}, {}",
                                                   terms.standard, editions_with(standards, "effluent_limits"),
                                                   editions_with(standards, "stack_limits")));
  }
  if (!known_category)
    return Error(ErrorCode::not_found, fmt::format("{} has no category \"{}\"", terms.standard, terms.category));
  OutletLimit limit;
  const Rows candidates = choose(found, terms);
  for (const auto* row : candidates) {
    const auto high = row->number("limit");
    if (limit.row == nullptr || (high && limit.high && compare(*high, *limit.high) < 0))
      limit = {row, row->number("low"), high, false};
  }
  limit.strictest = candidates.size() > 1;
  return limit;
}

Result<std::optional<Exact>> at_reference_oxygen(const standards::StandardSet& standards, Decimal concentration,
                                                 Decimal oxygen, Decimal reference) {
  constexpr std::string_view kEdition = "HJ 75-2017";
  MJ_TRY(const Parameters numbers, Parameters::of_edition(standards, kEdition));
  MJ_TRY(const Decimal air, numbers.decimal("air_oxygen"));
  MJ_TRY(const Decimal guard, numbers.decimal("oxygen_guard"));
  if (compare(oxygen, guard) > 0 || oxygen.mantissa < 0) return std::optional<Exact>();
  return std::optional(Exact(concentration) * (Exact(air) - reference) / (Exact(air) - oxygen));
}

const standards::RuleRow* reference_oxygen(const standards::StandardSet& standards, Instant at,
                                           std::string_view standard, std::string_view unit_type) {
  for (const auto* row : rows_in_force(standards, "reference_oxygen", at, standard)) {
    if (row->text("unit_type") == unit_type) return row;
  }
  return nullptr;
}

Exact gas_rate(Decimal concentration, Decimal flow) {
  return Exact(concentration) * Exact(flow) * Exact::of(1, 1'000'000);
}

Exact water_mass(Decimal concentration, Decimal volume) {
  return Exact(concentration) * Exact(volume) * Exact::of(1, 1000);
}

Result<std::optional<Exact>> allowed_rate(const standards::StandardSet& standards, Instant at,
                                          std::string_view item, std::string_view category, std::string_view grade,
                                          Decimal height) {
  std::vector<std::pair<Decimal, Decimal>> points;
  for (const auto* row : rows_in_force(standards, "stack_rates", at)) {
    const auto rate = row->number(grade);
    const auto stack = row->number("stack_m");
    if (column_name(row->text("item")) != item || !rate || !stack) continue;
    if (!category.empty() && row->text("category") != category) continue;
    points.emplace_back(*stack, *rate);
  }
  if (points.empty() || height.mantissa <= 0) return std::optional<Exact>();
  std::sort(points.begin(), points.end(),
            [](const auto& a, const auto& b) { return compare(a.first, b.first) < 0; });
  const auto by_square = [&](const std::pair<Decimal, Decimal>& end) {
    const Exact ratio = Exact(height) / end.first;
    return Exact(end.second) * ratio * ratio;
  };
  if (compare(height, points.front().first) < 0) {
    const Exact rate = by_square(points.front());
    MJ_TRY(const Parameters numbers, Parameters::of(standards, "stack_rates", at));
    MJ_TRY(const Decimal lowest, numbers.decimal("low_stack_m"));
    MJ_TRY(const Decimal share, numbers.decimal("low_stack_share"));
    return std::optional(compare(height, lowest) < 0 ? rate * share : rate);
  }
  if (compare(height, points.back().first) > 0) return std::optional(by_square(points.back()));
  for (std::size_t i = 0; i + 1 < points.size(); ++i) {
    if (compare(height, points[i + 1].first) > 0) continue;
    const Exact low = points[i].second;
    const Exact part = (Exact(height) - points[i].first) / (Exact(points[i + 1].first) - points[i].first);
    return std::optional(low + (Exact(points[i + 1].second) - low) * part);
  }
  return std::optional(Exact(points.back().second));
}

}  // namespace mj::assess
