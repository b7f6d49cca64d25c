#pragma once

#include <map>
#include <optional>
#include <span>
#include <string>

#include "mj/appraisal/scheme.hpp"
#include "mj/assess/exact.hpp"
#include "mj/evaluation/derivation.hpp"

namespace mj::appraisal {

/// A number of a scheme as operations: a quotient that is divided only when it is rounded, so that it is rounded once.
struct Fraction {
  evaluation::Derived over;
  evaluation::Derived under;  ///< above 0; none where `whole`
  bool whole = true;          ///< nothing stands below
  assess::Exact value;
  bool truth = false;  ///< 1 or 0 of a condition
};
/// None: it could not be derived.
using Written = std::optional<Fraction>;

/// Writes the arithmetic of schemes as operations of a sheet. Conditions are counts that are 1 or 0, and what they
/// choose is multiplied by them. Thread: one.
class FractionWriter {
 public:
  FractionWriter(evaluation::Derivation& derivation, const Scheme& scheme)
      : derivation_(derivation), scheme_(scheme) {}

  /// A figure among the inputs of the sheet. The first one is what numbers of the scheme are about.
  [[nodiscard]] Written input(std::size_t place, Decimal value);
  /// A number of the scheme. None before the first input, and for a fraction that does not end.
  [[nodiscard]] Written literal(const assess::Exact& value, const std::string& clause = {});
  /// A number that no bundle can prove — what the register says, a rate of a time without any value: shown as such, with its place.
  [[nodiscard]] Written stated(Decimal value, const std::string& by, const std::string& place);

  [[nodiscard]] Written add(const Written& a, const Written& b);
  [[nodiscard]] Written subtract(const Written& a, const Written& b);
  [[nodiscard]] Written multiply(const Written& a, const Written& b);
  [[nodiscard]] Written divide(const Written& a, const Written& b);
  [[nodiscard]] Written negate(const Written& a);
  [[nodiscard]] Written magnitude(const Written& a);
  [[nodiscard]] Written round(const Written& a, std::uint8_t decimals);

  [[nodiscard]] Written at_most(const Written& a, const Written& b);
  [[nodiscard]] Written equal(const Written& a, const Written& b);
  [[nodiscard]] Written negation(const Written& a);
  [[nodiscard]] Written both(const Written& a, const Written& b);
  [[nodiscard]] Written either(const Written& a, const Written& b);
  /// Whether a number is not 0.
  [[nodiscard]] Written truth_of(const Written& a);
  /// `yes` when the condition holds, else `no`: both multiplied by it and its opposite, and added, so that 0 is no answer to everything. One
  /// that has no value is left out when it is not chosen.
  [[nodiscard]] Written choose(const Written& condition, const Written& yes, const Written& no);
  /// The number when the condition holds, else 0.
  [[nodiscard]] Written when(const Written& condition, const Written& a);
  /// 1, as a count of the first input.
  [[nodiscard]] Written one();

 private:
  using Derived = evaluation::Derived;
  Written made(Derived over, assess::Exact value, bool truth = false) const;
  [[nodiscard]] Derived times(const Derived& a, const Derived& b);
  [[nodiscard]] Derived minus(const Derived& a) { return derivation_.scale(a, {-1, 0}); }
  Written parameter(evaluation::SheetTable table, Decimal value);

  evaluation::Derivation& derivation_;
  const Scheme& scheme_;
  Derived anchor_;
  std::map<std::string, Written> parameters_;
};

}  // namespace mj::appraisal
