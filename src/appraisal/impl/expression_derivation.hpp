#pragma once

#include <functional>

#include "fraction_writer.hpp"
#include "mj/appraisal/expression.hpp"

namespace mj::appraisal {

/// What a name stands for, as operations; none when it has no value.
using WrittenOf = std::function<Written(std::string_view name)>;

/// Writes a formula as operations; conditions choose as they do when it is computed. None when it has no value, digits do not fit, or it
/// asks whether a figure is known that is not: that nothing is there no bundle can show.
[[nodiscard]] Written write_expression(const Expression& formula, FractionWriter& writer, const WrittenOf& named);

}  // namespace mj::appraisal
