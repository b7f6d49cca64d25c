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
      decimals;         ///< to which values are rounded before they are judged; none = as they are
  std::string source;   ///< edition and clause with their verification
  std::string edition;  ///< "GB 3095-2026"
  std::string clause;   ///< within it
  standards::Validity validity;
  standards::Verification verification = standards::Verification::unverified;
  registry::LocalName chosen;   ///< which of the limits of the clause it is: class, part of the day; may be empty
  registry::LocalName missing;  ///< why there is no bound, where somebody can do something about it
  Instant until;                ///< the answer holds until then
};

/// Whose values are asked about.
struct LimitQuestion {
  std::string element;
  std::string factor;
  std::string unit;  ///< in which limits are given
  telemetry::Period period = telemetry::Period::hour;
  int grade = 0;  ///< asked for; 0 = the usual one of the element or that of the point
  const registry::PointView* point = nullptr;  ///< null: means of several points; outlives the finder
};

/// Finds the limits in force at a time: those of the standard of the element, by what the register says of the point. Pure;
/// `standards` must outlive it.
class LimitFinder {
 public:
  LimitFinder(const standards::StandardSet& standards, LimitQuestion question)
      : standards_(standards), question_(std::move(question)) {}
  /// Without a bound when no limit is in force, or when it is not clear which one.
  [[nodiscard]] LimitInForce at(Instant at) const;

 private:
  const standards::StandardSet& standards_;
  LimitQuestion question_;
};

/// Greatest grade that may be asked for; 0 where limits have none.
[[nodiscard]] int most_grade(std::string_view element);

/// Whether values exceed a threshold or the limit in force; remembers which limits it used.
class Judge {
 public:
  Judge(const Threshold& threshold, LimitFinder finder) : threshold_(threshold), finder_(std::move(finder)) {}
  /// None where there is no limit.
  [[nodiscard]] std::optional<bool> exceeds(Instant at, Decimal value);
  /// What the values were judged by, or why they were not, in words (Chinese, English) → how many values.
  using Used = std::map<std::pair<std::string, std::string>, std::uint64_t>;
  [[nodiscard]] const Used& used() const { return used_; }

 private:
  const Threshold& threshold_;
  LimitFinder finder_;
  std::optional<LimitInForce> current_;
  Instant since_;
  std::uint64_t* counter_ = nullptr;
  Used used_;
};

}  // namespace mj::statistics
