#include "elements.hpp"

namespace mj::evaluation {

const std::vector<Evaluator>& evaluators() {
  static const std::vector<Evaluator> all{
      air_evaluator(),      precipitation_evaluator(), water_evaluator(), groundwater_evaluator(),
      drinking_evaluator(), noise_evaluator(),         soil_evaluator(),  radiation_evaluator(),
      ecology_evaluator(),  source_evaluator(),
  };
  return all;
}

const Evaluator* find_evaluator(std::string_view element) {
  for (const Evaluator& evaluator : evaluators()) {
    if (evaluator.element == element) return &evaluator;
  }
  return nullptr;
}

}  // namespace mj::evaluation
