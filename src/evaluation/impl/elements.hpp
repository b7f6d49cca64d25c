#pragma once

#include "mj/evaluation/evaluator.hpp"

namespace mj::evaluation {

// One function per element, each in files of its own; evaluators.cpp lists them in the order of the screens.

[[nodiscard]] Evaluator air_evaluator();
[[nodiscard]] Evaluator precipitation_evaluator();
[[nodiscard]] Evaluator water_evaluator();
[[nodiscard]] Evaluator drinking_evaluator();
[[nodiscard]] Evaluator groundwater_evaluator();
[[nodiscard]] Evaluator noise_evaluator();
[[nodiscard]] Evaluator soil_evaluator();
[[nodiscard]] Evaluator radiation_evaluator();
[[nodiscard]] Evaluator ecology_evaluator();
[[nodiscard]] Evaluator source_evaluator();

}  // namespace mj::evaluation
