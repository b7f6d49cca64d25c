#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "mj/assess/exact.hpp"
#include "mj/kernel/result.hpp"
#include "mj/standards/standard_set.hpp"

namespace mj::assess {

/// Environmental restriction of a region 环境限制指数: events that lower its grade.
enum class EcologyRestriction { none, medium, major };

/// An index of ecology from its sub-indices 生态环境状况指数 EI、生态质量指数 EQI. The two are never compared: their scales differ.
class EcologyRules {
 public:
  struct Item {
    std::string name;  ///< "BIO", "pattern"
    Decimal weight;
    bool inverted = false;                    ///< 100 minus it counts
    const standards::RuleRow* row = nullptr;  ///< that the weight stands in; of the standards
  };
  struct Grade {
    int number = 0;  ///< 1 is the best
    std::string zh;
    std::string en;
    std::optional<Decimal> lo;  ///< inclusive; none = the worst
    standards::Verification verification = standards::Verification::unverified;
  };

  /// Those of "EI" or "EQI" in force at `at`, or of the edition named. Errors: not_found; invalid_input when the weights do
  /// not add up to 1.
  [[nodiscard]] static Result<EcologyRules> load(const standards::StandardSet& standards, Instant at,
                                                 std::string_view index, std::string_view edition = "");

  [[nodiscard]] const std::vector<Item>& items() const { return items_; }
  [[nodiscard]] const std::string& edition() const { return edition_; }

  /// A sub-index counts from 0 up to this.
  static constexpr Decimal kMost{100, 0};
  /// Σ weight × sub-index, each capped to 0…100, rounded once; `values` in the order of items(). Errors: none when they have
  /// too many digits or are not as many.
  [[nodiscard]] std::optional<Decimal> index(std::span<const Decimal> values) const;
  /// Grade of an index, lowered by a restriction. Source: HJ 192-2015 §5.7, §5.8 (the wording of §5.7 is memory).
  [[nodiscard]] const Grade& grade(Decimal index, EcologyRestriction restriction = EcologyRestriction::none) const;
  /// How the index changed between two years 变化幅度.
  struct Change {
    std::string zh;
    std::string en;
  };
  [[nodiscard]] std::optional<Change> change(Decimal before, Decimal after) const;
  /// The weakest state of what decides an index of this grade.
  [[nodiscard]] standards::Verification verification(const Grade& grade) const;

 private:
  std::string edition_;
  std::vector<Item> items_;
  std::vector<Grade> grades_;  ///< best first
  std::vector<const standards::RuleRow*> changes_;
  standards::Verification weights_ = standards::Verification::verified;
  std::uint8_t decimals_ = 2;
  int medium_drop_ = 0;
  int major_drop_ = 0;
  int major_best_ = 1;
};

}  // namespace mj::assess
