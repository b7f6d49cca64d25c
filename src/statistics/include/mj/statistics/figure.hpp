#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "mj/evaluation/sheet.hpp"
#include "mj/statistics/table.hpp"

namespace mj::statistics {

/// One figure of a table 统计值, with everything its value depends on: asked again it is the same figure.
struct FigureQuestion {
  Selection
      selection;  ///< of the whole question: one factor, period and kind named; `bucket` and `subject` are not used
  std::string subject;  ///< id; empty for all points, and for those that belong to no group
  Statistic statistic;
  Threshold threshold;
  std::uint8_t decimals = 0;  ///< of means and percentiles
  Span time;                  ///< of the figure, within that of the question
  Instant now;                ///< nothing is expected behind it

  /// The name under which the figure can be proved (docs/formats/bundle.md §1):
  /// `statistic/<element>/<subject>/<factor>/<statistic>/<question>/<from>/<to>`.
  [[nodiscard]] std::string name() const;
  /// Errors: invalid_input for what is no such name, or not in its one spelling.
  [[nodiscard]] static Result<FigureQuestion> parse(std::string_view name);
};

/// The parts of the name of a figure, without %XX. Errors: none for a text that is misspelled or has an empty part.
[[nodiscard]] std::optional<std::vector<std::string>> parts_of_name(std::string_view name);

/// The figure that stands in the row of a subject and the bucket of `at` when `query` (one factor, one statistic) is asked. Errors: as
/// table(); not_found when there is no such row.
[[nodiscard]] Result<FigureQuestion> figure_question(const Sources& sources, const TableQuery& query,
                                                     std::string_view subject, Instant at,
                                                     const Patience& patience = {});

/// A figure with its derivation.
struct FigureSheet {
  FigureQuestion question;
  Subject subject;
  standards::Text factor_name;
  evaluation::Sheet
      sheet;  ///< named by `prove`, or with the reason why it has no proof; of `figure` only subject and value are meant
};

/// The calculation sheet of a figure: each value that counts, with its entry of the log, and the operations from them to the figure.
/// Of more values than fit into a proof none is listed, and `unproved` says so. Errors: as table(); not_found when there are no such rows.
[[nodiscard]] Result<FigureSheet> figure_sheet(const Sources& sources, const FigureQuestion& question,
                                               const Patience& patience = {});

/// Most values of a figure that has a proof.
inline constexpr std::size_t kMostProvedValues = 100'000;

}  // namespace mj::statistics
