#pragma once

#include <optional>
#include <span>
#include <string>

#include "mj/assess/exact.hpp"
#include "mj/kernel/result.hpp"
#include "mj/standards/standard_set.hpp"

namespace mj::assess {

/// Field of one frequency at a place 频率分量; root mean squares.
struct EmfComponent {
  Decimal frequency;
  std::string frequency_unit;  ///< "Hz", "kHz", "MHz", "GHz"
  std::optional<Decimal> e;    ///< V/m
  std::optional<Decimal> b;    ///< µT
  std::optional<Decimal> h;    ///< A/m; counts where there is no b
  std::optional<Decimal> s;    ///< W/m², of a plane wave; counts where there is no e, from 100 kHz on
  bool under_line = false;     ///< below an overhead line on farm land, pasture or a road
};

/// Where a limit was taken from.
struct LimitSource {
  const standards::RuleRow* row = nullptr;  ///< of the table of limits; null: another number of the standard
  Decimal frequency;                        ///< in the unit of the row
};

/// A limit of a field. Its square is always a fraction; the limit itself is lost where it goes with √f (from 100 kHz on, where
/// only squares are added).
struct FieldLimit {
  Exact level;
  Exact squared;
  LimitSource from = {};
};

/// Limits at one frequency 公众曝露控制限值.
struct EmfLimits {
  FieldLimit e;            ///< V/m
  FieldLimit h;            ///< A/m
  FieldLimit b;            ///< µT
  std::optional<Exact> s;  ///< W/m²
  bool linear = false;     ///< belongs to the sums of ratios (up to 100 kHz)
  bool squared = false;    ///< belongs to the sums of squares (from 100 kHz on); at 100 kHz to both
  standards::Verification verification = standards::Verification::verified;
  std::string edition;
  std::string clause;
  LimitSource s_from = {};
};
/// At an edge shared by two bands the stricter limit. None beyond 1 Hz … 300 GHz. Errors: not_found; invalid_input for a
/// unit that is none of frequency, or figures with too many digits. Source: GB 8702-2014 §4.1 table 1.
[[nodiscard]] Result<std::optional<EmfLimits>> emf_limits(const standards::StandardSet& standards, Instant at,
                                                          const EmfComponent& component);

/// Fields of many frequencies together 多频叠加: each sum must not exceed 1.
struct EmfVerdict {
  std::optional<Decimal> linear_e;   ///< Σ E/EL up to 100 kHz; none without such components
  std::optional<Decimal> linear_b;   ///< Σ B/BL
  std::optional<Decimal> squared_e;  ///< Σ (E/EL)², or S/SL, from 100 kHz on
  std::optional<Decimal> squared_b;
  std::optional<bool> compliant;  ///< none when no sum exceeds 1 and one of E and B is missing up to 100 kHz
  standards::Verification verification = standards::Verification::verified;
  std::string edition;
  std::string clause;
};
/// Every ratio is taken to 12 digits, the sums to 9, so that thirds add up to 1. Errors: as emf_limits(); invalid_input for a
/// component beyond 1 Hz … 300 GHz or without a field. Source: GB 8702-2014 §4.2.
[[nodiscard]] Result<EmfVerdict> judge_emf(const standards::StandardSet& standards, Instant at,
                                           std::span<const EmfComponent> components);

}  // namespace mj::assess
