#pragma once

#include <map>
#include <set>
#include <string>

#include "expression_derivation.hpp"
#include "subject_values.hpp"

namespace mj::appraisal {

/// The values of one subject as operations, written when they are asked for. Thread: one.
class ValueDerivation {
 public:
  /// All references outlive it. `inputs` grows by the figures that are used.
  ValueDerivation(const Scheme& scheme, const FigureTable& figures, const std::string& subject,
                  const std::string& period, evaluation::Derivation& derivation,
                  std::vector<evaluation::SheetInput>& inputs)
      : scheme_(scheme),
        figures_(figures),
        subject_(subject),
        period_(period),
        inputs_(inputs),
        writer_(derivation, scheme) {}

  /// Writes the figures among the inputs that a value rests on. Before anything that uses numbers of the scheme.
  void use(std::string_view value);
  [[nodiscard]] Written of(std::string_view value);
  [[nodiscard]] Written condition(const Expression& formula);
  [[nodiscard]] FractionWriter& writer() { return writer_; }
  /// Why something has no operations; empty when everything asked for has.
  [[nodiscard]] const standards::Text& obstacle() const { return obstacle_; }

 private:
  [[nodiscard]] const FoundFigure* found(const ValueRule& rule) const;
  Written write(const ValueRule& rule);
  Written looked_up(const ValueRule& rule);
  Written banded(const ValueRule& rule, const Bands& bands);
  Written within(const Bands::Band& band, const Written& value);

  const Scheme& scheme_;
  const FigureTable& figures_;
  const std::string& subject_;
  const std::string& period_;
  std::vector<evaluation::SheetInput>& inputs_;
  FractionWriter writer_;
  std::set<std::string, std::less<>> used_;
  std::map<std::string, Written, std::less<>> values_;
  standards::Text obstacle_;
};

}  // namespace mj::appraisal
