#pragma once

#include "mj/appraisal/appraise.hpp"
#include "mj/evaluation/engine.hpp"
#include "mj/registry/book.hpp"
#include "mj/statistics/table.hpp"

namespace mj::appraisal {

/// What the figures of the platform are read from. All references outlive the sources made of them.
struct Platform {
  statistics::Sources statistics;
  const evaluation::Engine& evaluation;
  Instant now;
  statistics::Patience patience;
};

/// Figures of statistics, evaluation and register, and names by the register.
[[nodiscard]] FigureSources platform_figures(const Platform& platform);

/// The time a figure is of.
[[nodiscard]] std::optional<evaluation::EvaluationPeriod> period_of(When when,
                                                                    const evaluation::EvaluationPeriod& period);

}  // namespace mj::appraisal
