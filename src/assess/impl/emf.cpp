#include "mj/assess/emf.hpp"

#include "mj/assess/rules_in_force.hpp"

namespace mj::assess {
namespace {

constexpr std::uint8_t kRatioDecimals = 12;
constexpr std::uint8_t kSumDecimals = 9;

Error too_long() { return {ErrorCode::invalid_input, "the figures have too many digits"}; }

Exact power(const Exact& base, std::int64_t exponent) {
  Exact result = Decimal{1, 0};
  for (std::int64_t i = 0; i < exponent; ++i) result = result * base;
  for (std::int64_t i = 0; i > exponent; --i) result = result / base;
  return result;
}

/// coefficient × f^exponent; the exponents of the table are halves.
FieldLimit field_limit(const standards::RuleRow& row, std::string_view coefficient, std::string_view exponent,
                       Decimal value) {
  const Exact frequency = value;
  const Exact factor = row.decimal(coefficient);
  const auto twice = (Exact(row.decimal(exponent)) * Decimal{2, 0}).round(0).value_or(Decimal{}).mantissa;
  return {twice % 2 == 0 ? factor * power(frequency, twice / 2) : Exact::of(0, 0),
          factor * factor * power(frequency, twice),
          {&row, value}};
}

/// S = coefficient × f^exponent / divisor with a whole exponent.
std::optional<Exact> density(const standards::RuleRow& row, const Exact& frequency) {
  const auto coefficient = row.number("s");
  if (!coefficient) return std::nullopt;
  const auto exponent = round_gb8170(row.number("s_exp").value_or(Decimal{}), 0).mantissa;
  return Exact(*coefficient) * power(frequency, exponent) / Exact(row.number("s_divisor").value_or(Decimal{1, 0}));
}

void keep_stricter(FieldLimit& kept, const FieldLimit& other) {
  if (Exact::compare(other.squared, kept.squared).value_or(0) < 0) kept = other;
}

class Sum {
 public:
  bool add(const std::optional<Decimal>& ratio) { return ratio && sum_.add(*ratio); }
  [[nodiscard]] std::optional<Decimal> value() const {
    return sum_.count() == 0 ? std::nullopt : sum_.sum().round(kSumDecimals);
  }

 private:
  ExactSum sum_;
};

Exact square(Decimal value) { return Exact(value) * value; }

}  // namespace

Result<std::optional<EmfLimits>> emf_limits(const standards::StandardSet& standards, Instant at,
                                            const EmfComponent& component) {
  const auto rows = rows_in_force(standards, "emf_limits", at);
  if (rows.empty()) return Error(ErrorCode::not_found, fmt::format("no limits of fields at {}", to_iso(at)));
  MJ_TRY(const Parameters numbers, Parameters::of_edition(standards, rows.front()->edition));
  std::optional<EmfLimits> limits;
  for (const auto* row : rows) {
    const auto frequency = standards.convert(component.frequency, component.frequency_unit, row->text("f_unit"));
    if (!frequency)
      return Error(ErrorCode::invalid_input,
                   fmt::format("\"{}\" is no unit of frequency, or {} has too many digits",
                               component.frequency_unit, to_text(component.frequency)));
    if (compare(*frequency, row->decimal("f_lo")) < 0 || compare(*frequency, row->decimal("f_hi")) > 0) continue;
    EmfLimits found{field_limit(*row, "e", "e_exp", *frequency),
                    field_limit(*row, "h", "h_exp", *frequency),
                    field_limit(*row, "b", "b_exp", *frequency),
                    density(*row, *frequency),
                    false,
                    false,
                    row->verification,
                    row->edition,
                    row->clause,
                    {row, *frequency}};
    if (found.e.squared.lost() || found.h.squared.lost() || found.b.squared.lost()) return too_long();
    if (!limits) {
      limits = std::move(found);
      continue;
    }
    keep_stricter(limits->e, found.e);
    keep_stricter(limits->h, found.h);
    keep_stricter(limits->b, found.b);
    if (found.s && (!limits->s || Exact::compare(*found.s, *limits->s).value_or(0) < 0)) {
      limits->s = found.s;
      limits->s_from = found.s_from;
    }
    limits->verification = std::max(limits->verification, found.verification);
  }
  if (!limits) return limits;
  const auto against = [&](std::string_view name, std::string_view unit) -> Result<int> {
    MJ_TRY(const Decimal bound, numbers.decimal(name));
    const auto frequency = standards.convert(component.frequency, component.frequency_unit, unit);
    if (!frequency) return too_long();
    return compare(*frequency, bound);
  };
  MJ_TRY(const int to_linear, against("linear_to", "kHz"));
  MJ_TRY(const int to_squares, against("squares_from", "MHz"));
  MJ_TRY(const int to_line, against("line_frequency", "Hz"));
  limits->linear = to_linear <= 0;
  limits->squared = to_squares >= 0;
  if (component.under_line && to_line == 0) {
    MJ_TRY(const Decimal wider, numbers.decimal("farmland_e"));
    limits->e = {wider, square(wider)};
    limits->verification = std::max(limits->verification, numbers.verification("farmland_e"));
  }
  return limits;
}

Result<EmfVerdict> judge_emf(const standards::StandardSet& standards, Instant at,
                             std::span<const EmfComponent> components) {
  EmfVerdict verdict;
  Sum linear_e;
  Sum linear_b;
  Sum squared_e;
  Sum squared_b;
  bool incomplete = components.empty();
  for (const EmfComponent& component : components) {
    MJ_TRY(const auto limits, emf_limits(standards, at, component));
    const std::string name = fmt::format("{} {}", to_text(component.frequency), component.frequency_unit);
    if (!limits) return Error(ErrorCode::invalid_input, name + " is beyond the frequencies of the standard");
    const std::optional<Decimal> magnetic = component.b ? component.b : component.h;
    const FieldLimit& magnetic_limit = component.b ? limits->b : limits->h;
    const bool power_counts = !component.e && component.s && limits->s && limits->squared;
    if (!component.e && !magnetic && !power_counts)
      return Error(ErrorCode::invalid_input, name + " has no field that the standard limits there");
    const auto ratio = [](const Exact& value, const Exact& limit) {
      return (value / limit).round(kRatioDecimals);
    };
    if (limits->linear) {
      if (component.e && !linear_e.add(ratio(*component.e, limits->e.level))) return too_long();
      if (magnetic && !linear_b.add(ratio(*magnetic, magnetic_limit.level))) return too_long();
      incomplete = incomplete || !component.e || !magnetic;
    }
    if (limits->squared) {
      if (component.e && !squared_e.add(ratio(square(*component.e), limits->e.squared))) return too_long();
      if (power_counts && !squared_e.add(ratio(*component.s, *limits->s))) return too_long();
      if (magnetic && !squared_b.add(ratio(square(*magnetic), magnetic_limit.squared))) return too_long();
    }
    verdict.verification = std::max(verdict.verification, limits->verification);
    verdict.edition = limits->edition;
    verdict.clause = limits->clause;
  }
  verdict.linear_e = linear_e.value();
  verdict.linear_b = linear_b.value();
  verdict.squared_e = squared_e.value();
  verdict.squared_b = squared_b.value();
  bool beyond = false;
  constexpr Decimal kWhole{1, 0};
  for (const auto& sum : {verdict.linear_e, verdict.linear_b, verdict.squared_e, verdict.squared_b})
    beyond = beyond || (sum && compare(*sum, kWhole) > 0);
  if (beyond || !incomplete) verdict.compliant = !beyond;
  return verdict;
}

}  // namespace mj::assess
