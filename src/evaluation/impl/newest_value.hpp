#pragma once

#include "item_values.hpp"
#include "mj/evaluation/derivation.hpp"
#include "sheet_parts.hpp"

namespace mj::evaluation {

/// Writes the values of a period down of which only the newest usable one counts (ValuesOfItem::newest), and gives that one as a number in
/// `unit`. None when there is none.
Derived explain_newest(Explanation& to, std::size_t indicator, Derivation& derivation, const Context& context,
                       const SampleSeries& series, const EvaluationPeriod& period, std::string_view unit,
                       const std::string& label);

}  // namespace mj::evaluation
