#pragma once

#include "subject_values.hpp"

namespace mj::appraisal {

/// appraise(), leaving behind the figures that were looked up.
[[nodiscard]] Result<Appraisal> appraise_with(const Scheme& scheme, const evaluation::EvaluationPeriod& period,
                                              const FigureSources& sources, FigureTable& figures);

}  // namespace mj::appraisal
