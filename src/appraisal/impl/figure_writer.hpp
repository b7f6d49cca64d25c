#pragma once

#include "mj/appraisal/figure.hpp"
#include "subject_values.hpp"

namespace mj::appraisal {

/// What an appraisal gave, and the figures that were looked up for it.
struct MadeAppraisal {
  const Scheme* scheme = nullptr;
  Appraisal appraisal;
  FigureTable figures;
};

/// Writes the sheet of the figure that `out` names. Errors: not_found.
[[nodiscard]] Status write_figure(const MadeAppraisal& made, FigureSheet& out);

[[nodiscard]] Error no_such_figure(const FigureName& name);

}  // namespace mj::appraisal
