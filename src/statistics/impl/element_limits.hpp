#pragma once

#include "limit_finder.hpp"

namespace mj::statistics {

// The limits of one standard each, for LimitFinder::at(). All leave `until` no later than the next moment at which their answer
// may change.

/// GB 3095 by the period of the value.
[[nodiscard]] LimitInForce air_limit(const standards::StandardSet& standards, const LimitQuestion& question,
                                     Instant at);
/// GB 3838 by class, of rivers or lakes.
[[nodiscard]] LimitInForce water_limit(const standards::StandardSet& standards, const LimitQuestion& question,
                                       Instant at);
/// GB/T 14848 by class: that asked for, else the one the point aims at, else III.
[[nodiscard]] LimitInForce groundwater_limit(const standards::StandardSet& standards,
                                             const LimitQuestion& question, Instant at);
/// A well: GB/T 14848 class III. Another source: GB 3838 class III and its tables 2 and 3.
[[nodiscard]] LimitInForce drinking_limit(const standards::StandardSet& standards, const LimitQuestion& question,
                                          Instant at);
/// GB 3096 by zone and part of the day: Ld, Ln, and the Leq of hours.
[[nodiscard]] LimitInForce noise_limit(const standards::StandardSet& standards, const LimitQuestion& question,
                                       Instant at);
/// GB 36600, and GB 15618 where the pH of the sample makes no difference: the screening value of the land.
[[nodiscard]] LimitInForce soil_limit(const standards::StandardSet& standards, const LimitQuestion& question,
                                      Instant at);

// Shared by them.

/// Without a bound, for ever.
[[nodiscard]] LimitInForce no_limit();
/// Without a bound, for ever, and why.
[[nodiscard]] LimitInForce no_limit(std::string zh, std::string en);
/// The first moment behind `at` at which an answer may change: an end of one of the validities.
void narrow(Instant& until, Instant at, const standards::Validity& validity);
/// Says of which edition and clause a limit is.
void cite(LimitInForce& limit, std::string_view edition, std::string_view clause,
          const standards::Validity& validity, standards::Verification verification);
void cite(LimitInForce& limit, const standards::RuleRow& row);
/// The item under which a table of limits has a factor: by the table `item_factors`, else the code itself.
[[nodiscard]] std::string item_of(const standards::StandardSet& standards, std::string_view table,
                                  std::string_view factor);

}  // namespace mj::statistics
