#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "mj/evaluation/evaluator.hpp"

namespace mj::evaluation {

/// A number of a derivation: what it is, and where it stands.
struct Term {
  SheetOperand at;
  Decimal value;
};
/// None: it could not be derived; what is made of it cannot either.
using Derived = std::optional<Term>;

/// Why a derivation does not lead to its figure.
enum class Gap : std::uint8_t {
  none,
  not_written,  ///< the sheet has words only
  digits,       ///< more digits than a proof can carry
  editions,     ///< a table was not in force at the end of the period
  origin,       ///< it is not known in which series a value stands
  many,         ///< only the first values are listed
  other         ///< it leads to another number: what is exact was cut on the way
};
[[nodiscard]] standards::Text words(Gap gap);

/// Writes a calculation for machines while its steps are written for people, and computes every operation as a verifier of
/// docs/formats/bundle.md will: exact, then rounded to so many decimals. Thread: one.
class Derivation {
 public:
  /// Tables have to be in force at the end of `period`: by them it is judged, whatever was in force before.
  Derivation(std::vector<SheetOperation>& operations, std::vector<SheetTable>& tables,
             const EvaluationPeriod& period)
      : Derivation(operations, tables, period.end().plus_ms(-1)) {}
  /// Tables without a time of their own have to be in force at `last`.
  Derivation(std::vector<SheetOperation>& operations, std::vector<SheetTable>& tables, Instant last)
      : operations_(operations), tables_(tables), last_(last) {}

  /// A result among the inputs.
  [[nodiscard]] static Derived input(std::size_t place, std::optional<Decimal> value);
  /// A value among the inputs, as it counts: of what was not detected its part, then multiplied by `scale`.
  Derived sample(std::size_t place, const SampleSeries& series, const Sample& sample, Decimal scale = {1, 0});

  Derived scale(const Derived& of, Decimal by, std::string clause = {});
  /// Unlike a bundle's `round` to exactly so many digits; a number with fewer keeps its own.
  Derived round(const Derived& of, std::uint8_t decimals);
  Derived mean(std::span<const Derived> of, std::uint8_t decimals, std::string clause = {});
  /// Exact.
  Derived sum(std::span<const Derived> of, std::string clause = {});
  Derived difference(const Derived& a, const Derived& b);
  /// Exact, or with as many decimals as fit.
  Derived product(std::span<const Derived> of);
  /// Rounded once.
  Derived rounded_product(std::span<const Derived> of, std::uint8_t decimals, std::string clause = {});
  Derived ratio(const Derived& a, const Derived& b, std::uint8_t decimals, std::string clause = {});
  /// With as many decimals as fit, for what is computed further.
  Derived long_ratio(const Derived& a, const Derived& b);
  Derived long_mean(std::span<const Derived> of);
  Derived percentile(std::span<const Derived> of, Decimal percent, std::uint8_t decimals, std::string clause = {});
  /// How many are not above.
  Derived count(std::span<const Derived> of, Decimal above);
  Derived count_all(std::span<const Derived> of);
  Derived greatest(std::span<const Derived> of, std::string least = {}, std::string clause = {});
  Derived least(std::span<const Derived> of);
  /// 10·lg(Σ 10^(0.1·L) / n).
  Derived level(std::span<const Derived> of, std::uint8_t decimals, std::string clause = {});
  /// The mean of pH values through their hydrogen ions: −lg(Σ 10^−pH / n), six digits as everywhere.
  Derived ph_mean(std::span<const Derived> of, std::string clause = {});
  Derived ln(const Derived& of);
  Derived lg(const Derived& of);
  /// A number that a standard says.
  Derived limit(SheetTable table);
  /// A product of limits alone, with how many values there are of what they are about (one): a step that no value leads to proves nothing.
  Derived product_for(const Derived& value, std::vector<Derived> limits);
  Derived interpolate(const Derived& of, SheetTable table);
  Derived classify(const Derived& of, SheetTable table);
  /// By a table in force at the time of the value itself.
  Derived classify(const Derived& of, SheetTable table, Instant at);

  /// Says that something is missing; the first gap counts.
  Derived missing(Gap gap);
  [[nodiscard]] Gap gap() const { return gap_; }

 private:
  Derived add(SheetOp op, std::span<const Derived> of, std::optional<Decimal> result, std::uint8_t decimals = 0,
              std::string clause = {}, std::string number = {}, std::optional<std::uint32_t> table = {});
  std::optional<std::uint32_t> take(SheetTable table, Instant at);

  std::vector<SheetOperation>& operations_;
  std::vector<SheetTable>& tables_;
  Instant last_;
  Gap gap_ = Gap::none;
};

/// The usable values that explain_values() has just written, from input `first` on, as numbers multiplied by `scale`.
[[nodiscard]] std::vector<Derived> derived_values(Derivation& derivation, std::size_t first,
                                                  const SampleSeries& series, std::span<const Sample> samples,
                                                  Decimal scale = {1, 0});
/// Says what a figure follows from; nothing when it is not known.
void conclude(Explanation& to, std::size_t indicator, const Derived& figure);
/// The same; when it is not known, why.
void conclude(Explanation& to, std::size_t indicator, const Derivation& derivation, const Derived& figure);
/// Says in a sheet what its figure follows from, or why a proof cannot be made of it.
void conclude(Sheet& sheet, const Derivation& derivation, const Derived& figure);

/// The operation that gives a number; none when it is an input.
[[nodiscard]] std::optional<std::uint32_t> operation_of(const Derived& derived);

[[nodiscard]] SheetTable aqi_table(const standards::Edition& edition, const standards::AqiItem& item);
[[nodiscard]] SheetTable class_table(const standards::Edition& edition, const standards::WaterItem& item);
/// One number of a standard. `name` is unique within the edition.
[[nodiscard]] SheetTable parameter_table(const standards::Edition& edition, std::string_view name, Decimal value,
                                         std::string clause, standards::Verification verification);
[[nodiscard]] SheetTable parameter_table(const standards::RuleRow& row, std::string_view name, Decimal value);

}  // namespace mj::evaluation
