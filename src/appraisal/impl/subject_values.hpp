#pragma once

#include <map>
#include <string>
#include <vector>

#include "mj/appraisal/appraise.hpp"

namespace mj::appraisal {

/// The figures of all looked-up values: value id → subject → figure.
using FigureTable = std::map<std::string, std::map<std::string, FoundFigure>, std::less<>>;

/// Whether a value lies in a band.
[[nodiscard]] bool holds(const Bands::Band& band, const assess::Exact& value);

/// The values of one subject, computed one after the other, each with its steps.
class SubjectValues {
 public:
  SubjectValues(const Scheme& scheme, const FigureTable& figures, const std::string& subject);

  struct Computed {
    std::optional<assess::Exact> value;
    std::string text;            ///< as steps show it
    registry::LocalName reason;  ///< why there is none
    std::vector<Step> steps;     ///< its own and those of the values it uses, each once
  };
  [[nodiscard]] const Computed& at(std::string_view id) const;
  /// Whether a condition holds; none when a figure is missing.
  [[nodiscard]] std::optional<bool> holds(const Expression& condition) const;

 private:
  Computed looked_up(const ValueRule& rule, const FoundFigure* found) const;
  Computed banded(const ValueRule& rule, const Bands& bands) const;
  Computed constant(const ValueRule& rule, const PerSubject& constants) const;
  Computed calculated(const ValueRule& rule, const Expression& formula) const;
  [[nodiscard]] NamedValue named(std::string_view id) const;

  const std::string& subject_;
  std::map<std::string, Computed, std::less<>> values_;
};

}  // namespace mj::appraisal
