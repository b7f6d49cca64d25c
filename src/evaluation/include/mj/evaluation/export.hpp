#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "mj/evaluation/engine.hpp"

namespace mj::evaluation {

/// Files in which results leave the program.
enum class FileFormat { csv, xlsx };
/// "csv", "xlsx". Errors: none for another word.
[[nodiscard]] std::optional<FileFormat> parse_file_format(std::string_view word);

/// A ranking with everything that is known of each figure: place, unit, grade, change, standard, state of verification, and what it was made
/// of. A workbook has a second sheet that says what the first one is about. Errors: those of workbook::write_xlsx().
[[nodiscard]] Result<std::string> export_ranking(const Roster& roster, const Evaluator& evaluator,
                                                 const Ranking& ranking, FileFormat format);

/// A calculation sheet. A workbook has sheets for figure, steps and inputs; CSV has them below one another in one table, whose
/// first column says which it is. Errors: those of workbook::write_xlsx().
[[nodiscard]] Result<std::string> export_sheet(const Roster& roster, std::string_view element, const Sheet& sheet,
                                               FileFormat format);

}  // namespace mj::evaluation
