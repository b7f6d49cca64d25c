#pragma once

#include <map>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "mj/appraisal/appraise.hpp"
#include "mj/appraisal/platform_figures.hpp"
#include "mj/evaluation/sheet.hpp"

namespace mj::appraisal {

/// One figure of an appraisal 考核数据. `indicator`: `total`, `rank`, `points.<indicator>`, `figure.<indicator>`, `payment.<number from 1>`;
/// of a party (`subject` is `<kind>:<id>`) `pays`, `receives`, `net`.
struct FigureName {
  std::string scheme;
  std::string subject;
  std::string indicator;
  Instant from;
  Instant to;

  /// `appraisal/<scheme>/<subject>/<indicator>/<from>/<to>` (docs/formats/bundle.md §1).
  [[nodiscard]] std::string text() const;
  /// Errors: invalid_input.
  [[nodiscard]] static Result<FigureName> parse(std::string_view name);
};

/// A figure with its derivation.
struct FigureSheet {
  FigureName name;
  Party subject;
  standards::Text title;
  evaluation::Sheet
      sheet;  ///< named by `prove`, or with the reason why it has no proof; of `figure` only subject and value are meant
};

/// Calculation sheets of schemes; keeps what it computed, so that totals of a rank are not computed again for each. Thread: one.
class Sheets {
 public:
  /// All references outlive it.
  Sheets(const FigureSources& sources, std::span<const Scheme> schemes);
  ~Sheets();
  Sheets(const Sheets&) = delete;
  Sheets& operator=(const Sheets&) = delete;

  /// Errors: not_found when there is no such scheme, subject or figure; what the sources say.
  [[nodiscard]] Result<FigureSheet> sheet(const FigureName& name);
  /// The same for people: that its inputs can be proved is looked at as well, of many of one sort at the first one. Errors: as sheet().
  [[nodiscard]] Result<FigureSheet> explained(const FigureName& name);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

/// The sheets of all figures that are made of others' figures — of statistics and appraisal — by their names, for bundles. All references
/// outlive it.
[[nodiscard]] std::function<Result<evaluation::Sheet>(std::string_view name)> made_sheets(
    const Platform& platform, std::span<const Scheme> schemes);

}  // namespace mj::appraisal
