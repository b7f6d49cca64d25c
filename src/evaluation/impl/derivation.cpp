#include "mj/evaluation/derivation.hpp"

#include <cmath>

#include "sheet_parts.hpp"

namespace mj::evaluation {
namespace {

using assess::Exact;

constexpr std::int64_t kMostMantissa = 999'999'999'999'999'999;  // 18 digits
constexpr std::uint8_t kLongDigits = 14;
constexpr std::uint8_t kPhDigits = 6;

bool all_there(std::span<const Derived> of) {
  return !of.empty() && std::all_of(of.begin(), of.end(), [](const Derived& each) { return each.has_value(); });
}

std::optional<Decimal> rounded(const Exact& exact, std::uint8_t decimals) {
  const auto value = exact.round(decimals);
  return value && std::abs(value->mantissa) <= kMostMantissa ? value : std::nullopt;
}

/// As many decimals as fit beside the digits before the point.
std::optional<Decimal> with_long_digits(const Exact& exact) {
  for (std::uint8_t decimals = kLongDigits; decimals >= 3; --decimals) {
    if (const auto value = rounded(exact, decimals)) return value;
  }
  return std::nullopt;
}

/// All digits; none when they do not end.
std::optional<Decimal> exactly(const Exact& exact) {
  for (std::uint8_t decimals = 0; decimals <= 18; ++decimals) {
    const auto value = rounded(exact, decimals);
    if (value && Exact::compare(*value, exact).value_or(1) == 0) return value;
  }
  return std::nullopt;
}

std::optional<Decimal> of_real(long double value, std::uint8_t decimals) {
  const long double scaled = value * std::pow(10.0L, static_cast<long double>(decimals));
  if (!std::isfinite(scaled) || std::abs(scaled) > static_cast<long double>(kMostMantissa)) return std::nullopt;
  // What is exact, as the level of equal levels, is rounded as exact: half to even.
  constexpr long double kExact = 1e-12L;
  constexpr long double kTellable = 1e5L;  // up to here kExact is more than the errors of computing
  if (std::abs(scaled) < kTellable && std::abs(std::abs(scaled - std::floor(scaled)) - 0.5L) < kExact) {
    const auto below = static_cast<std::int64_t>(std::floor(scaled));
    return Decimal{below + (below % 2 == 0 ? 0 : 1), decimals};
  }
  return Decimal{std::llround(scaled), decimals};
}

long double real(Decimal value) {
  return static_cast<long double>(value.mantissa) / std::pow(10.0L, static_cast<long double>(value.decimals));
}

Exact product_of(std::span<const Derived> of) {
  Exact product = Decimal{1, 0};
  for (const Derived& each : of) product = product * Exact(each->value);
  return product;
}

Exact sum_of(std::span<const Derived> of) {
  Exact sum;
  for (const Derived& each : of) sum = sum + Exact(each->value);
  return sum;
}

std::optional<Decimal> interpolated(const SheetTable& table, Decimal value) {
  const auto above = std::find_if(table.rows.begin(), table.rows.end(),
                                  [&](const SheetTable::Row& row) { return compare(*row.low, value) > 0; });
  if (above == table.rows.begin()) return std::nullopt;
  const SheetTable::Row& low = *(above - 1);
  const Decimal index = *parse_decimal(low.text);
  if (above == table.rows.end()) return index;
  const Exact slope = (Exact(*parse_decimal(above->text)) - index) / (Exact(*above->low) - *low.low);
  const Exact exact = slope * (Exact(value) - *low.low) + index;
  auto result = exact.round(table.decimals);
  if (result && Exact::compare(*result, exact).value_or(0) < 0) ++result->mantissa;  // upwards
  return result;
}

std::optional<Decimal> class_in(const SheetTable& table, Decimal value) {
  for (const SheetTable::Row& row : table.rows) {
    if (!row.low) continue;
    const int order = compare(value, *row.low);
    const bool kept = table.better == SheetTable::Better::lower    ? order <= 0
                      : table.better == SheetTable::Better::higher ? order >= 0
                                                                   : order >= 0 && compare(value, *row.high) <= 0;
    if (kept) return parse_decimal(row.text);
  }
  const auto last = parse_decimal(table.rows.back().text);
  return Decimal{last->mantissa + 1, 0};
}

}  // namespace

std::string_view name(SheetOp op) {
  static constexpr std::array<std::string_view, 18> kNames{
      "below", "scale", "round", "mean",  "sum", "difference", "product", "ratio",       "percentile",
      "count", "max",   "min",   "level", "ln",  "lg",         "limit",   "interpolate", "class"};
  return kNames[static_cast<std::size_t>(op)];
}

Derived Derivation::missing(Gap gap) {
  if (gap_ == Gap::none) gap_ = gap;
  return std::nullopt;
}

Derived Derivation::add(SheetOp op, std::span<const Derived> of, std::optional<Decimal> result,
                        std::uint8_t decimals, std::string clause, std::string number,
                        std::optional<std::uint32_t> table) {
  if (!result) return missing(Gap::digits);
  SheetOperation operation;
  operation.op = op;
  for (const Derived& each : of) operation.operands.push_back(each->at);
  operation.table = table;
  operation.number = std::move(number);
  operation.decimals = decimals;
  operation.clause = std::move(clause);
  operations_.push_back(std::move(operation));
  return Term{{true, static_cast<std::uint32_t>(operations_.size() - 1)}, *result};
}

std::optional<std::uint32_t> Derivation::take(SheetTable table, Instant at) {
  if (!table.validity.contains(at)) {
    missing(Gap::editions);
    return std::nullopt;
  }
  const auto known = std::find(tables_.begin(), tables_.end(), table);
  if (known != tables_.end()) return static_cast<std::uint32_t>(known - tables_.begin());
  tables_.push_back(std::move(table));
  return static_cast<std::uint32_t>(tables_.size() - 1);
}

Derived Derivation::input(std::size_t place, std::optional<Decimal> value) {
  if (!value) return std::nullopt;
  return Term{{false, static_cast<std::uint32_t>(place)}, *value};
}

Derived Derivation::sample(std::size_t place, const SampleSeries& series, const Sample& sample, Decimal scale) {
  const SampleOrigin* origin = series.origin(sample);
  if (origin == nullptr) return missing(Gap::origin);
  const NonDetect* below = series.non_detect(sample);
  Derived value = input(place, before_scale(below == nullptr ? sample.value : below->limit, origin->scale));
  if (below != nullptr) {
    const Decimal share = below->rule->decimal("value");
    const Instant at = Instant::from_ms(sample.at_ms);
    SheetTable rule = parameter_table(*below->rule, below->rule->text("name"), share);
    // The first edition also counts for what came before it.
    if (at < rule.validity.from) rule.validity.from = Instant::from_ms(std::numeric_limits<std::int64_t>::min());
    const auto table = take(std::move(rule), at);
    if (!table) return std::nullopt;
    const auto part = (Exact(value->value) * share)
                          .round(static_cast<std::uint8_t>(std::min(18, value->value.decimals + share.decimals)));
    value = add(SheetOp::below, std::span(&value, 1), part ? std::optional(without_zeros(*part)) : part, 0,
                below->rule->clause, {}, table);
  }
  const auto by = exactly(Exact(origin->scale) * scale);
  if (!by) return missing(Gap::digits);
  return compare(*by, {1, 0}) == 0 ? value : this->scale(value, *by);
}

Derived Derivation::scale(const Derived& of, Decimal by, std::string clause) {
  if (!of) return std::nullopt;
  const int decimals = std::min(18, of->value.decimals + by.decimals);
  auto result = rounded(Exact(of->value) * by, static_cast<std::uint8_t>(decimals));
  if (result) result = without_zeros(*result);
  return add(SheetOp::scale, std::span(&of, 1), result, 0, std::move(clause), to_text(by));
}

Derived Derivation::round(const Derived& of, std::uint8_t decimals) {
  if (!of) return std::nullopt;
  const Decimal value = of->value.decimals <= decimals ? of->value : round_gb8170(of->value, decimals);
  return add(SheetOp::round, std::span(&of, 1), value, decimals, "GB/T 8170-2008 §3.2");
}

Derived Derivation::mean(std::span<const Derived> of, std::uint8_t decimals, std::string clause) {
  if (!all_there(of)) return std::nullopt;
  const Exact mean = sum_of(of) / Exact::of(static_cast<Exact::Wide>(of.size()), 1);
  return add(SheetOp::mean, of, rounded(mean, decimals), decimals, std::move(clause));
}

Derived Derivation::long_mean(std::span<const Derived> of) {
  if (!all_there(of)) return std::nullopt;
  const auto value = with_long_digits(sum_of(of) / Exact::of(static_cast<Exact::Wide>(of.size()), 1));
  return value ? mean(of, value->decimals) : missing(Gap::digits);
}

Derived Derivation::sum(std::span<const Derived> of, std::string clause) {
  if (!all_there(of)) return std::nullopt;
  std::uint8_t decimals = 0;
  for (const Derived& each : of) decimals = std::max(decimals, each->value.decimals);
  return add(SheetOp::sum, of, rounded(sum_of(of), decimals), decimals, std::move(clause));
}

Derived Derivation::difference(const Derived& a, const Derived& b) {
  if (!a || !b) return std::nullopt;
  const std::uint8_t decimals = std::max(a->value.decimals, b->value.decimals);
  return add(SheetOp::difference, std::array{a, b}, rounded(Exact(a->value) - b->value, decimals), decimals);
}

Derived Derivation::product(std::span<const Derived> of) {
  if (!all_there(of)) return std::nullopt;
  const Exact exact = product_of(of);
  auto value = exactly(exact);
  if (!value || value->decimals > kLongDigits) value = with_long_digits(exact);
  return add(SheetOp::product, of, value, value ? value->decimals : std::uint8_t{0});
}

Derived Derivation::rounded_product(std::span<const Derived> of, std::uint8_t decimals, std::string clause) {
  if (!all_there(of)) return std::nullopt;
  return add(SheetOp::product, of, rounded(product_of(of), decimals), decimals, std::move(clause));
}

Derived Derivation::ratio(const Derived& a, const Derived& b, std::uint8_t decimals, std::string clause) {
  if (!a || !b || b->value.mantissa == 0) return std::nullopt;
  return add(SheetOp::ratio, std::array{a, b}, rounded(Exact(a->value) / b->value, decimals), decimals,
             std::move(clause));
}

Derived Derivation::long_ratio(const Derived& a, const Derived& b) {
  if (!a || !b || b->value.mantissa == 0) return std::nullopt;
  const auto value = with_long_digits(Exact(a->value) / b->value);
  return value ? ratio(a, b, value->decimals) : missing(Gap::digits);
}

Derived Derivation::percentile(std::span<const Derived> of, Decimal percent, std::uint8_t decimals,
                               std::string clause) {
  if (!all_there(of)) return std::nullopt;
  std::vector<Decimal> values;
  for (const Derived& each : of) values.push_back(each->value);
  std::sort(values.begin(), values.end(), [](Decimal a, Decimal b) { return compare(a, b) < 0; });
  const Decimal by = without_zeros({percent.mantissa, static_cast<std::uint8_t>(percent.decimals + 2)});
  return add(SheetOp::percentile, of, rounded(assess::percentile_of(values, percent), decimals), decimals,
             std::move(clause), to_text(by));
}

Derived Derivation::count(std::span<const Derived> of, Decimal above) {
  if (!all_there(of)) return std::nullopt;
  const auto found =
      std::count_if(of.begin(), of.end(), [&](const Derived& each) { return compare(each->value, above) <= 0; });
  return add(SheetOp::count, of, Decimal{found, 0}, 0, {}, to_text(above));
}

Derived Derivation::count_all(std::span<const Derived> of) {
  if (!all_there(of)) return std::nullopt;
  Decimal most = of.front()->value;
  for (const Derived& each : of) {
    if (compare(each->value, most) > 0) most = each->value;
  }
  return count(of, most);
}

Derived Derivation::greatest(std::span<const Derived> of, std::string least, std::string clause) {
  if (!all_there(of)) return std::nullopt;
  Decimal most = of.front()->value;
  for (const Derived& each : of) {
    if (compare(each->value, most) > 0) most = each->value;
  }
  if (const auto bound = least.empty() ? std::nullopt : parse_decimal(least); bound && compare(*bound, most) > 0)
    most = *bound;
  return add(SheetOp::max, of, most, 0, std::move(clause), std::move(least));
}

Derived Derivation::least(std::span<const Derived> of) {
  if (!all_there(of)) return std::nullopt;
  Decimal few = of.front()->value;
  for (const Derived& each : of) {
    if (compare(each->value, few) < 0) few = each->value;
  }
  return add(SheetOp::min, of, few);
}

Derived Derivation::level(std::span<const Derived> of, std::uint8_t decimals, std::string clause) {
  if (!all_there(of)) return std::nullopt;
  constexpr long double kMostLevel = 1000;  // a verifier refuses others
  if (std::any_of(of.begin(), of.end(),
                  [](const Derived& each) { return std::abs(real(each->value)) > kMostLevel; }))
    return missing(Gap::digits);
  // The greatest is taken out, so that levels of 300 and of −300 do not leave the range.
  long double most = real(of.front()->value);
  for (const Derived& each : of) most = std::max(most, real(each->value));
  long double energy = 0;
  for (const Derived& each : of) energy += std::pow(10.0L, (real(each->value) - most) / 10);
  const long double mean = most + 10 * std::log10(energy / static_cast<long double>(of.size()));
  return add(SheetOp::level, of, of_real(mean, decimals), decimals, std::move(clause));
}

Derived Derivation::ph_mean(std::span<const Derived> of, std::string clause) {
  std::vector<Derived> levels;
  for (const Derived& each : of) levels.push_back(scale(each, {-10, 0}));
  return scale(level(levels, kPhDigits - 1, std::move(clause)), {-1, 1});
}

Derived Derivation::ln(const Derived& of) {
  if (!of || of->value.mantissa <= 0) return std::nullopt;
  return add(SheetOp::ln, std::span(&of, 1), of_real(std::log(real(of->value)), kLongDigits), kLongDigits);
}

Derived Derivation::lg(const Derived& of) {
  if (!of || of->value.mantissa <= 0) return std::nullopt;
  return add(SheetOp::lg, std::span(&of, 1), of_real(std::log10(real(of->value)), kLongDigits), kLongDigits);
}

Derived Derivation::limit(SheetTable table) {
  const Decimal value = *table.rows.front().low;
  std::string clause = table.clause;
  const auto place = take(std::move(table), last_);
  return place ? add(SheetOp::limit, {}, value, 0, std::move(clause), {}, place) : std::nullopt;
}

Derived Derivation::product_for(const Derived& value, std::vector<Derived> limits) {
  limits.push_back(count(std::span(&value, 1), value ? value->value : Decimal{}));
  return product(limits);
}

Derived Derivation::interpolate(const Derived& of, SheetTable table) {
  if (!of) return std::nullopt;
  const auto result = interpolated(table, of->value);
  if (!result) return std::nullopt;
  std::string clause = table.clause;
  const auto place = take(std::move(table), last_);
  return place ? add(SheetOp::interpolate, std::span(&of, 1), result, 0, std::move(clause), {}, place)
               : std::nullopt;
}

Derived Derivation::classify(const Derived& of, SheetTable table) { return classify(of, std::move(table), last_); }

Derived Derivation::classify(const Derived& of, SheetTable table, Instant at) {
  if (!of) return std::nullopt;
  const auto result = class_in(table, of->value);
  std::string clause = table.clause;
  const auto place = take(std::move(table), at);
  return place ? add(SheetOp::classify, std::span(&of, 1), result, 0, std::move(clause), {}, place) : std::nullopt;
}

}  // namespace mj::evaluation
