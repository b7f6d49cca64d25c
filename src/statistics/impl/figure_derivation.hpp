#pragma once

#include <deque>
#include <map>

#include "gather.hpp"
#include "limit_finder.hpp"
#include "mj/evaluation/derivation.hpp"
#include "mj/statistics/figure.hpp"

namespace mj::statistics {

/// Writes a figure down, for people and as operations, from the values that were gathered for it. Thread: one.
class FigureDerivation {
 public:
  /// All references outlive it.
  FigureDerivation(const Sources& sources, const FigureQuestion& question, const Membership& membership,
                   evaluation::Sheet& sheet);

  /// One value that counts, in any order.
  void take(const UsedValue& value);
  /// After the last value: `cell` holds what was counted, `title` is that of the statistic. The sheet has its figure and unit.
  void finish(const Cell& cell, const standards::Text& title);

 private:
  using Derived = evaluation::Derived;
  struct Value {
    Instant at;
    std::size_t member = 0;
    const telemetry::SeriesKey* series = nullptr;
    std::uint64_t entry = 0;
    Decimal received;
    const standards::RuleRow* not_detected = nullptr;
    std::string unit;
    std::string flag;
  };
  /// What the statistic is made of: a value, or the mean of the points at one time.
  struct Operand {
    Instant at;
    std::size_t member = 0;
    Derived derived;
  };

  const telemetry::SeriesKey* keep(const telemetry::SeriesKey& key);
  [[nodiscard]] Derived write_value(const Value& value);
  void write_values();
  void put_points_together();
  [[nodiscard]] std::vector<Derived> operands() const;
  Derived derive(const Cell& cell);
  Derived exceeding(bool rate);
  /// The values that have a limit: 1 where it is kept, 2 where it is not.
  std::vector<Derived> classes();
  Derived expected(std::uint64_t count);
  Derived deviation();
  Derived geometric_mean();
  /// The figure, from two counts: one when something is not above the upper and when it is not above the lower end of what is rounded to it.
  Derived when_between(const Derived& upper, const Derived& lower);
  [[nodiscard]] const LimitInForce& limit_at(std::size_t member, Instant at);
  void step(standards::Text title, std::string formula, const Derived& result, std::string unit,
            std::string clause = {});

  const Sources& sources_;
  const FigureQuestion& question_;
  const Membership& membership_;
  std::string unit_;  ///< of the factor
  evaluation::Sheet& sheet_;
  evaluation::Derivation derivation_;
  std::deque<telemetry::SeriesKey> keys_;
  std::vector<Value> values_;
  std::uint64_t count_ = 0;
  std::vector<Operand> operands_;
  std::map<std::size_t, std::pair<Instant, LimitInForce>> limits_;  ///< by member, since when
  std::map<std::string, std::string> editions_;                     ///< of limits → clause
  const standards::RuleRow* non_detect_ = nullptr;
};

}  // namespace mj::statistics
