#pragma once

#include "limit_finder.hpp"
#include "mj/statistics/figure.hpp"

namespace mj::statistics {

/// A limit as a table of two classes: 1 = kept. `unit` is that of the factor.
[[nodiscard]] evaluation::SheetTable limit_table(const LimitInForce& limit, const FigureQuestion& question,
                                                 const std::string& unit);
/// How many values there should be: no fact of law, but what the intervals of the points come to.
[[nodiscard]] evaluation::SheetTable expected_table(const FigureQuestion& question, std::uint64_t count);
/// A statistic as people write it; empty where the title says all.
[[nodiscard]] std::string formula_of(const Statistic& statistic);

}  // namespace mj::statistics
