#pragma once

#include <map>
#include <optional>
#include <string>

#include "mj/statistics/selection.hpp"
#include "mj/statistics/table.hpp"

namespace mj::statistics {

/// A limit of a standard as it holds for a while.
struct LimitInForce {
  std::optional<Decimal> upper;  ///< in the unit of the factor; a value above it exceeds
  std::optional<Decimal> lower;  ///< a value below it does
  std::optional<std::uint8_t>
      decimals;        ///< to which values are rounded before they are judged; none = as they are
  std::string source;  ///< edition and clause
  standards::Verification verification = standards::Verification::unverified;
  Instant until;  ///< the answer holds until then
};

/// Finds the limits in force at a time: GB 3095 by the period of the value, GB 3838 by class.
class LimitFinder {
 public:
  /// `lake`: of the points. `standards` must outlive the finder.
  /// `unit`: in which limits are given.
  LimitFinder(const standards::StandardSet& standards, std::string element, std::string factor, std::string unit,
              telemetry::Period period, int grade, bool lake);
  /// Without a bound when no limit is in force.
  [[nodiscard]] LimitInForce at(Instant at) const;

 private:
  [[nodiscard]] LimitInForce air(Instant at) const;
  [[nodiscard]] LimitInForce water(Instant at) const;
  const standards::StandardSet& standards_;
  std::string element_;
  std::string factor_;
  std::string unit_;
  telemetry::Period period_;
  int grade_;
  bool lake_;
};

/// Whether values exceed a threshold or the limit in force; remembers which limits it used.
class Judge {
 public:
  Judge(const Threshold& threshold, LimitFinder finder) : threshold_(threshold), finder_(std::move(finder)) {}
  /// None where there is no limit.
  [[nodiscard]] std::optional<bool> exceeds(Instant at, Decimal value);
  /// Source → values judged by it; an empty source: values without a limit.
  [[nodiscard]] const std::map<std::string, std::uint64_t>& used() const { return used_; }

 private:
  const Threshold& threshold_;
  LimitFinder finder_;
  std::optional<LimitInForce> current_;
  Instant since_;
  std::uint64_t* counter_ = nullptr;
  std::map<std::string, std::uint64_t> used_;
};

}  // namespace mj::statistics
