#pragma once

#include "mj/coverage/assessment.hpp"
#include "mj/coverage/redundancy.hpp"
#include "mj/coverage/siting.hpp"
#include "mj/workbook/sheet.hpp"

namespace mj::coverage {

/// Tables for people and spreadsheets, with columns `rule`, `subject`, `required` … (docs in `mingjian coverage --help`).
[[nodiscard]] workbook::Sheet rows_table(const Assessment& assessment);
[[nodiscard]] workbook::Sheet rules_table(const Assessment& assessment);
[[nodiscard]] workbook::Sheet steps_table(const Siting& siting);
[[nodiscard]] workbook::Sheet pairs_table(const Redundancy& redundancy);

}  // namespace mj::coverage
