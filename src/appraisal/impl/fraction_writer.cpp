#include "fraction_writer.hpp"

#include <array>
#include <limits>

namespace mj::appraisal {
namespace {

using assess::Exact;
using evaluation::Derived;

const Exact kZero(Decimal{0, 0});
const Exact kOne(Decimal{1, 0});

bool is_sign(const Exact& value, int sign) { return Exact::compare(value, kZero).value_or(2) == sign; }

/// All digits of a number that ends.
std::optional<Decimal> digits_of(const Exact& value) {
  for (std::uint8_t decimals = 0; decimals <= 18; ++decimals) {
    const auto rounded = value.round(decimals);
    if (rounded && Exact::compare(Exact(*rounded), value) == 0) return rounded;
  }
  return std::nullopt;
}

}  // namespace

Written FractionWriter::made(Derived over, Exact value, bool truth) const {
  if (!over || value.lost()) return std::nullopt;
  return Fraction{over, std::nullopt, true, value, truth};
}

Derived FractionWriter::times(const Derived& a, const Derived& b) { return derivation_.product(std::array{a, b}); }

Written FractionWriter::input(std::size_t place, Decimal value) {
  const Derived read = evaluation::Derivation::input(place, value);
  if (!anchor_) anchor_ = read;
  return made(read, Exact(value));
}

Written FractionWriter::one() {
  return anchor_ ? made(derivation_.count_all(std::span(&anchor_, 1)), kOne, true) : std::nullopt;
}

Written FractionWriter::parameter(evaluation::SheetTable table, Decimal value) {
  if (!anchor_) return std::nullopt;
  if (const auto known = parameters_.find(table.id); known != parameters_.end()) return known->second;
  table.rows.push_back({value, std::nullopt, ""});
  const std::string id = table.id;
  Written written = made(derivation_.product_for(anchor_, {derivation_.limit(std::move(table))}), Exact(value));
  parameters_.emplace(id, written);
  return written;
}

Written FractionWriter::literal(const Exact& value, const std::string& clause) {
  const auto digits = digits_of(value);
  if (!digits) return std::nullopt;
  evaluation::SheetTable table;
  table.id = fmt::format("{}/{}", scheme_.id, to_text(*digits));
  table.edition = scheme_.document.empty() ? scheme_.title.zh : scheme_.document;
  table.clause = clause.empty() ? scheme_.id : clause;
  table.validity = scheme_.validity;
  table.verification = scheme_.verification;
  return parameter(std::move(table), *digits);
}

Written FractionWriter::stated(Decimal value, const std::string& by, const std::string& place) {
  evaluation::SheetTable table;
  table.id = fmt::format("{}/{}/{}", by, place, to_text(value));
  table.edition = by;
  table.clause = place;
  table.validity = {Instant::from_ms(std::numeric_limits<std::int64_t>::min()), std::nullopt};
  table.verification = standards::Verification::unverified;
  return parameter(std::move(table), value);
}

Written FractionWriter::add(const Written& a, const Written& b) {
  if (!a || !b) return std::nullopt;
  Fraction sum;
  sum.value = a->value + b->value;
  sum.whole = a->whole && b->whole;
  const Derived left = b->whole ? a->over : times(a->over, b->under);
  const Derived right = a->whole ? b->over : times(b->over, a->under);
  sum.over = derivation_.sum(std::array{left, right});
  if (!sum.whole) sum.under = a->whole ? b->under : b->whole ? a->under : times(a->under, b->under);
  if (!sum.over || (!sum.whole && !sum.under)) return std::nullopt;
  return sum;
}

Written FractionWriter::negate(const Written& a) {
  if (!a) return std::nullopt;
  Fraction negative = *a;
  negative.over = minus(a->over);
  negative.value = kZero - a->value;
  negative.truth = false;
  return negative.over ? Written(negative) : std::nullopt;
}

Written FractionWriter::subtract(const Written& a, const Written& b) { return add(a, negate(b)); }

Written FractionWriter::multiply(const Written& a, const Written& b) {
  if (!a || !b) return std::nullopt;
  Fraction product;
  product.value = a->value * b->value;
  product.over = times(a->over, b->over);
  product.whole = a->whole && b->whole;
  if (!product.whole) product.under = a->whole ? b->under : b->whole ? a->under : times(a->under, b->under);
  if (!product.over || (!product.whole && !product.under)) return std::nullopt;
  return product;
}

Written FractionWriter::divide(const Written& a, const Written& b) {
  if (!a || !b || is_sign(b->value, 0)) return std::nullopt;
  const bool negative = is_sign(b->value, -1);
  Fraction inverse;
  inverse.value = kOne / b->value;
  inverse.whole = false;
  inverse.under = negative ? minus(b->over) : b->over;
  if (b->whole) {
    Fraction quotient = *a;
    quotient.truth = false;
    quotient.value = a->value / b->value;
    quotient.whole = false;
    quotient.over = negative ? minus(a->over) : a->over;
    quotient.under = a->whole ? inverse.under : times(a->under, inverse.under);
    return quotient.over && quotient.under ? Written(quotient) : std::nullopt;
  }
  inverse.over = negative ? minus(b->under) : b->under;
  return inverse.over && inverse.under ? multiply(a, inverse) : std::nullopt;
}

Written FractionWriter::magnitude(const Written& a) {
  if (!a) return std::nullopt;
  Fraction absolute = *a;
  absolute.truth = false;
  absolute.over = derivation_.greatest(std::array{a->over, minus(a->over)});
  if (is_sign(a->value, -1)) absolute.value = kZero - a->value;
  return absolute.over ? Written(absolute) : std::nullopt;
}

Written FractionWriter::round(const Written& a, std::uint8_t decimals) {
  if (!a) return std::nullopt;
  const auto rounded = a->value.round(decimals);
  if (!rounded) return std::nullopt;
  return made(a->whole ? derivation_.round(a->over, decimals)
                       : derivation_.ratio(a->over, a->under, decimals, "GB/T 8170-2008 §3.2"),
              Exact(*rounded));
}

Written FractionWriter::at_most(const Written& a, const Written& b) {
  const Written difference = subtract(a, b);
  if (!difference) return std::nullopt;
  // What stands below is above 0, so the sign is that of what stands above.
  return made(derivation_.count(std::span(&difference->over, 1), Decimal{0, 0}),
              is_sign(difference->value, 1) ? kZero : kOne, true);
}

Written FractionWriter::negation(const Written& a) {
  const Written yes = truth_of(a);
  const Written all = one();
  if (!yes || !all) return std::nullopt;
  return made(derivation_.difference(all->over, yes->over), kOne - yes->value, true);
}

Written FractionWriter::equal(const Written& a, const Written& b) { return both(at_most(a, b), at_most(b, a)); }

Written FractionWriter::truth_of(const Written& a) {
  if (!a || a->truth) return a;
  const Written zero = literal(kZero);
  return negation(equal(a, zero));
}

Written FractionWriter::both(const Written& a, const Written& b) {
  Written product = multiply(truth_of(a), truth_of(b));
  if (product) product->truth = true;
  return product;
}

Written FractionWriter::either(const Written& a, const Written& b) {
  return negation(both(negation(a), negation(b)));
}

Written FractionWriter::when(const Written& condition, const Written& a) {
  Written chosen = multiply(truth_of(condition), a);
  if (chosen) chosen->truth = a->truth;
  return chosen;
}

Written FractionWriter::choose(const Written& condition, const Written& yes, const Written& no) {
  const Written truth = truth_of(condition);
  if (!truth) return std::nullopt;
  const bool holds = !is_sign(truth->value, 0);
  const Written& chosen = holds ? yes : no;
  const Written& other = holds ? no : yes;
  const Written against = negation(truth);
  const Written taken = when(holds ? truth : against, chosen);
  if (!other) return taken;
  Written both_sides = add(taken, when(holds ? against : truth, other));
  if (both_sides) both_sides->truth = chosen->truth && other->truth;
  return both_sides;
}

}  // namespace mj::appraisal
